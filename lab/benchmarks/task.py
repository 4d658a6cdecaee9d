"""What a peer is asked to do, and what it is measured by."""

from dataclasses import dataclass, field
from typing import Protocol

from lab.benchmarks.network import BenchNetwork


@dataclass(frozen=True, slots=True)
class Task:
    """Probe all `addresses` each `interval_seconds`, for so many seconds. The last `dead` addresses do not answer."""

    addresses: list[str]
    interval_seconds: float
    seconds: float
    dead: int = 0

    @property
    def alive(self) -> int:
        """How many answer."""
        return len(self.addresses) - self.dead

    @property
    def timeout_seconds(self) -> float:
        """What every peer is given: half a second at an interval of one, else two."""
        return 0.5 if self.interval_seconds <= 1 else 2.0

    @property
    def rounds(self) -> int:
        """For peers that count rounds."""
        return max(round(self.seconds / self.interval_seconds), 1)


@dataclass(slots=True)
class Report:
    """What a peer did. CPU includes user and system time and that of children."""

    requests: int
    """Probes to hotspots that were alive, and came to an end."""
    false_losses: int
    requests_to_dead: int
    false_ups: int
    inconclusive: int = 0
    """Probes of which the peer itself says that it could not see."""
    cpu_seconds: float = 0.0
    resident_bytes: int = 0
    seconds: float = 0.0
    silent: bool = False
    """Whether it was too busy to tell its counters: nothing is known of its probes then."""
    wanted: int = 0
    """Probes that should have left in that time; what is missing was not sent."""
    rtts: list[tuple[str, float, float]] = field(default_factory=list)
    """(address, Unix seconds or ordinal of sending, RTT in seconds), where the peer tells each."""

    @property
    def cpu_microseconds(self) -> float:
        """A probe; of one that tells nothing, as if it had sent all that it should."""
        sent = self.wanted if self.silent else self.requests + self.requests_to_dead
        return self.cpu_seconds / max(sent, 1) * 1e6


class Peer(Protocol):
    """A prober that can be given a task."""

    name: str

    def version(self) -> str:
        """As it says itself."""

    def can(self, task: Task) -> bool:
        """Whether it is worth a try: some would take hours or all memory."""

    def run(self, network: BenchNetwork, task: Task) -> Report:
        """Do the task and report."""
