"""What a run had counted when it stopped, and no scrape has shown, is what the next one's counters begin with."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from exporter.recording.opening import left_unscraped
from pantau.journal import Event, Source, Store
from pantau.journal.entries import checkpoint, start, stop
from pantau.states import State
from tests.exporter.probing.agent.city import AgentCity

SECOND = 1_000_000_000
BEGUN_NS = 1_711_929_600 * SECOND
URL = "sqlite:///journal.sqlite"
NOC = Source("noc", 0)
UP, DOWN = State.UP, State.DOWN
BEGUN = start(BEGUN_NS, ["h0", "h1"], [], {})


def _stopped(unscraped_ms: Mapping[str, Mapping[int, int]]) -> Event:
    return stop(BEGUN_NS + 60 * SECOND, unscraped_ms)


def _left(folder: Path, *runs: list[Event], source: Source = NOC) -> dict[str, dict[State, int]]:
    for run in runs:
        with Store(URL, folder, source) as store:
            store.append(run)
    return left_unscraped(URL, folder, NOC)


def test_it_is_read_from_the_last_stop(tmp_path: Path) -> None:
    """By hotspot and state; an earlier stop has been followed by a start."""
    found = _left(
        tmp_path,
        [BEGUN, _stopped({"h0": {UP: 9_000}})],
        [BEGUN, _stopped({"h0": {UP: 4_000, DOWN: 70_000}, "h1": {UP: 0}})],
    )
    assert found == {"h0": {UP: 4 * SECOND, DOWN: 70 * SECOND}}


def test_a_run_that_was_killed_leaves_nothing(tmp_path: Path) -> None:
    """Nor does the stop of the one before it count a second time."""
    checked = checkpoint(BEGUN_NS + 90 * SECOND, {})
    assert _left(tmp_path, [BEGUN, _stopped({"h0": {UP: 9_000}})], [BEGUN, checked]) == {}


def test_the_stop_of_another_exporter_is_not_ours(tmp_path: Path) -> None:
    """Each has counters of its own."""
    other = Source("other", 0)
    assert _left(tmp_path, [BEGUN, _stopped({"h0": {UP: 9_000}})], source=other) == {}


def test_who_was_not_scraped_for_long_is_left_out(tmp_path: Path) -> None:
    """That Prometheus was away is told elsewhere; a jump by hours would be in one minute of its graphs."""
    found = _left(tmp_path, [BEGUN, _stopped({"h0": {UP: 299_000, DOWN: 1_001}, "h1": {UP: 299_000, DOWN: 1_000}})])
    assert set(found) == {"h1"}


@pytest.mark.parametrize(
    "unscraped",
    [
        None,
        [],
        "h0",
        7,
        {"h0": 7},
        {"h0": {"99": 5}},
        {"h0": {"x": 5}},
        {"h0": {"1": -5}},
        {"h0": {"1": "many"}},
        {"h0": None},
    ],
)
def test_nonsense_in_the_entry_does_not_keep_the_exporter_from_starting(tmp_path: Path, unscraped: object) -> None:
    """Proving names the entry; nothing is counted by it."""
    ended = _stopped({})._replace(detail=json.dumps({"unscraped_ms": unscraped}))
    assert _left(tmp_path, [BEGUN, ended]) == {}


def test_a_journal_that_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    """The exporter begins at 0."""
    assert left_unscraped("sqlite:///none/journal.sqlite", tmp_path, NOC) == {}


def test_counters_begin_with_it_and_the_last_day_does_not(tmp_path: Path) -> None:
    """It was in the sums that the run before gave to the journal, and the availability of the day is made of those."""
    city = AgentCity(tmp_path, {"telkom-1": "ping: none", "telkom-2": "ping: none"})
    left = {"telkom-1": {UP: 40 * SECOND, DOWN: 20 * SECOND}, "gone": {UP: SECOND}}
    city.monitor.restore({"telkom-1": 1}, {}, {}, left)
    by_state = city.monitor.totals()[:, 2:]
    assert (by_state[0, UP], by_state[0, DOWN], by_state.sum()) == (40_000, 20_000, 60_000)
    snapshot = city.monitor.snapshot()
    assert snapshot.state_seconds[0, UP] == 40
    assert np.isnan(snapshot.availability_day).all()


def test_what_nobody_has_scraped_goes_on_to_the_run_after_the_next(tmp_path: Path) -> None:
    """A run that ends before its first scrape hands on what it was given."""
    city = AgentCity(tmp_path, {"telkom-1": "ping: none", "telkom-2": "ping: none"})
    city.monitor.restore({"telkom-1": 1}, {}, {}, {"telkom-1": {UP: 40 * SECOND}})
    assert city.monitor.unscraped_ms()[:, UP].tolist() == [40_000, 0]
    city.monitor.snapshot()
    assert city.monitor.unscraped_ms().sum() == 0
