"""Probing: addresses and round numbers go in, outcomes and round-trip times come out. It knows nothing of hotspots."""
