"""Journals, evidence and editions written by hand: what tests and measurements are made of."""
