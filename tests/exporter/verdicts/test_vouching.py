"""The canaries: quorum, back-dating, and which failures of hotspots may be believed."""

import dataclasses

import numpy as np
import pytest

from exporter.planning.policy import RoundPolicy
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Observations, Outcome
from exporter.verdicts.events import StatesChanged
from exporter.verdicts.paths import Paths
from exporter.verdicts.references import ReferenceQuorum
from exporter.verdicts.vouching import Vouching
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, POLICY, Watched, hotspots, plan_of
from tests.network import MS, SECOND, answers, fails, silent

CANARIES = ("10.76.0.1", "10.76.0.2", "10.76.0.3")


def _lose(vantage: ReferenceQuorum, row: int, *sent_ns: int) -> None:
    for at in sent_ns:
        vantage.references[row].leave(at)
        vantage.references[row].end(at, answered=False)


def _answer(vantage: ReferenceQuorum, row: int, sent_ns: int) -> None:
    vantage.references[row].leave(sent_ns)
    vantage.references[row].end(sent_ns, answered=True)


def test_one_lost_packet_is_no_fault() -> None:
    """Two in a row are."""
    vantage = ReferenceQuorum(("a",), 1)
    _lose(vantage, 0, 10)
    assert not vantage.update(11)
    _lose(vantage, 0, 20)
    assert vantage.update(21)
    assert not vantage.up


def test_the_loss_of_an_extra_probe_is_no_news_but_its_answer_vouches() -> None:
    """Extra probes leave in quick succession while a verdict waits: two lost in a row are one moment's silence."""
    vantage = ReferenceQuorum(("a",), 1)
    canary = vantage.references[0]
    for sent_ns, answered in ((10, False), (20, False), (30, True)):
        canary.extra.add(sent_ns)
        canary.end(sent_ns, answered=answered)
    assert not vantage.update(31)
    assert vantage.vouched_until_ns(31) == 30
    assert (canary.losses, canary.extra) == (0, set())


def test_a_silent_hotspot_is_down_within_four_ticks_of_what_its_probes_take() -> None:
    """2 s for the first, confirmations 2, 3 and 4 s after it, 2 s for the last; then the canary's word."""
    policy = dataclasses.replace(POLICY, round=RoundPolicy(1, 3, SECOND, lost_after_ns=2 * SECOND))
    city = Watched(plan_of(hotspots(40), policy=policy)).run(12 * SECOND)
    city.network.default = silent
    city.network.hosts[CANARY] = answers()
    tick_ns, decided = 40 * MS, dict[int, int]()
    for _ in range(18 * SECOND // tick_ns):
        city.clock.advance(tick_ns)
        for moved in city.monitor.tick(urgent=False):
            assert isinstance(moved, StatesChanged)
            decided |= dict.fromkeys(moved.targets[moved.after == State.DOWN].tolist(), moved.detected_ns)
    assert len(decided) == 40
    taken = [decided[row] - since_ns for row, since_ns in enumerate(city.monitor.judge.states.since_ns.tolist())]
    assert min(taken) >= 6 * SECOND
    assert max(taken) <= 6 * SECOND + 4 * tick_ns


def test_a_fault_begins_with_the_first_lost_probe_that_broke_the_quorum() -> None:
    """Of three canaries two must answer: the fault begins when the second of them fell silent."""
    vantage = ReferenceQuorum(("a", "b", "c"), 2)
    _lose(vantage, 0, 100, 200)
    assert not vantage.update(210)
    _lose(vantage, 1, 150, 250)
    assert vantage.update(260)
    assert vantage.fault_since_ns == 150


def test_a_fault_ends_when_the_quorum_answers() -> None:
    """And its end is kept, for what left in it says nothing."""
    vantage = ReferenceQuorum(("a", "b"), 1)
    _lose(vantage, 0, 10, 20)
    _lose(vantage, 1, 10, 20)
    vantage.update(30)
    _answer(vantage, 1, 40)
    assert vantage.update(41)
    assert vantage.up
    assert vantage.fault_ended_ns == 41


def test_only_answers_vouch() -> None:
    """Our path is vouched for up to the latest answered probe of the quorum's last member."""
    vantage = ReferenceQuorum(("a", "b", "c"), 2)
    _answer(vantage, 0, 100)
    assert vantage.vouched_until_ns(200) == -1
    _answer(vantage, 1, 70)
    assert vantage.vouched_until_ns(200) == 70


def test_without_canaries_we_take_ourselves_to_be_well() -> None:
    """Nothing tells otherwise; `pantau check` warns of it."""
    vantage = ReferenceQuorum((), 1)
    assert not vantage.update(5)
    assert vantage.up
    assert vantage.vouched_until_ns(5) == 5


def test_a_single_dead_canary_of_three_changes_nothing() -> None:
    """With quorum 1 the city is judged as before: a cut hotspot goes down."""
    city = Watched(plan_of(hotspots(5), canaries=CANARIES)).run(11 * SECOND)
    city.network.hosts["10.76.0.1"] = silent
    city.network.hosts["10.77.0.1"] = silent
    city.run(20 * SECOND)
    assert city.vantage.up
    assert city.went(State.DOWN) == {"h0"}


def test_a_dead_canary_does_not_hide_that_hotspots_answer() -> None:
    """The canary alone is silent: the vantage is down, and yet hotspots that answer are up."""
    city = Watched(plan_of(hotspots(5))).run(11 * SECOND)
    city.network.hosts[CANARY] = silent
    city.run(30 * SECOND)
    assert not city.vantage.up
    assert city.count() == {State.UP: 5}
    assert city.went(State.UNKNOWN) == set()


@pytest.mark.parametrize("attempts", [0, 3])
def test_a_failure_waits_for_a_canary_to_vouch(attempts: int) -> None:
    """A router of ours says 'host unreachable' for all the world: nobody goes down before the canaries speak.

    Not even where the first loss is believed: it may come long before a canary is due.
    """
    policy = dataclasses.replace(POLICY, round=RoundPolicy(1, attempts, 100 * MS))
    city = Watched(plan_of(hotspots(100), policy=policy)).run(15 * SECOND)
    city.network.default = fails(3, 1, after_ns=MS)
    city.run(20 * SECOND)
    assert city.went(State.DOWN) == set()
    assert city.count() == {State.UNKNOWN: 100}
    city.network.default = answers()
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 100}


class Desk:
    """The `Vouching` of canaries a and b (one of them must answer), fed by hand. Times are small numbers."""

    def __init__(self) -> None:
        self.vouching = self.fresh()

    @staticmethod
    def fresh() -> Vouching:
        """One that has seen nothing."""
        return Vouching(Paths(["a", "b"], ["", ""], 1), np.zeros(10, np.int64))

    def canary(self, sent_ns: int, row: int = 0, *, answered: bool) -> tuple[int, int, Outcome]:
        """A canary's probe, sent, and its result."""
        self.vouching.vantage.references[row].leave(sent_ns)
        return REFERENCE_BASE + row, sent_ns, Outcome.REPLY if answered else Outcome.TIMEOUT

    def sift(self, now_ns: int, *rows: tuple[int, int, Outcome]) -> list[tuple[int, Outcome]]:
        """Observations of (target, when it left, outcome); for a canary that is its round too. What may be counted."""
        target, sent_ns, outcome = zip(*rows, strict=True) if rows else ((), (), ())
        results = Observations(
            np.array(target, np.int32),
            np.array(sent_ns, np.int64),
            np.array(outcome, np.int8),
            np.array(sent_ns, np.int64),
            np.full(len(rows), NO_RTT, np.int64),
        )
        results = self.vouching.take_references(results)
        self.vouching.update(now_ns)
        sifted = self.vouching.sift(results, now_ns)
        return sorted(zip(sifted.target.tolist(), map(Outcome, sifted.outcome.tolist()), strict=True))

    def fail(self, now_ns: int) -> None:
        """Both canaries lose two probes, of `now_ns` - 4 and the three after it."""
        for row in range(2):
            lost = [self.canary(now_ns - 4 + 2 * number + row, row, answered=False) for number in range(2)]
            assert self.sift(now_ns, *lost) == []
        assert not self.vouching.vantage.up


LOST = Outcome.TIMEOUT


def test_a_failure_is_held_until_an_answered_probe_left_after_it() -> None:
    """A canary's probe that left a nanosecond too early does not vouch."""
    desk = Desk()
    assert desk.sift(1000, (3, 500, LOST)) == []
    assert desk.sift(1010, desk.canary(999, answered=True)) == []
    assert desk.sift(1020, desk.canary(1000, answered=True)) == [(3, LOST)]
    assert desk.sift(1030, desk.canary(1001, answered=True)) == []


@pytest.mark.parametrize("outcome", [Outcome.REPLY, Outcome.RESOLVE, Outcome.SEND, Outcome.INCONCLUSIVE])
def test_what_blames_nobody_is_not_held(outcome: Outcome) -> None:
    """A reply is a reply, and what is our own failure already need not be doubted."""
    assert Desk().sift(1000, (3, 500, outcome)) == [(3, outcome)]


def test_a_held_failure_says_nothing_if_our_path_turns_out_to_have_failed() -> None:
    """It becomes inconclusive when the fault is known; so does what fails during the fault, at once."""
    desk = Desk()
    assert desk.sift(1000, (3, 500, LOST)) == []
    desk.sift(1010, *[desk.canary(at, row, answered=False) for at in (900, 950) for row in (0, 1)])
    assert not desk.vouching.vantage.up
    assert desk.sift(1020, (4, 900, Outcome.PROHIBITED)) == [(4, Outcome.INCONCLUSIVE)]


def test_the_held_failure_itself_comes_out_with_the_fault() -> None:
    """In the same look."""
    desk = Desk()
    desk.sift(1000, (3, 500, LOST))
    lost = [desk.canary(at, row, answered=False) for at in (900, 950) for row in (0, 1)]
    assert desk.sift(1010, *lost) == [(3, Outcome.INCONCLUSIVE)]


def test_a_failure_that_was_vouched_for_counts_even_if_a_fault_follows() -> None:
    """The canary answered after it had ended; then both fell silent."""
    desk = Desk()
    desk.sift(1000, (3, 500, LOST))
    answered = desk.canary(1000, answered=True)
    lost = [desk.canary(at, row, answered=False) for at in (1100, 1200) for row in (0, 1)]
    assert desk.sift(1300, answered, *lost) == [(3, LOST)]


def test_what_left_in_a_fault_says_nothing_even_after_it() -> None:
    """Its time-out comes when the canaries answer again; what left after the fault counts."""
    desk = Desk()
    desk.fail(1000)
    assert desk.sift(1100, desk.canary(1050, answered=True)) == []
    assert desk.vouching.vantage.up
    vouch = desk.canary(3000, answered=True)
    assert desk.sift(3000, vouch, (3, 1100, LOST), (4, 1101, LOST)) == [(3, Outcome.INCONCLUSIVE), (4, LOST)]


def test_held_failures_follow_their_hotspots_through_a_reload() -> None:
    """Renamed, or dropped with a hotspot that goes; with the time at which they ended."""
    desk = Desk()
    desk.sift(1000, (0, 500, LOST), (1, 500, LOST))
    desk.sift(1200, (2, 500, LOST))
    old, desk.vouching = desk.vouching, desk.fresh()
    desk.vouching.take_over(old, np.array([-1, 5, 0], np.int32))
    assert desk.sift(1300, desk.canary(1100, answered=True)) == [(5, LOST)]
    assert desk.sift(1400, desk.canary(1200, answered=True)) == [(0, LOST)]


def test_probes_of_canaries_that_are_gone_tell_nothing() -> None:
    """A reload to fewer canaries finds the probes of the old ones in flight."""
    assert Desk().sift(1000, (REFERENCE_BASE + 2, 900, LOST), (REFERENCE_BASE + 1, 900, LOST)) == []
