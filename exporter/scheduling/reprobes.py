"""Re-probes that wait for their turn: the oldest round first, and never two of one round at once.

A confirmation is to be evidence of its own. One that found no turn in time therefore puts off those that follow it in
its round, however many tokens there are by then; and a round that has begun to be confirmed is brought to its end
before another begins, for half a confirmation is worth nothing.
"""

import numpy as np

from exporter.scheduling.rows import NO_ROWS, Bool, Int32, Int64, ProbeRows
from pantau.clock import NEVER_NS

FIRST_NS = 0
"""The time of what leaves before all that waits."""


class Reprobes:
    """The waiting ones. All times are monotonic."""

    def __init__(self, random: np.random.Generator) -> None:
        self.rows: ProbeRows = NO_ROWS
        """In the order in which they get their turn, once they are due."""
        self.since_ns: Int64 = np.empty(0, np.int64)
        """Of each, when the first one of its round was due."""
        self._random = random

    def __len__(self) -> int:
        return len(self.rows.targets)

    @property
    def next_ns(self) -> int:
        """When the first is due; `NEVER_NS` where none waits."""
        return int(self.rows.at_ns.min()) if len(self) else NEVER_NS

    def add(self, rows: ProbeRows) -> None:
        """Let more wait, each not before its time; among rounds of one time the order is drawn."""
        since_ns = np.concatenate([self.since_ns, _first_of_round(rows)])
        rows = ProbeRows.joined([self.rows, rows])
        rounds, place = np.unique(rows.targets, return_inverse=True)
        drawn = self._random.random(len(rounds))[place]
        order = np.lexsort((rows.at_ns, drawn, since_ns))
        self.rows, self.since_ns = rows.take(order), since_ns[order]

    @property
    def hurried(self) -> bool:
        """Whether something waits that is to leave before all else."""
        return bool((self.rows.at_ns == FIRST_NS).any())

    def due(self, now_ns: int) -> int:
        """How many are due, two of one round counted twice."""
        return int(np.count_nonzero(self.rows.at_ns <= now_ns))

    def waited_ns(self, now_ns: int) -> int:
        """For how long the oldest that is due waits already; 0 where none is. What leaves first does not count."""
        waiting = (self.rows.at_ns <= now_ns) & (self.rows.at_ns != FIRST_NS)
        return now_ns - int(self.rows.at_ns[waiting].min()) if waiting.any() else 0

    def take(self, now_ns: int, count: int) -> ProbeRows:
        """At most so many of those that are due; what follows in their rounds is put off by as much as they waited."""
        due = np.flatnonzero(self.rows.at_ns <= now_ns)
        _, first = np.unique(self.rows.targets[due], return_index=True)
        chosen = due[np.sort(first)][: max(count, 0)]
        if not len(chosen):
            return NO_ROWS
        taken, stays = self.rows.take(chosen), np.ones(len(self), np.bool_)
        stays[chosen] = False
        self.keep(stays)
        self._put_off(taken, now_ns)
        return taken

    def keep(self, wanted: Bool) -> ProbeRows:
        """Drop all others; those that were dropped."""
        dropped, self.rows, self.since_ns = self.rows.take(~wanted), self.rows.take(wanted), self.since_ns[wanted]
        return dropped

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload; those of -1 are dropped."""
        inside = self.rows.targets < len(new_index)
        kept = np.ones(len(self), np.bool_)
        kept[inside] = new_index[self.rows.targets[inside]] >= 0
        self.rows, self.since_ns = self.rows.retargeted(new_index), self.since_ns[kept]

    def _put_off(self, taken: ProbeRows, now_ns: int) -> None:
        order = np.argsort(taken.targets)
        targets, late_ns = taken.targets[order], (now_ns - taken.at_ns)[order]
        places = np.minimum(np.searchsorted(targets, self.rows.targets), len(targets) - 1)
        follows = (targets[places] == self.rows.targets) & (taken.at_ns[order][places] != FIRST_NS)
        self.rows.at_ns[follows] += late_ns[places[follows]]


def _first_of_round(rows: ProbeRows) -> Int64:
    """The least time among the rows of each row's target: a target has but one round under way."""
    targets, place = np.unique(rows.targets, return_inverse=True)
    first_ns = np.full(len(targets), NEVER_NS, np.int64)
    np.minimum.at(first_ns, place, rows.at_ns)
    return first_ns[place]
