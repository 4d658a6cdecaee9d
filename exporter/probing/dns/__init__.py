"""Asks a name server for a name."""
