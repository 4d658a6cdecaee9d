"""Every nanosecond of every hotspot is booked to one state, as soon as it is settled and not before."""

import dataclasses

import numpy as np
import pytest

from exporter.planning.policy import RoundPolicy
from pantau.states import State
from tests.exporter.monitor.watched import POLICY, TICK_NS, Watched, hotspots, plan_of
from tests.network import MS, SECOND, answers, loses_every, silent


def spent_ns(city: Watched) -> np.ndarray:
    """Booked nanoseconds, n x 7, brought up to date."""
    city.monitor.snapshot()
    return city.monitor.judge.states.ledger.spent_ns


def timelines_ns(city: Watched, until_ns: int) -> list[list[int]]:
    """The same, from the transitions that the monitor told of."""
    expected = []
    for name in city.monitor.plan.ids:
        moves = [(city.monitor.started_ns, State.UNKNOWN)]
        moves += [(at_ns, after) for moved, _, after, at_ns in city.changes if moved == name]
        ends = [*(at_ns for at_ns, _ in moves[1:]), until_ns]
        row = [0] * len(State)
        for (at_ns, state), end_ns in zip(moves, ends, strict=True):
            row[state] += end_ns - at_ns
        expected.append(row)
    return expected


def trouble(city: Watched) -> Watched:
    """Two minutes of outages, loss, an uplink that is cut, a pause and a stepped clock."""
    city.run(20 * SECOND)
    city.network.hosts.update({"10.77.0.1": silent, "10.77.0.2": loses_every(3)})
    city.run(30 * SECOND)
    city.network.default = silent
    city.run(15 * SECOND)
    city.network.default = answers()
    city.network.hosts.clear()
    city.run(17 * SECOND)
    city.clock.advance(12 * SECOND)
    city.run(15 * SECOND)
    city.network.step_wall(-60 * SECOND)
    return city.run(31 * SECOND)


def test_the_time_of_a_troubled_day_adds_up_to_the_nanosecond() -> None:
    """And each state has exactly what the transitions say."""
    city = trouble(Watched(plan_of(hotspots(20), canaries=()))).calm()
    now_ns = city.clock.monotonic_ns()
    booked = spent_ns(city)
    assert booked.sum(axis=1).tolist() == [now_ns - city.monitor.started_ns] * 20
    assert booked.tolist() == timelines_ns(city, now_ns)
    met = {State(state) for state in np.flatnonzero(booked.sum(axis=0)).tolist()}
    assert met >= {State.UP, State.DOWN, State.UNKNOWN}


def test_with_canaries_time_is_booked_as_far_as_they_vouch() -> None:
    """To the nanosecond, too."""
    city = trouble(Watched(plan_of(hotspots(20)))).calm()
    until_ns = city.vantage.vouched_until_ns(city.clock.monotonic_ns())
    assert spent_ns(city).tolist() == timelines_ns(city, until_ns)
    assert city.clock.monotonic_ns() - until_ns < 500 * MS


def test_what_is_booked_is_never_taken_back() -> None:
    """At each of a hundred scrapes no counter is less than at the one before, whatever happens between."""
    city = Watched(plan_of(hotspots(10)))
    before = spent_ns(city).copy()
    for scrape in range(100):
        city.network.default = silent if 70 <= scrape < 80 else answers()
        city.network.hosts["10.77.0.1"] = silent if 20 <= scrape < 50 else city.network.default
        city.run(SECOND)
        after = spent_ns(city).copy()
        assert (after >= before).all()
        before = after
    assert city.went(State.DOWN) == {"h0"}


def test_in_a_fault_of_ours_unknown_time_is_booked_at_once() -> None:
    """No canary vouches, yet it is certain that we see nothing."""
    city = Watched(plan_of(hotspots(5))).run(21 * SECOND)
    city.network.default = silent
    city.run(40 * SECOND)
    now_ns = city.calm().clock.monotonic_ns()
    assert spent_ns(city).tolist() == timelines_ns(city, now_ns)


def test_a_reload_begins_new_lives_and_goes_on_with_the_others() -> None:
    """A hotspot that is added has lived since the reload, one that stays since the start; a return is a new life."""
    city = Watched(plan_of(hotspots(3), canaries=())).run(25 * SECOND)
    started_ns, first_ns = city.monitor.started_ns, city.clock.monotonic_ns()
    city.reload(plan_of({"new": "10.77.8.1", "h0": "10.77.0.1"}, canaries=()))
    second_ns = city.run(25 * SECOND).clock.monotonic_ns()
    city.reload(plan_of({"h0": "10.77.0.1", "h1": "10.77.0.2", "new": "10.77.8.1"}, canaries=()))
    now_ns = city.run(25 * SECOND).calm().clock.monotonic_ns()
    assert spent_ns(city).sum(axis=1).tolist() == [now_ns - started_ns, now_ns - second_ns, now_ns - first_ns]


@pytest.mark.parametrize("attempts", [0, 3])
def test_new_canaries_do_not_vouch_for_what_left_in_the_fault_of_the_old_ones(attempts: int) -> None:
    """Our uplink is cut; it is mended while the canaries are changed: the last probes of the cut blame nobody."""
    policy = dataclasses.replace(POLICY, round=RoundPolicy(1, attempts, 10 * MS))
    city = Watched(plan_of(hotspots(100), policy=policy)).run(21 * SECOND)
    city.network.default = silent
    city.run(12 * SECOND)
    assert not city.sees()
    city.network.default = answers()
    city.reload(plan_of(hotspots(100), canaries=("10.76.0.9",), policy=policy))
    assert city.sees()
    city.run(25 * SECOND)
    assert city.went(State.DOWN) == set()
    assert city.count() == {State.UP: 100}


def test_a_reload_between_a_refused_send_and_the_next_look_finds_the_right_hotspots() -> None:
    """The refusals of those that stay are theirs under their new numbers, those of the others are nobody's."""
    city = Watched(plan_of(hotspots(200), canaries=())).run(11 * SECOND)
    city.network.refusal = 105
    refused: list[int] = []
    while not refused:  # a hotspot is due every 50 ms
        city.run(TICK_NS)
        refused = [target for part in city.engine._ended for target in part.target.tolist()]
    gone = refused.pop(0)
    kept = {name: address for name, address in reversed(hotspots(200).items()) if name != f"h{gone}"}
    before = dict(zip(city.monitor.plan.ids, city.machine.counters.failures[:, 6].tolist(), strict=True))
    city.reload(plan_of(kept, canaries=()))
    city.network.refusal = 0
    city.run(TICK_NS)
    after = dict(zip(city.monitor.plan.ids, city.machine.counters.failures[:, 6].tolist(), strict=True))
    assert {name for name in kept if after[name] > before[name]} == {f"h{target}" for target in refused}
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 199}
