"""What every way of learning a device's uptime offers: SNMP asks the device, a heartbeat tells it unasked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol


class UptimeResult(Enum):
    """What became of asking one device once. The closed list of `pantau_uptime_requests_total`."""

    TOLD = "told"
    """It said how long it has been running."""
    UNCLEAR = "unclear"
    """It answered, and its counters contradict each other, or do not reach far enough: the question stays open."""
    NO_ANSWER = "no_answer"
    """Nothing came; a wrong community looks the same."""
    REFUSED = "refused"
    """It does not know the user, or the password is wrong."""
    BAD_ANSWER = "bad_answer"
    """It answered with an error, or with none of the counters."""
    NO_SECRET = "no_secret"  # noqa: S105 - the file with it could not be read
    FAILED = "failed"
    """We could not ask: no route, no socket, the library is missing."""


@dataclass(frozen=True, slots=True)
class UptimeReading:
    """What one asking brought."""

    result: UptimeResult
    uptime_seconds: int | None = None
    """So long the device has been running, as it said; None unless it was told."""
    facts: Mapping[str, object] = field(default_factory=dict)
    """What it said, and why that is not clear: for the journal."""

    @property
    def is_answer(self) -> bool:
        """Whether the device said anything, so that asking again would be no use."""
        return self.result in (UptimeResult.TOLD, UptimeResult.UNCLEAR)


class UptimeSource(Protocol):
    """Knows a way to some hotspots' uptime. Asking may take its time: nobody's round waits for it."""

    evidence: str
    """What the journal calls this way, such as ``snmp`` or ``agent``."""

    def asks(self, hotspot: str) -> bool:
        """Whether this way leads to a hotspot, by the configuration of now."""

    async def ask(self, hotspot: str, address: str, down_seconds: float) -> UptimeReading:
        """Ask once; the hotspot was silent, to be on the safe side, for up to so many seconds up to now.

        Raises nothing but cancellation, which leaves nothing behind that would be waited for.
        """
