"""What became of a probe: a reply, or one reason out of a closed list; and a batch of such results as arrays."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Uint64 = NDArray[np.uint64]
Bool = NDArray[np.bool_]

NO_RTT = -1
"""The RTT of a probe that has none: lost, or its two timestamps cannot be compared. Never 0."""


class Outcome(IntEnum):
    """How a probe ended. All but `REPLY` are the label ``reason`` of `hotspot_probe_failures_total`."""

    REPLY = 0
    TIMEOUT = 1
    UNREACHABLE_NET = 2
    UNREACHABLE_HOST = 3
    PROHIBITED = 4
    TTL_EXCEEDED = 5
    RESOLVE = 6
    SEND = 7
    INCONCLUSIVE = 8

    @property
    def label(self) -> str:
        """The value of the label ``reason``."""
        return self.name.lower()

    @property
    def conclusive(self) -> bool:
        """Whether it says something about the hotspot, and not only about ourselves (no name, no send, no sight)."""
        return self < Outcome.RESOLVE


REASONS: tuple[Outcome, ...] = tuple(outcome for outcome in Outcome if outcome is not Outcome.REPLY)
"""The failure reasons, in the order of their numbers: column ``reason - 1`` of a failure count array."""


@dataclass(frozen=True, slots=True)
class Results:
    """Probes that have ended, one row each, in no particular order."""

    target: Int32
    """Index of the target among the engine's targets."""
    round: Int64
    """The round number that the probe was submitted with."""
    outcome: Int8
    """An `Outcome`."""
    sent_ns: Int64
    """Monotonic time of leaving; of the attempt, where it did not leave."""
    rtt_ns: Int64
    """Round-trip time; `NO_RTT` where there is none."""

    def __len__(self) -> int:
        return len(self.target)

    @classmethod
    def empty(cls) -> "Results":
        """No results."""
        return cls.concatenate([])

    @classmethod
    def concatenate(cls, parts: "list[Results]") -> "Results":
        """All rows of `parts`."""
        if len(parts) == 1:
            return parts[0]
        def join(name: str, dtype: type[np.generic]) -> NDArray[np.generic]:
            return np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in parts)])
        return cls(
            join("target", np.int32), join("round", np.int64), join("outcome", np.int8),  # type: ignore[arg-type]
            join("sent_ns", np.int64), join("rtt_ns", np.int64),  # type: ignore[arg-type]
        )
