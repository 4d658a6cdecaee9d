"""A year is closed: the file verifies alone, the journal goes on from it, and nothing is lost whenever it is killed."""

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.samples.journal import NOC, SECOND, T0, Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import OFFICE, Entry, HotspotHour, Kind, Reader, decide
from pantau.journal.closing.proof import proved
from pantau.journal.closing.steps import Closed, close_year
from pantau.journal.entries import checkpoint, hour, start
from pantau.journal.verification import parse_expected
from pantau.states import State
from tests.pantau.journal.rewriting import rechain

YEAR_END = T0 + 100_000 * SECOND
"""Of the year that the tests close; `Y` seconds after `T0`."""
Y, NOW = 100_000, T0 + 300_000 * SECOND
SUMS = [
    HotspotHour("h1", 9, 8, {State.UP: 2_600_000, State.DOWN: 1_000_000}),
    HotspotHour("h2", 9, 9, {State.UP: 3_600_000}),
]
"""Of an hour in which h1 is down for 1000 s."""
CUT = 27
"""The last entry that is recorded in it."""


def fill(place: Place) -> None:
    """A year in which h1 was down and goes down again before its end, h2 was up all the time; and days after it."""
    with place.store() as store:
        store.append([start(ns(0), ["h1", "h2"], [], {})])
        store.append([change(name, 1, State.UNKNOWN, State.UP) for name in ("h1", "h2")])
        for day in range(5):
            store.append([down("h1", 2000 + day * 9000), up("h1", 3000 + day * 9000)])
            store.append([hour(ns(day * 9000), ns(day * 9000 + 3600), SUMS)])
            store.append([checkpoint(ns(day * 9000 + 4000), {"ntp": day})])
        store.append([down("h1", Y - 5000)])
    with place.reader() as reader:
        outage = next(one for one in next(reader.histories(ns(0), ns(Y), ["h1"])).outages)
    with place.store(OFFICE) as store:
        said = decide(outage, Kind.CAUSE, ns(Y - 4000), code="fo_putus", person="Ani", reason="tiket")
        store.append([said.event])
    with place.store() as store:
        store.append([hour(ns(Y - 3600), ns(Y + 10), [HotspotHour("h2", 9, 9, {1: 9})])])
        store.append([up("h1", Y + 7000), down("h2", Y + 9000), up("h2", Y + 9500)], alive_ns=ns(Y + 20_000))


@pytest.fixture
def filled(place: Place) -> Place:
    """SQLite and PostgreSQL."""
    fill(place)
    return place


@pytest.fixture
def journal(sqlite: Place) -> Place:
    """SQLite alone."""
    fill(sqlite)
    return sqlite


def close(place: Place, year: int = 2024, end_ns: int = YEAR_END) -> Closed:
    """`pantau journal close`."""
    return close_year(place.url, place.folder, year, end_ns, NOW, place.folder / "data")


def all_of(reader: Reader) -> list[Entry]:
    """All entries at hand, without those that a closing adds."""
    return [entry for entry in reader.entries() if entry.event.kind is not Kind.CARRY_OVER]


def seen(place: Place, start_s: int, end_s: int) -> tuple[object, ...]:
    """What reports read of a span."""
    with place.reader() as reader:
        span = ns(start_s), ns(end_s)
        sums = list(reader.hours(*span))
        return list(reader.histories(*span, ["h1", "h2"])), sums, reader.decisions(*span), reader.faults(*span)


def findings(place: Place, expected: str = "") -> list[str]:
    """What `pantau journal verify` finds."""
    with place.reader() as reader:
        return [str(one) for one in proved(reader, parse_expected(expected) if expected else None)]


def hidden(closed: Closed) -> Path:
    """The closed file is taken away; where it is."""
    return closed.file.rename(closed.file.with_suffix(".elsewhere"))


def test_a_closed_year_is_read_with_the_journal_as_if_it_were_one(filled: Place) -> None:
    """Histories, hours, decisions and entries of any span; the outage over the cut keeps its number."""
    spans = [(0, Y), (Y - 6000, Y + 8000), (Y, Y + 20_000), (0, Y + 20_000)]
    before = [seen(filled, *span) for span in spans]
    with filled.reader() as reader:
        entries, head = all_of(reader), reader.head()
    closed = close(filled)
    assert closed.carry.number == CUT
    assert [seen(filled, *span) for span in spans] == before
    with filled.reader() as reader:
        assert all_of(reader) == entries
        assert reader.whole_from == 0
    assert findings(filled) == []
    assert findings(filled, f"{head.number}:{head.digest.hex()}") == []


def test_the_closed_file_is_a_journal_that_verifies_alone(filled: Place) -> None:
    """Read-only, without what came after; the ends are those that the entry in the journal names."""
    closed = close(filled)
    alone = Place(f"sqlite:///{closed.file}", filled.folder)
    assert closed.file.stat().st_mode & 0o777 == 0o400
    assert sorted(path.name for path in closed.file.parent.glob("*2024*")) == [closed.file.name]
    with alone.reader() as reader:
        assert {(one.source, one.number, one.digest) for one in reader.heads()} == set(closed.carry.ends)
        assert all(entry.event.recorded_ns < YEAR_END for entry in reader.entries())
    assert findings(alone) == []


def test_without_the_closed_file_the_journal_goes_on(journal: Place) -> None:
    """What follows verifies, spans after the cut are read as before, and the exporter knows its last verdicts."""
    after, over = seen(journal, Y, Y + 20_000), seen(journal, Y + 1, Y + 8000)
    with journal.reader() as reader:
        head = reader.head()
    with journal.store() as store:
        known = dict(store.last_changes())
    closed = close(journal)
    hidden(closed)
    assert (seen(journal, Y, Y + 20_000)[0], seen(journal, Y + 1, Y + 8000)[0]) == (after[0], over[0])
    with journal.store() as store:
        assert store.last_changes() == known
    assert findings(journal) == []
    assert findings(journal, f"{head.number}:{head.digest.hex()}") == []
    assert findings(journal, f"{head.number}:{64 * '0'}") == [
        f"entry {head.number}: has not the digest that was kept: it, or one before it, was written anew"
    ]
    with journal.reader() as reader:
        assert reader.whole_from == CUT
        kinds = [entry.event.kind for entry in reader.entries() if entry.number <= CUT]
        assert (Kind.HOUR in kinds, Kind.CHECKPOINT in kinds) == (False, False)
        assert [entry.event.subject for entry in reader.entries() if entry.number <= CUT] == [
            "",
            "h2",
            "h1",
            "h1",
            "h1",
        ]


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 26", 26),
        ("DELETE FROM entries WHERE number = 26", 26),
        ("UPDATE entries SET detail = '{}' WHERE kind = 23", 33),
        ("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 29", 29),
    ],
)
def test_what_was_carried_over_is_proved_without_the_file(
    journal: Place, statement: str, number: int, away: bool
) -> None:
    """By the list whose SHA-256 the entry has; with the file at hand its own rows are read."""
    closed = close(journal)
    if away:
        hidden(closed)
    journal.execute(statement)
    found = findings(journal)
    assert bool(found) is (away or number > CUT)
    if away and number != 33:
        assert found[0].startswith(f"entry {number}: ")


def test_a_journal_written_anew_after_a_closing_does_not_fit_its_file(journal: Place) -> None:
    """The chains of what follows begin where the closed file ends."""
    close(journal)
    place = Place(f"sqlite:///{journal.file.with_name('journal-2024.sqlite')}", journal.folder)
    place.file.with_name("journal-2024.sqlite").chmod(0o600)
    place.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 5")
    rechain(place.url, place.folder)
    assert findings(place) == []
    assert findings(journal)


def test_the_exporter_goes_on_after_a_closing(journal: Place) -> None:
    """Numbers and chains go on; and the next year is closed too, with both files read as one."""
    close(journal)
    with journal.store() as store:
        (entry,) = store.append([down("h2", Y + 30_000)])
    assert (entry.number, entry.source) == (34, NOC)
    with journal.reader() as reader:
        entries = all_of(reader)
    second = close(journal, 2025, T0 + 140_000 * SECOND)
    assert second.file.name == "journal-2025.sqlite"
    with journal.reader() as reader:
        assert all_of(reader) == entries
    assert findings(journal) == []
    first = journal.file.with_name("journal-2024.sqlite")
    first.rename(first.with_suffix(".away"))
    assert findings(journal) == []
    hidden(second)
    assert findings(journal) == []


@pytest.mark.parametrize("away", [False, True])
def test_the_next_start_goes_on_from_the_last_sign_of_life(sqlite: Place, away: bool) -> None:
    """That lies in the closed year, and is a checkpoint: without it the whole year since would become a gap."""
    with sqlite.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), change("h1", 1, State.UNKNOWN, State.UP)])
        store.append([checkpoint(ns(at), {}) for at in range(20, 200, 10)])
    closed = close(sqlite)
    if away:
        hidden(closed)
    with sqlite.store() as store:
        assert store.life_ns() == ns(190)
        store.append([start(ns(Y + 500), ["h1"], [], {})])
    assert findings(sqlite) == []
    with sqlite.reader() as reader:
        (fault,) = reader.faults(ns(0), ns(Y + 500))
    assert (fault.start_ns, fault.end_ns) == (ns(190), ns(Y + 500))


@pytest.mark.parametrize(
    ("end_ns", "told"),
    [(NOW + SECOND, "2024 is not over"), (T0, "the journal has nothing of 2024 or before")],
)
def test_what_cannot_be_closed_is_said(journal: Place, end_ns: int, told: str) -> None:
    """And nothing is made."""
    with pytest.raises(JournalError, match=told):
        close(journal, end_ns=end_ns)
    assert not list(journal.file.parent.glob("*2024*"))


def test_a_journal_that_is_open_elsewhere_is_not_begun_anew(journal: Place) -> None:
    """The exporter runs: it is told to be stopped, and nothing is lost; the same command goes on afterwards."""
    with journal.store() as store:
        store.last_changes()
        with pytest.raises(JournalError, match="stop `pantau run`"):
            close(journal)
        store.append([up("h2", Y + 40_000)])
    with journal.reader() as reader:
        entries = all_of(reader)
    close(journal)
    with journal.reader() as reader:
        assert all_of(reader) == entries
    assert findings(journal) == []


def test_a_journal_that_does_not_prove_itself_is_not_closed(journal: Place) -> None:
    """A year that is closed is proved for good."""
    journal.execute("UPDATE entries SET at_ns = at_ns + 1 WHERE number = 5")
    with pytest.raises(JournalError, match=r"entry 5: was changed.*no year is closed"):
        close(journal)


def _kill(place: Place, delay: float) -> None:
    child = os.fork()
    if child == 0:
        try:
            close(place)
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _instants(times: int) -> Iterator[float]:
    chance = random.Random(23)
    return (chance.random() * 0.12 for _ in range(times))


@pytest.mark.parametrize("times", [6, pytest.param(200, marks=pytest.mark.long)])
def test_killed_at_any_instant_nothing_is_lost(journal: Place, tmp_path: Path, times: int) -> None:
    """The same command goes on; what was there is there, once, and the exporter can write at once or after it."""
    with journal.reader() as reader:
        entries = all_of(reader)
    kept = {path.name: path.read_bytes() for path in journal.file.parent.iterdir()}
    for delay in _instants(times):
        for path in journal.file.parent.iterdir():
            path.unlink()
        for name, content in kept.items():
            (journal.file.parent / name).write_bytes(content)
        _kill(journal, delay)
        with journal.reader() as reader:
            assert all_of(reader) == entries
        close(journal)
        with journal.reader() as reader:
            assert all_of(reader) == entries
        assert findings(journal) == []
        assert {path.name for path in journal.file.parent.iterdir()} >= {"journal.sqlite", "journal-2024.sqlite"}
        assert not list(journal.file.parent.glob(".*"))
