"""Answers within an outage that do not make its end: a target answers, and is lost again before it has recovered.

It stays down, for one answered round is no recovery; but that it was dead meanwhile cannot be said, and nobody is
charged for that time. The journal is told of each.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.planning.labels import TargetName
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Outcome
from exporter.verdicts.events import Relapsed
from exporter.verdicts.rounds import RoundEnds

_INCONCLUSIVE = int(Outcome.INCONCLUSIVE)


class Relapses(NamedTuple):
    """Targets that were answered within an outage and lost again, one row each. Times in monotonic nanoseconds."""

    targets: Int32
    since_ns: Int64
    """When the first answered probe left."""
    at_ns: Int64
    """When the answers had ended: the first unanswered probe after them, or since when nothing was seen."""
    outcome: Int8
    """The `Outcome` of the last failed probe of the round that ended them."""
    first_ns: Int64
    """When the first probe of that round left; `at_ns` where no round ended them."""
    unanswered: NDArray[np.int16]
    """Its probes that ended without a reply."""

    def take(self, rows: Bool) -> "Relapses":
        """Some of them."""
        return Relapses(
            targets=self.targets[rows],
            since_ns=self.since_ns[rows],
            at_ns=self.at_ns[rows],
            outcome=self.outcome[rows],
            first_ns=self.first_ns[rows],
            unanswered=self.unanswered[rows],
        )


class RelapseLog:
    """Those since somebody asked last."""

    def __init__(self) -> None:
        self._new: list[Relapses] = []

    def add(self, ended: Relapses, down: Bool) -> None:
        """Keep which of these were `down` and had been answered before what ended just now.

        Who had not been has a time as `since_ns` that never comes.
        """
        kept = ended.take(down & (ended.since_ns < ended.at_ns))
        if len(kept.targets):
            self._new.append(kept)

    def add_ended(self, ends: RoundEnds, since_ns: Int64, at_ns: Int64, down: Bool) -> None:
        """As `add`, of rounds that have ended."""
        self.add(Relapses(ends.targets, since_ns, at_ns, ends.reason, ends.first_ns, ends.unanswered), down)

    def add_unseen(self, targets: Int32, since_ns: Int64, at_ns: Int64, down: Bool) -> None:
        """As `add`, where no round ended the answers but our sight."""
        nothing, none = np.full(len(targets), _INCONCLUSIVE, np.int8), np.zeros(len(targets), np.int16)
        self.add(Relapses(targets, since_ns, at_ns, nothing, at_ns, none), down)

    def take(self) -> Sequence[Relapses]:
        """The new ones; they come before the changes of state that were made with them."""
        taken, self._new = self._new, []
        return taken


def relapsed(kind: str, found: Relapses, subjects: Sequence[TargetName], now_ns: int) -> Relapsed:
    """What the world is told of them; `subjects` are those of all rows."""
    return Relapsed(
        kind=kind,
        targets=found.targets,
        subjects=tuple(subjects[target] for target in found.targets.tolist()),
        since_ns=found.since_ns,
        at_ns=found.at_ns,
        detected_ns=now_ns,
        outcome=found.outcome,
        first_ns=found.first_ns,
        unanswered=found.unanswered.astype(np.int64),
    )
