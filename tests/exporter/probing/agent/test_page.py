"""The page that agents fetch may fail itself: then what they say of it is no verdict, and no rupiah hangs on it."""

from pathlib import Path

import pytest

from exporter.probing.agent.beats import Minute
from pantau.states import State
from tests.exporter.probing.agent.city import AgentCity, of_isps
from tests.network import SECOND

PAGE = "http://portal.kota.test/"
OK, FAIL, NAMELESS = Minute(portal="ok", dns="ok"), Minute(portal="fail", dns="ok"), Minute(portal="fail", dns="fail")
ISOLATED = Minute(portal="isolir", dns="ok")
LACKING = (State.NO_INTERNET, State.ISOLATED, State.DEGRADED, State.DOWN)


def city_of(folder: Path, each: int = 2, *isps: str, page: str | None = PAGE) -> AgentCity:
    """Agents that all get the page."""
    city = AgentCity(folder, of_isps(each, *isps), page=page)
    city.scripted.minute, city.tick_ns = OK, 5 * SECOND
    return city.run(130)


def charged(city: AgentCity) -> float:
    """Seconds that any hotspot has spent without service."""
    return float(city.monitor.snapshot().state_seconds[:, list(LACKING)].sum())


def page_up(city: AgentCity) -> bool:
    """What the metric says."""
    return city.agents.page_up


def unserved_ever(city: AgentCity) -> set[str]:
    """Those of whom the journal was told so."""
    return {event.subject for event in city.told if event.after in LACKING}


@pytest.mark.parametrize(
    ("isps", "minute"), [((), FAIL), ((), NAMELESS), (("telkom",), FAIL), (("telkom", "infotek"), ISOLATED)]
)
def test_a_page_that_fails_here_too_charges_nobody(tmp_path: Path, isps: tuple[str, ...], minute: Minute) -> None:
    """Its server, its certificate, its name: all agents say so, of however many ISPs; nobody is without service."""
    city = city_of(tmp_path, 2, *isps)
    city.scripted.minute = minute
    city.page.comes, city.page.resolves = False, minute.dns == "ok"
    city.run(480)
    assert page_up(city) is False
    city.page.comes = city.page.resolves = True
    city.scripted.minute = OK
    city.run(300)
    assert (unserved_ever(city), charged(city)) == (set(), 0)
    assert city.those(State.UP) == set(city.states())
    assert page_up(city) is True
    assert city.agents.doubts.unbelieved["portal"] >= 7 * len(city.states())


@pytest.mark.parametrize(("page", "minute"), [(PAGE, FAIL), (None, FAIL), (PAGE, Minute(dns="fail"))])
def test_a_page_that_comes_here_and_nowhere_else(tmp_path: Path, page: str | None, minute: Minute) -> None:
    """Only the way from outside has failed, or nobody named the page: agents of all ISPs at once are no ISP's fault."""
    city = city_of(tmp_path, page=page)
    city.scripted.minute = minute
    city.run(480)
    assert page_up(city) is False
    city.scripted.minute = OK
    city.run(200)
    assert (unserved_ever(city), charged(city)) == (set(), 0)
    assert page_up(city) is True


@pytest.mark.parametrize("isps", [("telkom",), ("telkom", "infotek")])
@pytest.mark.parametrize(("minute", "state"), [(FAIL, State.NO_INTERNET), (ISOLATED, State.ISOLATED)])
def test_one_isp_lacks_a_page_that_is_good(tmp_path: Path, isps: tuple[str, ...], minute: Minute, state: State) -> None:
    """It comes here, and to the others where there are any: that ISP's clients get nothing, or its suspension page."""
    city = city_of(tmp_path, 2, *isps)
    mine = {"telkom-0", "telkom-1"}
    city.scripted.minutes = dict.fromkeys(mine, minute)
    began = city.clock.wall_ns()
    city.run(330)
    assert city.those(state) == mine
    assert {name for name, one in city.states().items() if one is not State.UP} == mine
    at_ns = [event.at_ns for event in city.told if event.after == state]
    assert [0 <= at - began <= 65e9 for at in at_ns] == [True, True]
    assert page_up(city) is True


def test_a_page_that_comes_and_goes(tmp_path: Path) -> None:
    """It fails half of each two minutes, or for every third who asks: nobody is without service."""
    city = city_of(tmp_path, 3)
    names = list(city.states())
    for turn in range(12):
        city.page.comes = turn % 2 == 0
        city.scripted.minute = OK if city.page.comes else FAIL
        city.run(55)
    for turn in range(12):
        city.page.comes = turn % 3 != 0
        city.scripted.minute = OK
        city.scripted.minutes = {name: FAIL for place, name in enumerate(names) if (place * 7 + turn) % 3 == 0}
        city.run(22)
    assert (unserved_ever(city), charged(city)) == (set(), 0)


def test_who_was_suspended_before_stays_so_while_the_page_fails(tmp_path: Path) -> None:
    """Nobody but his ISP shows him its page; whoever begins to say so now may be shown that of our own provider."""
    city = city_of(tmp_path)
    city.scripted.minutes = {"telkom-0": ISOLATED}
    city.run(330)
    city.page.comes = False
    city.scripted.minutes = {"telkom-0": ISOLATED, "telkom-1": ISOLATED}
    city.run(300)
    assert city.those(State.ISOLATED) == {"telkom-0"}


def test_after_a_restart_words_wait_for_the_first_answer_of_the_page(tmp_path: Path) -> None:
    """Agents speak before the page has been asked: nothing is said until it has answered, and then what is so."""
    for comes in (True, False):
        city = AgentCity(tmp_path, of_isps(1), page=PAGE)
        city.tick_ns = 3 * SECOND
        city.page.comes, city.page.late_ns = comes, 9 * SECOND
        city.scripted.minute = OK
        city.scripted.minutes = {"telkom-0": FAIL}
        city.run(330)
        assert city.those(State.NO_INTERNET) == ({"telkom-0"} if comes else set())
        assert len(city.page.asked) < 330 / 5


def test_time_is_not_booked_while_a_word_waits(tmp_path: Path) -> None:
    """Of a hotspot that pings tell of at any moment: what is believed in the end is booked from its beginning on."""
    hotspots = {**of_isps(1, "infotek", "biznet"), "telkom-0": "address: 10.77.0.1, agent_custody: city"}
    city = AgentCity(tmp_path, hotspots, page=PAGE)
    city.scripted.minute, city.tick_ns = OK, 2 * SECOND
    city.run(66)
    city.scripted.minutes = {"telkom-0": FAIL}
    began, first = city.clock.wall_ns(), city.scripted.next_ns("telkom-0")
    first += began - city.clock.monotonic_ns()
    for _ in range(8):
        city.run(36)
        city.monitor.judge.book(city.clock.monotonic_ns())
    (fell,) = [event for event in city.transitions("telkom-0") if event.after == State.NO_INTERNET]
    assert fell.at_ns == first
