"""When events happen, as arithmetic: windows that come once or periodically, open or closed at any time one asks for.

No list of occurrences is kept, so a script has no horizon and the thousandth day costs what the first did.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exporter.probing.outcome import Bool, Int64

FOREVER_NS = 1 << 61
"""73 years: longer than any script, and safe to add to a wall time in 64 bits."""


@dataclass(frozen=True, slots=True)
class RecurringWindow:
    """Open from `start_ns` for `duration_ns`, again every `period_ns`; within that in cycles, if it has any."""

    start_ns: int
    duration_ns: int = FOREVER_NS
    period_ns: int = FOREVER_NS
    cycle_ns: int = FOREVER_NS
    closed_ns: int = 0
    """The first part of each cycle, in which it is closed."""
    shift_ns: int = 0
    """How far into its cycle it is when it starts."""


class RecurringWindows:
    """Many windows, asked at once."""

    def __init__(self, windows: Sequence[RecurringWindow]) -> None:
        def column(name: str) -> Int64:
            return np.array([getattr(window, name) for window in windows], np.int64)

        self._start = column("start_ns")
        self._duration = column("duration_ns")
        self._period = column("period_ns")
        self._cycle = column("cycle_ns")
        self._closed = column("closed_ns")
        self._shift = column("shift_ns")

    def open_at(self, time_ns: int) -> Bool:
        """Which windows are open."""
        return self._open(time_ns - self._start)

    def any_open(self, times_ns: Int64) -> Bool:
        """For each time, whether any window is open."""
        return np.asarray(self._open(times_ns[:, None] - self._start).any(axis=1))

    def next_change_ns(self, time_ns: int) -> int:
        """The first time after `time_ns` at which any window may open or close."""
        if not len(self._start):
            return time_ns + FOREVER_NS
        elapsed = time_ns - self._start
        phase = elapsed % self._period
        running = phase < self._duration
        left = np.where(running, self._duration, self._period) - phase
        turn = (phase + self._shift) % self._cycle
        next_turn = np.where(turn < self._closed, self._closed, self._cycle) - turn
        left = np.where(running, np.minimum(left, next_turn), left)
        return time_ns + int(np.where(elapsed < 0, -elapsed, left).min())

    def _open(self, elapsed: Int64) -> Bool:
        """Which are open so long after their start; the windows are the last axis."""
        phase = elapsed % self._period
        cycling = (phase + self._shift) % self._cycle >= self._closed
        opened: Bool = (elapsed >= 0) & (phase < self._duration) & cycling
        return opened
