"""The thread that writes: nothing waits for it, nothing that fits is lost, and it mends by itself."""

import errno
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from lab.samples.journal import NOC, Place, down, ns, up
from pantau.errors import JournalError
from pantau.journal import Entry, Event, HotspotHour, Store
from pantau.journal.backlog import Backlog
from pantau.journal.entries import amend, hour, inventory_taken
from pantau.journal.spool import Spool
from pantau.journal.writer import Writer
from pantau.states import State
from tests.patience import PATIENCE_SECONDS, promptly


class Disk:
    """Opens the journal at a place, or refuses as a broken disk does."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.broken = False
        self.gate: threading.Event | None = None

    def __call__(self) -> Store:
        """The journal that lies on it."""
        return StoreOnDisk(self)


class StoreOnDisk(Store):
    """The journal, whose writes do as the disk does."""

    def __init__(self, disk: Disk) -> None:
        super().__init__(disk.place.url, disk.place.folder, NOC, create=True)
        self._disk = disk

    def append(
        self, events: Sequence[Event], *, alive_ns: int = 0, position: tuple[int, int] | None = None
    ) -> list[Entry]:
        """Wait as long as the disk hangs; see `Store`."""
        if self._disk.gate is not None:
            self._disk.gate.wait()
        if self._disk.broken:
            raise JournalError("database or disk is full")
        return super().append(events, alive_ns=alive_ns, position=position)


@pytest.fixture
def disk(sqlite: Place) -> Disk:
    """A disk that works."""
    return Disk(sqlite)


@pytest.fixture
def writer(disk: Disk) -> Iterator[Writer]:
    """A writer that has begun, and tries again at once."""
    writer = Writer(disk, 1, retry_seconds=0.01, limit=10)
    writer.start()
    yield writer
    if disk.gate is not None:
        disk.gate.set()
    writer.close(PATIENCE_SECONDS)


def until(true: Callable[[], bool]) -> None:
    """Wait for the thread."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def written(place: Place) -> list[Event]:
    """What the journal holds."""
    assert place.findings() == []
    with place.reader() as reader:
        return [entry.event for entry in reader.entries()]


def test_what_is_given_is_written_at_once(place: Place) -> None:
    """Without a close, on both databases; a beat is kept as the last sign of life."""
    writer = Writer(place.store, 1)
    writer.start()
    writer.put([down("h1", 1), up("h1", 20)])
    writer.beat(ns(30))
    until(lambda: writer.spooled == 0)
    until(lambda: place.ask("SELECT alive_ns FROM head") == [(ns(30),)])
    assert written(place) == [down("h1", 1), up("h1", 20)]
    assert (writer.up, writer.lost) == (True, 0)
    writer.close()


def test_giving_never_waits_for_the_disk(writer: Writer, disk: Disk) -> None:
    """The write hangs; ten thousand events are given meanwhile, and what does not fit is counted."""
    disk.gate = threading.Event()
    writer.put([down("h0", 0)])
    with promptly(1.0):
        for number in range(1, 1000):
            writer.put([down(f"h{number % 5}", number)])
    assert writer.spooled == 10 + 5
    assert writer.lost == 1000 - 15
    disk.gate.set()
    until(lambda: writer.spooled == 0)


def test_a_disk_that_is_full_loses_nothing_and_mends_by_itself(writer: Writer, disk: Disk) -> None:
    """Down while it refuses, up when it takes again, and every event is there once, in order."""
    writer.put([down("h1", 1)])
    until(lambda: writer.spooled == 0)
    disk.broken = True
    writer.put([up("h1", 20), down("h1", 40)])
    until(lambda: not writer.up)
    assert writer.spooled == 2
    disk.broken = False
    until(lambda: writer.spooled == 0 and writer.up)
    assert written(disk.place) == [down("h1", 1), up("h1", 20), down("h1", 40)]
    assert writer.lost == 0


def test_a_journal_that_cannot_be_opened_at_first_is_opened_later(tmp_path: Path) -> None:
    """A file stands where the folder should be; the writer says what it knows, nothing, and catches up."""
    place = Place("sqlite:///data/journal.sqlite", tmp_path)
    (tmp_path / "data").write_text("not a folder", encoding="utf-8")
    writer = Writer(place.store, 1, retry_seconds=0.01)
    assert writer.open() == {}
    assert not writer.up
    writer.start()
    writer.put([down("h1", 1)])
    (tmp_path / "data").unlink()
    until(lambda: writer.spooled == 0 and writer.up)
    assert written(place) == [down("h1", 1)]
    writer.close()


def test_a_writer_that_is_closed_writes_what_waits(disk: Disk) -> None:
    """All that was given before the close."""
    writer = Writer(disk, 1)
    writer.start()
    writer.put(down(f"h{number}", number) for number in range(1000))
    writer.close(PATIENCE_SECONDS)
    assert len(written(disk.place)) == 1000


def test_a_spool_keeps_what_the_journal_does_not_take_beyond_the_process(disk: Disk, tmp_path: Path) -> None:
    """The journal refuses to the end; the next run writes what the spool kept before anything of its own."""
    file = tmp_path / "other-disk" / "spool.jsonl"
    disk.broken = True
    writer = Writer(disk, 1, Spool(file), retry_seconds=0.01)
    writer.start()
    writer.put([down("h1", 1), up("h1", 20)])
    until(lambda: not writer.up)
    writer.put([down("h1", 40)])
    writer.close(PATIENCE_SECONDS)
    assert Spool(file).count == 3
    disk.broken = False
    writer = Writer(disk, 2, Spool(file))
    assert writer.open()["h1"] == down("h1", 40)
    writer.start()
    writer.put([up("h1", 50)])
    writer.close(PATIENCE_SECONDS)
    assert written(disk.place) == [down("h1", 1), up("h1", 20), down("h1", 40), up("h1", 50)]
    assert not file.exists()


def test_a_journal_that_hangs_delays_no_end_and_its_events_go_to_the_spool(disk: Disk, tmp_path: Path) -> None:
    """The write never returns; the close gives up in time, and the next run finds the events, each once."""
    file = tmp_path / "spool.jsonl"
    disk.gate = threading.Event()
    writer = Writer(disk, 1, Spool(file))
    writer.start()
    writer.put([down("h1", 1), up("h1", 20)])
    with promptly(5.0):
        writer.close(0.1)
    assert Spool(file).count == 2
    disk.gate.set()  # the write that hung comes through after all
    until(lambda: not writer._thread.is_alive())
    disk.gate = None
    Writer(disk, 2, Spool(file)).open()
    assert written(disk.place) == [down("h1", 1), up("h1", 20)]


def test_a_spool_that_was_taken_in_part_is_not_written_twice(sqlite: Place, tmp_path: Path) -> None:
    """Killed between the commit and the removal of the file: the journal knows how far it got."""
    file = tmp_path / "spool.jsonl"
    disk = Disk(sqlite)
    disk.broken = True
    writer = Writer(disk, 7, Spool(file), retry_seconds=0.01)
    writer.start()
    writer.put(down(f"h{number}", number) for number in range(5))
    writer.close(PATIENCE_SECONDS)
    with sqlite.store() as store:  # what the killed process had committed
        store.append([down(f"h{number}", number) for number in range(3)], position=(7, 3))
    Writer(sqlite.store, 3, Spool(file)).open()
    assert written(sqlite) == [down(f"h{number}", number) for number in range(5)]


def test_a_spool_gives_back_what_it_was_given(sqlite: Place, tmp_path: Path) -> None:
    """Every field, the sums of an hour and the files of an inventory."""
    given = [
        down("h1", 1)._replace(uptime_seconds=7, evidence="icmp", address="10.0.0.1", answered_ns=5),
        amend("h1", (ns(1), ns(2)), State.UP, "agent", ns(3), ns(4)),
        hour(ns(0), ns(3600), [HotspotHour("h1", 9, 8, {State.UP: 3_600_000})]),
        inventory_taken(ns(5), {"hotspots": b"[]", "terms": bytes(range(256))}),
    ]
    backlog = Backlog(10)
    backlog.add(given)
    spool = Spool(tmp_path / "spool.jsonl")
    spool.add(1, backlog.first(10))
    assert [one.event for one in spool.read()] == given


def test_a_writer_is_one_run_however_often_its_connection_breaks(writer: Writer, disk: Disk) -> None:
    """The next process is the next run."""
    writer.put([down("h1", 1)])
    until(lambda: writer.spooled == 0)
    disk.broken = True
    writer.put([up("h1", 20)])
    until(lambda: not writer.up)
    disk.broken = False
    until(lambda: writer.spooled == 0 and writer.up)
    writer.close(PATIENCE_SECONDS)
    again = Writer(disk, 2)
    again.start()
    again.put([down("h1", 40)])
    again.close(PATIENCE_SECONDS)
    with disk.place.reader() as reader:
        assert [entry.run for entry in reader.entries()] == [1, 1, 2]
        assert [head.run for head in reader.heads()] == [2]


def test_a_full_disk_of_the_spool_leaves_no_half_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is cut off again, and kept in memory."""
    spool = Spool(tmp_path / "spool.jsonl")
    backlog = Backlog(10)
    backlog.add([down("h1", 1)])
    spool.add(1, backlog.first(1))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(JournalError, match="No space left on device"):
        spool.add(1, backlog.first(1))
    assert len(list(spool.read())) == spool.count == 1
