"""How long heartbeats have been waited for, by row: which were missed, and when the next will have been. No I/O.

A round is the wait from one heartbeat to the next. It is answered by that one, and lost when so many were missed that
the grace is over; each that was missed is one probe of the round. Beats are counted by the time that has passed, not by
how often somebody looks, and a little late is not missed.

What is asked at each tick is found once after each change, for a tick must not cost what a city has rows.
"""

from typing import ClassVar, NamedTuple

import numpy as np

from exporter.columns import Column, Columns
from exporter.probing.agent.plan import AgentPlan
from exporter.probing.outcome import NO_RTT, Bool, Int32, Int64, Observations, Outcome
from pantau.clock import NEVER_NS

_REPLY, _TIMEOUT = int(Outcome.REPLY), int(Outcome.TIMEOUT)


class _Found(NamedTuple):
    """What holds until a wait begins or ends."""

    next_ns: int
    idle: Int32
    waited_for: Int32


class BeatWaits(Columns):
    """The waits of n rows. Times in monotonic nanoseconds."""

    COLUMNS: ClassVar = {
        "since_ns": Column(np.int64, 0),
        "not_before_ns": Column(np.int64, 0),
        "missed": Column(np.int32, 0),
        "round": Column(np.int64, 0),
        "open": Column(np.bool_, False),
    }
    since_ns: Int64
    """When the last heartbeat came, or we began to wait; where no wait is open, when the next begins."""
    not_before_ns: Int64
    """Nothing is missed before: whoever was away himself gives everybody the time of one heartbeat."""
    missed: Int32
    """Heartbeats of this wait that did not come."""
    round: Int64
    open: Bool
    _found: _Found | None = None

    def rearrange(self, source: Int32) -> None:
        """See `Columns.rearrange`."""
        super().rearrange(source)
        self._found = None

    def adopt(self, plan: AgentPlan, now_ns: int) -> None:
        """Wait by a plan of as many rows; nothing that was waited for by another is missed yet."""
        self._watched: Bool = np.array(plan.watched, np.bool_)
        self._interval_ns, self._slack_ns, self._most = plan.interval_ns, plan.slack_ns, plan.missed
        self.not_before_ns[:] = now_ns + self._patience_ns
        self.open[:] = False
        self._found = None

    def resume(self, rows: Bool, not_before_ns: Int64, were_open: Bool) -> None:
        """Of these rows what was waited for before goes on, by the same policy."""
        self.not_before_ns[rows] = not_before_ns
        self.open[rows] = were_open & self._watched[rows]
        self._found = None

    @property
    def _patience_ns(self) -> int:
        return self._interval_ns + self._slack_ns

    @property
    def next_ns(self) -> int:
        """When the next heartbeat will have been missed; `NEVER_NS` where none is waited for."""
        return self._look().next_ns

    def idle(self) -> Int32:
        """The rows for which no wait is open and should be."""
        return self._look().idle

    def waited_for(self) -> Int32:
        """The rows for which one is."""
        return self._look().waited_for

    def begin(self, rows: Int32, rounds: Int64, since_ns: Int64) -> None:
        """Wait for these, in rounds of these numbers."""
        self.open[rows] = True
        self.round[rows] = rounds
        self.since_ns[rows] = since_ns
        self.missed[rows] = 0
        self._found = None

    def begin_anew(self, rows: Int32, rounds: Int64, now_ns: int) -> None:
        """What was waited for was given up, for we could not see: nothing of before now counts."""
        if not len(rows):
            return
        self.begin(rows, rounds, np.full(len(rows), now_ns, np.int64))
        self.not_before_ns[rows] = now_ns + self._patience_ns

    def heard(self, rows: Int32, at_ns: Int64) -> Observations:
        """Heartbeats have come from these rows, any number of each."""
        self.open[rows] = False
        self._found = None
        np.maximum.at(self.since_ns, rows, at_ns)
        return _observations(rows, self.round[rows], _REPLY, at_ns)

    def miss(self, now_ns: int) -> Observations:
        """The heartbeats that have been missed by now. After the last of its grace a row's wait is over."""
        parts = []
        while len(rows := np.flatnonzero(self.open & (self._due_ns() <= now_ns)).astype(np.int32)):
            self.missed[rows] += 1
            parts.append(_observations(rows, self.round[rows], _TIMEOUT, self.since_ns[rows]))
            over = rows[self.missed[rows] >= self._most]
            self.open[over] = False
            self.since_ns[over] = now_ns
        self._found = None
        return Observations.concatenate(parts)

    def _look(self) -> _Found:
        if self._found is None:
            due_ns, waited_for = self._due_ns()[self.open], np.flatnonzero(self.open).astype(np.int32)
            idle = np.flatnonzero(self._watched & ~self.open).astype(np.int32)
            self._found = _Found(int(due_ns.min()) if len(due_ns) else NEVER_NS, idle, waited_for)
        return self._found

    def _due_ns(self) -> Int64:
        due_ns = self.since_ns + (self.missed + 1).astype(np.int64) * self._interval_ns + self._slack_ns
        latest_ns: Int64 = np.maximum(due_ns, self.not_before_ns)
        return latest_ns


def _observations(rows: Int32, rounds: Int64, outcome: int, sent_ns: Int64) -> Observations:
    count = len(rows)
    return Observations(
        rows.copy(), rounds.copy(), np.full(count, outcome, np.int8), sent_ns.copy(), np.full(count, NO_RTT, np.int64)
    )
