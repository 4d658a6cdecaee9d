"""Agents: what runs at a hotspot (`files`, in the repository also as ``agents/``), and what an operator needs for it."""
