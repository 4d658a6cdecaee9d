"""The time that judge, journal and page reckon in: monotonic time, and what it misses while the machine stands still.

CLOCK_MONOTONIC does not know a suspend, and nothing inside a paused virtual machine knows the pause. Probers live by it
all the same, for a deadline must not pass while nobody could answer. But whoever counts seconds has to count those too.

| what happened                        | BOOTTIME − MONOTONIC | wall − BOOTTIME | here                              |
|--------------------------------------|----------------------|-----------------|-----------------------------------|
| suspended                            | grows                | stays           | so much time was lost             |
| paused, then the wall clock set      | stays                | leaps forward   | lost, where a pause is possible   |
| a wrong wall clock set forward       | stays                | leaps forward   | nothing, where none is            |
| the wall clock set back              | stays                | leaps back      | nothing: wall time repeats itself |
| NTP slews, or steps by less than 1 s | stays                | hardly moves    | nothing                           |

A pause and a clock that is set forward look alike from inside. Only a virtual machine can be paused from outside, and
its clock is right from the start, for its host gives it: so there a leap forward is time that was lost, and elsewhere,
as on a board without a battery that asks NTP for the first time, it is none. Who sets a clock back and soon forth again
makes no time: a leap first makes up for what the clock was set back, until it has passed the latest time that it had.

Limits: a pause is counted when the clock is set right, be that minutes after it; one that nobody sets the clock right
after by a step, and one that is shorter than the clock was just set back, are not seen. Who sets the clock of a virtual
machine forward makes unknown time of it; the journal, which reckons in wall time, has seen nothing there either.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pantau.clock import NANOSECONDS, Clock

LEAP_NS = NANOSECONDS
"""A step of the wall clock from which on it is no correction of NTP's, and what we saw around it has no trustworthy
time."""
_SUSPEND_NS = 5_000_000
"""The two clocks are read one after the other: less than this is the time between."""
_BRACKET_NS = 1_000_000
_TRIES = 5


class _Reading(NamedTuple):
    """The three clocks at one moment."""

    monotonic_ns: int
    boottime_ns: int
    wall_ns: int


class ClockLook(NamedTuple):
    """What the clocks show that they did not at the last look."""

    lost_ns: int
    """Time that has passed and that CLOCK_MONOTONIC does not know; 0 nearly always."""
    leapt: bool
    """Whether the wall clock was set, by `LEAP_NS` or more."""


NOTHING = ClockLook(0, False)


class Timeline:
    """Never goes back. Begins as CLOCK_MONOTONIC, and is ahead of it by all time that was lost."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.lost_ns = 0
        """Sum of what was lost so far."""
        self._noticed_ns: NDArray[np.int64] = np.array([np.iinfo(np.int64).min])
        self._lost_by_then_ns: NDArray[np.int64] = np.zeros(1, np.int64)
        self._last = self._read() or _Reading(clock.monotonic_ns(), clock.boottime_ns(), clock.wall_ns())
        self._latest_wall_ns = self._last.wall_ns
        self._set_back_ns = 0
        """By how much the wall clock has been set back from the latest time that it had, and not passed it again."""

    @property
    def now_ns(self) -> int:
        """Now; what has been lost since the last look is not in it yet."""
        return self._clock.monotonic_ns() + self.lost_ns

    @property
    def wall_offset_ns(self) -> int:
        """Wall time less the timeline's, at the last look: no loss changes it, only a clock that is set."""
        return self._last.wall_ns - self._last.monotonic_ns - self.lost_ns

    def of(self, monotonic_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Monotonic times on the timeline: each by what had been lost at that time."""
        if not self.lost_ns:
            return monotonic_ns
        return monotonic_ns + self._lost_by_then_ns[np.searchsorted(self._noticed_ns, monotonic_ns, "right") - 1]

    def before_loss(self, monotonic_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which monotonic times lie before the last loss: what was under way then went into it."""
        before: NDArray[np.bool_] = monotonic_ns < self._noticed_ns[-1]
        return before

    def look(self) -> ClockLook:
        """Compare the clocks with what they were. Who keeps times on the timeline looks before anybody reads it."""
        reading, last = self._read(), self._last
        if reading is None:
            return NOTHING
        passed_ns = reading.boottime_ns - last.boottime_ns
        slept_ns = passed_ns - (reading.monotonic_ns - last.monotonic_ns)
        lost_ns = slept_ns if slept_ns > _SUSPEND_NS else 0
        expected_wall_ns = last.wall_ns + passed_ns
        lost_ns += self._leapt_over(reading.wall_ns - expected_wall_ns, expected_wall_ns)
        if lost_ns:
            self._lose(lost_ns, reading.monotonic_ns)
        self._last = reading
        return ClockLook(lost_ns, abs(reading.wall_ns - expected_wall_ns) >= LEAP_NS)

    def _leapt_over(self, step_ns: int, expected_wall_ns: int) -> int:
        """What of a step of the wall clock is lost time; without it the clock would have shown `expected_wall_ns`."""
        if expected_wall_ns >= self._latest_wall_ns:
            self._set_back_ns = 0
        self._latest_wall_ns = max(self._latest_wall_ns, expected_wall_ns, expected_wall_ns + step_ns)
        if step_ns <= -LEAP_NS:
            self._set_back_ns -= step_ns
        if step_ns < LEAP_NS or not self._clock.may_be_paused:
            return 0
        made_up_ns = min(step_ns, self._set_back_ns)
        self._set_back_ns -= made_up_ns
        return step_ns - made_up_ns

    def _lose(self, lost_ns: int, noticed_ns: int) -> None:
        """What was read of CLOCK_MONOTONIC before `noticed_ns` was read before the loss."""
        self.lost_ns += lost_ns
        self._noticed_ns = np.append(self._noticed_ns, noticed_ns)
        self._lost_by_then_ns = np.append(self._lost_by_then_ns, self.lost_ns)

    def _read(self) -> _Reading | None:
        """None if we were interrupted between the readings each time we tried; BOOTTIME also tells of a suspend."""
        for _ in range(_TRIES):
            before_ns = self._clock.boottime_ns()
            reading = _Reading(self._clock.monotonic_ns(), before_ns, self._clock.wall_ns())
            if self._clock.boottime_ns() - before_ns < _BRACKET_NS:
                return reading
        return None
