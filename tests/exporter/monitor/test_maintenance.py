"""Maintenance windows over the whole loop: opened and closed in time, whatever clocks and probes do meanwhile."""

import dataclasses
from unittest.mock import patch

import pytest

from exporter.planning.labels import UplinkLabels
from exporter.probing.outcome import Int64
from exporter.verdicts.events import StatesChanged
from pantau.inventory.calendar import Calendar
from pantau.states import State
from tests.exporter.monitor.watched import EPOCH_SECONDS, TICK_NS, Watched, hotspots, plan_of, window_of
from tests.network import MS, SECOND, silent


def city_with(*windows: tuple[str, list[int], float, float], count: int = 4) -> Watched:
    """A city of `count` hotspots with these windows (id, rows, start and end in seconds from now)."""
    return Watched(plan_of(hotspots(count), windows=tuple(window_of(*window) for window in windows)))


def shown(city: Watched) -> list[State]:
    """The states that a scrape shows."""
    return [State(state) for state in city.monitor.snapshot().state]


def booked_ns(city: Watched) -> Int64:
    """Booked nanoseconds, n x 7, brought up to date."""
    city.monitor.snapshot()
    return city.monitor.judge.states.ledger.spent_ns


def since(city: Watched) -> list[float]:
    """When they began, in seconds from the start."""
    return [at - EPOCH_SECONDS for at in city.monitor.snapshot().state_since_seconds.tolist()]


def test_a_window_hides_an_outage_and_lets_it_out_at_its_end() -> None:
    """Two of four are in the window from 30 s to 70 s; one of them is dead, and still is 20 s after the end."""
    city = city_with(("w", [0, 1], 30, 70)).run(25 * SECOND)
    assert shown(city) == [State.UP] * 4
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    assert shown(city) == [State.MAINTENANCE, State.MAINTENANCE, State.UP, State.UP]
    assert since(city)[:2] == [30, 30]
    assert city.monitor.snapshot().up.tolist() == [0, 1, 1, 1]
    assert city.monitor.snapshot().overruns == []
    city.run(35 * SECOND)
    assert shown(city) == [State.DOWN, State.UP, State.UP, State.UP]
    assert since(city)[:2] == [70, 70]
    assert city.monitor.snapshot().overruns == [(0, "w")]
    del city.network.hosts["10.77.0.1"]
    city.run(25 * SECOND)
    assert shown(city) == [State.UP] * 4
    assert city.monitor.snapshot().overruns == []


def test_the_window_s_time_is_booked_to_the_nanosecond() -> None:
    """Though ticks come every 20 ms, scrapes when they like, and the window's ends fall between them."""
    city = city_with(("w", [0, 1], 30, 70), count=3)
    city.network.hosts["10.77.0.2"] = silent
    for _ in range(10):
        city.run(9 * SECOND)
        city.clock.advance(7 * MS)
        city.monitor.snapshot()  # between two ticks, beyond what these know of
        city.monitor.totals()
    spent_ns = booked_ns(city.run(TICK_NS).calm())
    assert spent_ns[:, State.MAINTENANCE].tolist() == [40 * SECOND, 40 * SECOND, 0]
    assert spent_ns[1, State.UP] == 0


def test_the_changes_are_told_with_their_window() -> None:
    """Opened over both, closed over both; rows, window, time to the nanosecond and what the probes show."""
    city = city_with(("w", [1, 2], 30, 40))
    city.clock.advance(7 * MS)
    city.run(50 * SECOND)
    opened, closed = city.maintenance()
    offset_ns = city.clock.wall_ns() - city.clock.monotonic_ns() - EPOCH_SECONDS * SECOND
    assert [change.at_ns + offset_ns for change in (opened, closed)] == [30 * SECOND, 40 * SECOND]
    assert [[subject.name for subject in change.subjects] for change in (opened, closed)] == [["h1", "h2"]] * 2
    assert [change.hidden.tolist() for change in (opened, closed)] == [[True, True], [False, False]]
    assert (opened.windows, closed.windows) == (("w", "w"), ("w", "w"))
    assert opened.state.tolist() == [State.UP, State.UP]


def test_a_transition_says_whether_a_window_hides_it() -> None:
    """So that a journal knows both: what the probes show, and what the world saw."""
    city = city_with(("w", [0], 20, 60), count=2).run(15 * SECOND)
    city.network.hosts.update({"10.77.0.1": silent, "10.77.0.2": silent})
    before = len(city.events)
    city.run(20 * SECOND)
    moves = [event for event in city.events[before:] if isinstance(event, StatesChanged)]
    hidden = {row: it for moved in moves for row, it in zip(moved.targets.tolist(), moved.hidden.tolist(), strict=True)}
    assert hidden == {0: True, 1: False}


def test_of_two_windows_the_one_that_ends_last_is_overrun() -> None:
    """Hidden from the first's beginning to the second's end, without a gap."""
    city = city_with(("a", [0], 20, 50), ("b", [0], 40, 80), count=1).run(15 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(45 * SECOND)
    assert (shown(city), since(city)) == ([State.MAINTENANCE], [20])
    city.run(40 * SECOND)
    assert (shown(city), since(city)) == ([State.DOWN], [80])
    assert city.monitor.snapshot().overruns == [(0, "b")]
    assert len(city.maintenance()) == 2


def test_windows_that_touch_are_one_time() -> None:
    """No moment of down between them."""
    city = city_with(("a", [0], 20, 40), ("b", [0], 40, 60), count=1)
    city.network.hosts["10.77.0.1"] = silent
    city.run(50 * SECOND)
    assert (shown(city), since(city)) == ([State.MAINTENANCE], [20])


def test_the_figures_of_each_window() -> None:
    """Before, in and after: whether it is open, and when it ends."""
    city = city_with(("w", [0], 20, 40), ("past", [0], -20, -10))
    figures = []
    for _ in range(3):
        figures.append(
            [(it.window, it.is_open, it.end_seconds - EPOCH_SECONDS) for it in city.judge.maintenance.figures]
        )
        city.run(21 * SECOND)
    past = ("past", False, -10.0)
    assert figures == [[("w", is_open, 40.0), past] for is_open in (False, True, False)]


def test_a_pause_over_a_whole_window_is_maintenance_for_its_time() -> None:
    """We slept from 15 s to 115 s: unknown but for the window in between."""
    city = city_with(("w", [0], 30, 90), count=2).run(15 * SECOND)
    city.clock.advance(100 * SECOND)
    city.run(15 * SECOND)
    spent = city.calm().monitor.snapshot().state_seconds
    assert spent[0, State.MAINTENANCE] == 60
    assert spent[1, State.UNKNOWN] - spent[0, State.UNKNOWN] == pytest.approx(60, abs=10)
    assert [change.hidden.tolist() for change in city.maintenance()] == [[True], [False]]


def test_a_step_of_the_wall_clock_over_a_window_opens_nothing() -> None:
    """Its time never was; back again it comes in its time."""
    city = city_with(("w", [0], 60, 90), count=1).run(15 * SECOND)
    city.network.step_wall(200 * SECOND)
    city.run(20 * SECOND)
    assert city.maintenance() == []
    city.network.step_wall(-200 * SECOND)
    city.run(30 * SECOND)
    assert shown(city) == [State.MAINTENANCE]
    assert city.monitor.snapshot().state_seconds[0, State.MAINTENANCE] == pytest.approx(5, abs=0.5)


def test_a_reload_opens_takes_back_and_withdraws_windows() -> None:
    """From the reload on, never for time past; who was down when his window was withdrawn has overrun it."""
    city = Watched(plan_of(hotspots(3)))
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    city.reload(plan_of({"n": "10.77.9.9", **hotspots(3)}, windows=(window_of("w", [1, 2], 10, 100),)))
    assert shown(city) == [State.UNKNOWN, State.MAINTENANCE, State.MAINTENANCE, State.UP]
    assert since(city)[1:3] == [30, 30]
    city.run(10 * SECOND)
    city.reload(plan_of(hotspots(3), windows=()))
    assert shown(city) == [State.DOWN, State.UP, State.UP]
    assert since(city)[:2] == [40, 40]
    assert city.monitor.snapshot().overruns == [(0, "w")]
    city.run(20 * SECOND).calm()
    assert city.monitor.snapshot().state_seconds[:, State.MAINTENANCE].tolist() == [10, 10, 0]


def test_a_hotspot_that_joins_an_open_window_is_covered_from_its_first_moment() -> None:
    """Its life begins with the reload, in maintenance."""
    city = city_with(("w", [0], 10, 100), count=1).run(30 * SECOND)
    city.reload(plan_of(hotspots(2), windows=(window_of("w", [0, 1], 10, 100),)))
    city.run(10 * SECOND)
    spent = city.calm().monitor.snapshot().state_seconds
    elapsed = (city.judge.maintenance.checked_ns - city.monitor.started_ns) / SECOND
    assert spent[:, State.MAINTENANCE] == pytest.approx([elapsed - 10, elapsed - 30], abs=0.5)
    assert spent[1].sum() == spent[1, State.MAINTENANCE]


def test_windows_cost_nothing_between_their_boundaries() -> None:
    """A thousand ticks of a city with two windows ask no calendar; a boundary asks each a few times."""
    city = city_with(("w", [0], 60, 80), ("past", [0], -20, -10), count=10).run(30 * SECOND)
    with patch.object(Calendar, "occurrence", autospec=True, side_effect=Calendar.occurrence) as asked:
        city.run(20 * SECOND)
        assert asked.call_count == 0
        city.run(40 * SECOND)
        assert 0 < asked.call_count <= 2 * 2 * 6


def test_uplinks_are_covered_as_hotspots_are() -> None:
    """Their state is maintenance, their verdict goes on."""
    plan = plan_of(hotspots(2), windows=(window_of("w", [1], 20, 40),))
    city = Watched(dataclasses.replace(plan, labels=plan.labels[:1], uplinks=(UplinkLabels("h1"),)))
    city.network.hosts["10.77.0.2"] = silent
    city.run(35 * SECOND)
    uplinks = city.monitor.snapshot().uplinks
    assert (uplinks.up.tolist(), uplinks.state.tolist()) == ([0], [State.MAINTENANCE])
    city.run(20 * SECOND)
    snapshot = city.monitor.snapshot()
    assert (snapshot.uplinks.state.tolist(), snapshot.overruns) == ([State.DOWN], [])
