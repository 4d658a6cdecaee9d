"""A year is closed: it goes into a file of its own, and the journal goes on from it.

    copying    entries and what belongs to them, out of one journal into a new file
    carried    what the journal keeps of what lies in the closed file, and its proof
    years      closed years that are at hand, read as one journal with what follows them
    proof      the proof of a journal that was begun anew
    steps      the closing itself, step by step, each of which may be the last before a kill

The closed file is a whole journal of its own and verifies alone. In the journal an entry of kind `CARRY_OVER` has the
ends of all chains at the cut, and the SHA-256 of the list of what is kept from before it: decisions, starts, faults,
everything rare but hours and checkpoints, of each hotspot the transitions since it was last up, and of each source its
last entry and its last sign of life. So the exporter goes on with what it knew, where it ended, and an outage that
spans the cut keeps its number.

A journal in a file is begun anew with that; one in PostgreSQL, where nothing is ever deleted, keeps everything.
"""
