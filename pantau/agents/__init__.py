"""Agents: what runs at a hotspot (`files`, in the repository also as ``agents/``), and what is pasted there."""
