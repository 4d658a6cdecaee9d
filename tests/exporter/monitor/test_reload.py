"""Reload in the middle of everything: counters and verdicts stay with those who stay, and nobody gets stuck."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.states import State
from tests.exporter.monitor.watched import TICK_NS, Watched, hotspots, plan_of
from tests.network import MS, SECOND, answers, silent


def test_those_who_stay_keep_counters_and_verdicts() -> None:
    """h0 is removed, n0 added in front: h1 keeps its counts, h2 its outage, n0 starts from nothing."""
    city = Watched(plan_of(hotspots(5)))
    city.network.hosts["10.77.0.3"] = silent
    city.run(30 * SECOND)
    before = city.monitor.snapshot()
    down_since = city.monitor.judge.states.since_ns[2]
    kept = {name: address for name, address in hotspots(5).items() if name != "h0"}
    city.reload(plan_of({"n0": "10.77.9.1", **kept}))
    after = city.monitor.snapshot()
    assert [labels.hotspot for labels in after.labels] == ["n0", "h1", "h2", "h3", "h4"]
    assert after.requests[1:].tolist() == before.requests[1:].tolist()
    assert after.requests[0] == 0
    assert after.up.tolist() == [-1, 1, 0, 1, 1]
    assert city.monitor.judge.states.since_ns[2] == down_since
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 4, State.DOWN: 1}


def test_a_new_address_starts_a_new_round_and_keeps_the_counters() -> None:
    """The reply to the old address no longer counts for the hotspot."""
    city = Watched(plan_of(hotspots(2))).run(20 * SECOND)
    requests = city.monitor.snapshot().requests[0]
    city.reload(plan_of({"h0": "10.77.5.5", "h1": "10.77.0.2"}))
    sent = len(city.network.sent)
    city.run(10 * SECOND)
    addresses = [request.address for request in city.network.sent[sent:] if request.address.startswith("10.77")]
    assert sorted(addresses) == ["10.77.0.2", "10.77.5.5"]
    assert city.monitor.snapshot().requests[0] == requests + 1
    assert city.state_of("h0") == State.UP


def test_the_reply_of_the_old_address_is_not_the_new_one_s() -> None:
    """It is under way at the reload; what it finds is no round of the hotspot."""
    city = Watched(plan_of(hotspots(1), canaries=()))
    city.network.default = answers(500 * MS)
    while not city.requests_to("h0"):
        city.run(TICK_NS)
    city.reload(plan_of({"h0": "10.77.5.5"}, canaries=()))
    city.run(SECOND)
    assert (city.monitor.snapshot().replies.tolist(), city.changes) == ([0], [])


def test_an_unresolved_name_is_counted_where_it_belongs_after_a_reload() -> None:
    """The look-up fails in the tick before the reload and is counted in the one after, under the new number."""
    named = {"n0": "a.example", "n1": "b.example"}
    city = Watched(plan_of(named, canaries=()))
    while not city.prober._unsent:
        city.run(TICK_NS)
    (target,) = city.prober._unsent[0].target.tolist()
    failed = city.monitor.plan.ids[target]
    city.reload(plan_of({"h0": "10.77.0.1", "n0": "a.example", "n1": "b.example"}, canaries=()))
    city.tick()
    counts = dict(zip(city.monitor.plan.ids, city.machine.counters.failures[:, 5].tolist(), strict=True))
    assert counts == {"h0": 0, "n0": 0, "n1": 0} | {failed: 1}


def test_the_hotspots_may_all_go_and_come_back() -> None:
    """An inventory of nobody is probed without complaint; those who come back begin anew."""
    city = Watched(plan_of(hotspots(5))).run(15 * SECOND)
    city.reload(plan_of({}))
    city.run(15 * SECOND)
    assert city.monitor.ready
    assert city.monitor.snapshot().requests.shape == (0,)
    city.reload(plan_of(hotspots(5)))
    assert city.monitor.snapshot().up.tolist() == [-1] * 5
    city.run(15 * SECOND)
    assert city.count() == {State.UP: 5}


@settings(deadline=None, derandomize=True, max_examples=15)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 11), min_size=1), st.integers(0, 3), st.integers(1, 100)),
        min_size=1,
        max_size=4,
    ),
    st.sets(st.integers(0, 11)),
)
def test_nobody_gets_stuck(reloads: list[tuple[set[int], int, int]], dead: set[int]) -> None:
    """Whatever is removed, added and readdressed while probes, re-probes and held failures are under way:

    within three calm intervals each hotspot has a verdict, and the right one.
    """
    city = Watched(plan_of(hotspots(12)))
    for n in dead:
        for generation in range(4):
            city.network.hosts[f"10.77.{generation}.{n + 1}"] = silent
    for members, generation, ticks in reloads:
        city.run(ticks * 100 * MS)
        city.reload(plan_of({f"h{n}": f"10.77.{generation}.{n + 1}" for n in sorted(members)}))
    city.run(35 * SECOND)
    assert {name: city.state_of(name) for name in city.monitor.plan.ids} == {
        name: State.DOWN if int(name[1:]) in dead else State.UP for name in city.monitor.plan.ids
    }
