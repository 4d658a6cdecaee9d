"""The canaries: quorum, back-dating, and which failures of hotspots may be believed."""

from exporter.verdicts.states import State
from exporter.verdicts.vantage import Vantage
from tests.network import MS, SECOND, answers, fails, silent
from tests.watched import CANARY, Watched, hotspots, plan_of

CANARIES = ("10.76.0.1", "10.76.0.2", "10.76.0.3")


def _lose(vantage: Vantage, row: int, *sent_ns: int) -> None:
    for at in sent_ns:
        vantage.canaries[row].leave(at)
        vantage.canaries[row].end(at, answered=False)


def _answer(vantage: Vantage, row: int, sent_ns: int) -> None:
    vantage.canaries[row].leave(sent_ns)
    vantage.canaries[row].end(sent_ns, answered=True)


def test_one_lost_packet_is_no_fault() -> None:
    """Two in a row are."""
    vantage = Vantage(("a",), 1)
    _lose(vantage, 0, 10)
    assert not vantage.update(11)
    _lose(vantage, 0, 20)
    assert vantage.update(21)
    assert not vantage.up


def test_a_fault_begins_with_the_first_lost_probe_that_broke_the_quorum() -> None:
    """Of three canaries two must answer: the fault begins when the second of them fell silent."""
    vantage = Vantage(("a", "b", "c"), 2)
    _lose(vantage, 0, 100, 200)
    assert not vantage.update(210)
    _lose(vantage, 1, 150, 250)
    assert vantage.update(260)
    assert vantage.fault_since_ns == 150


def test_a_fault_ends_when_the_quorum_answers() -> None:
    """And its end is kept, for what left in it says nothing."""
    vantage = Vantage(("a", "b"), 1)
    _lose(vantage, 0, 10, 20)
    _lose(vantage, 1, 10, 20)
    vantage.update(30)
    _answer(vantage, 1, 40)
    assert vantage.update(41)
    assert vantage.up
    assert vantage.fault_ended_ns == 41


def test_only_answers_vouch() -> None:
    """Our path is vouched for up to the latest answered probe of the quorum's last member."""
    vantage = Vantage(("a", "b", "c"), 2)
    _answer(vantage, 0, 100)
    assert vantage.vouched_until_ns(200) == -1
    _answer(vantage, 1, 70)
    assert vantage.vouched_until_ns(200) == 70


def test_without_canaries_we_take_ourselves_to_be_well() -> None:
    """Nothing tells otherwise; `pantau check` warns of it."""
    vantage = Vantage((), 1)
    assert not vantage.update(5)
    assert vantage.up
    assert vantage.vouched_until_ns(5) == 5


def test_a_single_dead_canary_of_three_changes_nothing() -> None:
    """With quorum 1 the city is judged as before: a cut hotspot goes down."""
    city = Watched(plan_of(hotspots(5), canaries=CANARIES)).run(11 * SECOND)
    city.network.hosts["10.76.0.1"] = silent
    city.network.hosts["10.77.0.1"] = silent
    city.run(20 * SECOND)
    assert city.monitor.vantage.up
    assert city.went(State.DOWN) == {"h0"}


def test_a_dead_canary_does_not_hide_that_hotspots_answer() -> None:
    """The canary alone is silent: the vantage is down, and yet hotspots that answer are up."""
    city = Watched(plan_of(hotspots(5))).run(11 * SECOND)
    city.network.hosts[CANARY] = silent
    city.run(30 * SECOND)
    assert not city.monitor.vantage.up
    assert city.states() == {State.UP: 5}
    assert city.went(State.UNKNOWN) == set()


def test_a_failure_waits_for_a_canary_to_vouch() -> None:
    """A router of ours says 'host unreachable' for all the world: nobody goes down before the canaries speak."""
    city = Watched(plan_of(hotspots(50))).run(15 * SECOND)
    city.network.default = fails(3, 1, after_ns=MS)
    city.run(20 * SECOND)
    assert city.went(State.DOWN) == set()
    assert city.states() == {State.UNKNOWN: 50}
    city.network.default = answers()
    city.run(25 * SECOND)
    assert city.states() == {State.UP: 50}
