"""What every engine offers: probes are submitted in batches, and what has ended is collected, without ever blocking."""

from dataclasses import dataclass, field
from typing import Protocol

from exporter.probing.outcome import Int32, Int64, Results, Uint64

UNMATCHED_REASONS = ("source", "identifier", "sequence", "nonce", "duplicate", "malformed", "stale")
"""Why a received message was none of our answers: the label ``reason`` of `pantau_unmatched_replies_total`."""


@dataclass(slots=True)
class EngineStatistics:
    """What an engine says of its own sight, counted from its start."""

    send_errors: dict[str, int] = field(default_factory=dict)
    """Refused sends by errno name."""
    unmatched: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNMATCHED_REASONS, 0))
    late_replies: int = 0
    receive_drops: int = 0
    clock_steps: int = 0
    stepped_ns: int = 0
    """Sum of the steps' sizes, without sign."""


class Engine(Protocol):
    """Sends echo requests and tells what became of each exactly once."""

    name: str
    socket: str
    statistics: EngineStatistics

    def submit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int) -> None:
        """Send one probe to each row of `addresses` (n x 2 words); its result carries `targets` and `rounds` back."""

    def collect(self) -> Results:
        """All probes that have ended since the last call."""

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload: target i becomes `new_index[i]`; the probes of -1 are forgotten."""

    def close(self) -> None:
        """Close every socket; probes in flight are forgotten."""
