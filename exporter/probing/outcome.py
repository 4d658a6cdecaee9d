"""What became of a probe: a reply, or one reason out of a closed list; and a batch of such results as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Uint64 = NDArray[np.uint64]
Bool = NDArray[np.bool_]

NO_RTT = -1
"""The RTT of a probe that has none: lost, or its two timestamps cannot be compared. Never 0."""


class OutcomeKind(Enum):
    """What kind of end a probe came to."""

    ANSWER = "answer"
    SILENCE = "silence"
    REFUSAL = "refusal"
    """Somebody on the way said that the target cannot be reached."""
    NOTHING = "nothing"
    """It tells of ourselves alone: no name, no send, no sight."""


class Outcome(IntEnum):
    """How a probe ended. All but `REPLY` are values of the label ``reason`` of `hotspot_probe_failures_total`."""

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
    def kind(self) -> OutcomeKind:
        """What it tells."""
        return _KIND[self]

    @property
    def conclusive(self) -> bool:
        """Whether it says something about the target, and not only about ourselves."""
        return self.kind is not OutcomeKind.NOTHING


_KIND = {
    Outcome.REPLY: OutcomeKind.ANSWER,
    Outcome.TIMEOUT: OutcomeKind.SILENCE,
    Outcome.UNREACHABLE_NET: OutcomeKind.REFUSAL,
    Outcome.UNREACHABLE_HOST: OutcomeKind.REFUSAL,
    Outcome.PROHIBITED: OutcomeKind.REFUSAL,
    Outcome.TTL_EXCEEDED: OutcomeKind.REFUSAL,
    Outcome.RESOLVE: OutcomeKind.NOTHING,
    Outcome.SEND: OutcomeKind.NOTHING,
    Outcome.INCONCLUSIVE: OutcomeKind.NOTHING,
}
CONCLUSIVE: Bool = np.array([outcome.conclusive for outcome in Outcome], np.bool_)
"""By the number of an `Outcome`: for whole arrays, as ``CONCLUSIVE[outcomes]``."""
REFUSED: Bool = np.array([outcome.kind is OutcomeKind.REFUSAL for outcome in Outcome], np.bool_)
"""By the number of an `Outcome`, likewise: somebody on the way said that the target cannot be reached."""
REASONS: tuple[Outcome, ...] = tuple(outcome for outcome in Outcome if outcome.kind is not OutcomeKind.ANSWER)
"""The failure reasons, in the order of their numbers: column ``reason - 1`` of a failure count array."""
REFERENCE_BASE = 1 << 30
"""Targets from here on are a kind's references, numbered as its plan names them."""


@dataclass(frozen=True, slots=True)
class Observations:
    """Probes that have ended, one row each, in no particular order."""

    target: Int32
    """The row of the plan; from `REFERENCE_BASE` on a reference of the kind."""
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
    def empty(cls) -> "Observations":
        """No results."""
        return cls.concatenate([])

    @classmethod
    def unsent(cls, targets: Int32, rounds: Int64, outcome: Outcome, now_ns: int) -> "Observations":
        """Probes that never left, all for the same reason."""
        count = len(targets)
        return cls(
            targets.astype(np.int32),
            rounds.astype(np.int64),
            np.full(count, outcome, np.int8),
            np.full(count, now_ns, np.int64),
            np.full(count, NO_RTT, np.int64),
        )

    @classmethod
    def concatenate(cls, parts: Sequence["Observations"]) -> "Observations":
        """All rows of `parts`."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([_NO_INT32, *(part.target for part in parts)]),
            np.concatenate([_NO_INT64, *(part.round for part in parts)]),
            np.concatenate([_NO_INT8, *(part.outcome for part in parts)]),
            np.concatenate([_NO_INT64, *(part.sent_ns for part in parts)]),
            np.concatenate([_NO_INT64, *(part.rtt_ns for part in parts)]),
        )

    def take(self, rows: Bool | Int64) -> "Observations":
        """Copies of some rows, by mask or by index."""
        return Observations(
            self.target[rows], self.round[rows], self.outcome[rows], self.sent_ns[rows], self.rtt_ns[rows]
        )

    def retargeted(self, new_index: Int32) -> "Observations":
        """The same after a reload, targets `renamed`, without the results of -1."""
        target = renamed(self.target, new_index)
        return Observations(target, self.round, self.outcome, self.sent_ns, self.rtt_ns).take(target >= 0)


def renamed(targets: Int32, new_index: Int32) -> Int32:
    """Target i as `new_index[i]`; those beyond it, and those that are -1 already, keep their name."""
    inside = (targets >= 0) & (targets < len(new_index))
    names = targets.copy()
    names[inside] = new_index[targets[inside]]
    return names


_NO_INT8, _NO_INT32, _NO_INT64 = np.empty(0, np.int8), np.empty(0, np.int32), np.empty(0, np.int64)
