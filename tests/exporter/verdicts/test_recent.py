"""The last day of each hotspot: what is in it, what has left it, over reloads and over a restart."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from exporter.planning.plan import Plan, PlannedWindow
from exporter.recording.opening import past_day
from exporter.verdicts.recent import BookedPart, RecentAvailability, compact
from pantau.journal import HotspotHour, Source, Store, state_map
from pantau.journal.entries import hour, start
from pantau.states import State
from tests.exporter.monitor.watched import EPOCH_SECONDS, Watched, hotspots, plan_of, window_of
from tests.network import SECOND, silent

MINUTE, HOUR = 60 * SECOND, 3600 * SECOND


def watched(addresses: dict[str, str], windows: tuple[PlannedWindow, ...] = ()) -> Watched:
    """A city that is probed once a minute, in the large steps of `pass_`."""
    return Watched(plan(addresses, windows), late_limit_ns=20 * SECOND)


def plan(addresses: dict[str, str], windows: tuple[PlannedWindow, ...] = ()) -> Plan:
    """A round a minute: a day is soon over."""
    return plan_of(addresses, interval_ns=60 * SECOND, windows=windows)


def pass_(city: Watched, hours: float) -> Watched:
    """So many hours in steps of 20 seconds."""
    for _ in range(round(hours * 180)):
        city.clock.advance(20 * SECOND)
        city.tick()
    return city


def shown(city: Watched) -> list[float]:
    """What a scrape would show, nan where it would show nothing."""
    ratios: list[float] = city.monitor.snapshot().availability_day.tolist()
    return ratios


def test_an_outage_counts_for_a_day_and_is_gone_an_hour_later_at_the_latest() -> None:
    """Six hours without an answer: half of twelve, a quarter of a day, nothing of the next."""
    city = watched(hotspots(2))
    assert np.isnan(shown(city)).all()
    pass_(city, 0.1)
    assert shown(city) == [1.0, 1.0]
    city.network.hosts["10.77.0.1"] = silent
    pass_(city, 6.0)
    del city.network.hosts["10.77.0.1"]
    pass_(city, 5.9)
    assert shown(city) == pytest.approx([0.5, 1.0], abs=0.003)
    pass_(city, 11.9)
    assert shown(city) == pytest.approx([0.75, 1.0], abs=0.002)
    pass_(city, 7.5)
    assert shown(city) == [1.0, 1.0]


def test_only_what_can_be_judged_is_in_it() -> None:
    """Our own blindness and maintenance are in neither side."""
    city = watched(hotspots(2), (window_of("w", [1], 3600, 7200),))
    pass_(city, 1.0)
    city.network.hosts |= dict.fromkeys([*hotspots(2).values(), "10.76.0.1"], silent)
    pass_(city, 1.0)
    assert city.count() == {State.UNKNOWN: 2}
    assert shown(city) == [1.0, 1.0]


def test_a_reload_keeps_the_day_of_those_that_stay() -> None:
    """h0 has lost an hour and goes, h1 is as it was, h2 begins with nothing; h0 comes back with nothing."""
    city = pass_(watched(hotspots(2)), 1.5)
    city.network.hosts["10.77.0.2"] = silent
    pass_(city, 1.5)
    before = shown(city)
    assert before == pytest.approx([1.0, 0.5], abs=0.01)
    city.reload(plan({"h2": "10.77.0.3", "h1": "10.77.0.2"}))
    assert shown(city) == pytest.approx([np.nan, before[1]], nan_ok=True)
    pass_(city, 0.5)
    assert shown(city) == pytest.approx([1.0, 1.5 / 3.5], abs=0.01)
    city.reload(plan(hotspots(2)))
    assert np.isnan(shown(city)[0])


def test_a_restart_takes_the_day_up_from_the_journal(tmp_path: Path) -> None:
    """Three hours with 20 minutes down in each; one of yesterday is not asked for, and who is gone is left out."""
    url, now = "sqlite:///data/journal.sqlite", EPOCH_SECONDS * SECOND
    states = [0] * len(State)
    states[State.DOWN], states[State.UP], states[State.UNKNOWN] = 1_200_000, 1_800_000, 600_000
    good = [0] * len(State)
    good[State.UP] = 3_600_000
    rows = [
        HotspotHour("h0", 60, 40, state_map(states)),
        HotspotHour("h1", 60, 60, state_map(good)),
        HotspotHour("gone", 60, 0, state_map(states)),
    ]
    bad = [HotspotHour("h1", 60, 0, state_map(states))]
    with Store(url, tmp_path, Source("noc")) as store:
        store.append([start(now - 30 * HOUR, ["h0", "h1", "gone"], [], {})], alive_ns=now - 30 * HOUR)
        store.append([hour(now - 27 * HOUR, now - 26 * HOUR, bad)], alive_ns=now - 26 * HOUR)
        store.append([hour(now - n * HOUR, now - (n - 1) * HOUR, rows) for n in (4, 3, 2)], alive_ns=now - HOUR)
    city = watched(hotspots(3))
    city.monitor.remember(past_day(url, tmp_path, now))
    assert shown(city) == pytest.approx([0.6, 1.0, np.nan], nan_ok=True, abs=1e-6)
    pass_(city, 2.5)
    assert shown(city) == pytest.approx([(1.5 + 2.5) / 5, 1.0, 1.0], abs=0.01)
    pass_(city, 22)
    assert shown(city) == [1.0, 1.0, 1.0]


def test_a_journal_that_cannot_be_read_is_no_hindrance(tmp_path: Path) -> None:
    """Nothing is taken up, and it is said once."""
    with capture_logs() as said:
        assert past_day("sqlite:///nowhere/journal.sqlite", tmp_path, EPOCH_SECONDS * SECOND) == []
    assert [line["event"] for line in said] == ["the availability of the last day begins anew"]


Step = tuple[int, int, int, int]
"""Minutes that pass, and in them seconds up, degraded, down (of 60 a minute at the most, together)."""
STEPS = st.lists(
    st.tuples(st.integers(1, 90), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)), max_size=120
)


@given(STEPS)
def test_it_is_the_sum_of_what_was_booked_in_the_last_24_to_25_hours(steps: list[Step]) -> None:
    """Against every booking of its own, over any course of time."""
    recent = RecentAvailability(1, 0)
    spent, now = np.zeros((1, len(State)), np.int64), 0
    booked: list[tuple[int, int, int]] = []
    edges = [0]
    for minutes, up, degraded, down in steps:
        now += minutes * MINUTE
        spent[0, [State.UP, State.DEGRADED, State.DOWN]] += np.array([up, degraded, down]) * minutes * SECOND
        booked.append((now, (up + degraded) * minutes, down * minutes))
        if recent.due(now):
            recent.advance(spent, now)
            edges.append(now)
    begin = max((edge for edge in edges if edge <= edges[-1] - 24 * HOUR), default=0)
    good = sum(gain for at, gain, _ in booked if at > begin)
    bad = sum(gain for at, _, gain in booked if at > begin)
    expected = good / (good + bad) if good + bad else np.nan
    assert recent.ratio(spent) == pytest.approx([expected], nan_ok=True, abs=1e-6)


def test_a_part_of_any_length_fits() -> None:
    """A hostile or broken journal makes no overflow."""
    recent = RecentAvailability(1, 0)
    recent.remember([BookedPart(-1, compact(np.array([[2**40, 2**40]], np.int64)))])
    assert recent.ratio(np.zeros((1, len(State)), np.int64)).tolist() == [0.5]
