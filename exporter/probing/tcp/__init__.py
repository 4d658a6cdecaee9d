"""Asks whether a TCP port takes connections."""
