"""Checks of the service, end to end: what pages answer becomes states, journal and metrics; pings go on beside them."""

import numpy as np
import pytest

from exporter import kinds
from exporter.metrics.exposition import HotspotExposition
from exporter.probing.service import Result
from pantau.journal import Event
from pantau.journal import Kind as EntryKind
from pantau.states import State
from tests.exporter.probing.checking.city import CHECK, CLIENT_PATH, REFERENCES, MakeCity, make_city
from tests.network import SECOND

__all__ = ["make_city"]
H0 = "10.77.0.1"


async def test_what_the_vantage_asks_makes_degraded_at_most(make_city: MakeCity) -> None:
    """Three failed checks in a row, since the first; two good ones end it. Who is not checked is untouched."""
    city = make_city(CHECK)
    async with city.running():
        await city.run(20)
        assert city.state() is State.UP
        city.script.says[H0] = Result.NO
        failed_ns = city.clock.monotonic_ns()
        await city.run(20)
        assert city.state() is State.UP
        await city.run(12)
        assert (city.state(), city.state("h1")) == (State.DEGRADED, State.UP)
        since_ns = int(city.monitor.judge.states.since_ns[0])
        assert 0 <= since_ns - failed_ns <= 10.5 * SECOND
        city.script.says.clear()
        await city.run(22)
        assert city.state() is State.UP
    assert [row[0] for row in city.transitions()] == [State.UP, State.DEGRADED, State.UP]
    assert city.transitions()[1:] == [
        (State.DEGRADED, "check_no", "http", 1),
        (State.UP, "check_yes", "http", 1),
    ]


@pytest.mark.parametrize(("says", "state"), [(Result.NO, State.NO_INTERNET), (Result.ISOLATED, State.ISOLATED)])
async def test_a_check_of_the_clients_path_makes_an_outage(make_city: MakeCity, says: Result, state: State) -> None:
    """Reachable all the while, and no ping failed: `hotspot_up` is 0, `hotspot_reachable` 1, and no outage is down."""
    city = make_city(CLIENT_PATH)
    async with city.running():
        await city.run(20)
        city.script.says[H0] = says
        await city.run(32)
        assert city.state() is state
    snapshot = city.monitor.snapshot()
    assert (snapshot.up.tolist(), np.asarray(snapshot.reachable).tolist()) == ([0, 1], [1, 1])
    text = b"".join(HotspotExposition().render(snapshot, openmetrics=False)).decode()
    labels = 'hotspot="h0",kecamatan="maesa",isp="telkom"'
    assert f"hotspot_reachable{{{labels}}} 1\n" in text
    assert f'hotspot_service_up{{{labels},check="portal-check"}} 0.0\n' in text
    assert f"hotspot_unserved_since_timestamp_seconds{{{labels}}} 1" in text
    assert "hotspot_down_since_timestamp_seconds{" not in text
    assert "hotspot_silent_since_timestamp_seconds{" not in text
    known = city.exporter.hotspot("h0")
    assert known is not None
    assert known["checks"] == {"portal-check": says.label}
    assert city.transitions()[-1] == (state, f"check_{says.label}", "http", 1)
    assert city.told[-1].facts == {"check": "portal-check"}


async def test_down_before_all_and_each_second_in_one_state(make_city: MakeCity) -> None:
    """A hotspot without internet is cut: down, with its own beginning; answered again it still has none."""
    city = make_city(CLIENT_PATH)
    async with city.running():
        await city.run(20)
        city.script.says[H0] = Result.NO
        await city.run(32)
        city.cut()
        await city.run(30)
        assert city.state() is State.DOWN
        snapshot = city.monitor.snapshot()
        assert (snapshot.up.tolist(), np.asarray(snapshot.reachable).tolist()) == ([0, 1], [0, 1])
        assert np.asarray(snapshot.unserved_since_seconds).tolist() == [0.0, 0.0]
        city.mend()
        await city.run(30)
        assert city.state() is State.NO_INTERNET
        city.script.says.clear()
        await city.run(40)
        assert city.state() is State.UP
    told = [row[0] for row in city.transitions()]
    assert told == [State.UP, State.NO_INTERNET, State.DOWN, State.NO_INTERNET, State.UP]
    assert [row[3] for row in city.transitions()] == [1, 1, 0, 1, 1]
    seconds = city.monitor.snapshot().state_seconds.sum(axis=1)
    assert seconds == pytest.approx([152, 152], abs=15)


async def test_what_was_said_expires(make_city: MakeCity) -> None:
    """A check that tells nothing any more is as one that was not had, after its grace."""
    city = make_city(CLIENT_PATH)
    async with city.running():
        await city.run(20)
        city.script.says[H0] = Result.NO
        await city.run(32)
        city.script.says[H0] = Result.UNKNOWN
        await city.run(20)
        assert city.state() is State.NO_INTERNET
        await city.run(14)
        assert city.state() is State.UP
    assert city.transitions()[-1][:2] == (State.UP, "check_unknown")


async def test_while_references_fail_nothing_is_said(make_city: MakeCity) -> None:
    """Our own way to pages is cut: every check fails, and so does the reference; pings are believed all the same."""
    city = make_city(REFERENCES + CLIENT_PATH)
    async with city.running():
        await city.run(20)
        city.script.says |= {H0: Result.NO, "10.76.0.2": Result.NO}
        await city.run(25)
        assert city.state() is State.UP
        city.cut("10.77.0.2")
        await city.run(30)
        assert (city.state(), city.state("h1")) == (State.UP, State.DOWN)
        city.script.says = {H0: Result.NO}
        await city.run(45)
        assert city.state() is State.NO_INTERNET
    assert [row[0] for row in city.transitions()] == [State.UP, State.NO_INTERNET]


async def test_a_slow_answer_holds_nobody_up(make_city: MakeCity) -> None:
    """It is asked once at a time, however long it takes; pings of all go on, and a stop does not wait for it."""
    city = make_city(CHECK)
    city.script.takes[H0] = 35.0
    async with city.running():
        await city.run(60)
        assert city.script.asked.count(H0) == 2
        assert city.monitor.snapshot().replies.min() >= 5


async def test_a_reload_takes_a_check_away(make_city: MakeCity) -> None:
    """What it had said ends with it, and what is under way then tells nothing."""
    city = make_city(CLIENT_PATH)
    async with city.running():
        await city.run(20)
        city.script.says[H0] = Result.ISOLATED
        await city.run(32)
        assert city.state() is State.ISOLATED
        city.monitor.reload(kinds.plan_of(city.write(""), kinds=city.kinds))
        assert city.state() is State.UP
        await city.run(20)
        assert city.state() is State.UP
        assert city.monitor.snapshot().checks == []


@pytest.mark.parametrize("before", [State.ISOLATED, State.NO_INTERNET])
async def test_after_a_restart_it_goes_on(make_city: MakeCity, before: State) -> None:
    """Unknown, and never up, until the check has said so again; then it is since that check."""
    last = Event(EntryKind.TRANSITION, 0, 0, "h0", before=int(before), after=int(State.UNKNOWN), up=1)
    city = make_city(CLIENT_PATH, {"h0": last})
    city.script.says[H0] = Result.ISOLATED if before is State.ISOLATED else Result.NO
    async with city.running():
        await city.run(30)
        assert city.state() is before
        assert city.monitor.snapshot().up.tolist() == [0, 1]
    assert [row[0] for row in city.transitions()] == [before]


async def test_after_a_restart_service_has_to_be_shown(make_city: MakeCity) -> None:
    """Two good checks, as ever; or its grace is over, and the check counts as not had."""
    last = Event(EntryKind.TRANSITION, 0, 0, "h0", before=int(State.UP), after=int(State.ISOLATED), up=1)
    city = make_city(CLIENT_PATH, {"h0": last})
    async with city.running():
        await city.run(9)
        assert city.state() is State.UNKNOWN
        sight = city.monitor.snapshot().sight
        assert sight is not None
        assert sight.reasons == []
        await city.run(20)
        assert city.state() is State.UP
    silent = make_city(CLIENT_PATH, {"h0": last})
    silent.script.says[H0] = Result.UNKNOWN
    async with silent.running():
        await silent.run(29)
        assert silent.state() is State.UNKNOWN
        await silent.run(3)
        assert silent.state() is State.UP
