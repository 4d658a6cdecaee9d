"""Rounds that were answered inside an outage that did not recover: known by their seconds, not by their place.

A point that answers every other round is no up and no down that a verdict could follow: the journal has one outage, and
with its end how long rounds of it were answered. These seconds were service, and are never charged; they count as
instability. To cut them at midnights, at changes of contract and at exclusions they need a place: they are spread
evenly over the outage's downtime.
"""

from pantau.reports.accounting.spans import Span, Spans

PIECE_SECONDS = 600
"""Within each piece of so much downtime the answered share stands first. Any cut is off by less than one piece."""


def spread(down: Spans, seconds: int) -> Spans:
    """`seconds` of `down`, evenly: the first k pieces hold k pieces' share, rounded down, and all of them `seconds`."""
    whole = down.seconds
    left = min(seconds, whole)
    if left == whole:
        return down
    found: list[Span] = []
    passed = placed = 0
    for start, end in down:
        while start < end:
            # Pieces go by downtime, so that they are the same however the outage is cut into spans.
            length = min(end - start, PIECE_SECONDS - passed % PIECE_SECONDS)
            passed += length
            here = passed * left // whole - placed
            found.append((start, start + here))
            placed += here
            start += length
    return Spans.of(found)
