"""The state machine of one kind of probe: ended rounds and the time go in, changes come out.

No clock, no I/O, no loop per target. A lost round makes a target down from its first unanswered probe on; answered
rounds, `recover_after` of them in a row after a down, make it up from the first answer on; a round that says nothing
makes it unknown. `suspect` holds the booking of time back while our own path is in doubt; `blind` makes everything
unknown at once. What several kinds say of one hotspot is joined in `combined`.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.planning.plan import KindPlan, Role
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Observations, Outcome
from exporter.probing.prober import Confirmations
from exporter.verdicts.counters import ProbeCounters
from exporter.verdicts.quality import Limits, Quality
from exporter.verdicts.relapses import RelapseLog
from exporter.verdicts.rounds import FAR_FUTURE, Ending, RoundEnds, Rounds
from pantau.states import State

NO_VERDICT, VERDICT_DOWN, VERDICT_UP = -1, 0, 1


class KindChanges(NamedTuple):
    """Changes of what one kind says of its targets, one row each. Times in monotonic nanoseconds."""

    targets: Int32
    after: Int8
    """A `State`: down, up, degraded or unknown."""
    at_ns: Int64
    """When it began (back-dated)."""
    outcome: Int8
    """The `Outcome` of the round's last failed probe; REPLY if none failed, and of what came up."""
    first_ns: Int64
    """When the first probe of the deciding round left; `at_ns` where no round decided."""
    unanswered: NDArray[np.int16]
    """Its probes that ended without a reply."""

    def take(self, rows: Bool) -> "KindChanges":
        """Some of them."""
        return KindChanges(
            targets=self.targets[rows],
            after=self.after[rows],
            at_ns=self.at_ns[rows],
            outcome=self.outcome[rows],
            first_ns=self.first_ns[rows],
            unanswered=self.unanswered[rows],
        )


NO_CHANGES = KindChanges(
    targets=np.empty(0, np.int32),
    after=np.empty(0, np.int8),
    at_ns=np.empty(0, np.int64),
    outcome=np.empty(0, np.int8),
    first_ns=np.empty(0, np.int64),
    unanswered=np.empty(0, np.int16),
)

# Plain numbers: an enum's member costs a microsecond each time that numpy looks at it.
_DOWN, _UP, _DEGRADED, _UNKNOWN = int(State.DOWN), int(State.UP), int(State.DEGRADED), int(State.UNKNOWN)
_REACHED: Bool = np.array([state in (State.UP, State.DEGRADED) for state in State], np.bool_)
"""By the number of a `State` that a kind may say."""
_ANSWERED, _LOST, _BLURRED = int(Ending.ANSWERED), int(Ending.LOST), int(Ending.INCONCLUSIVE)
_REPLY, _INCONCLUSIVE = int(Outcome.REPLY), int(Outcome.INCONCLUSIVE)


class KindMachine(Columns):
    """What one kind of probe knows of n targets: states, rounds, quality, counters."""

    COLUMNS: ClassVar = {
        "state": Column(np.int8, State.UNKNOWN),
        "verdict": Column(np.int8, NO_VERDICT),
        "since_ns": Column(np.int64, 0),
        "lost_ns": Column(np.int64, -1),
        "heard_ns": Column(np.int64, 0),
        "streak": Column(np.int32, 0),
        "streak_ns": Column(np.int64, FAR_FUTURE),
        "suspect_ns": Column(np.int64, FAR_FUTURE),
        "judged": Column(np.bool_, False),
        "obscured": Column(np.int8, Outcome.INCONCLUSIVE),
    }
    state: Int8
    verdict: Int8
    """The last verdict, which unknown does not change."""
    since_ns: Int64
    lost_ns: Int64
    """When it was last reached no more; -1 where it never was."""
    heard_ns: Int64
    """When the last conclusive round ended."""
    streak: Int32
    """Answered rounds in a row since the last verdict down."""
    streak_ns: Int64
    """When the first of them was answered."""
    suspect_ns: Int64
    """Since when our own path has been in doubt, until the target's next round ends."""
    judged: Bool
    """Whether a round has ended at all."""
    obscured: Int8
    """The `Outcome` by which the last round that told nothing did so."""

    def __init__(self, plan: KindPlan) -> None:
        rows = len(plan.watched)
        super().__init__(rows)
        self.adopt(plan)
        self.rounds = Rounds(rows)
        self.quality = Quality(rows)
        self.counters = ProbeCounters(rows)
        self.relapses = RelapseLog()

    def adopt(self, plan: KindPlan) -> None:
        """Judge by a plan of as many rows."""
        self.kind, self.role, self.policy, self.asks = plan.kind, plan.role, plan.policy, plan.references.asked
        self.watched: Bool = np.array(plan.watched, np.bool_)
        self.proves, self.limits = _proven(plan), Limits(len(plan.watched), plan.policy.quality, plan.own_limits)

    def release(self, now_ns: int) -> KindChanges:
        """What the kind said of targets that it no longer watches holds no more: nobody would ever say otherwise."""
        released = np.flatnonzero(~self.watched & (self.state != _UNKNOWN)).astype(np.int32)
        at_ns = np.full(len(released), now_ns, np.int64)
        self.relapses.add_unseen(released, self.streak_ns[released], at_ns, self.state[released] == _DOWN)
        self.verdict[~self.watched] = NO_VERDICT
        self.rounds.abandon(np.flatnonzero(~self.watched))
        self._end_doubts(released)
        return self._forget(released, at_ns)

    def rearrange(self, source: Int32, now_ns: int = 0) -> None:
        """Take over the rows of a new inventory; see `Columns.rearrange`."""
        super().rearrange(source)
        self.since_ns[source < 0] = now_ns
        for part in (self.rounds, self.quality, self.counters):
            part.rearrange(source)

    def begin(self, targets: Int32, at_ns: int | Int64) -> Bool:
        """Start rounds; see `RoundKeeper.begin`."""
        return self.rounds.begin(targets, at_ns, self.policy.round)

    def absorb(self, results: Observations, now_ns: int) -> tuple[KindChanges, Confirmations]:
        """Take results in that may be believed: what they change, and what is to be probed again at once."""
        self.counters.record(results)
        self.quality.record(results)
        needs_confirmation = self.state != _DOWN
        ends, confirmations = self.rounds.absorb(results, needs_confirmation, now_ns, self.policy.round)
        return self._judge(ends, now_ns), confirmations

    def hasten(self, targets: Int32, rounds: Int64, seen: Bool, now_ns: int) -> Confirmations:
        """What is to be probed again because of ICMP errors, of those targets that can be `seen`; see `Rounds`."""
        return self.rounds.hasten(targets, rounds, seen & (self.state != _DOWN), now_ns, self.policy.round)

    def suspect(self, since_ns: int, targets: Int32 | None = None) -> None:
        """The path to `targets` (all, if left out) may have failed at `since_ns`:

        their rounds that say nothing from now on count from there. Whom nobody probes has none to end a doubt.
        """
        rows = slice(None) if targets is None else targets
        self.suspect_ns[rows] = np.minimum(self.suspect_ns[rows], np.where(self.watched[rows], since_ns, FAR_FUTURE))

    def blind(self, since_ns: int) -> KindChanges:
        """We saw nothing from `since_ns` to now: everything is unknown, and rounds under way are abandoned."""
        everyone = np.arange(self.rows, dtype=np.int64)
        targets = np.flatnonzero(self.state != _UNKNOWN).astype(np.int32)
        at_ns = np.minimum(self.suspect_ns[targets], since_ns)
        self.relapses.add_unseen(targets, self.streak_ns[targets], at_ns, self.state[targets] == _DOWN)
        self.rounds.abandon(everyone)
        self._end_doubts(everyone)
        return self._forget(targets, at_ns)

    def reaches(self, targets: Int32) -> Bool:
        """Which of these it reaches, as far as that proves anything."""
        reached: Bool = _REACHED[self.state[targets]] & self.proves[targets]
        return reached

    def expire(self, now_ns: int) -> KindChanges:
        """What was said longer ago than the policy's grace is unknown, from the end of the grace on."""
        grace_ns = self.policy.grace_ns
        if grace_ns is None:
            return NO_CHANGES
        targets = np.flatnonzero((self.state != _UNKNOWN) & (self.heard_ns + grace_ns < now_ns)).astype(np.int32)
        at_ns = self.heard_ns[targets] + grace_ns
        self.relapses.add_unseen(targets, self.streak_ns[targets], at_ns, self.state[targets] == _DOWN)
        return self._forget(targets, at_ns)

    def restore(self, targets: Int32, verdicts: Int8) -> None:
        """Take up the verdicts of before a restart: they hold, as after any unknown, until the first round tells."""
        self.verdict[targets] = verdicts

    def _judge(self, ends: RoundEnds, now_ns: int) -> KindChanges:
        """The one table of what an ended round means.

        | round        | of a target that is   | makes it                    | since                               |
        |--------------|-----------------------|-----------------------------|-------------------------------------|
        | lost         | anything              | down                        | its first unanswered probe          |
        | inconclusive | anything              | unknown                     | the path's doubt, or its first probe|
        | answered     | unknown, last not down| up                          | its first answered probe            |
        | answered     | last down             | up after `recover_after`    | the first answer of the streak      |
        | answered     | up or degraded        | up or degraded, by quality  | its first answered probe            |
        """
        target, ending = ends.targets, ends.ending
        state, verdict = self.state[target], self.verdict[target]
        answered, lost = ending == _ANSWERED, ending == _LOST
        if self.policy.grace_ns is not None:
            self.heard_ns[target[answered | lost]] = now_ns
        worse = self.quality.degraded(target, state == _DEGRADED, self.limits)
        if (answered & (verdict == VERDICT_UP) & (state == np.where(worse, _DEGRADED, _UP))).all():
            self.suspect_ns[target] = FAR_FUTURE
            return NO_CHANGES  # nearly always, and ten times as fast as finding out below that nothing moves
        # A fault of our path begins with the first lost probe of the canaries, which may lie before this round.
        blurred_since_ns = np.minimum(ends.first_ns, self.suspect_ns[target])
        self.judged[target] = True
        blurred = ending == _BLURRED
        self.obscured[target[blurred]] = ends.reason[blurred]
        ended_ns = np.where(lost, ends.first_ns, blurred_since_ns)
        self.relapses.add_ended(ends, self.streak_ns[target], ended_ns, ~answered & (state == _DOWN))
        self._end_doubts(target[~answered])
        self.suspect_ns[target] = FAR_FUTURE

        after_down = answered & (verdict == VERDICT_DOWN)
        begun_ns = self._count_streak(target[after_down], ends.answer_ns[after_down])
        recovered = after_down & (self.streak[target] >= self.policy.recover_after)
        up_ns = ends.answer_ns.copy()
        up_ns[after_down] = begun_ns

        rises = (answered & (state == _UNKNOWN) & (verdict != VERDICT_DOWN)) | recovered
        self.quality.reset(target[recovered])
        answers = answered & (verdict == VERDICT_UP) & ~rises
        # In the order of precedence: `np.select` takes the first that holds.
        conditions = [lost, blurred, rises, answers & worse, answers]
        new = np.select(conditions, [_DOWN, _UNKNOWN, _UP, _DEGRADED, _UP], state)
        at_ns = np.select(conditions, [ends.first_ns, blurred_since_ns, up_ns, ends.answer_ns, ends.answer_ns], now_ns)

        self.verdict[target[lost]] = VERDICT_DOWN
        self.verdict[target[rises]] = VERDICT_UP
        self._end_doubts(target[rises])
        # What brings a target up is a reply, whatever the round had lost before it; what degrades it is the loss.
        reason = np.where(new == _UP, _REPLY, ends.reason)
        changes = KindChanges(target, new.astype(np.int8), at_ns, reason, ends.first_ns, ends.unanswered)
        return self._enter(changes.take(new != state))

    def _forget(self, targets: Int32, at_ns: Int64) -> KindChanges:
        """These are unknown from `at_ns` on, by no round."""
        count = len(targets)
        outcome = np.full(count, _INCONCLUSIVE, np.int8)
        new = np.full(count, _UNKNOWN, np.int8)
        return self._enter(KindChanges(targets, new, at_ns, outcome, at_ns, np.zeros(count, np.int16)))

    def _enter(self, changes: KindChanges) -> KindChanges:
        lost = _REACHED[self.state[changes.targets]] & ~_REACHED[changes.after]
        self.lost_ns[changes.targets[lost]] = changes.at_ns[lost]
        self.state[changes.targets] = changes.after
        self.since_ns[changes.targets] = changes.at_ns
        return changes

    def _count_streak(self, targets: Int32, answer_ns: Int64) -> Int64:
        """One more answered round after a down; returns when the streak began."""
        first = self.streak[targets] == 0
        self.streak_ns[targets[first]] = answer_ns[first]
        self.streak[targets] += 1
        return self.streak_ns[targets]

    def _end_doubts(self, targets: Int32 | Int64) -> None:
        self.streak[targets] = 0
        self.streak_ns[targets] = FAR_FUTURE
        self.suspect_ns[targets] = FAR_FUTURE


def _proven(plan: KindPlan) -> Bool:
    """Of which targets what the kind says proves that they are reached, or not."""
    proves: Bool = np.full(len(plan.watched), plan.role is Role.REACHABILITY)
    return proves & ~np.array(plan.hearsay, np.bool_) if plan.hearsay else proves


def settled_until_ns(machines: Sequence[KindMachine]) -> Int64:
    """Of each target, up to when no open round, recovery or doubt of any kind can change its state any more."""
    first, *others = map(_settled_until_ns, machines)
    for other in others:
        np.minimum(first, other, out=first)
    return first


def _settled_until_ns(machine: KindMachine) -> Int64:
    open_ns = machine.rounds.open_since_ns()
    if not machine.asks:  # whoever is waited for and down stays so until he is heard: that speaks of then alone
        open_ns[machine.state == _DOWN] = FAR_FUTURE
    return np.minimum(open_ns, np.minimum(machine.suspect_ns, machine.streak_ns))
