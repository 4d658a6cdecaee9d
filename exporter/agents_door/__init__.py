"""The agents' door: a process of its own that lets heartbeats in, so that hostile load costs beats and never probes."""
