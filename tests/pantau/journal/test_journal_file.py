"""A journal's file that is moved, replaced, cut, or robbed of its log: told at once, and no event is lost."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from lab.samples.journal import Place, change, down, ns, up
from pantau.errors import JournalError
from pantau.journal import Store
from pantau.journal.journal_file import JournalFile
from pantau.journal.writer import Writer
from pantau.states import State
from tests.patience import PATIENCE_SECONDS

UP, UNKNOWN = State.UP, State.UNKNOWN


def until(true: Callable[[], bool]) -> None:
    """Wait for a writer's thread."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def aside(file: Path) -> Path:
    """Where it is put meanwhile."""
    return file.with_name("aside")


def move(file: Path) -> None:
    """As an operator does."""
    file.rename(aside(file))


def replace(file: Path) -> None:
    """Another file takes its place: an older copy."""
    shutil.copy(file, file.with_name("copy"))
    file.rename(aside(file))
    file.with_name("copy").rename(file)


def back(file: Path) -> None:
    """What was there comes back."""
    aside(file).replace(file)


def remove_log(file: Path) -> None:
    """The write-ahead log, in which the last entries are."""
    file.with_name(f"{file.name}-wal").unlink()


def nothing(file: Path) -> None:
    """It mends by itself."""
    assert file.exists()


@pytest.mark.parametrize(("harm", "mend"), [(move, back), (replace, back), (remove_log, nothing)])
def test_harm_is_seen_at_the_next_beat_and_no_event_is_lost(
    harm: Callable[[Path], None], mend: Callable[[Path], None], sqlite: Place
) -> None:
    """Down while it lasts, nothing new is made in its place; when it is mended all stands there once, in one run."""
    writer = Writer(sqlite.store, 1, retry_seconds=0.01)
    writer.open()
    writer.start()
    writer.put([change("h1", 1, UNKNOWN, UP)])
    writer.beat(ns(9))
    until(lambda: writer.spooled == 0)
    harm(sqlite.file)
    writer.put([down("h1", 20)])
    writer.beat(ns(30))
    if mend is back:
        until(lambda: not writer.up)
        assert (writer.spooled, sqlite.file.exists()) == (1, harm is replace)
    mend(sqlite.file)
    until(lambda: writer.up and writer.spooled == 0)
    writer.put([up("h1", 40)])
    writer.close(PATIENCE_SECONDS)
    assert sqlite.findings() == []
    with sqlite.reader() as reader:
        kept = [(entry.run, entry.event.at_ns) for entry in reader.entries() if entry.event.subject]
    assert kept == [(1, ns(1)), (1, ns(20)), (1, ns(40))]


def test_a_file_that_is_cut_is_told(sqlite: Place) -> None:
    """By its size, before anything is written into it."""
    with sqlite.store() as store:
        store.append([down(f"h{number}", number) for number in range(500)])
        with sqlite.store() as other:
            other.last_changes()
        sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.append([down("h1", 600)])
        os.truncate(sqlite.file, 8192)
        with pytest.raises(JournalError, match=r"was cut from \d+ to 8192 bytes"):
            store.append([up("h1", 700)])
        store.disconnect()
        store.reopen()
        with pytest.raises(JournalError):
            store.append([up("h1", 700)])


def test_an_older_copy_is_not_written_on(place: Place) -> None:
    """A database that was brought back from a backup lacks what this run has written: a person decides, not we."""
    with place.store() as store:
        store.append([down("h1", 1)])
        store.append([up("h1", 20)])
        place.execute("DELETE FROM entries WHERE number = 2")
        place.execute("UPDATE head SET number = 1, digest = (SELECT digest FROM entries WHERE number = 1)")
        place.execute("UPDATE head SET alive_ns = (SELECT recorded_ns FROM entries)")
        with pytest.raises(JournalError, match="is not the one that this exporter has written: entry 2"):
            store.append([down("h1", 40)])
    assert place.findings() == []


def test_the_files_are_for_their_user_alone(sqlite: Place) -> None:
    """Journal, log and its index, made anew or there with another mode, whatever the umask."""
    before = os.umask(0)
    try:
        for mode in (0o600, 0o644):
            with sqlite.store() as store:
                store.append([down("h1", mode)])
                files = sorted(sqlite.file.parent.glob("journal.sqlite*"))
                assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600] * 3
            sqlite.file.chmod(0o644)
    finally:
        os.umask(before)


@pytest.mark.parametrize("harm", ["missing", "locked", "newer", "no database"])
def test_no_trouble_with_the_journal_keeps_the_exporter_from_starting(harm: str, sqlite: Place) -> None:
    """It probes and serves, keeps what it sees, says what to do, and catches up."""
    sqlite.store().close()
    if harm == "newer":
        sqlite.execute("UPDATE alembic_version SET version_num = '9999'")
    elif harm == "no database":
        sqlite.file.write_bytes(b"nonsense" * 1000)
    elif harm == "missing":
        shutil.rmtree(sqlite.file.parent)
        sqlite.file.parent.write_bytes(b"")
    holder = sqlite.store() if harm == "locked" else None

    def opened() -> Store:
        if holder is not None:
            raise JournalError("the journal x: database is locked")
        return sqlite.store()

    writer = Writer(opened, 1, retry_seconds=0.01)
    assert writer.open() == {}
    assert (writer.up, writer.waiting) == (False, False)
    writer.start()
    writer.put([down("h1", 1)])
    time.sleep(0.05)
    assert (writer.up, writer.spooled, writer.lost) == (False, 1, 0)
    writer.close(PATIENCE_SECONDS)


def test_a_file_is_made_private_without_giving_up_this_process_s_lock_on_it(sqlite: Place) -> None:
    """An anchor is written by the process whose writer holds the journal: nobody else may write beside that one."""
    with sqlite.store() as store:
        store.append([down("h1", 1)])
        with closing(sqlite3.connect(sqlite.file)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            JournalFile(sqlite.file).make_private(create=False)
            other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
            tried = subprocess.run([sys.executable, "-c", other, sqlite.file], capture_output=True, check=False)
    assert b"database is locked" in tried.stderr
