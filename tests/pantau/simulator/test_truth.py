"""When the script's events happen: the exact intervals that the truth tells."""

from itertools import pairwise

from pantau.clock import NANOSECONDS
from pantau.simulator.city import City
from pantau.simulator.truth import Interval
from tests.pantau.simulator.small_city import START_NS, at, city, scenario, town


def test_repeated_events_come_back() -> None:
    """An event's own period, and the loop of the scenario for those that have none."""
    subject = city(
        {"hotspot_down": {"hotspots": ["H-000"], "at": "10s", "for": "5s", "repeat_every": "20s"}},
        {"hotspot_down": {"hotspots": ["H-001"], "at": "10s", "for": "5s"}},
        {"hotspot_down": {"hotspots": ["H-002"], "at": "10s"}},
        repeat_every="1m",
    )
    truth = subject.truth(START_NS, at(100))
    assert truth.down[0] == tuple(Interval(at(begin), at(begin + 5)) for begin in (10, 30, 50, 70, 90))
    assert truth.down[1] == (Interval(at(10), at(15)), Interval(at(70), at(75)))
    assert truth.down[2] == (Interval(at(10), at(100)),)
    assert truth.down_ns()[:4].tolist() == [25 * NANOSECONDS, 10 * NANOSECONDS, 90 * NANOSECONDS, 0]


def test_daily_events_keep_local_time() -> None:
    """A cut at 13:00 WITA comes at 13:00 WITA, whenever the scenario was started."""
    event = {"kelurahan_power_cut": {"kelurahan": "Mawali", "daily": "13:00", "for": "1h"}}
    noon = START_NS + 13 * 3600 * NANOSECONDS
    for start_ns in (START_NS, noon + 1800 * NANOSECONDS, noon + 7200 * NANOSECONDS):
        subject = City(town(), scenario(event), start_ns)
        tomorrow = noon + 86_400 * NANOSECONDS
        truth = subject.truth(tomorrow - 7200 * NANOSECONDS, tomorrow + 7200 * NANOSECONDS)
        assert truth.down[2] == (Interval(tomorrow, tomorrow + 3600 * NANOSECONDS),)


def test_a_daily_event_may_be_under_way_at_the_start() -> None:
    """Started at half past one, the cut of 13:00 still lasts half an hour."""
    start_ns = START_NS + 13 * 3600 * NANOSECONDS + 1800 * NANOSECONDS
    event = {"kelurahan_power_cut": {"kelurahan": "Mawali", "daily": "13:00", "for": "1h"}}
    truth = City(town(), scenario(event), start_ns).truth(start_ns, start_ns + 7200 * NANOSECONDS)
    assert truth.down[2] == (Interval(start_ns, start_ns + 1800 * NANOSECONDS),)


def test_a_daily_event_may_last_over_midnight() -> None:
    """Started at midnight, yesterday's cut of 23:50 still lasts 50 minutes, and comes again in the evening."""
    event = {"kelurahan_power_cut": {"kelurahan": "Mawali", "daily": "23:50", "for": "1h"}}
    truth = city(event).truth(START_NS, at(86_400))
    assert truth.down[2] == (Interval(START_NS, at(50 * 60)), Interval(at(86_400 - 600), at(86_400)))


def test_flapping_follows_its_cycle() -> None:
    """40 s up and 20 s down, each hotspot in a phase of its own."""
    truth = city({"flap": {"random": 3, "up": "40s", "down": "20s"}}).truth(START_NS, at(600))
    flapping = [intervals for intervals in truth.down if intervals]
    assert len(flapping) == 3
    for intervals in flapping:
        starts = [interval.start_ns for interval in intervals if interval.start_ns > START_NS]
        assert {later - earlier for earlier, later in pairwise(starts)} == {60 * NANOSECONDS}
    assert len({intervals[-1].start_ns for intervals in flapping}) == 3
    assert truth.down_ns().sum() == 3 * 200 * NANOSECONDS


def test_spread_outages_each_have_their_moment() -> None:
    """Each lasts its time, all begin within the spread, no two together."""
    truth = city({"hotspot_down": {"random": 8, "at": "10s", "spread": "100s", "for": "5s"}}).truth(START_NS, at(200))
    intervals = [interval for own in truth.down for interval in own]
    assert len({interval.start_ns for interval in intervals}) == 8
    assert {end - start for start, end in intervals} == {5 * NANOSECONDS}
    assert all(at(10) <= interval.start_ns < at(110) for interval in intervals)


def test_overlapping_outages_are_one() -> None:
    """An outage within or touching another makes no second interval."""
    subject = city(
        {"hotspot_down": {"hotspots": ["H-000"], "at": "10s", "for": "10s"}},
        {"isp_outage": {"isp": "telkom", "at": "15s", "for": "10s"}},
        {"unreachable": {"scope": {"hotspots": ["H-000"]}, "error": "host", "at": "25s", "for": "5s"}},
    )
    assert subject.truth(START_NS, at(60)).down[0] == (Interval(at(10), at(30)),)


def test_truth_knows_the_state_at_any_time() -> None:
    """The interval's first moment is down, its last is not."""
    truth = city({"hotspot_down": {"hotspots": ["H-000"], "at": "10s", "for": "5s"}}).truth(START_NS, at(60))
    assert [truth.is_down(0, at(seconds)) for seconds in (9, 10, 14.999, 15)] == [False, True, True, False]
    assert truth.is_down(1, at(12)) is False
