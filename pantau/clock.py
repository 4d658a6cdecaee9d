"""Time, as an argument.

Deadlines, slots and durations use the monotonic clock; the wall clock only stamps what people and Prometheus read, and
the kernel's packet timestamps, which are wall time too. Everything that needs the time takes a `Clock`, so that tests
and the simulator move it by hand.
"""

import time
from typing import Protocol

NEVER_NS = (1 << 63) - 1
"""A time that does not come."""
NANOSECONDS = 1_000_000_000


class Clock(Protocol):
    """The two clocks of the machine, both in integer nanoseconds."""

    def monotonic_ns(self) -> int:
        """Never steps back; its zero means nothing."""

    def wall_ns(self) -> int:
        """Unix time (CLOCK_REALTIME); an operator or NTP may step it."""


class SystemClock:
    """The machine's own clocks."""

    def monotonic_ns(self) -> int:
        """CLOCK_MONOTONIC."""
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        """CLOCK_REALTIME."""
        return time.time_ns()


class ManualClock:
    """A clock that stands still until it is moved: for tests and for replaying a simulated day in seconds."""

    def __init__(self, wall_ns: int = 1_700_000_000 * NANOSECONDS, monotonic_ns: int = 1_000 * NANOSECONDS) -> None:
        self._wall_ns = wall_ns
        self._monotonic_ns = monotonic_ns

    def monotonic_ns(self) -> int:
        """The monotonic time it was moved to."""
        return self._monotonic_ns

    def wall_ns(self) -> int:
        """The wall time it was moved to."""
        return self._wall_ns

    def advance(self, nanoseconds: int) -> None:
        """Let time pass on both clocks."""
        if nanoseconds < 0:
            raise ValueError("time does not run backwards; use step_wall to step the wall clock")
        self._monotonic_ns += nanoseconds
        self._wall_ns += nanoseconds

    def step_wall(self, nanoseconds: int) -> None:
        """Step the wall clock alone, forwards or (negative) backwards, as an operator or NTP does."""
        self._wall_ns += nanoseconds
