"""Copies of a journal: made while it is written, proved, put back, and never over anything."""

import stat
from pathlib import Path

import pytest

from lab.samples.journal import NOC, Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import OFFICE, Kind, decide, verify
from pantau.journal.backup import back_up, prune, restore, url_of_copy
from pantau.journal.entries import start
from pantau.journal.verification import parse_expected
from pantau.states import State
from tests.programs import require_program

NOW_NS = 1_772_332_200 * 1_000_000_000
NAME = "journal-20260301T023000Z-000000004"


@pytest.fixture
def written(place: Place) -> Place:
    """Four entries, and an exporter that has it open."""
    if place.url.startswith("postgresql"):
        require_program("pg_dump")
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), change("h1", 1, State.UNKNOWN, State.UP), down("h1", 50)])
        store.append([up("h1", 70)])
    return place


def line(place: Place) -> str:
    """What `pantau journal verify` prints last."""
    with place.reader() as reader:
        assert list(verify(reader)) == []
        head = reader.head()
    return f"{head.number}:{head.digest.hex()}"


def emptied(place: Place) -> Place:
    """The same place with nothing in it."""
    if place.url.startswith("postgresql"):
        for table in ("entries", "names", "sources", "blobs", "head", "alembic_version"):
            place.execute(f"DROP TABLE {table}")
        place.execute("DROP FUNCTION IF EXISTS pantau_only_added() CASCADE")
        place.execute("DROP FUNCTION IF EXISTS pantau_forwards() CASCADE")
        return place
    place.file.parent.rename(place.folder / "old")
    return place


def test_a_copy_that_is_put_back_is_the_same_journal(written: Place, tmp_path: Path) -> None:
    """Its line, its entries, its guards: and the exporter goes on in it."""
    kept = line(written)
    file = back_up(written.url, written.folder, tmp_path / "copies", 4, NOW_NS)
    assert (file.stem, stat.S_IMODE(file.stat().st_mode)) == (NAME, 0o600)
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    place = emptied(written)
    restore(file, place.url, place.folder)
    assert line(place) == kept
    with place.store() as store:
        store.append([start(ns(5000), ["h1"], [], {})])
    with place.reader() as reader:
        assert list(verify(reader, parse_expected(kept))) == []
        assert [gap.what for gap in reader.faults(ns(0), ns(6000))] == ["not_running"]


def test_nothing_is_written_over(written: Place, tmp_path: Path) -> None:
    """Where a journal is, or a log of one that was, putting back is refused and changes nothing."""
    kept = line(written)
    file = back_up(written.url, written.folder, tmp_path, 4, NOW_NS)
    with pytest.raises(JournalError, match=r"is there: stop the exporter|is not empty"):
        restore(file, written.url, written.folder)
    assert line(written) == kept


def test_it_is_copied_while_it_is_written(tmp_path: Path) -> None:
    """What is committed when the copy ends may be in it; what it holds is whole."""
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {})])
        kept = line(place)
        file = back_up(place.url, place.folder, tmp_path / "copies", 1, NOW_NS)
        store.append([change("h1", 1, State.UNKNOWN, State.UP)])
    copied = Place(url_of_copy(file) or "", tmp_path)
    assert line(copied) == kept
    assert line(place) != kept


def test_a_copy_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    """A folder that is a file; a journal that is not there."""
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    with pytest.raises(JournalError, match="there is no journal"):
        back_up(place.url, place.folder, tmp_path / "copies", 1, NOW_NS)
    assert list((tmp_path / "copies").iterdir()) == []
    place.store().close()
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match=r"(?i)file exists|not a directory"):
        back_up(place.url, place.folder, tmp_path / "file", 1, NOW_NS)


def test_old_copies_go_and_nothing_else(tmp_path: Path) -> None:
    """By the time in their names, whatever else lies there."""
    names = [f"journal-2026030{day}T023000Z-00000000{day}.sqlite" for day in range(1, 6)]
    for name in (*names, "notes.txt", "journal-mine.sqlite"):
        (tmp_path / name).touch()
    assert [file.name for file in prune(tmp_path, 2)] == names[:3]
    assert sorted(file.name for file in tmp_path.iterdir()) == [*names[3:], "journal-mine.sqlite", "notes.txt"]
    assert prune(tmp_path, 2) == []


def test_people_write_into_older_tables_that_are_like_ours(place: Place) -> None:
    """And leave them as they are: the exporter that made them goes on. Tables of the future are refused."""
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), change("h1", 1, State.UNKNOWN, State.UP), down("h1", 50)])
    place.execute("UPDATE alembic_version SET version_num = '0002'")
    with place.reader() as reader:
        outage = reader.outage(reader.head().number)
    assert outage is not None
    said = decide(outage, Kind.CAUSE, ns(4500), code="fo_putus", person="Ani", reason="tiket 7")
    with place.store(OFFICE, create=False) as store:
        store.append([said.event])
    assert place.ask("SELECT version_num FROM alembic_version") == [("0002",)]
    place.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(JournalError, match="newer Pantau"):
        place.store(OFFICE, create=False)


def test_a_downgrade_and_the_way_back_lose_nothing(place: Place) -> None:
    """The older version refuses what the newer has written, reads and writes none of it; then it goes on."""
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {})])
    kept = line(place)
    place.execute("UPDATE alembic_version SET version_num = '9999'")
    for source in (NOC, OFFICE):
        with pytest.raises(JournalError, match=r"install that version, nothing was changed"):
            place.store(source, create=False)
    with pytest.raises(JournalError, match=r"install that version, nothing was changed"), place.reader():
        pass
    place.execute("UPDATE alembic_version SET version_num = '0003'")
    assert line(place) == kept
