"""Time, as an argument.

Deadlines, slots and durations use the monotonic clock; the wall clock only stamps what people and Prometheus read, and
the kernel's packet timestamps, which are wall time too. Everything that needs the time takes a `Clock`, so that tests
and the simulator move it by hand.
"""

import re
import time
from functools import cache
from pathlib import Path
from typing import Protocol

NEVER_NS = (1 << 63) - 1
"""A time that does not come."""
NANOSECONDS = 1_000_000_000


_BOOTTIME: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Linux alone has it; elsewhere a suspend shows in the wall clock only."""


class Clock(Protocol):
    """The clocks of the machine, all in integer nanoseconds."""

    def monotonic_ns(self) -> int:
        """Never steps back; its zero means nothing."""

    @property
    def may_be_paused(self) -> bool:
        """Whether the machine can be paused from outside, which none of these clocks shows: a virtual one."""

    def boottime_ns(self) -> int:
        """As monotonic time, and goes on while the machine is suspended."""

    def wall_ns(self) -> int:
        """Unix time (CLOCK_REALTIME); an operator or NTP may step it."""


class SystemClock:
    """The machine's own clocks."""

    monotonic_ns = staticmethod(time.monotonic_ns)
    """CLOCK_MONOTONIC."""
    wall_ns = staticmethod(time.time_ns)
    """CLOCK_REALTIME."""

    @property
    def may_be_paused(self) -> bool:
        """By what the processor or the firmware says of a hypervisor."""
        return _is_virtual()

    def boottime_ns(self) -> int:
        """CLOCK_BOOTTIME."""
        return time.clock_gettime_ns(_BOOTTIME)


_HYPERVISORS = (Path("/sys/hypervisor/type"), Path("/proc/device-tree/hypervisor"))
"""There under Xen, and where a device tree names one."""
_CPU = Path("/proc/cpuinfo")


@cache
def _is_virtual() -> bool:
    """x86 processors have a flag `hypervisor` in a guest (CPUID leaf 1)."""
    try:
        flags = _CPU.read_text("ascii", "replace")
    except OSError:
        flags = ""
    return re.search(r"^flags\b.*\bhypervisor\b", flags, re.MULTILINE) is not None or any(
        path.exists() for path in _HYPERVISORS
    )


class ManualClock:
    """A clock that stands still until it is moved: for tests and for replaying a simulated day in seconds."""

    def __init__(
        self,
        wall_ns: int = 1_700_000_000 * NANOSECONDS,
        monotonic_ns: int = 1_000 * NANOSECONDS,
        *,
        may_be_paused: bool = False,
    ) -> None:
        self.may_be_paused = may_be_paused
        self._wall_ns = wall_ns
        self._monotonic_ns = self._boottime_ns = monotonic_ns

    def monotonic_ns(self) -> int:
        """The monotonic time it was moved to."""
        return self._monotonic_ns

    def boottime_ns(self) -> int:
        """The boot time it was moved to."""
        return self._boottime_ns

    def wall_ns(self) -> int:
        """The wall time it was moved to."""
        return self._wall_ns

    def advance(self, nanoseconds: int) -> None:
        """Let time pass on all clocks."""
        if nanoseconds < 0:
            raise ValueError("time does not run backwards; use step_wall to step the wall clock")
        self._monotonic_ns += nanoseconds
        self._boottime_ns += nanoseconds
        self._wall_ns += nanoseconds

    def suspend(self, nanoseconds: int) -> None:
        """Let the machine sleep for so long: the monotonic clock stands still."""
        self._boottime_ns += nanoseconds
        self._wall_ns += nanoseconds

    def step_wall(self, nanoseconds: int) -> None:
        """Step the wall clock alone, forwards or (negative) backwards, as an operator or NTP does."""
        self._wall_ns += nanoseconds
