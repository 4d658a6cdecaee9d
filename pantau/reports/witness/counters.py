"""What counters gained over a month, from what they showed at some times: exact, without extrapolation. Pure.

PromQL's `increase` guesses what lies between a window's edge and its first sample, and how it guesses differs between
servers. Here a gain is the difference of two values that a server holds, and what lies between two readings need not be
known: the differences add up to the last value less the first. Only where an exporter began anew between them, its
counters at 0, must one look closer. That is told by the time that a hotspot was watched, in whatever state: with no
restart it grows by what the clock does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

LOOKBACK_SECONDS = 300
"""A reading is the last sample of so much time: the longest that one may be old."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A hotspot's counters at one time."""

    at: int
    """Unix time."""
    down: float
    """Seconds without service (`NOT_SERVING`), since the exporter began."""
    seen: float
    """Seconds that are judged (`JUDGED`)."""
    watched: float
    """Seconds in any state."""


@dataclass(slots=True)
class Gain:
    """What was gained, in seconds."""

    down: float = 0.0
    seen: float = 0.0

    def add(self, later: Reading, earlier: Reading | None = None) -> None:
        """What `later` shows beyond `earlier`, or all of it."""
        self.down += later.down - (earlier.down if earlier else 0.0)
        self.seen += later.seen - (earlier.seen if earlier else 0.0)


@dataclass(frozen=True, slots=True)
class Unclear:
    """A time between two readings (or before the first, after the last) that must be looked at more closely."""

    start: int
    end: int
    opens: bool
    """Whether nothing is known at `start`."""
    closes: bool
    """Whether nothing is known at `end`."""


def add_up(readings: Sequence[Reading], span: Unclear, gain: Gain) -> Iterator[Unclear]:
    """Add to `gain` what is certain from the readings within `span`, and yield what is not.

    Readings are in the order of time; that at an edge which is not open is among them.
    """
    if not readings:
        return
    first, last = readings[0], readings[-1]
    if span.opens and first.at > span.start:
        yield Unclear(span.start, first.at, opens=True, closes=False)
    for earlier, later in pairwise(readings):
        if began_anew(earlier, later):
            yield Unclear(earlier.at, later.at, opens=False, closes=False)
        else:
            gain.add(later, earlier)
    if span.closes and last.at < span.end:
        yield Unclear(last.at, span.end, opens=False, closes=True)


def settle(readings: Sequence[Reading], span: Unclear, gain: Gain) -> None:
    """As `add_up` where nobody can look closer: what shows after a restart was all gained since."""
    if not readings:
        return
    if span.opens and readings[0].watched <= readings[0].at - span.start + LOOKBACK_SECONDS:
        gain.add(readings[0])
    for earlier, later in pairwise(readings):
        gain.add(later, None if began_anew(earlier, later) else earlier)


def began_anew(earlier: Reading, later: Reading) -> bool:
    """Whether the exporter, or its watch over this hotspot, began anew between two readings.

    Over a longer time without readings a new run may have been watching for longer than the old one had: it is known by
    being too young for what has passed. A run that is older than that saw the clock stepped, and is no new one.
    """
    passed = later.at - earlier.at
    short = later.watched - earlier.watched < passed - LOOKBACK_SECONDS
    return later.watched < earlier.watched or (short and later.watched <= passed + LOOKBACK_SECONDS)
