"""Which targets we cannot see, since when and why, beyond the faults of our own path; and which have never answered.

A target is unseen while it is unknown, is in no window of maintenance, and the path to it is not what failed: its name
has no address, its probes cannot be sent, or nothing comes of them. While the path is cut nothing is learnt about that,
so what was unseen stays so, and nothing becomes it. Looked at when somebody asks, for all of it is told by the states.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.planning.plan import Role
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Outcome
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.kind import JudgedKind
from exporter.verdicts.machine import VERDICT_UP
from pantau.clock import NANOSECONDS
from pantau.states import State

SEEN_NS = -1
_PATIENCE_NS = 60 * NANOSECONDS
"""For a first round to end."""
_UNKNOWN = int(State.UNKNOWN)


class UnseenReason(IntEnum):
    """Why a target cannot be seen."""

    RESOLVE = 1
    """Its name has no address."""
    SEND = 2
    """The kernel does not take its probes: there is no route, no such family."""
    INCONCLUSIVE = 3
    """Its probes end without telling anything."""
    WAITING = 4
    """No round of it has ended at all."""
    UNWATCHED = 5
    """No kind of probe looks for it."""

    @property
    def label(self) -> str:
        """The value of the label ``reason``."""
        return self.name.lower()


_OF_OUTCOME: Int8 = np.full(len(Outcome), UnseenReason.INCONCLUSIVE, np.int8)
_OF_OUTCOME[Outcome.RESOLVE], _OF_OUTCOME[Outcome.SEND] = UnseenReason.RESOLVE, UnseenReason.SEND


class Unseen(NamedTuple):
    """Targets that cannot be seen, one row each."""

    rows: Int32
    since_ns: Int64
    reason: Int8
    """An `UnseenReason`."""


class Sight(Columns):
    """What is known of n targets' being seen."""

    COLUMNS: ClassVar = {"since_ns": Column(np.int64, SEEN_NS), "known_before": Column(np.bool_, False)}
    since_ns: Int64
    """Since when it has been unseen; `SEEN_NS` where it is not."""
    known_before: NDArray[np.bool_]
    """Whether it had answered before we began, or may have."""

    def look(self, states: CombinedStates, kinds: Sequence[JudgedKind], now_ns: int) -> Unseen:
        """Who cannot be seen now."""
        reaching = [kind for kind in kinds if kind.plan.role is Role.REACHABILITY]
        unknown = (states.state == _UNKNOWN) & ~states.overlay.hidden
        reason, clear, mended_ns = self._why(reaching)
        since_ns = np.maximum(states.since_ns, mended_ns)
        told = (reason != UnseenReason.WAITING) | (now_ns - since_ns >= _PATIENCE_NS)
        begins = unknown & clear & told & (self.since_ns == SEEN_NS)
        self.since_ns[begins] = since_ns[begins]
        self.since_ns[~unknown] = SEEN_NS
        rows = np.flatnonzero(self.since_ns != SEEN_NS).astype(np.int32)
        return Unseen(rows, self.since_ns[rows], reason[rows])

    def answered(self, states: CombinedStates, kinds: Sequence[JudgedKind]) -> Bool:
        """Which targets have ever answered, as far as is known."""
        answered: Bool = self.known_before | (states.reached == VERDICT_UP)
        for kind in kinds:
            answered |= kind.machine.counters.last_reply_ns >= 0
        return answered

    def remember(self, rows: Int32) -> None:
        """These had answered before."""
        self.known_before[rows] = True

    def _why(self, kinds: Sequence[JudgedKind]) -> tuple[Int8, Bool, Int64]:
        """Of each target why it cannot be seen if it is unknown, whether its path works, and when that was mended.

        By the first of the kinds that look for it.
        """
        reason: Int8 = np.full(self.rows, UnseenReason.UNWATCHED, np.int8)
        clear, mended_ns = np.ones(self.rows, np.bool_), np.full(self.rows, SEEN_NS, np.int64)
        for kind in reversed(kinds):
            machine, vouching = kind.machine, kind.vouching
            mine = machine.watched
            why = np.where(machine.judged, _OF_OUTCOME[machine.obscured], np.int8(UnseenReason.WAITING))
            reason[mine] = why[mine]
            clear[mine] = vouching.paths.up()[vouching.path_of][mine]
            mended_ns[mine] = vouching.paths.fault_ended_ns()[vouching.path_of][mine]
        return reason, clear, mended_ns
