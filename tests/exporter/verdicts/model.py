"""What DESIGN.md says of rounds, verdicts and time, for one hotspot, in plain Python: the machine must agree with it.

It keeps a timeline of states instead of a ledger, and lists instead of bits; it shares no line with the machine.
"""

from dataclasses import dataclass, field

from exporter.planning.policy import Policy
from exporter.probing.outcome import NO_RTT, Outcome
from pantau.states import State


@dataclass(frozen=True, slots=True)
class Result:
    """One ended probe of one hotspot."""

    number: int
    """Of its round."""
    outcome: Outcome
    sent_ns: int
    rtt_ns: int = NO_RTT


@dataclass(frozen=True, slots=True)
class Change:
    """One transition."""

    before: State
    after: State
    at_ns: int
    reason: Outcome


@dataclass(slots=True)
class Round:
    """A round under way."""

    first_ns: int
    waiting: int
    confirming: bool = False
    answers: list[int] = field(default_factory=list)
    blurred: bool = False
    reason: Outcome = Outcome.REPLY


class Hotspot:
    """One hotspot's life."""

    def __init__(self, born_ns: int) -> None:
        self.timeline = [(born_ns, State.UNKNOWN)]
        self.verdict: int | None = None
        self.number = 0
        self.round: Round | None = None
        self.answered_in_a_row: list[int] = []
        """When each answered round since the verdict down was first answered."""
        self.suspect_ns: int | None = None
        self.losses: list[bool] = []
        self.smoothed_ns: float | None = None
        self.judged = False

    @property
    def state(self) -> State:
        """The present state."""
        return self.timeline[-1][1]

    def seconds_in(self, state: State, until_ns: int) -> int:
        """Nanoseconds spent in a state up to a time."""
        ends = [at_ns for at_ns, _ in self.timeline[1:]] + [until_ns]
        return sum(
            max(min(end_ns, until_ns) - at_ns, 0)
            for (at_ns, spent_in), end_ns in zip(self.timeline, ends, strict=True)
            if spent_in == state
        )

    def begin(self, now_ns: int, policy: Policy) -> bool:
        """A slot: a round begins unless one is under way."""
        if self.round is not None:
            return False
        self.number += 1
        self.round = Round(now_ns, policy.round.packets)
        return True

    def absorb(self, results: list[Result], now_ns: int, policy: Policy) -> tuple[Change | None, list[int]]:
        """Observations that came together; the change they make, and when to probe again."""
        for result in results:
            self._record(result)
        mine = [result for result in results if self.round is not None and result.number == self.number]
        if self.round is None or not mine:
            return None, []
        for result in mine:
            self._count(self.round, result)
        return self._decide(self.round, now_ns, policy)

    def suspect(self, since_ns: int) -> None:
        """Our own path is in doubt since then."""
        self.suspect_ns = since_ns if self.suspect_ns is None else min(self.suspect_ns, since_ns)

    def blind(self, since_ns: int) -> Change | None:
        """Nothing was seen since then."""
        at_ns = since_ns if self.suspect_ns is None else min(since_ns, self.suspect_ns)
        self.round = None
        self._forget_doubts()
        return self._move(State.UNKNOWN, at_ns, Outcome.INCONCLUSIVE)

    def _record(self, result: Result) -> None:
        if not result.outcome.conclusive:
            return
        self.losses.append(result.outcome != Outcome.REPLY)
        if result.rtt_ns != NO_RTT:
            old_ns = self.smoothed_ns
            self.smoothed_ns = result.rtt_ns if old_ns is None else old_ns + (result.rtt_ns - old_ns) / 8

    @staticmethod
    def _count(under_way: Round, result: Result) -> None:
        under_way.waiting -= 1
        if result.outcome == Outcome.REPLY:
            under_way.answers.append(result.sent_ns)
        else:
            under_way.reason = result.outcome
            under_way.blurred |= not result.outcome.conclusive

    def _decide(self, under_way: Round, now_ns: int, policy: Policy) -> tuple[Change | None, list[int]]:
        if under_way.answers:
            self.round, change = None, self._answered(min(under_way.answers), under_way.reason, policy)
        elif under_way.waiting > 0:
            return None, []
        elif under_way.blurred:
            since_ns = under_way.first_ns if self.suspect_ns is None else min(under_way.first_ns, self.suspect_ns)
            self.round, change = None, self._move(State.UNKNOWN, since_ns, under_way.reason)
            self.answered_in_a_row = []
        elif self.state != State.DOWN and not under_way.confirming and policy.round.confirm_attempts:
            under_way.confirming, under_way.waiting = True, policy.round.confirm_attempts
            return None, [now_ns + n * policy.round.confirm_spacing_ns for n in range(policy.round.confirm_attempts)]
        else:
            self.round, change = None, self._move(State.DOWN, under_way.first_ns, under_way.reason)
            self.verdict, self.answered_in_a_row = 0, []
        self.suspect_ns, self.judged = None, True
        return change, []

    def _answered(self, answer_ns: int, reason: Outcome, policy: Policy) -> Change | None:
        if self.verdict == 0:
            self.answered_in_a_row.append(answer_ns)
            if len(self.answered_in_a_row) < policy.recover_after:
                return None
            answer_ns = self.answered_in_a_row[0]
            self.answered_in_a_row, self.losses, self.smoothed_ns = [], [], None
        if self.verdict != 1 or self.state == State.UNKNOWN:
            self.verdict = 1
            return self._move(State.UP, answer_ns, reason)
        return self._move(State.DEGRADED if self._is_degraded(policy) else State.UP, answer_ns, reason)

    def _is_degraded(self, policy: Policy) -> bool:
        """Over a limit; or, once degraded, not yet below half the loss limit and four fifths of the RTT limit."""
        loss_limit, rtt_limit = policy.quality.loss_ratio, float(policy.quality.rtt_ns)
        if self.state == State.DEGRADED:
            loss_limit, rtt_limit = loss_limit * 0.5, rtt_limit * 0.8
        window = self.losses[-policy.quality.window :]
        lossy = len(window) >= 10 and sum(window) / len(window) >= loss_limit
        return lossy or (self.smoothed_ns is not None and self.smoothed_ns >= rtt_limit)

    def _forget_doubts(self) -> None:
        self.answered_in_a_row, self.suspect_ns = [], None

    def _move(self, after: State, at_ns: int, reason: Outcome) -> Change | None:
        before = self.state
        if after == before:
            return None
        at_ns = max(at_ns, self.timeline[-1][0])  # what an answer has shown since a doubt began is not doubted
        self.timeline.append((at_ns, after))
        return Change(before, after, at_ns, Outcome.REPLY if after == State.UP else reason)
