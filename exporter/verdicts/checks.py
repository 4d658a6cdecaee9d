"""What one check of the service says of n hotspots: results and the time go in, changes come out. No clock, no I/O.

Three questions are kept apart, each worse than the one before: does it lack anything (bad, no, isolated), do clients
get nothing (no, isolated), is it the ISP's suspension page that they get (isolated)? `confirm` results in a row say yes
to one, `recover_after` in a row say no again, each since the first of the row. So a page that comes and goes still is
nothing, and one result is never an outage. What was said expires after its grace and is unknown.

After a restart what the journal knew is awaited: it is neither believed nor forgotten until the check has said so again
or denied it, or its grace is over. Until then nobody can say whether a hotspot that answers serves.

Time is asked for at each tick, and costs what has happened, not what there is: until the earliest grace is over nobody
is looked at.
"""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns, one_of_each
from exporter.planning.checks import PlannedCheck
from exporter.probing.outcome import NO_RTT, Bool, Int8, Int32, Int64
from exporter.probing.service import Result, ServiceResults
from exporter.verdicts.rounds import FAR_FUTURE

_LEVELS = 3
_LEVEL: Int8 = np.zeros(len(Result), np.int8)
"""By the number of a `Result`: to how many of the questions it says yes."""
_LEVEL[Result.BAD], _LEVEL[Result.NO], _LEVEL[Result.ISOLATED] = 1, 2, 3
_SAID: Int8 = np.array([Result.YES, Result.BAD, Result.NO, Result.ISOLATED], np.int8)
"""The `Result` by the number of questions."""
_QUESTIONS = np.arange(1, _LEVELS + 1, dtype=np.int8)
_UNKNOWN, _YES = int(Result.UNKNOWN), int(Result.YES)
_NEVER_NS = -1


class CheckChanges(NamedTuple):
    """Changes of what a check says, one row each."""

    targets: Int32
    after: Int8
    """A `Result`."""
    at_ns: Int64
    """When it began (back-dated)."""


NO_CHECK_CHANGES = CheckChanges(np.empty(0, np.int32), np.empty(0, np.int8), np.empty(0, np.int64))


class CheckMachine(Columns):
    """What one check says of n targets."""

    COLUMNS: ClassVar = {
        "said": Column(np.int8, Result.UNKNOWN),
        "since_ns": Column(np.int64, 0),
        "heard_ns": Column(np.int64, _NEVER_NS),
        "on": Column(np.bool_, False, width=_LEVELS),
        "row": Column(np.int32, 0, width=_LEVELS),
        "row_ns": Column(np.int64, FAR_FUTURE, width=_LEVELS),
        "awaited": Column(np.bool_, False),
        "requests": Column(np.int64, 0),
        "replies": Column(np.int64, 0),
        "smoothed_ns": Column(np.float64, np.nan),
        "expiry_s": Column(np.int64, 0),
    }
    said: Int8
    """A `Result`."""
    since_ns: Int64
    heard_ns: Int64
    """When the last result that told anything began."""
    on: Bool
    """The answer to each question."""
    row: Int32
    """Results in a row that contradict it."""
    row_ns: Int64
    """When the first of them began."""
    awaited: Bool
    """Whether `on` is what the journal knew, and no result has spoken to it yet."""
    requests: Int64
    """Results that told anything."""
    replies: Int64
    """Those that were yes."""
    smoothed_ns: NDArray[np.float64]
    """How long it takes, each result weighing an eighth; of those that were no failure."""
    expiry_s: Int64
    """Unix time at which the certificate expires; 0 where none was seen."""
    _holds_until_ns = -1
    """Up to here, at least, no grace is over; below 0 where it is to be found."""

    def __init__(self, plan: PlannedCheck, rows: int) -> None:
        super().__init__(rows)
        self.adopt(plan)

    def rearrange(self, source: Int32) -> None:
        """See `Columns.rearrange`."""
        super().rearrange(source)
        self._holds_until_ns = -1

    def adopt(self, plan: PlannedCheck) -> None:
        """Judge by a plan of as many rows."""
        self._holds_until_ns = -1
        self.plan, self.policy = plan, plan.policy
        self.watched: Bool = np.array(plan.watched, np.bool_)

    def absorb(self, results: ServiceResults) -> Iterator[CheckChanges]:
        """Take results in that may be believed, of whatever rows; those of one row in the order of their beginning.

        One step after the other: what is yielded holds before the next is looked at.
        """
        told = (results.result != _UNKNOWN) & self.watched[results.target]
        left = results.take(told)
        left = left.take(np.argsort(left.at_ns, kind="stable"))
        place = np.zeros(self.rows, np.int32)
        while len(left):
            first = one_of_each(left.target, place)
            yield self._judge(left.take(first))
            left = left.take(~first)

    def expire(self, now_ns: int) -> CheckChanges:
        """What was said longer ago than the grace is unknown, from the end of the grace on."""
        if now_ns <= self._holds_until_ns:
            return NO_CHECK_CHANGES
        holds, expires_ns = (self.said != _UNKNOWN) | self.awaited | (self.row > 0).any(axis=1), self._expires_ns()
        over = holds & (expires_ns < now_ns)
        targets = np.flatnonzero(over).astype(np.int32)
        # What is heard meanwhile expires later than it would have, or, of somebody new, is told by `_heard`.
        self._holds_until_ns = int(np.min(expires_ns, initial=FAR_FUTURE, where=holds & ~over))
        return self._forget(targets, expires_ns[targets])

    def release(self, now_ns: int) -> CheckChanges:
        """Of targets that it is no longer made of, nothing it said holds."""
        held = ~self.watched & ((self.said != _UNKNOWN) | self.awaited)
        targets = np.flatnonzero(held).astype(np.int32)
        return self._forget(targets, np.full(len(targets), now_ns, np.int64))

    def await_again(self, targets: Int32, said: Int8, now_ns: int) -> None:
        """The journal knows that hotspots were without service: this check has to say so again or deny it."""
        mine = self.watched[targets]
        targets = targets[mine]
        self.on[targets] = _LEVEL[said[mine], None] >= _QUESTIONS
        self.awaited[targets] = True
        self._heard(targets, np.full(len(targets), now_ns, np.int64))

    def settled_until_ns(self, now_ns: int) -> Int64:
        """Of each target, up to when nothing that this check has said or may still tell can change."""
        settled_ns = np.minimum(self.row_ns.min(axis=1), now_ns - self.policy.told_within_ns)
        holds = (self.said != _UNKNOWN) | self.awaited
        np.minimum(settled_ns, self._expires_ns(), out=settled_ns, where=holds)
        return np.where(self.watched, settled_ns, FAR_FUTURE)

    def _heard(self, targets: Int32, at_ns: Int64) -> None:
        self.heard_ns[targets] = at_ns
        self._holds_until_ns = min(self._holds_until_ns, int(np.min(at_ns, initial=FAR_FUTURE)) + self.policy.grace_ns)

    def _expires_ns(self) -> Int64:
        return self.heard_ns + self.policy.grace_ns

    def _judge(self, results: ServiceResults) -> CheckChanges:
        """One result of each of some targets. One that began before the last that was heard is no news."""
        results = results.take(results.at_ns > self.heard_ns[results.target])
        target, at_ns = results.target, results.at_ns
        self._count(results)
        self._heard(target, at_ns)
        turned, begun_ns = self._answer(target, results.result, at_ns)
        level = self.on[target].sum(axis=1)
        awaited = self.awaited[target] & ~turned.any(axis=1) & (level != _LEVEL[results.result])
        self.awaited[target] = awaited
        # Before the first result is confirmed nothing is said: a failure that is alone is no outage, and no service.
        confirmed = turned.any(axis=1) | (level == _LEVEL[results.result]) | (self.said[target] != _UNKNOWN)
        after = np.where(confirmed & ~awaited, _SAID[level], np.int8(_UNKNOWN))
        since_ns = np.where(turned, begun_ns, FAR_FUTURE).min(axis=1)
        since_ns = np.where(since_ns == FAR_FUTURE, at_ns, since_ns)
        moved = after != self.said[target]
        return self._enter(target[moved], after[moved], since_ns[moved])

    def _answer(self, target: Int32, result: Int8, at_ns: Int64) -> tuple[Bool, Int64]:
        """Count what contradicts: which answers turn by it, and since when; n x 3 each."""
        against = (_LEVEL[result][:, None] >= _QUESTIONS) != self.on[target]
        row = np.where(against, self.row[target] + 1, 0)
        row_ns = np.where(against, np.minimum(self.row_ns[target], at_ns[:, None]), FAR_FUTURE)
        needed = np.where(self.on[target], self.policy.recover_after, self.policy.confirm)
        turned: Bool = row >= needed
        self.on[target] ^= turned
        self.row[target] = np.where(turned, 0, row)
        self.row_ns[target] = np.where(turned, FAR_FUTURE, row_ns)
        return turned, row_ns

    def _count(self, results: ServiceResults) -> None:
        target = results.target
        yes = results.result == _YES
        self.requests[target] += 1
        self.replies[target] += yes
        if results.expiry_s is not None:
            self.expiry_s[target] = results.expiry_s
        timed = (_LEVEL[results.result] < 2) & (results.duration_ns != NO_RTT)
        mine, duration_ns = target[timed], results.duration_ns[timed].astype(np.float64)
        before = self.smoothed_ns[mine]
        self.smoothed_ns[mine] = np.where(np.isnan(before), duration_ns, before + (duration_ns - before) / 8)

    def _forget(self, targets: Int32, at_ns: Int64) -> CheckChanges:
        said = (self.said[targets] != _UNKNOWN) | self.awaited[targets]
        self.on[targets], self.row[targets], self.row_ns[targets] = False, 0, FAR_FUTURE
        self.awaited[targets] = False
        self.smoothed_ns[targets], self.expiry_s[targets] = np.nan, 0
        return self._enter(targets[said], np.full(int(said.sum()), _UNKNOWN, np.int8), at_ns[said])

    def _enter(self, targets: Int32, after: Int8, at_ns: Int64) -> CheckChanges:
        self.said[targets], self.since_ns[targets] = after, at_ns
        return CheckChanges(targets, after, at_ns)
