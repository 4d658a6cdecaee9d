"""A simulated city: it answers the batch engine's packets as real hotspots would, by the script of a scenario file.

scenario (the file) -> hotspots, script, access (what is where, what happens, how links behave) -> city (one pure model
of all three) -> transport (packets). The city has no clock and no state: an answer depends on the seed, the hotspot and
the time alone, so a test may ask in any order, and knows the truth that its verdicts must match.
"""
