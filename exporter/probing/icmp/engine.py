"""What every engine offers: probes are submitted in batches, and what has ended is collected, without ever blocking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from exporter.probing.icmp.error_types import IGNORED_TYPES
from exporter.probing.icmp.unusable import UnusableReply
from exporter.probing.outcome import Int32, Int64, Observations, Uint64, renamed

UNMATCHED_REASONS = ("mismatch", "duplicate", "malformed")
"""Why a received message was none of our answers: the label ``reason`` of `pantau_unmatched_replies_total`.

How near a mismatch came is not told: whoever sends guesses would see in it which of them was right.
"""


@dataclass(slots=True)
class EngineStatistics:
    """What an engine says of its own sight, counted from its start."""

    send_errors: dict[str, int] = field(default_factory=dict)
    """Refused sends by errno name."""
    unmatched: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNMATCHED_REASONS, 0))
    ignored: dict[str, int] = field(default_factory=lambda: dict.fromkeys(IGNORED_TYPES, 0))
    """ICMP errors about our probes that change nothing, by type."""
    late_replies: int = 0
    receive_drops: int = 0
    clock_steps: int = 0
    stepped_ns: int = 0
    """Sum of the steps' sizes, without sign."""


@dataclass(frozen=True, slots=True)
class Probes:
    """Probes to be sent, one row each: the arguments of `Engine.submit`."""

    targets: Int32
    rounds: Int64
    addresses: Uint64
    timeout_ns: Int64

    def __len__(self) -> int:
        return len(self.targets)

    @classmethod
    def concatenate(cls, parts: Sequence["Probes"]) -> "Probes":
        """All rows of `parts`, of which there is at least one."""
        parts = [part for part in parts if len(part)] or parts[:1]
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.targets for part in parts]),
            np.concatenate([part.rounds for part in parts]),
            np.concatenate([part.addresses for part in parts]),
            np.concatenate([part.timeout_ns for part in parts]),
        )


NO_PROBES = Probes(np.empty(0, np.int32), np.empty(0, np.int64), np.empty((0, 2), np.uint64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class NotedErrors:
    """Probes in flight of which an ICMP error says that they cannot arrive. They have not ended."""

    targets: Int32
    rounds: Int64

    def retargeted(self, new_index: Int32) -> "NotedErrors":
        """The same after a reload, targets `renamed`, without those of -1."""
        targets = renamed(self.targets, new_index)
        kept = targets >= 0
        return NotedErrors(targets[kept], self.rounds[kept])

    @classmethod
    def concatenate(cls, parts: Sequence["NotedErrors"]) -> "NotedErrors":
        """All rows of `parts`."""
        parts = [NO_ERRORS_NOTED, *parts]
        targets = np.concatenate([part.targets for part in parts])
        return cls(targets, np.concatenate([part.rounds for part in parts]))


NO_ERRORS_NOTED = NotedErrors(np.empty(0, np.int32), np.empty(0, np.int64))


class Engine(Protocol):
    """Sends echo requests and tells what became of each exactly once."""

    name: str
    socket: str
    statistics: EngineStatistics
    room: int
    """Probes that may be submitted before `collect`; more may be lost to us, who would then call them inconclusive."""

    @property
    def next_deadline_ns(self) -> int:
        """Before that, no probe in flight ends by silence; a hint, which may be early."""

    def submit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int | Int64) -> None:
        """Send one probe to each row of `addresses` (n x 2 words); its result carries `targets` and `rounds` back.

        `timeout_ns` is one for all, or one for each.
        """

    def stage(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: Int64) -> int | None:
        """Prepare probes that will leave a few at a time; the number of the first, of which the others are the next.

        None where that cannot be done: they are then submitted when they leave.
        """

    def launch(self, first: int, count: int) -> None:
        """Send so many of the staged probes, from that number on."""

    def withdraw(self, first: int, count: int) -> None:
        """Forget so many of the staged probes, from that number on: they will not be sent."""

    def unstage(self) -> None:
        """Forget all staged probes that have not been sent."""

    def collect(self) -> Observations:
        """All probes that have ended since the last call."""

    def take_noted(self) -> NotedErrors:
        """The probes that have got an ICMP error since the last call, as far as `collect` has read them."""

    def unusable_replies(self, target: int, /) -> tuple[UnusableReply, ...]:
        """What came in place of a good reply to those probes of a target that ended without one."""

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload: target i becomes `new_index[i]`; the probes of -1 are forgotten."""

    async def run(self) -> None:
        """What the engine does beside these calls, until cancelled; one that needs nothing returns at once."""

    def close(self) -> None:
        """Close every socket; probes in flight are forgotten."""
