"""A machine that stood still: every second of it is counted, unknown, alike in counters, journal and page."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pantau.journal import Kind
from pantau.journal.timeline import NumberedChange, segments_of
from pantau.states import State
from tests.exporter.monitor.watched import TICK_NS, hotspots, plan_of, window_of
from tests.exporter.recording.heard import Heard
from tests.network import SECOND, answers, silent

HOUR = 3600 * SECOND
Stop = Callable[[Heard, int], None]


def suspend(city: Heard, length_ns: int) -> None:
    """The machine sleeps."""
    city.network.forget()
    city.clock.suspend(length_ns)


def pause(city: Heard, length_ns: int) -> None:
    """The virtual machine is paused, and its clock set right."""
    city.network.forget()
    city.clock.may_be_paused = True
    city.clock.step_wall(length_ns)


STOPS = pytest.mark.parametrize("stop", [suspend, pause])


def city_of(count: int, **changes: object) -> Heard:
    """So many hotspots without canaries, so that time is booked as soon as rounds have ended."""
    return Heard(plan_of(hotspots(count), canaries=(), **changes))


def counted_ns(city: Heard) -> np.ndarray:
    """Booked nanoseconds by state, up to now."""
    city.monitor.snapshot()
    return city.states.ledger.spent_ns


def journaled_ns(city: Heard, name: str) -> Mapping[State, int]:
    """Nanoseconds of a hotspot by state as its transitions in the journal say, without windows."""
    changes = [
        NumberedChange(number, event.at_ns, event.after or 0, event.up or 0, event.reason or "")
        for number, event in enumerate(city.of(Kind.TRANSITION), 1)
        if event.subject == name
    ]
    now_ns = city.clock.wall_ns()
    spent = dict.fromkeys(State, 0)
    for segment in segments_of(changes, city.began_ns, now_ns, now_ns):
        spent[segment.state] += segment.length_ns
    return spent


@STOPS
def test_two_hours_of_standing_still_are_two_hours_unknown(stop: Stop) -> None:
    """In the counters, whose sum is the wall time that has passed, and as the journal has it; the page says unknown."""
    city = city_of(5)
    city.run(60 * SECOND)
    before = counted_ns(city)[:, State.UNKNOWN].copy()
    stop(city, 2 * HOUR)
    city.run(TICK_NS)
    assert city.count() == {State.UNKNOWN: 5}
    city.run(60 * SECOND).calm()
    counted = counted_ns(city)
    assert counted.sum(axis=1).tolist() == [city.clock.wall_ns() - city.began_ns] * 5
    grown = counted[:, State.UNKNOWN] - before
    assert grown.min() >= 2 * HOUR
    assert grown.max() <= 2 * HOUR + 12 * SECOND  # until the next round of each
    assert city.went(State.DOWN) == set()
    for row, name in enumerate(city.monitor.plan.ids):
        journaled = journaled_ns(city, name)
        for state in State:
            assert abs(journaled[state] - counted[row, state]) < SECOND // 100, (name, state)


@STOPS
def test_an_outage_goes_on_over_it_and_its_seconds_are_unknown(stop: Stop) -> None:
    """h0 is down before and after: one outage since the first lost probe, without the seconds that nobody saw."""
    city = city_of(2)
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(40 * SECOND)
    before = city.monitor.snapshot()
    stop(city, 2 * HOUR)
    city.run(TICK_NS)
    during = city.monitor.snapshot()
    city.run(40 * SECOND).calm()
    after = city.monitor.snapshot()
    assert [picture.up.tolist() for picture in (before, during, after)] == [[0, 1]] * 3
    assert before.down_since_seconds[0] == during.down_since_seconds[0] == after.down_since_seconds[0]
    assert before.last_reply_seconds[0] == after.last_reply_seconds[0]
    assert city.state_of("h0") == State.DOWN
    assert 60 <= after.state_seconds[0, State.DOWN] <= 85
    assert 7200 <= after.state_seconds[0, State.UNKNOWN] <= 7225
    assert [event.up for event in city.of(Kind.TRANSITION) if event.subject == "h0"] == [1, 0, 0, 0]


@STOPS
def test_what_was_under_way_is_no_loss(stop: Stop) -> None:
    """A probe in flight whose reply came while nobody could take it is inconclusive: no request, no loss."""
    city = city_of(1)
    city.run(30 * SECOND)
    sent = len(city.requests_to("h0"))
    city.network.default = answers(500_000_000)
    while len(city.requests_to("h0")) == sent:
        city.run(TICK_NS)
    stop(city, 2 * HOUR)
    city.network.default = answers()
    city.run(30 * SECOND)
    (requests,), (replies,) = city.monitor.snapshot().requests, city.monitor.snapshot().replies
    assert requests == replies
    assert city.went(State.DOWN) == set()


@STOPS
def test_windows_that_open_and_close_meanwhile_have_their_own_time(stop: Stop) -> None:
    """Of two hours 20 minutes: a window of h0 within them, one of h1 that began before, one of h2 that ends after."""
    windows = (window_of("a", [0], 600, 1800), window_of("b", [1], 30, 1800), window_of("c", [2], 3600, 12_000))
    city = city_of(4, windows=windows)
    city.run(60 * SECOND)
    stop(city, 8400 * SECOND)
    city.run(60 * SECOND).calm()
    hidden = city.monitor.snapshot().state_seconds[:, State.MAINTENANCE]
    now = city.seconds_since_start(city.clock.wall_ns())
    assert hidden == pytest.approx([1200, 1770, now - 3600, 0], abs=2 * TICK_NS / SECOND)
    moments = {
        (event.subject, event.kind): round(city.seconds_since_start(event.at_ns), 1)
        for event in city.of(Kind.MAINTENANCE_BEGIN, Kind.MAINTENANCE_END)
    }
    assert moments == {
        ("h0", Kind.MAINTENANCE_BEGIN): 600,
        ("h0", Kind.MAINTENANCE_END): 1800,
        ("h1", Kind.MAINTENANCE_BEGIN): 30,
        ("h1", Kind.MAINTENANCE_END): 1800,
        ("h2", Kind.MAINTENANCE_BEGIN): 3600,
    }
    assert counted_ns(city).sum(axis=1).tolist() == [city.clock.wall_ns() - city.began_ns] * 4


@STOPS
def test_standing_still_before_the_first_tick_is_counted(stop: Stop) -> None:
    """Between the start and the first look."""
    city = city_of(2)
    stop(city, 2 * HOUR)
    city.run(30 * SECOND).calm()
    assert counted_ns(city).sum(axis=1).tolist() == [city.clock.wall_ns() - city.began_ns] * 2


@STOPS
def test_a_hotspot_that_a_reload_brings_has_nothing_of_it(stop: Stop) -> None:
    """The reload comes before the first tick after it."""
    city = city_of(1)
    city.run(30 * SECOND)
    stop(city, 2 * HOUR)
    city.reload(plan_of(hotspots(2), canaries=()))
    city.run(30 * SECOND).calm()
    old, new = counted_ns(city).sum(axis=1).tolist()
    assert old == city.clock.wall_ns() - city.began_ns
    assert new == old - 2 * HOUR - 30 * SECOND


@STOPS
def test_sums_end_where_time_was_lost_over_the_end_of_an_hour(stop: Stop) -> None:
    """What was probed before the machine stood still is of the hour, day and month of before; nothing is lost of it."""
    city = city_of(3)
    city.run(90 * SECOND)
    until_ns = city.clock.wall_ns()
    stop(city, 7 * HOUR)
    city.run(90 * SECOND).calm()
    city.recorder.stop()
    before, after = city.of(Kind.HOUR)
    assert (before.since_ns, after.since_ns) == (city.began_ns, before.at_ns)
    assert abs(before.at_ns - until_ns) <= TICK_NS
    assert sum(row.requests for row in before.rows) in range(24, 31)
    for row in before.rows:
        assert set(row.state_ms) == {State.UP, State.UNKNOWN}
        assert 90_000 - 12_000 <= sum(row.state_ms.values()) <= 90_000
    for one, other in zip(before.rows, after.rows, strict=True):
        total_ms = sum(one.state_ms.values()) + sum(other.state_ms.values())
        assert abs(total_ms - (after.at_ns - before.since_ns) // 1_000_000) <= len(State)


def test_standing_still_within_an_hour_leaves_its_sums_whole() -> None:
    """Twenty seconds: no further entry."""
    city = city_of(1)
    city.run((HOUR - city.began_ns % HOUR) % HOUR // SECOND % 60 * SECOND + SECOND)
    suspend(city, 20 * SECOND)
    city.run(20 * SECOND)
    assert city.of(Kind.HOUR) == []


STEPS = st.lists(
    st.tuples(st.sampled_from(["run", "suspend", "pause", "stopped"]), st.integers(1, 15), st.booleans()), max_size=6
)


@given(STEPS)
@settings(max_examples=12, deadline=None)
def test_every_second_is_in_exactly_one_state_whatever_stands_still(steps: list[tuple[str, int, bool]]) -> None:
    """The sum over all states is the wall time that has passed, to the nanosecond; the journal's sums have it all."""
    city = city_of(2)
    for what, length, dark in steps:
        city.network.hosts["10.77.0.1"] = silent if dark else answers()
        match what:
            case "run":
                city.run(length * SECOND)
            case "suspend":
                suspend(city, length * 311 * SECOND)
            case "pause":
                pause(city, length * 311 * SECOND)
            case _:
                city.clock.advance(length * SECOND)
    city.network.hosts.clear()
    city.run(25 * SECOND).calm()
    passed_ns = city.clock.wall_ns() - city.began_ns
    assert counted_ns(city).sum(axis=1).tolist() == [passed_ns] * 2
    city.recorder.stop()
    sums = dict.fromkeys(city.monitor.plan.ids, 0)
    for event in city.of(Kind.HOUR):
        for row in event.rows:
            sums[row.hotspot] += sum(row.state_ms.values())
    assert all(abs(ms - passed_ns // 1_000_000) <= len(State) for ms in sums.values())
