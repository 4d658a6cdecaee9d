"""The state machine: ended rounds and the time go in, transitions come out. No clock, no I/O, no loop per hotspot.

A lost round makes a hotspot down from its first unanswered probe on; answered rounds, `recover_after` of them in a row
after a down, make it up from the first answer on; a round that says nothing makes it unknown. `suspect` holds the
booking of time back while our own path is in doubt; `blind` makes everything unknown at once. `hide` lays a maintenance
window over some: their states and transitions stay what the probes say, and `cover` says what the world sees of it.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Outcome, Results
from exporter.verdicts.cover import Cover, CoverChange
from exporter.verdicts.ledger import TimeLedger
from exporter.verdicts.quality import Quality, QualityPolicy
from exporter.verdicts.rounds import FAR_FUTURE, Ending, Reprobes, RoundEnds, RoundPolicy, Rounds
from pantau.states import State

NO_VERDICT, VERDICT_DOWN, VERDICT_UP = -1, 0, 1


@dataclass(frozen=True, slots=True)
class Policy:
    """The part of the settings that verdicts depend on."""

    round: RoundPolicy = field(default_factory=RoundPolicy)
    quality: QualityPolicy = field(default_factory=QualityPolicy)
    recover_after: int = 2


@dataclass(frozen=True, slots=True)
class Transitions:
    """Changes of state as the probes show it, one row each, in the order in which they were decided.

    Times are monotonic nanoseconds. Maintenance is no such state: it hides these, and is told by `CoverChange`.
    """

    targets: Int32
    before: Int8
    after: Int8
    at_ns: Int64
    """When the new state began (back-dated)."""
    detected_ns: int
    """When it was decided."""
    reason: Int8
    """The `Outcome` of the round's last failed probe; REPLY if none failed."""
    hidden: Bool
    """Whether a maintenance window is open over it as this is decided, so that the world sees no change."""
    first_ns: Int64
    """Evidence: when the first probe of the deciding round left; `at_ns` where no round decided."""
    unanswered: NDArray[np.int16]
    """Evidence: its probes that ended without a reply."""

    def __len__(self) -> int:
        return len(self.targets)


NO_TRANSITIONS = Transitions(
    np.empty(0, np.int32),
    np.empty(0, np.int8),
    np.empty(0, np.int8),
    np.empty(0, np.int64),
    0,
    np.empty(0, np.int8),
    np.empty(0, np.bool_),
    np.empty(0, np.int64),
    np.empty(0, np.int16),
)

# Plain numbers: an enum's member costs a microsecond each time that numpy looks at it.
_DOWN, _UP, _DEGRADED, _UNKNOWN = int(State.DOWN), int(State.UP), int(State.DEGRADED), int(State.UNKNOWN)
_ANSWERED, _LOST = int(Ending.ANSWERED), int(Ending.LOST)


class Machine(Columns):
    """The states of n hotspots, their rounds, quality and booked time."""

    COLUMNS: ClassVar = {
        "state": Column(np.int8, State.UNKNOWN),
        "verdict": Column(np.int8, NO_VERDICT),
        "since_ns": Column(np.int64, 0),
        "fell_ns": Column(np.int64, 0),
        "changes": Column(np.int64, 0),
        "streak": Column(np.int32, 0),
        "streak_ns": Column(np.int64, FAR_FUTURE),
        "suspect_ns": Column(np.int64, FAR_FUTURE),
        "judged": Column(np.bool_, False),
    }
    state: Int8
    verdict: Int8
    """The last verdict, which unknown does not change: `hotspot_up`."""
    since_ns: Int64
    fell_ns: Int64
    """When the last verdict down began; unknown in between does not change it, a restart sets it to its own time."""
    changes: Int64
    """As the world sees them: none under a window, and one at each of its ends."""
    streak: Int32
    """Answered rounds in a row since the last verdict down."""
    streak_ns: Int64
    """When the first of them was answered."""
    suspect_ns: Int64
    """Since when our own path has been in doubt, until the hotspot's next round ends."""
    judged: Bool
    """Whether a round has ended at all."""

    def __init__(self, rows: int, policy: Policy, now_ns: int) -> None:
        super().__init__(rows)
        self.policy = policy
        self.rounds = Rounds(rows)
        self.quality = Quality(rows)
        self.cover = Cover(rows)
        self.ledger = TimeLedger(rows)
        self._open(np.arange(rows, dtype=np.int32), now_ns)

    def rearrange(self, source: NDArray[np.int32], now_ns: int = 0) -> None:
        """Take over the rows of a new inventory; see `Columns.rearrange`. New hotspots' lives begin at `now_ns`."""
        super().rearrange(source)
        for part in (self.rounds, self.quality, self.cover, self.ledger):
            part.rearrange(source)
        self._open(np.flatnonzero(source < 0).astype(np.int32), now_ns)

    def begin(self, targets: Int32, now_ns: int) -> Bool:
        """Start rounds; see `Rounds.begin`."""
        return self.rounds.begin(targets, now_ns, self.policy.round)

    def absorb(self, results: Results, now_ns: int) -> tuple[Transitions, Reprobes]:
        """Take probe results in: what they change, and what is to be probed again at once."""
        self.quality.record(results)
        needs_confirmation = self.state != _DOWN
        ends, reprobes = self.rounds.absorb(results, needs_confirmation, now_ns, self.policy.round)
        return self._judge(ends, now_ns), reprobes

    def suspect(self, since_ns: int, targets: Int32 | None = None) -> None:
        """The path to `targets` (all, if left out) may have failed at `since_ns`:

        their rounds that say nothing from now on count from there.
        """
        rows = slice(None) if targets is None else targets
        self.suspect_ns[rows] = np.minimum(self.suspect_ns[rows], since_ns)

    def blind(self, since_ns: int, now_ns: int) -> Transitions:
        """We saw nothing from `since_ns` to now: everything is unknown, and rounds under way are abandoned."""
        everyone = np.arange(self.rows, dtype=np.int64)
        targets = np.flatnonzero(self.state != State.UNKNOWN).astype(np.int32)
        at_ns = np.minimum(self.suspect_ns[targets], since_ns)
        self.rounds.abandon(everyone)
        self._end_doubts(everyone)
        return self._move(
            targets, np.full(len(targets), State.UNKNOWN, np.int8), at_ns,
            np.full(len(targets), Outcome.INCONCLUSIVE, np.int8), now_ns,
            at_ns, np.zeros(len(targets), np.int16))  # fmt: skip

    def restore(self, targets: Int32, verdicts: Int8) -> None:
        """Take up the verdicts of before a restart: they hold, as after any unknown, until the first round tells."""
        self.verdict[targets] = verdicts
        self.fell_ns[targets] = self.since_ns[targets]

    def book(self, horizon_ns: int | Int64) -> None:
        """Book time up to `horizon_ns` (of all, or by row), for each hotspot only as far as it is settled."""
        everyone = np.arange(self.rows, dtype=np.int32)
        open_ns = np.minimum(self.rounds.open_since_ns(), np.minimum(self.suspect_ns, self.streak_ns))
        self.ledger.book(everyone, self.state, np.minimum(open_ns, horizon_ns), self.cover)
        if self.cover.anything_hidden and self.rows:
            self.cover.forget(int(self.ledger.booked_until_ns.min()))

    def hide(self, windows: Int32, at_ns: int) -> CoverChange | None:
        """From `at_ns` on, after all that is booked, row i is hidden by the window `windows[i]`, or by none (-1)."""
        change = self.cover.change(windows, at_ns, self.state, self.verdict == VERDICT_DOWN)
        if change is not None:
            self.changes[change.targets] += 1
        return change

    def loss_ratio(self) -> NDArray[np.float64]:
        """Lost probes among each hotspot's last ones, 0 to 1; nan where they are too few, or nobody can see it now."""
        loss = self.quality.loss_ratio(np.arange(self.rows, dtype=np.int32), self.policy.quality.window)
        return np.where(self.state == _UNKNOWN, np.nan, loss)

    def smoothed_rtt_ns(self) -> NDArray[np.float64]:
        """Smoothed RTT of each hotspot that answers now; nan of the others."""
        answers = (self.state == _UP) | (self.state == _DEGRADED)
        return np.where(answers, self.quality.smoothed_rtt_ns, np.nan)

    def _open(self, targets: NDArray[np.int32], now_ns: int) -> None:
        self.since_ns[targets] = now_ns
        self.ledger.open(targets, now_ns)

    def _judge(self, ends: RoundEnds, now_ns: int) -> Transitions:
        """The one table of what an ended round means."""
        target, ending = ends.targets, ends.ending
        state, verdict = self.state[target], self.verdict[target]
        answered, lost = ending == _ANSWERED, ending == _LOST
        worse = self.quality.degraded(target, state == _DEGRADED, self.policy.quality)
        if (answered & (verdict == VERDICT_UP) & (state == np.where(worse, _DEGRADED, _UP))).all():
            self.suspect_ns[target] = FAR_FUTURE
            return NO_TRANSITIONS  # nearly always, and ten times as fast as finding out below that nothing moves
        blurred_since_ns = np.minimum(ends.first_ns, self.suspect_ns[target])
        self.judged[target] = True
        self._end_doubts(target[~answered])
        self.suspect_ns[target] = FAR_FUTURE

        after_down = answered & (verdict == VERDICT_DOWN)
        begun_ns = self._count_streak(target[after_down], ends.answer_ns[after_down])
        recovered = np.zeros(len(target), np.bool_)
        recovered[after_down] = self.streak[target[after_down]] >= self.policy.recover_after
        up_ns = ends.answer_ns.copy()
        up_ns[after_down] = begun_ns

        rises = (answered & (state == _UNKNOWN) & (verdict != VERDICT_DOWN)) | recovered
        self.quality.reset(target[recovered])
        answers = answered & (verdict == VERDICT_UP) & ~rises
        conditions = [lost, ending == Ending.INCONCLUSIVE, rises, answers & worse, answers]
        new = np.select(conditions, [State.DOWN, State.UNKNOWN, State.UP, State.DEGRADED, State.UP], state)
        at_ns = np.select(conditions, [ends.first_ns, blurred_since_ns, up_ns, ends.answer_ns, ends.answer_ns], now_ns)

        self.verdict[target[lost]] = VERDICT_DOWN
        self.verdict[target[rises]] = VERDICT_UP
        self._end_doubts(target[rises])
        moved, fallen = new != state, target[lost & (verdict != VERDICT_DOWN)]
        transitions = self._move(
            target[moved], new[moved].astype(np.int8), at_ns[moved], ends.reason[moved], now_ns,
            ends.first_ns[moved], ends.unanswered[moved])  # fmt: skip
        self.fell_ns[fallen] = self.since_ns[fallen]
        return transitions

    def _count_streak(self, targets: Int32, answer_ns: Int64) -> Int64:
        """One more answered round after a down; returns when the streak began."""
        begins = self.streak[targets] == 0
        self.streak_ns[targets[begins]] = answer_ns[begins]
        self.streak[targets] += 1
        return self.streak_ns[targets]

    def _end_doubts(self, targets: Int32 | Int64) -> None:
        self.streak[targets] = 0
        self.streak_ns[targets] = FAR_FUTURE
        self.suspect_ns[targets] = FAR_FUTURE

    def _move(
        self, targets: Int32, new: Int8, at_ns: Int64, reason: Int8, now_ns: int, first_ns: Int64,
        unanswered: NDArray[np.int16],
    ) -> Transitions:  # fmt: skip
        """Book the old state's time and enter the new one; never earlier than what is booked already."""
        at_ns = np.maximum(at_ns, self.ledger.booked_until_ns[targets])
        old = self.state[targets]
        self.ledger.book(targets, old, at_ns, self.cover)
        self.state[targets] = new
        self.since_ns[targets] = at_ns
        hidden = self.cover.hidden[targets]
        self.changes[targets] += ~hidden
        self.cover.follow(targets, new, at_ns)
        return Transitions(targets, old, new, at_ns, now_ns, reason, hidden, first_ns, unanswered)
