"""After a restart heartbeats are waited for since the last one that the journal knows, whoever was away."""

from pathlib import Path

import pytest

from exporter.recording.opening import last_heard, last_life_ns
from pantau.journal import Event, Source, Store
from pantau.journal.entries import checkpoint, moved, start
from pantau.states import State

SECOND = 1_000_000_000
BEGUN_NS = 1_711_929_600 * SECOND
NOC = Source("noc", 0)
UP, DOWN, BLIND = State.UP, State.DOWN, State.UNKNOWN
DIED = 3600.0
"""Seconds until the exporter's last sign of life."""


def life(*changes: tuple[float, State]) -> list[Event]:
    """An exporter that began with one hotspot, what it told of it, and its last sign of life."""
    told, before, verdict = [start(BEGUN_NS, ["h0"], [], {})], BLIND, -1
    for seconds, after in changes:
        at_ns = BEGUN_NS + round(seconds * SECOND)
        verdict = verdict if after is BLIND else int(after is not DOWN)
        told.append(moved("h0", at_ns, at_ns, before, after, verdict, "reply"))
        before = after
    return [*told, checkpoint(BEGUN_NS + round(DIED * SECOND), {})]


@pytest.mark.parametrize(
    ("changes", "heard"),
    [
        ([(10, UP)], DIED),  # heard of to the end: the last heartbeat is a minute before it at the most
        ([(10, UP), (1200, DOWN)], 1200),  # silent since then, as it was judged
        ([(10, UP), (1200, BLIND)], 1200),  # our door was closed since then
        ([(10, UP), (1200, State.ISOLATED)], DIED),  # a heartbeat that says no is a heartbeat
        ([(10, UP), (1200, State.NO_INTERNET)], DIED),
        ([(10, DOWN), (1200, UP)], DIED),
    ],
)
def test_waits_begin_where_the_journal_ends(tmp_path: Path, changes: list[tuple[float, State]], heard: float) -> None:
    """Not anew: who was silent before is not given the time of a whole grace once more."""
    with Store("sqlite:///journal.sqlite", tmp_path, NOC) as store:
        store.append(life(*changes))
        known = store.last_changes()
    found = last_heard(known, last_life_ns("sqlite:///journal.sqlite", tmp_path, NOC))
    assert found == {"h0": BEGUN_NS + round(heard * SECOND)}


def test_a_second_restart_begins_no_later(tmp_path: Path) -> None:
    """Away twice in a row, and seen by nobody between: since the first of the two."""
    with Store("sqlite:///journal.sqlite", tmp_path, NOC) as store:
        store.append(life((10, UP)))
        store.append([start(BEGUN_NS + 4000 * SECOND, ["h0"], [], {}), checkpoint(BEGUN_NS + 4030 * SECOND, {})])
        known = store.last_changes()
    found = last_heard(known, last_life_ns("sqlite:///journal.sqlite", tmp_path, NOC))
    assert found == {"h0": BEGUN_NS + round(DIED * SECOND)}


def test_a_journal_that_cannot_be_read_begins_anew(tmp_path: Path) -> None:
    """Nothing is known, and nobody is down for it."""
    alive_ns = last_life_ns("sqlite:///none/journal.sqlite", tmp_path, NOC)
    assert last_heard({"h0": life((10, UP))[1]}, alive_ns) == {}
