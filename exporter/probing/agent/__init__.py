"""Heartbeats: hotspots that nobody can ping, or whose inside we want to know, tell of themselves each minute."""
