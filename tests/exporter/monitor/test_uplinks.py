"""Probed uplinks are rows behind the hotspots: probed, judged and reloaded as those are, and shown apart."""

from exporter.planning.labels import UplinkLabels
from exporter.planning.plan import Plan
from pantau.states import State
from tests.exporter.monitor.watched import Watched, hotspots, plan_of
from tests.network import MS, SECOND, silent

POP, TOWER = UplinkLabels("pop", "maesa", "telkom"), UplinkLabels("tower")
ADDRESSES = {"pop": "10.78.0.1", "tower": "10.78.0.2"}


def plan_with(count: int, *uplinks: UplinkLabels) -> Plan:
    """Hotspots, and these uplinks behind them."""
    members = hotspots(count)
    probed = {uplink.uplink: ADDRESSES[uplink.uplink] for uplink in uplinks}
    return plan_of({**members, **probed}, uplinks=uplinks)


def test_an_uplink_has_a_verdict_and_no_hotspot_series() -> None:
    """Up after its first round; the hotspots' figures are as many as there are hotspots."""
    city = Watched(plan_with(3, POP, TOWER)).run(10 * SECOND + 200 * MS)
    snapshot = city.monitor.snapshot()
    assert (snapshot.uplinks.up.tolist(), snapshot.uplinks.state.tolist()) == ([1, 1], [State.UP, State.UP])
    assert {len(figures) for figures in (snapshot.up, snapshot.requests, snapshot.state_seconds)} == {3}
    assert len(snapshot.labels) == 3


def test_an_uplink_has_no_verdict_before_its_first_round() -> None:
    """-1: no series."""
    snapshot = Watched(plan_with(1, POP)).monitor.snapshot()
    assert (snapshot.uplinks.up.tolist(), snapshot.uplinks.state.tolist()) == ([-1], [State.UNKNOWN])


def test_a_silent_uplink_goes_down_back_dated() -> None:
    """After confirmation, from the first unanswered probe on; its since is that probe's time."""
    city = Watched(plan_with(3, POP, TOWER)).run(15 * SECOND)
    city.network.hosts["10.78.0.2"] = silent
    cut_ns = city.clock.monotonic_ns()
    city.run(20 * SECOND)
    first_lost = next(at for at in city.requests_to("tower") if at > cut_ns)
    assert city.changes[-1] == ("tower", State.UP, State.DOWN, first_lost)
    assert city.went(State.DOWN) == {"tower"}
    uplinks = city.monitor.snapshot().uplinks
    assert uplinks.up.tolist() == [1, 0]
    offset_ns = city.clock.wall_ns() - city.clock.monotonic_ns()
    assert uplinks.state_since_seconds[1] * 1e9 == (first_lost + offset_ns) // MS * MS


def test_uplinks_keep_their_verdicts_over_a_reload() -> None:
    """Hotspots and uplinks come and go in front of it: the tower stays down."""
    city = Watched(plan_with(3, POP, TOWER))
    city.network.hosts["10.78.0.2"] = silent
    city.run(30 * SECOND)
    since_ns = city.monitor.judge.states.since_ns[4]
    city.reload(plan_with(5, TOWER))
    uplinks = city.monitor.snapshot().uplinks
    assert (uplinks.labels, uplinks.up.tolist()) == ((TOWER,), [0])
    assert city.monitor.judge.states.since_ns[5] == since_ns
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 5, State.DOWN: 1}


def test_an_id_that_moves_from_the_hotspots_to_the_uplinks_begins_anew() -> None:
    """What was known of the hotspot is not said of the uplink."""
    city = Watched(plan_of({"h0": "10.77.0.1", "pop": "10.78.0.1"})).run(15 * SECOND)
    city.reload(plan_with(1, POP))
    snapshot = city.monitor.snapshot()
    assert (snapshot.up.tolist(), snapshot.uplinks.up.tolist()) == ([1], [-1])
