"""What no scrape had shown when a run ended, however it did, is what the next one's counters begin with."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from exporter.recording.opening import last_life_ns
from exporter.recording.scraped import ScrapeNotes, left_unscraped, scraped_file
from pantau.clock import NANOSECONDS
from pantau.journal import Event, Source, Store
from pantau.journal.entries import checkpoint, moved, removed, start
from pantau.states import State
from tests.exporter.monitor.watched import hotspots, plan_of, window_of
from tests.exporter.probing.agent.city import AgentCity
from tests.exporter.recording.heard import Heard
from tests.patience import until

BEGUN_NS = 1_711_929_600 * NANOSECONDS
URL = "sqlite:///journal.sqlite"
NOC = Source("noc", 0)
UP, DOWN, BLIND = State.UP, State.DOWN, State.UNKNOWN
DIED = 3600
"""Seconds until the exporter's last sign of life."""


def _at(seconds: float) -> int:
    return BEGUN_NS + round(seconds * NANOSECONDS)


def _life(*changes: tuple[float, State]) -> list[Event]:
    """An exporter that began with one hotspot, what it told of it, and its last sign of life."""
    told, before = [start(BEGUN_NS, ["h0"], [], {})], BLIND
    for seconds, after in changes:
        told.append(moved("h0", _at(seconds), _at(seconds), before, after, int(after is not DOWN), "reply"))
        before = after
    return [*told, checkpoint(_at(DIED), {})]


def _left(folder: Path, told: list[Event], shown: float) -> dict[str, tuple[State, int]]:
    with Store(URL, folder, NOC) as store:
        store.append(told)
        known = store.last_changes()
    return left_unscraped(known, last_life_ns(URL, folder, NOC), {"h0": _at(shown), "new": _at(shown)})


@pytest.mark.parametrize(
    ("changes", "shown", "expected"),
    [
        ([(10, UP)], 3590, (UP, 10)),
        ([(10, UP)], 3300, (UP, 300)),  # booked up to a heartbeat that came long before the scrape
        ([(10, UP)], 3299, None),  # Prometheus was away, which is told elsewhere
        ([(10, UP)], 3600, None),
        ([(10, UP)], 3601, None),  # told after the last sign of life
        ([(10, UP), (1200, DOWN)], 3590, (DOWN, 10)),
        ([(10, UP), (1200, BLIND)], 3590, (BLIND, 10)),
        ([(10, UP), (3594, State.ISOLATED)], 3590, (State.ISOLATED, 6)),  # what was before may have been any state
        ([], 3590, (BLIND, 10)),
    ],
)
def test_it_is_the_time_since_in_the_state_in_which_the_journal_ends(
    tmp_path: Path, changes: list[tuple[float, State]], shown: float, expected: tuple[State, int] | None
) -> None:
    """Of the hotspots that the journal knows."""
    found = _left(tmp_path, _life(*changes), shown)
    assert found == ({} if expected is None else {"h0": (expected[0], expected[1] * NANOSECONDS)})


def test_who_was_removed_has_no_time(tmp_path: Path) -> None:
    """If it comes back it begins anew."""
    told = _life((10, UP))
    gone = removed("h0", _at(3595), _at(3595), int(UP))
    assert _left(tmp_path, [*told[:-1], gone, told[-1]], 3590) == {}


def test_of_a_journal_that_cannot_be_read_nothing_is_left() -> None:
    """The counters begin at 0."""
    assert left_unscraped({"h0": _life((10, UP))[1]}, None, {"h0": _at(3590)}) == {}


def test_counters_begin_with_it_and_the_last_day_does_not(tmp_path: Path) -> None:
    """It was another run's, which has told the journal its sums; and it is shown from the first scrape on."""
    city = AgentCity(tmp_path, {"telkom-1": "ping: none", "telkom-2": "ping: none"})
    city.monitor.restore({"telkom-1": 1}, {}, {"telkom-1": (UP, 40 * NANOSECONDS), "gone": (UP, NANOSECONDS)})
    snapshot = city.monitor.snapshot()
    assert snapshot.state_seconds[:, UP].tolist() == [40, 0]
    assert np.isnan(snapshot.availability_day).all()
    city.run(600)
    later_ms = city.monitor.totals()[:, 2 + UP]
    assert 0 <= later_ms[0] - 40_000 - later_ms[1] + 7_000 <= 14_000


def test_whom_a_window_hides_is_left_out() -> None:
    """Its time was maintenance, whatever state the journal has."""
    city = Heard(plan_of(hotspots(2), windows=(window_of("tower", [0], 0, 40),)))
    city.monitor.restore({}, {}, dict.fromkeys(("h0", "h1"), (UP, 9 * NANOSECONDS)))
    assert city.monitor.totals()[:, 2:].sum(axis=1).tolist() == [0, 9000]


def test_up_to_when_time_is_booked_is_told_by_the_wall(tmp_path: Path) -> None:
    """Of one with an agent up to its last heartbeat; of none beyond now."""
    city = AgentCity(tmp_path, {"telkom-1": "ping: none", "telkom-2": "ping: none"})
    city.run(600)
    city.monitor.snapshot()
    behind = (city.clock.wall_ns() - city.monitor.booked_until_ns()) / NANOSECONDS
    assert (behind >= 0).all()
    assert (behind <= 61).all()
    assert behind.max() > 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a scrape is noted."""
    return scraped_file(URL, tmp_path, "noc")


def test_each_exporter_has_a_file_of_its_own_beside_the_journal(tmp_path: Path) -> None:
    """Two may write one journal by turns; a journal on a server has none, and no name leads elsewhere."""
    found = [
        scraped_file(url, tmp_path, vantage)
        for url, vantage in ((URL, "noc"), (URL, "../other"), ("postgresql://db/pantau", "noc"), ("nonsense", "noc"))
    ]
    assert found == [
        tmp_path / "journal.sqlite.noc.scraped",
        tmp_path / "journal.sqlite...%2Fother.scraped",
        *[tmp_path / "data" / "journal.noc.scraped"] * 2,
    ]


async def test_a_scrape_is_noted(file: Path) -> None:
    """By milliseconds, in a file that is ours alone; the last of several counts."""
    notes = ScrapeNotes(file)
    assert notes.read() == {}
    task = asyncio.create_task(notes.run())
    for second in (1, 2):
        notes.note(("h0", "h1"), np.array([_at(second), _at(second + 1)]) + 999_999)
    await until(file.exists)
    task.cancel()
    assert ScrapeNotes(file).read() == {"h0": _at(2), "h1": _at(3)}
    assert (await asyncio.to_thread(file.stat)).st_mode & 0o777 == 0o600


async def test_what_cannot_be_written_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exporter goes on, and writes as soon as it can."""
    blocker = tmp_path / "data"
    blocker.write_text("in the way")
    notes = ScrapeNotes(blocker / "journal.noc.scraped", apart_seconds=0.0)
    task = asyncio.create_task(notes.run())
    said = ""
    for _ in range(3):
        notes.note(("h0",), np.array([_at(1)]))
        await until(lambda: not notes._wake.is_set() and not notes._background.busy)
        said += capsys.readouterr().out
    assert said.count("will cost Prometheus") == 1
    blocker.unlink()
    notes.note(("h0",), np.array([_at(1)]))
    await until(lambda: notes.read() != {})
    task.cancel()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"until_ms": 7}',
        '{"until_ms": ["h0"]}',
        '{"until_ms": {"h0": "x"}}',
        '{"until_ms": {"h0": null}}',
        '{"until_ms": {"h0": []}}',
        '{"until_ms": {"h0": Infinity}}',
        "\xff",
        "[" * 100_000,
    ],
)
def test_a_file_that_is_none_of_ours_counts_for_nothing(file: Path, text: str) -> None:
    """And does not keep the exporter from starting."""
    file.write_text(text, encoding="latin-1")
    assert ScrapeNotes(file).read() == {}


@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_what_is_no_file_of_ours_is_not_waited_for(file: Path, kind: str) -> None:
    """A pipe that nobody writes would hold the start up for ever; a link may lead to anybody's file."""
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        other = file.with_name("other")
        other.write_text('{"until_ms": {"h0": 1}}')
        file.symlink_to(other)
    assert ScrapeNotes(file).read() == {}
