"""Canaries of an ISP over the whole loop: "our path to ISP X" is not "ISP X"."""

import dataclasses

import pytest

from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import References
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, Watched, hotspots, plan_of
from tests.network import SECOND, answers, silent

REFERENCE, OTHER = "10.76.1.1", "10.76.1.2"


def city_with(*references: str, count: int = 6) -> Watched:
    """Even hotspots are Telkom's, odd ones Icon's; these references prove the path to Telkom."""
    names = (CANARY, *references)
    canaries = References(names, ("", *("telkom" for _ in references)), 1)
    plan = plan_of(hotspots(count), canaries=names, references=canaries)
    labels = tuple(HotspotLabels(f"h{n}", "maesa", ("telkom", "icon")[n % 2]) for n in range(count))
    return Watched(dataclasses.replace(plan, labels=labels))


def cut_telkom(city: Watched, count: int = 6) -> None:
    """Telkom's hotspots are silent."""
    for n in range(0, count, 2):
        city.network.hosts[f"10.77.0.{n + 1}"] = silent


def test_when_the_path_to_an_isp_fails_its_hotspots_are_unknown_and_no_others() -> None:
    """Since the first lost probe of its canary; `hotspot_up` keeps what it was, our own path is well."""
    city = city_with(REFERENCE).run(15 * SECOND)
    city.network.hosts[REFERENCE] = silent
    cut_telkom(city)
    city.run(20 * SECOND)
    assert [city.state_of(f"h{n}") for n in range(6)] == [State.UNKNOWN, State.UP] * 3
    assert city.monitor.snapshot().up.tolist() == [1] * 6
    assert city.vantage.up
    assert city.went(State.DOWN) == set()
    (change,) = city.paths()
    first_lost = min(
        request.at_ns
        for request in city.network.sent
        if request.address == REFERENCE and request.at_ns > city.clock.monotonic_ns() - 20 * SECOND
    )
    assert (change.isp, change.up, change.at_ns) == ("telkom", False, first_lost)
    assert {at for _, _, after, at in city.changes if after == State.UNKNOWN} == {first_lost}


def test_when_the_path_works_again_the_hotspots_are_judged_again() -> None:
    """Those that answer are up; a dead one goes down now, not for the time of our fault."""
    city = city_with(REFERENCE).run(15 * SECOND)
    city.network.hosts[REFERENCE] = silent
    cut_telkom(city)
    city.run(20 * SECOND)
    healed_ns = city.clock.monotonic_ns()
    city.network.hosts.clear()
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    assert [city.state_of(f"h{n}") for n in range(6)] == [State.DOWN, *[State.UP] * 5]
    assert [at for name, _, after, at in city.changes if after == State.DOWN] == [
        pytest.approx(healed_ns, abs=12 * SECOND)
    ]
    assert city.monitor.judge.states.since_ns[0] >= healed_ns


def test_when_the_isp_is_dead_but_the_path_to_it_works_its_hotspots_are_down() -> None:
    """The reference at the peering answers."""
    city = city_with(REFERENCE).run(15 * SECOND)
    cut_telkom(city)
    city.run(20 * SECOND)
    assert [city.state_of(f"h{n}") for n in range(6)] == [State.DOWN, State.UP] * 3
    assert city.paths() == []


def test_of_several_references_one_is_enough() -> None:
    """With one of two silent a dead hotspot of that ISP is down."""
    city = city_with(REFERENCE, OTHER).run(15 * SECOND)
    city.network.hosts[REFERENCE] = silent
    cut_telkom(city)
    city.run(20 * SECOND)
    assert [city.state_of(f"h{n}") for n in range(6)] == [State.DOWN, State.UP] * 3


def test_our_own_cut_is_no_fault_of_a_peering() -> None:
    """Everything is silent: all unknown, the peering is not blamed, neither then nor when all comes back."""
    city = city_with(REFERENCE).run(15 * SECOND)
    city.network.default = silent
    city.run(20 * SECOND)
    assert city.count() == {State.UNKNOWN: 6}
    city.network.default = answers()
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 6}
    assert [change.isp for change in city.paths()] == ["", ""]


def test_time_is_booked_as_far_as_both_paths_are_proved() -> None:
    """In the fault of a peering its hotspots' unknown time is booked at once, the others' as ever."""
    city = city_with(REFERENCE).run(15 * SECOND)
    city.network.hosts[REFERENCE] = silent
    cut_telkom(city)
    city.run(60 * SECOND)
    spent = city.monitor.snapshot().state_seconds
    assert spent[::2, State.UNKNOWN] == pytest.approx([60] * 3, abs=12)
    assert spent[1::2, State.UNKNOWN].max() <= 11
    assert spent[:, State.DOWN].tolist() == [0] * 6


def test_sums_are_taken_no_further_than_both_paths_are_proved() -> None:
    """The journal's hour ends while a peering is in doubt: what turns out unknown was booked as nothing else before."""
    city = city_with(REFERENCE).run(15 * SECOND)
    cut_ns = city.clock.monotonic_ns()
    city.network.hosts[REFERENCE] = silent
    cut_telkom(city)
    city.run(SECOND)
    booked_ms = city.monitor.totals()[:, 2:].sum(axis=1)
    until_ms = (cut_ns - city.monitor.started_ns) // 1_000_000
    assert booked_ms[::2].max() <= until_ms < booked_ms[1::2].max()
