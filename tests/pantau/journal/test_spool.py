"""The spool: what somebody or something did to it is set aside and told; what is ours is taken in, whatever happens."""

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from lab.samples.journal import Place, ns, up
from pantau.errors import JournalError
from pantau.journal import Event, Kind
from pantau.journal.spool import Spool
from pantau.journal.writer import Writer
from tests.pantau.journal.spooling import EVENTS, added, lines_of, seen, waiting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a spool with five events lies."""
    file = tmp_path / "other-disk" / "spool.jsonl"
    added(file, EVENTS)
    return file


def aside(file: Path) -> dict[str, bytes]:
    """What was set aside, by the reason in its name."""
    found = file.parent.glob(f"{file.name}.[dr]*")
    return {one.name.removeprefix(f"{file.name}.").partition("-")[0]: one.read_bytes() for one in found}


def without_losses(file: Path) -> list[Event]:
    """The events of a spool that is opened anew, but for what is told of missing ones."""
    return [event for event in seen(file) if event.kind is not Kind.LOSS]


def test_files_are_ours_alone(file: Path) -> None:
    """Spool, key and what is set aside: mode 0600, whatever the umask and whatever mode somebody gave it."""
    file.chmod(0o644)
    with file.open("ab") as open_file:
        open_file.write(b"forged\n")
    Spool(file)
    modes = {one.name.partition("-")[0]: stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()}
    assert modes == {"spool.jsonl": 0o600, "spool.jsonl.key": 0o600, "spool.jsonl.damaged": 0o600}


@pytest.mark.parametrize("kept", [1, 40, 180, 190])
def test_a_torn_tail_is_cut_off_kept_aside_and_written_on(file: Path, kept: int) -> None:
    """Killed while writing: the whole lines are there, the torn one lies beside, and what follows is read."""
    *whole, last = lines_of(file)
    file.write_bytes(b"".join(whole) + last[:kept])
    with capture_logs() as logs:
        spool = Spool(file)
    assert [line["log_level"] for line in logs] == ["warning", "warning"]
    assert (spool.count, aside(file)) == (4, {"damaged": last[:kept]})
    spool.add(2, waiting([up("h9", 90)]))
    assert seen(file) == [*EVENTS[:4], up("h9", 90)]


Tamper = Callable[[list[bytes]], Sequence[bytes]]

TAMPERED: dict[str, tuple[Tamper, list[int], int]] = {
    "a forged line at the end": (lambda lines: [*lines, lines[0].replace(b'"h0"', b'"h9"')], [0, 1, 2, 3, 4], 0),
    "a line of the old format": (
        lambda lines: [*lines, b'[1,9,4,0,0,"h1",1,0,0,"timeout",4,4,0,"",[]]\n'],
        [0, 1, 2, 3, 4],
        0,
    ),
    "a line without a seal": (lambda lines: [b'{"session": 1, "number": 1, "kind": 4}\n', *lines], [0, 1, 2, 3, 4], 0),
    "a changed time": (lambda lines: [lines[0].replace(b"17119", b"17118", 1), *lines[1:]], [1, 2, 3, 4], 1),
    "a changed number": (
        lambda lines: [*lines[:2], lines[2].replace(b'"line": 3', b'"line": 4'), *lines[3:]],
        [0, 1, 3, 4],
        1,
    ),
    "a line taken out": (lambda lines: lines[:2] + lines[3:], [0, 1, 3, 4], 1),
    "two lines taken out": (lambda lines: [lines[0], *lines[3:]], [0, 3, 4], 1),
    "a line twice": (lambda lines: [*lines[:3], lines[1], *lines[3:]], [0, 1, 2, 3, 4], 0),
    "two lines exchanged": (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], [0, 2, 3, 4], 1),
    "NULs of a disk that lost power": (lambda lines: [*lines, b"\0" * 4096], [0, 1, 2, 3, 4], 0),
    "NULs in the middle": (lambda lines: [*lines[:2], b"\0" * 512 + b"\n", *lines[3:]], [0, 1, 3, 4], 1),
    "bytes that are no text": (lambda lines: [b"\xff\xfe\n", *lines], [0, 1, 2, 3, 4], 0),
    "blank lines": (lambda lines: [b"\n", lines[0], b"\n", *lines[1:]], [0, 1, 2, 3, 4], 0),
}


@pytest.mark.parametrize("way", TAMPERED)
def test_what_is_no_evidence_is_set_aside_and_the_rest_is_taken(way: str, file: Path) -> None:
    """Events of lines that are ours and in their place; where lines are missing an event of its own says so."""
    tamper, kept, losses = TAMPERED[way]
    before = lines_of(file)
    after = list(tamper(before))
    file.write_bytes(b"".join(after))
    with capture_logs() as logs:
        found = seen(file)
    assert [event for event in found if event.kind is not Kind.LOSS] == [EVENTS[index] for index in kept]
    assert sum(event.kind is Kind.LOSS for event in found) == losses
    strange = [line for line in after if line not in (before[index] for index in kept)]
    assert aside(file).get("damaged", b"") == b"".join(strange or after[3:4] if way == "a line twice" else strange)
    assert {line["log_level"] for line in logs} <= {"warning"}
    assert without_losses(file) == [EVENTS[index] for index in kept]


def test_a_loss_says_from_when_to_when_and_how_much(file: Path) -> None:
    """Between the last event before the gap and the first after it."""
    first, *_, last = lines_of(file)
    file.write_bytes(first + last)
    (loss,) = [event for event in seen(file) if event.kind is Kind.LOSS]
    assert loss.facts == {"since_ns": EVENTS[0].at_ns, "events": 3}
    assert loss.at_ns == EVENTS[4].recorded_ns


def _remove(key: Path) -> None:
    key.unlink()


def _exchange(key: Path) -> None:
    key.write_text("00" * 32 + "\n")


def _show(key: Path) -> None:
    key.chmod(0o644)


@pytest.mark.parametrize("change", [_remove, _exchange, _show, lambda key: key.write_bytes(b"\xff")])
def test_without_its_own_key_nothing_of_a_spool_is_evidence(change: Callable[[Path], object], file: Path) -> None:
    """The key is gone, another, could be read by others, or is none: all is set aside, and a new spool begins."""
    content = file.read_bytes()
    change(file.with_name("spool.jsonl.key"))
    with capture_logs() as logs:
        spool = Spool(file)
    assert spool.count == 0
    assert b"".join(aside(file).values()) == content
    assert "warning" in {line["log_level"] for line in logs}
    spool.add(2, waiting([up("h9", 90)]))
    assert seen(file) == [up("h9", 90)]


def test_an_old_spool_that_is_put_back_is_no_evidence(file: Path) -> None:
    """The journal has taken it, and the next spool has another key."""
    content = file.read_bytes()
    Spool(file).clear()
    file.write_bytes(content)
    assert seen(file) == []


def test_the_key_lies_where_it_is_told(tmp_path: Path) -> None:
    """On another disk than the spool: there alone."""
    spool = Spool(tmp_path / "spool" / "spool.jsonl", tmp_path / "journal" / "key")
    spool.add(1, waiting(EVENTS))
    assert {one.name for one in tmp_path.rglob("*") if one.is_file()} == {"spool.jsonl", "key"}


def _directory(file: Path) -> None:
    file.mkdir(parents=True)


def _pipe(file: Path) -> None:
    file.parent.mkdir(parents=True)
    os.mkfifo(file)


def _link(file: Path) -> None:
    file.parent.mkdir(parents=True)
    (file.parent / "victim").write_text("precious")
    file.symlink_to("victim")


@pytest.mark.parametrize("blocker", [_directory, _pipe, _link])
def test_what_is_no_file_of_ours_is_neither_read_nor_written(blocker: Callable[[Path], None], tmp_path: Path) -> None:
    """A folder, a pipe, a link: told once at the start, refused at each try, and used once it is gone."""
    file = tmp_path / "disk" / "spool.jsonl"
    blocker(file)
    with capture_logs() as logs:
        spool = Spool(file)
    assert ([line["log_level"] for line in logs], spool.count) == (["warning"], 0)
    with pytest.raises(JournalError, match=r"spool\.jsonl: "):
        spool.add(1, waiting(EVENTS))
    if file.is_symlink():
        assert file.read_text() == "precious"
    file.rmdir() if file.is_dir() else file.unlink()
    spool.add(1, waiting(EVENTS))
    assert seen(file) == EVENTS


def test_a_spool_of_somebody_else_is_not_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the file may change it under our hands."""
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    spool = Spool(file)
    with pytest.raises(JournalError, match="belongs to somebody else"):
        list(spool.read())
    with pytest.raises(JournalError, match="belongs to somebody else"):
        spool.add(1, waiting(EVENTS))


def test_a_file_of_endless_zeros_is_not_read(file: Path) -> None:
    """300 GB without a line end: set aside by its size alone."""
    os.truncate(file, 300_000_000_000)
    assert Spool(file).count == 0
    assert [path.stat().st_size for path in file.parent.glob("*.refused-*")] == [300_000_000_000]


def test_two_processes_do_not_write_over_each_other(file: Path) -> None:
    """The second has added meanwhile: the first looks again before it goes on, and clears nothing unseen."""
    first, second = Spool(file), Spool(file)
    second.add(2, waiting([up("h8", 80)]))
    first.clear()
    first.add(1, waiting([up("h9", 90)]))
    assert seen(file) == [*EVENTS, up("h8", 80), up("h9", 90)]


def test_a_spool_that_vanishes_is_told(file: Path) -> None:
    """What was in it is lost, and the next events go into a new one."""
    spool = Spool(file)
    file.unlink()
    with capture_logs() as logs:
        spool.add(1, waiting([up("h9", 90)]))
    assert [(line["log_level"], line["events"]) for line in logs] == [("warning", 5)]
    assert seen(file) == [up("h9", 90)]


def test_an_exporter_starts_on_a_damaged_spool_and_the_journal_has_what_is_true(sqlite: Place, file: Path) -> None:
    """A torn tail, a forged line, one of the old format: the journal takes the five events, and nothing else."""
    forged = lines_of(file)[0].replace(b'"h0"', b'"h9"')
    with file.open("ab") as open_file:
        open_file.write(forged + b'[1,9,4,0,0,"h1",1,0,0,"timeout",4,4,0,"",[]]\n' + forged[:50])
    known = Writer(sqlite.store, 3, Spool(file)).open()
    assert set(known) == {"h0", "h1", "h2", "h3", "h4"}
    assert sqlite.findings() == []
    with sqlite.reader() as reader:
        assert [entry.event for entry in reader.entries()] == EVENTS


def test_the_events_of_a_gap_are_told_in_the_journal(sqlite: Place, file: Path) -> None:
    """As a fault of ours: journal lost, from the event before the gap to the one after it."""
    first, *_, last = lines_of(file)
    file.write_bytes(first + last)
    Writer(sqlite.store, 3, Spool(file)).open()
    with sqlite.reader() as reader:
        (fault,) = reader.faults(0, 2**62)
    assert (fault.what, fault.start_ns, fault.end_ns) == ("journal_lost", ns(0), EVENTS[4].recorded_ns)
