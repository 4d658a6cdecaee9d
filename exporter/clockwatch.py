"""Notices when the wall clock steps, which kernel timestamps cannot: both stamps of a probe are wall time."""

from pantau.clock import Clock

STEP_NS = 5_000_000
"""A change beyond this is a step: NTP slews by at most 500 ppm, a hundredth of it in a tick."""
_BRACKET_NS = 1_000_000
_TRIES = 5


class ClockWatch:
    """Compares the distance between the wall and the monotonic clock with what it was at the last look."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ns: int | None = None
        self.check()

    def check(self) -> int:
        """By how many nanoseconds the wall clock has stepped since the last look; 0 if it has not."""
        offset_ns = self._offset()
        if offset_ns is None:
            return 0
        step_ns = 0 if self._offset_ns is None else offset_ns - self._offset_ns
        self._offset_ns = offset_ns
        return step_ns if abs(step_ns) > STEP_NS else 0

    def _offset(self) -> int | None:
        """Wall minus monotonic time; None if we were interrupted between the two readings each time we tried."""
        for _ in range(_TRIES):
            before_ns = self._clock.monotonic_ns()
            wall_ns = self._clock.wall_ns()
            if self._clock.monotonic_ns() - before_ns < _BRACKET_NS:
                return wall_ns - before_ns
        return None
