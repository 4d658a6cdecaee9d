"""The uptime that a hotspot's agent tells unasked, in its next heartbeat."""

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

from exporter.probing.uptime.source import UptimeReading, UptimeResult
from pantau.clock import NANOSECONDS, Clock

PATIENCE_SECONDS = 150.0
"""Two heartbeats, and half a minute."""
_LOOK_SECONDS = 1.0


class HeardUptime(NamedTuple):
    """What an agent said last."""

    wall_ns: int
    """When it was heard."""
    uptime_seconds: int
    mains_absent_ns: tuple[int, int] | None = None
    """From when to when a sensor of the mains said that there was none, the last time; wall time."""
    custody: str = ""
    """Whose the device is: ``city`` or ``isp``."""


class HeardUptimes:
    """The `UptimeSource` of all hotspots that have an agent: `last` tells what it said last, None where there is none.

    It waits for the next heartbeat: the last may be of before the outage, or from within it where only pings fail.
    """

    evidence = "agent"

    def __init__(
        self,
        last: Callable[[str], HeardUptime | None],
        clock: Clock,
        patience_seconds: float = PATIENCE_SECONDS,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._last = last
        self._clock = clock
        self._looks = round(patience_seconds / look_seconds)
        self._look_seconds = look_seconds

    def asks(self, hotspot: str) -> bool:
        """See `UptimeSource`."""
        return self._last(hotspot) is not None

    async def ask(self, hotspot: str, address: str, down_seconds: float) -> UptimeReading:  # noqa: ARG002 - the protocol
        """See `UptimeSource`."""
        asked_ns = self._clock.wall_ns()
        for _ in range(self._looks):
            await asyncio.sleep(self._look_seconds)
            heard = self._last(hotspot)
            if heard is not None and heard.wall_ns >= asked_ns:
                since = max(0, self._clock.wall_ns() - heard.wall_ns) // NANOSECONDS
                facts = self._mains_facts(heard, down_seconds)
                return UptimeReading(UptimeResult.TOLD, heard.uptime_seconds + since, facts)
        return UptimeReading(UptimeResult.NO_ANSWER)

    def _mains_facts(self, heard: HeardUptime, down_seconds: float) -> Mapping[str, object]:
        """What a sensor said of the mains of that outage; whose word it is stands beside it."""
        if heard.mains_absent_ns is None:
            return {}
        first_ns, last_ns = heard.mains_absent_ns
        if last_ns < self._clock.wall_ns() - round(down_seconds * NANOSECONDS):
            return {}
        return {"mains_absent_from_ns": first_ns, "mains_absent_until_ns": last_ns, "custody": heard.custody}
