"""The examples that one wants to read: back-dating, confirmation, recovery, unknown. The model test has the rest."""

import numpy as np
import pytest

from exporter.planning.policy import Policy, RoundPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.probing.prober import Confirmations
from exporter.verdicts.events import StatesChanged
from exporter.verdicts.machine import NO_VERDICT, VERDICT_DOWN, VERDICT_UP
from pantau.states import State
from tests.exporter.verdicts.judged import Judged
from tests.network import SECOND

ROW = np.array([0], np.int32)
REPLY, LOST, UNSEEN = Outcome.REPLY, Outcome.TIMEOUT, Outcome.INCONCLUSIVE
DOWN, UP, UNKNOWN = State.DOWN, State.UP, State.UNKNOWN


class Life:
    """One hotspot, born at second 0; times in seconds."""

    def __init__(self, attempts: int = 2, recover_after: int = 2, packets: int = 1) -> None:
        self.judged = Judged(1, Policy(RoundPolicy(packets, attempts, SECOND), recover_after=recover_after), 0)
        self.changes: list[tuple[State, State, float]] = []
        """(before, after, at)."""

    def begin(self, at: float) -> bool:
        """A slot; whether a round has begun."""
        return bool(self.judged.begin(ROW, round(at * SECOND))[0])

    def end(self, at: float, *probes: tuple[float, Outcome]) -> Confirmations:
        """Probes (when it left, how it ended) of the present round end at a time; what is to be sent again."""
        count, number = len(probes), int(self.judged.machine.rounds.number[0])
        sent, outcomes = zip(*probes, strict=True)
        sent_ns = np.array([round(left * SECOND) for left in sent], np.int64)
        results = Observations(
            np.zeros(count, np.int32),
            np.full(count, number, np.int64),
            np.array(outcomes, np.int8),
            sent_ns,
            np.full(count, NO_RTT, np.int64),
        )
        moved, reprobes = self.judged.absorb(results, round(at * SECOND))
        self._keep(moved)
        return reprobes

    def round(self, at: float, outcome: Outcome) -> None:
        """A whole round, its confirmations included, that ends two seconds later."""
        self.begin(at)
        if len(self.end(at + 2, (at, outcome)).targets):
            self.end(at + 2, *[(at + 2, outcome)] * self.judged.policy.round.confirm_attempts)

    def blind(self, since: float, now: float) -> None:
        """We saw nothing between these times."""
        self._keep(self.judged.blind(round(since * SECOND), round(now * SECOND)))

    def spent(self, until: float) -> dict[State, float]:
        """Seconds in each state, booked up to a time."""
        self.judged.book(round(until * SECOND))
        spent_ns = self.judged.spent_ns[0].tolist()
        return {State(state): nanoseconds / SECOND for state, nanoseconds in enumerate(spent_ns) if nanoseconds}

    def _keep(self, moved: StatesChanged) -> None:
        rows = zip(moved.before.tolist(), moved.after.tolist(), moved.at_ns.tolist(), strict=True)
        self.changes += [(State(before), State(after), at_ns / SECOND) for before, after, at_ns in rows]


def up(**policy: int) -> Life:
    """A life that is up since second 0."""
    life = Life(**policy)
    life.round(0, REPLY)
    return life


def test_a_life_begins_unknown_and_without_a_verdict() -> None:
    """`hotspot_up` is absent; the first answer makes it up since that probe left."""
    life = Life()
    assert (life.judged.state.tolist(), life.judged.verdict.tolist()) == ([UNKNOWN], [NO_VERDICT])
    life.round(3, REPLY)
    assert life.changes == [(UNKNOWN, UP, 3)]
    assert life.spent(10) == {UNKNOWN: 3, UP: 7}


def test_a_lost_round_is_confirmed_and_then_back_dated_to_its_first_probe() -> None:
    """Re-probes at once and a second later; down since the first unanswered probe, not since the last."""
    life = up()
    life.begin(10)
    reprobes = life.end(12, (10, LOST))
    assert (reprobes.at_ns.tolist(), reprobes.rounds.tolist()) == ([12 * SECOND, 13 * SECOND], [2, 2])
    assert life.spent(12) == {UP: 10}
    life.end(14, (12, LOST))
    assert life.changes == [(UNKNOWN, UP, 0)]
    life.end(15, (13, LOST))
    assert life.changes[1:] == [(UP, DOWN, 10)]
    assert life.spent(15) == {UP: 10, DOWN: 5}


@pytest.mark.parametrize("answered", [0, 1])
def test_one_answered_confirmation_refutes_the_loss(answered: int) -> None:
    """Whichever it is."""
    life = up()
    life.begin(10)
    life.end(12, (10, LOST))
    life.end(14, *[(12 + row, REPLY if row == answered else LOST) for row in range(2)])
    assert life.changes == [(UNKNOWN, UP, 0)]


def test_without_confirmations_the_first_loss_is_believed() -> None:
    """`attempts: 0`."""
    life = up(attempts=0)
    life.begin(10)
    assert life.end(12, (10, LOST)).targets.tolist() == []
    assert life.changes[1:] == [(UP, DOWN, 10)]


def test_no_round_begins_while_one_is_under_way() -> None:
    """The slot passes."""
    life = up()
    assert [life.begin(10), life.begin(20)] == [True, False]
    life.end(21, (10, REPLY))
    assert life.begin(30)


def test_what_belongs_to_an_earlier_round_no_longer_counts() -> None:
    """A late re-probe, after the answer to its sister."""
    life = up()
    life.begin(10)
    life.end(12, (10, LOST))
    life.end(12.5, (12, REPLY))
    life.end(15, (13, LOST))
    assert life.changes == [(UNKNOWN, UP, 0)]
    assert life.begin(20)


def test_a_round_of_three_packets_is_answered_by_one_and_lost_by_all() -> None:
    """The answer that counts is the earliest one that was sent."""
    life = Life(packets=3, attempts=0)
    life.begin(1)
    life.end(4, (1, LOST), (1.2, REPLY), (1.1, REPLY))
    assert life.changes == [(UNKNOWN, UP, 1.1)]
    life.begin(11)
    life.end(13, (11, LOST), (11.1, LOST))
    assert len(life.changes) == 1
    life.end(13.2, (11.2, LOST))
    assert life.changes[1:] == [(UP, DOWN, 11)]


def test_recovery_needs_answers_in_a_row_and_is_back_dated_to_the_first() -> None:
    """A loss between them begins the count anew; the time until then is down."""
    life = up()
    life.round(10, LOST)
    life.round(20, REPLY)
    life.round(30, LOST)
    life.round(40, REPLY)
    assert life.spent(45) == {UP: 10, DOWN: 30}
    life.round(50, REPLY)
    assert life.changes[1:] == [(UP, DOWN, 10), (DOWN, UP, 40)]
    assert life.spent(60) == {UP: 30, DOWN: 30}


def test_a_down_hotspot_is_not_confirmed_again() -> None:
    """It is down already."""
    life = up()
    life.round(10, LOST)
    life.begin(20)
    assert life.end(22, (20, LOST)).targets.tolist() == []


def test_a_round_that_says_nothing_makes_unknown_and_keeps_the_verdict() -> None:
    """`hotspot_up` stays; the next answer makes it up again without a streak."""
    life = up()
    life.round(10, UNSEEN)
    assert (life.changes[1:], life.judged.verdict.tolist()) == ([(UP, UNKNOWN, 10)], [VERDICT_UP])
    life.round(20, REPLY)
    assert life.changes[2:] == [(UNKNOWN, UP, 20)]
    assert life.spent(30) == {UP: 20, UNKNOWN: 10}


def test_one_blurred_confirmation_makes_the_round_say_nothing() -> None:
    """All others may be lost: one that we could not see might have been answered."""
    life = up()
    life.begin(10)
    life.end(12, (10, LOST))
    life.end(15, (12, LOST), (13, UNSEEN))
    assert life.changes[1:] == [(UP, UNKNOWN, 10)]


def test_out_of_unknown_a_hotspot_that_was_down_must_still_recover() -> None:
    """The verdict down stands until `recover_after` answers; it is up since the first of them."""
    life = up()
    life.round(10, LOST)
    life.round(20, UNSEEN)
    life.round(30, REPLY)
    assert (life.changes[2:], life.judged.verdict.tolist()) == ([(DOWN, UNKNOWN, 20)], [VERDICT_DOWN])
    life.round(40, REPLY)
    assert life.changes[3:] == [(UNKNOWN, UP, 30)]


def test_in_doubt_time_waits_and_becomes_unknown_from_the_beginning_of_the_doubt() -> None:
    """Our path failed at 13, between two rounds; the next round says nothing."""
    life = up()
    life.judged.machine.suspect(13 * SECOND)
    assert life.spent(19) == {UP: 13}
    life.round(20, UNSEEN)
    assert life.changes[1:] == [(UP, UNKNOWN, 13)]
    assert life.spent(25) == {UP: 13, UNKNOWN: 12}


@pytest.mark.parametrize("outcome", [REPLY, LOST])
def test_a_round_that_says_something_ends_the_doubt(outcome: Outcome) -> None:
    """The time of the doubt was what it was before: up."""
    life = up(attempts=0)
    life.judged.machine.suspect(13 * SECOND)
    life.round(20, outcome)
    assert life.spent(20)[UP] == 20
    life.round(30, UNSEEN)
    assert life.changes[-1][1:] == (UNKNOWN, 30)


def test_a_round_under_way_before_the_doubt_is_unknown_from_its_own_beginning() -> None:
    """Its probe left at 10, our path failed at 11."""
    life = up()
    life.begin(10)
    life.judged.machine.suspect(11 * SECOND)
    life.end(12, (10, UNSEEN))
    assert life.changes[1:] == [(UP, UNKNOWN, 10)]


def test_blindness_makes_unknown_at_once_and_abandons_rounds() -> None:
    """Since the last look; what the abandoned probes bring no longer counts, and a new round may begin."""
    life = up()
    life.begin(10)
    life.blind(11, 70)
    life.end(70, (10, LOST))
    assert life.changes[1:] == [(UP, UNKNOWN, 11)]
    assert life.spent(70) == {UP: 11, UNKNOWN: 59}
    assert life.begin(71)


def test_blindness_in_doubt_counts_from_the_beginning_of_the_doubt() -> None:
    """Our path had failed before we were away."""
    life = up()
    life.judged.machine.suspect(13 * SECOND)
    life.blind(20, 70)
    assert life.changes[1:] == [(UP, UNKNOWN, 13)]


def test_blindness_ends_a_recovery_under_way() -> None:
    """The count begins anew; the streak's time stays down."""
    life = up()
    life.round(10, LOST)
    life.round(20, REPLY)
    life.blind(25, 70)
    life.round(80, REPLY)
    assert life.changes[2:] == [(DOWN, UNKNOWN, 25)]
    life.round(90, REPLY)
    assert life.changes[3:] == [(UNKNOWN, UP, 80)]


def test_what_is_booked_is_not_back_dated_into() -> None:
    """A scrape between two looks has booked it already; the transition begins where the booking ended."""
    life = up()
    life.spent(11.5)
    life.blind(11, 70)
    assert life.changes[1:] == [(UP, UNKNOWN, 11.5)]
    assert life.spent(70) == {UP: 11.5, UNKNOWN: 58.5}


def test_a_transition_tells_the_reason_of_the_last_failed_probe() -> None:
    """And when it was decided."""
    life = up(attempts=0)
    life.begin(10)
    results = Observations.unsent(ROW, np.array([2], np.int64), Outcome.SEND, 10 * SECOND)
    moved, _ = life.judged.absorb(results, 12 * SECOND)
    assert (moved.outcome.tolist(), moved.detected_ns, moved.targets.tolist()) == ([Outcome.SEND], 12 * SECOND, [0])


def test_a_reply_is_the_reason_for_up_even_after_a_lost_probe() -> None:
    """The count of unanswered probes tells of the loss."""
    life = Life()
    life.begin(0)
    number = life.judged.machine.rounds.number[:1]
    sent_ns, no_rtt = np.array([0], np.int64), np.full(1, NO_RTT, np.int64)
    life.judged.absorb(Observations(ROW, number, np.array([LOST], np.int8), sent_ns, no_rtt), 2 * SECOND)
    replied = Observations(ROW, number, np.array([REPLY], np.int8), sent_ns + 2 * SECOND, no_rtt)
    moved, _ = life.judged.absorb(replied, 3 * SECOND)
    assert (moved.after.tolist(), moved.outcome.tolist(), moved.unanswered.tolist()) == ([UP], [REPLY], [1])


def test_judged_is_whoever_has_ended_a_round() -> None:
    """Even one that says nothing: readiness does not wait for a name server."""
    life = Life()
    assert life.judged.machine.judged.tolist() == [False]
    life.round(1, UNSEEN)
    assert life.judged.machine.judged.tolist() == [True]
