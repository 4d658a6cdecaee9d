"""Verdicts: outcomes of probes go in, states, transitions and accounted time come out. No clock and no I/O in here."""
