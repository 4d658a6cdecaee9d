"""How available each hotspot has been of late: over the last 24 hours, up to now, from whole hours on.

Prometheus would have to sum some hundred samples of each hotspot for this figure, each time that it is wanted. Here it
is two numbers an hour: milliseconds of service and without, 0.2 kB a hotspot for the day.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Int64
from pantau.clock import NANOSECONDS
from pantau.states import NOT_SERVING, SERVING, numbers_of

_HOUR_NS = 3600 * NANOSECONDS
DAY_NS = 24 * _HOUR_NS
_MILLISECOND_NS = 1_000_000
_GOOD = numbers_of(SERVING)
_BAD = numbers_of(NOT_SERVING)

Gains = NDArray[np.int32]
"""n x 2: milliseconds of service and without in a part of time, of n hotspots."""


@dataclass(frozen=True, slots=True)
class BookedPart:
    """A part of time, an hour or less, that has ended."""

    ended_ns: int
    """Monotonic time."""
    gains: Gains


@dataclass(frozen=True, slots=True)
class PastHour:
    """What is known of a part of time from before the start."""

    ended_ns: int
    """Wall time."""
    judged_ms: Mapping[str, tuple[int, int]]
    """By hotspot: milliseconds of service and without."""


def judged_of(state_ms: Sequence[int]) -> tuple[int, int]:
    """Time of service and without, from the time by `State` of one hotspot."""
    return sum(state_ms[state] for state in _GOOD), sum(state_ms[state] for state in _BAD)


def compact(gains_ms: Int64) -> Gains:
    """As it is kept. 25 days are the most that fits: more than any part of time has."""
    return np.minimum(gains_ms, np.iinfo(np.int32).max).astype(np.int32)


def judged(state_ms: Int64) -> Int64:
    """Time by `State`, one column each, to time of service and without, n x 2."""
    return np.column_stack([state_ms[:, _GOOD].sum(axis=1), state_ms[:, _BAD].sum(axis=1)])


class RecentAvailability:
    """Remembers the parts of the last day, from what is booked to each state. Times are monotonic nanoseconds.

    A part is forgotten when it ended 24 hours ago, so that the day is the last 24 to 25 hours.
    """

    def __init__(self, rows: int, now_ns: int) -> None:
        self._parts: deque[BookedPart] = deque()
        self._before = np.zeros((rows, 2), np.int64)
        """What had been booked when the present part began."""
        self._ends_ns = now_ns + _HOUR_NS

    def due(self, now_ns: int) -> bool:
        """Whether the present part is over, and `advance` has something to do."""
        return now_ns >= self._ends_ns

    def advance(self, spent_ns: Int64, now_ns: int) -> None:
        """End the present part, which is `due`, and forget what is too old."""
        booked = judged(spent_ns // _MILLISECOND_NS)
        self._parts.append(BookedPart(now_ns, compact(booked - self._before)))
        self._before, self._ends_ns = booked, now_ns + _HOUR_NS
        while self._parts and self._parts[0].ended_ns <= now_ns - DAY_NS:
            self._parts.popleft()

    def remember(self, parts: Iterable[BookedPart]) -> None:
        """Parts from before the start, in the order of time, with a row for each hotspot."""
        self._parts.extendleft(reversed(list(parts)))

    def begin(self, spent_ns: Int64) -> None:
        """What is booked by now was counted in parts that are over."""
        self._before = judged(spent_ns // _MILLISECOND_NS)

    def rearrange(self, source: NDArray[np.int32]) -> None:
        """A reload: row i was row `source[i]`; -1 is new."""
        self._parts = deque(BookedPart(part.ended_ns, _moved(part.gains, source)) for part in self._parts)
        self._before = _moved(self._before, source)  # a new hotspot's time begins at 0

    def ratio(self, spent_ns: Int64) -> NDArray[np.float64]:
        """Service, of the time that can be judged, 0 to 1; nan where none can. `spent_ns` as booked now."""
        sums = judged(spent_ns // _MILLISECOND_NS) - self._before
        for part in self._parts:
            sums += part.gains
        total = sums.sum(axis=1)
        ratio: NDArray[np.float64] = np.where(total > 0, sums[:, 0] / np.maximum(total, 1), np.nan)
        return ratio.round(6)  # a tenth of a second of a day: more would only change with each scrape


def _moved(rows: NDArray[Any], source: NDArray[np.int32]) -> NDArray[Any]:
    """Row i is row `source[i]`, or 0 where that is -1."""
    kept = source >= 0
    moved = np.zeros((len(source), 2), rows.dtype)
    moved[kept] = rows[source[kept]]
    return moved
