"""A point that is reachable and without service: the journal's `up` is 1, and the contract says what it costs."""

from pathlib import Path
from typing import Any

import pytest

from pantau.states import State
from tests.pantau.reports.statement.test_month_edges import DAY, journal, months

ISOLATED, NO_INTERNET, UP, DOWN, BLIND = (
    State.ISOLATED,
    State.NO_INTERNET,
    State.UP,
    State.DOWN,
    State.UNKNOWN,
)
TERM = {ISOLATED: "isolated_counts", NO_INTERNET: "no_internet_counts"}


@pytest.mark.parametrize("state", TERM)
@pytest.mark.parametrize("counts", [True, False])
def test_the_terms_say_whether_it_is_downtime(tmp_path: Path, state: State, counts: bool) -> None:
    """Charged as an outage or as service; its seconds are shown by state either way."""
    place = journal(tmp_path, [(-10 * DAY, state), (-10 * DAY + 3600, UP)])
    terms: dict[str, Any] = {TERM[state]: counts}
    april, _ = months(place, degraded_counts=False, **terms)
    assert april.summary.charged_seconds == (3600 if counts else 0)
    (line, *_) = (one for one in april.points if one.point == "P-1")
    assert line.state_seconds[state.label] == 3600
    assert line.state_seconds.get("down", 0) == 0


@pytest.mark.parametrize("state", TERM)
def test_over_midnight_and_a_gap_it_is_one(tmp_path: Path, state: State) -> None:
    """400 s over the month's edge are beyond the threshold of 300; what was not seen is no part of it."""
    place = journal(tmp_path, [(-250, state), (-50, BLIND), (50, state), (250, UP)])
    made = months(place, degraded_counts=False)
    assert [one.summary.charged_seconds for one in made] == [200, 200]


def test_isolated_then_cut_is_one_outage(tmp_path: Path) -> None:
    """Suspended, then cut, then suspended again: one outage of ten minutes, each second under its own state."""
    place = journal(tmp_path, [(-1000, ISOLATED), (-700, DOWN), (-600, NO_INTERNET), (-400, UP)])
    april, _ = months(place, degraded_counts=False)
    assert april.summary.charged_seconds == 600
    (line, *_) = (one for one in april.points if one.point == "P-1")
    told = {name: line.state_seconds[name] for name in ("isolated", "down", "no_internet")}
    assert told == {"isolated": 300, "down": 100, "no_internet": 200}
