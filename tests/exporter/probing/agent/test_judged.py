"""Heartbeats as the judge sees them: who is silent is down, unless it may be us whom nobody reaches."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from exporter.probing.agent.beats import Beat, Minute
from pantau.states import State
from tests.exporter.probing.agent.city import MINUTE_NS, UNPINGED, AgentCity, of_isps
from tests.network import SECOND, silent


def test_a_silent_agent_is_down_since_its_last_heartbeat(tmp_path: Path) -> None:
    """Not before the grace is over, and then from the last heartbeat on; up again from the first that comes."""
    city = AgentCity(tmp_path, of_isps(2)).run(130)
    assert city.those(State.UP) == set(city.states())
    city.cut("telkom-1")
    cut_ns = city.clock.wall_ns()
    city.run(110)
    assert city.those(State.DOWN) == set()
    city.run(130)
    assert city.those(State.DOWN) == {"telkom-1"}
    (_, down) = city.transitions("telkom-1")[-2:]
    assert 0 <= cut_ns - down.at_ns <= MINUTE_NS
    assert down.recorded_ns - down.at_ns == pytest.approx(180 * SECOND, abs=62 * SECOND)
    assert (down.evidence, down.reason, down.requests, down.unanswered) == ("agent", "timeout", 2, 2)
    snapshot = city.monitor.snapshot()
    silent_since_ns = snapshot.last_reply_seconds[[row.hotspot for row in snapshot.labels].index("telkom-1")] * 1e9
    assert silent_since_ns == pytest.approx(down.at_ns, abs=1e6)
    city.scripted.silent.clear()
    back_ns = city.clock.wall_ns()
    city.run(62)
    assert city.those(State.DOWN) == set()
    assert 0 <= city.transitions("telkom-1")[-1].at_ns - back_ns <= MINUTE_NS


def test_a_little_late_is_no_outage(tmp_path: Path) -> None:
    """Each heartbeat a second more than a minute after the one before, for long, and looked for each second."""
    city = AgentCity(tmp_path, of_isps(1))
    city.scripted.drift_ns = dict.fromkeys(city.states(), SECOND)
    city.run(1500)
    assert [len(city.transitions(name)) for name in city.states()] == [1] * 4
    counters = city.monitor.judge.kinds["agent"].machine.counters
    assert counters.requests.tolist() == counters.replies.tolist()


def test_heartbeats_are_taken_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the pings wake the monitor: once a second, for a judgement costs as much for one as for many."""
    hotspots = {name: f"address: 10.77.0.{n}" for n, name in enumerate(of_isps(15), 1)}
    city = AgentCity(tmp_path, hotspots).run(130)
    counters = city.monitor.judge.kinds["agent"].machine.counters
    before, take, taken = int(counters.replies.sum()), city.scripted.take, [0]

    def counted() -> Sequence[Beat]:
        taken[0] += 1
        return take()

    monkeypatch.setattr(city.scripted, "take", counted)
    city.run(120)
    assert city.tick_ns == SECOND // 2
    assert taken[0] <= 121
    assert int(counters.replies.sum()) - before == 2 * len(hotspots)


def test_a_whole_isp_is_down_and_nobody_else(tmp_path: Path) -> None:
    """The others witness that it is not us."""
    city = AgentCity(tmp_path, of_isps(5)).run(130)
    city.cut(*(f"starlink-{n}" for n in range(5)))
    city.run(300)
    assert city.those(State.DOWN) == {f"starlink-{n}" for n in range(5)}
    assert city.paths == []


def test_all_silent_is_our_door(tmp_path: Path) -> None:
    """Nobody is down; it is told once, since the last who was heard; and what was unknown ends when they come back."""
    city = AgentCity(tmp_path, of_isps(3)).run(130)
    city.cut(*city.states())
    city.run(600)
    assert city.those(State.UNKNOWN) == set(city.states())
    assert [(path.kind, path.isp, path.up) for path in city.paths] == [("agent", "", False)]
    assert {event.reason for name in city.states() for event in city.transitions(name)[-1:]} == {"vantage"}
    city.scripted.silent.clear()
    city.run(130)
    assert city.those(State.UP) == set(city.states())
    assert [path.up for path in city.paths] == [False, True]
    assert all(State.DOWN not in {event.after for event in city.transitions(name)} for name in city.states())


@pytest.mark.parametrize("isps", [("telkom",), ("telkom", "infotek")])
def test_without_two_other_isps_silence_proves_nothing(tmp_path: Path, isps: tuple[str, ...]) -> None:
    """A silent hotspot is unknown, and its time is booked all the same."""
    city = AgentCity(tmp_path, of_isps(3, *isps)).run(300)
    city.cut("telkom-0")
    city.run(600)
    assert city.those(State.UNKNOWN) == {"telkom-0"}
    seconds = city.monitor.snapshot().state_seconds
    assert seconds.sum(axis=1).min() > 700
    assert seconds[0, State.DOWN] == 0


def test_two_isps_at_once_cannot_be_told_from_us_where_one_is_left(tmp_path: Path) -> None:
    """Of three ISPs one is heard: the two others are unknown; with a second witness they are down."""
    for isps, expected in (
        (("telkom", "infotek", "biznet"), State.UNKNOWN),
        (("telkom", "infotek", "biznet", "starlink"), State.DOWN),
    ):
        city = AgentCity(tmp_path, of_isps(2, *isps)).run(130)
        city.cut("telkom-0", "telkom-1", "infotek-0", "infotek-1")
        city.run(400)
        assert city.those(expected) == {"telkom-0", "telkom-1", "infotek-0", "infotek-1"}


def test_an_isps_own_device_lifts_no_silent_point(tmp_path: Path) -> None:
    """It beats while its point is cut: down all the same. The city's own device lifts it, and so does one unpinged."""
    hotspots = {
        **of_isps(1),
        "telkom-own": "address: 10.77.0.1, agent_custody: isp",
        "telkom-city": "address: 10.77.0.2, agent_custody: city",
        "telkom-unpinged": f"{UNPINGED}, agent_custody: isp",
        "telkom-silent": "address: 10.77.0.4, agent_custody: isp",
    }
    city = AgentCity(tmp_path, hotspots).run(130)
    assert city.those(State.UP) == set(hotspots)
    beating = set(hotspots) - {"telkom-silent"}
    city.cut("telkom-own", "telkom-city", "telkom-unpinged", "telkom-silent")
    city.scripted.silent -= beating
    city.run(400)
    assert city.those(State.DOWN) == {"telkom-own", "telkom-silent"}
    assert {event.evidence for event in city.transitions("telkom-own")} == {"icmp"}


def test_silent_beats_under_pings_change_nothing(tmp_path: Path) -> None:
    """Its agent was killed, whosever it is: pings say that it is reached."""
    pinged = {
        "telkom-a": "address: 10.77.0.1, agent_custody: isp",
        "telkom-b": "address: 10.77.0.2, agent_custody: city",
    }
    city = AgentCity(tmp_path, {**of_isps(1), **pinged}).run(130)
    city.scripted.silent |= set(pinged)
    city.run(400)
    assert city.those(State.UP) == {*of_isps(1), *pinged}


def test_a_doubt_of_the_pings_holds_up_no_time_of_those_that_nobody_pings(tmp_path: Path) -> None:
    """Our canaries are silent for a moment: time of hotspots that are known by heartbeats alone is booked on."""
    city = AgentCity(tmp_path, {**of_isps(1), "telkom-pinged": "address: 10.77.0.1"}).run(65)
    city.network.hosts["10.76.0.1"] = silent
    city.run(15)
    city.network.hosts.clear()
    city.run(60)
    assert [(path.kind, path.up) for path in city.paths] == [("icmp", False), ("icmp", True)]
    assert city.monitor.snapshot().state_seconds.sum(axis=1)[:4].min() > 70


def test_the_journal_knows_whose_word_a_second_rests_on(tmp_path: Path) -> None:
    """Pings fall silent under the city's own agent: up all the same, by its word alone, until they answer again."""
    pinged = {
        "telkom-city": "address: 10.77.0.1, agent_custody: city",
        "telkom-own": "address: 10.77.0.2, agent_custody: isp",
    }
    city = AgentCity(tmp_path, {**of_isps(1), **pinged}).run(65)
    city.cut("telkom-city")
    city.scripted.silent.clear()
    cut_ns = city.clock.wall_ns()
    city.run(40)
    del city.network.hosts["10.77.0.1"]
    back_ns = city.clock.wall_ns()
    city.run(40)
    assert city.those(State.UP) == set(city.states())
    told = [(event.before, event.after, event.up, event.evidence) for event in city.transitions("telkom-city")]
    assert told[-2:] == [(State.UP, State.UP, 1, "agent"), (State.UP, State.UP, 1, "icmp")]
    borrowed, own = city.transitions("telkom-city")[-2:]
    assert 0 <= borrowed.at_ns - cut_ns <= 10 * SECOND
    assert 0 <= own.at_ns - back_ns <= 20 * SECOND
    assert {event.evidence for event in city.transitions("telkom-own")} == {"icmp"}
    assert {event.evidence for event in city.transitions("infotek-0")} == {"agent"}
    assert {len(city.transitions(name)) for name in of_isps(1)} == {1}


def test_waits_begin_at_the_last_heartbeat_that_is_known(tmp_path: Path) -> None:
    """After a restart nobody is down before one heartbeat could have come; who was silent then is told at once."""
    before_ns = AgentCity(tmp_path, of_isps(1)).clock.wall_ns() - 300 * SECOND
    city = AgentCity(tmp_path, of_isps(2), dict.fromkeys(of_isps(2), before_ns))
    start_ns = city.clock.wall_ns()
    city.cut("telkom-0")
    city.run(115)
    assert city.those(State.DOWN) == set()
    city.run(70)
    assert city.those(State.DOWN) == {"telkom-0"}
    assert [(event.at_ns, event.after) for event in city.transitions("telkom-0")] == [(start_ns, State.DOWN)]


def test_no_restart_of_ours_hides_an_outage(tmp_path: Path) -> None:
    """Restarted each four minutes, it finds the outage each time; waits that began anew would never end."""
    known: dict[str, int] = {}
    for _ in range(3):
        city = AgentCity(tmp_path, of_isps(2), known)
        city.cut("telkom-0")
        city.run(170)
        assert city.those(State.DOWN) == ({"telkom-0"} if known else set())
        known = {name: city.clock.wall_ns() - 240 * SECOND for name in of_isps(2)}


def test_a_step_of_the_clock_blinds_for_a_moment(tmp_path: Path) -> None:
    """All is unknown at once, and up again with the next heartbeats; nobody is down."""
    city = AgentCity(tmp_path, of_isps(2)).run(130)
    city.clock.step_wall(3600 * SECOND)
    city.run(2)
    assert city.those(State.UNKNOWN) == set(city.states())
    city.run(65)
    assert city.those(State.UP) == set(city.states())


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (Minute(portal="ok", dns="ok"), State.UP),
        (Minute(portal="redirect", dns="ok"), State.UP),
        (Minute(), State.UP),
        (Minute(portal="isolir", dns="ok"), State.ISOLATED),
        (Minute(portal="isolir", dns="fail"), State.ISOLATED),
        (Minute(portal="fail"), State.NO_INTERNET),
        (Minute(dns="fail"), State.NO_INTERNET),
    ],
)
def test_agents_say_what_clients_get(tmp_path: Path, minute: Minute, expected: State) -> None:
    """A heartbeat that says no is a heartbeat: the hotspot is reached, and has no service."""
    well = Minute(portal="ok", dns="ok")
    city = AgentCity(tmp_path, of_isps(1))
    city.scripted.minute = well
    city.run(130)
    city.scripted.minutes = {"telkom-0": minute}
    city.run(330)
    lacking = {"telkom-0"} if expected is not State.UP else set()
    assert {name for name, state in city.states().items() if state is not State.UP} == lacking
    assert city.states()["telkom-0"] is expected
    city.scripted.minutes.clear()
    city.run(250)
    assert city.those(State.UP) == set(city.states())
