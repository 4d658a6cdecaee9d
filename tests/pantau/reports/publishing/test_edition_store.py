"""Editions stand whole or not at all, a FINAL for ever; whoever interrupts or competes changes nothing of that."""

import fcntl
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from pantau.errors import ReportError
from pantau.reports.publishing import edition_store as under_test
from pantau.reports.publishing.edition_store import EditionStore, folder_of
from pantau.reports.publishing.manifest import NAME, manifest, sums_of
from tests.programs import require_program

OLD = {"data.json": b"old", "id/laporan.pdf": b"old pdf"}
NEW = {"data.json": b"new", "id/laporan.pdf": b"new pdf", "annexes/points.csv": b"new csv"}


class Interrupted(BaseException):
    """The end of the process, at some step."""


def content_of(folder: Path) -> dict[str, bytes]:
    """What stands in an edition beside its manifest, which must be right about it."""
    files = {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    sums = files.pop(NAME)
    assert sums == manifest(files)
    return files


def put(store: EditionStore, files: dict[str, bytes], final: int = 0) -> Path:
    """A draft, or that final version."""
    with store.held():
        return store.put_final(final, files) if final else store.replace(files)


def test_a_draft_is_replaced_whole(tmp_path: Path) -> None:
    """Nothing of the old one is left, not even a file that the new one lacks."""
    store = EditionStore(tmp_path / "k")
    assert content_of(put(store, NEW)) == NEW
    assert content_of(put(store, OLD)) == OLD
    assert len([path for path in store.folder.iterdir() if path.name.startswith(".kept")]) == 1


def test_a_final_is_read_only_and_is_written_once(tmp_path: Path) -> None:
    """Files 0444, folders 0555; a second attempt is refused and changes nothing."""
    store = EditionStore(tmp_path / "k")
    place = put(store, OLD, final=1)
    assert {stat.S_IMODE(path.stat().st_mode) for path in place.rglob("*") if path.is_file()} == {0o444}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place, place / "id")} == {0o555}
    with pytest.raises(ReportError, match="is there already, and a FINAL is never written twice"):
        put(store, NEW, final=1)
    assert content_of(place) == OLD
    assert store.last_final == 1
    assert put(store, NEW, final=2).name == "final-2"
    assert store.last_final == 2


def test_who_is_not_root_cannot_write_into_a_final(tmp_path: Path) -> None:
    """File permissions refuse it."""
    setpriv = require_program("setpriv")
    place = put(EditionStore(tmp_path / "k"), OLD, final=1)
    for path in (place, *tmp_path.parents):
        if path.is_relative_to(tmp_path.parents[2]):
            path.chmod(path.stat().st_mode | 0o055)
    command = [str(setpriv), "--reuid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    for words in (
        ["touch", str(place / "more")],
        ["rm", str(place / "data.json")],
        ["sh", "-c", f"echo x > {place}/data.json"],
    ):
        assert subprocess.run([*command, *words], capture_output=True, check=False).returncode != 0, words
    assert content_of(place) == OLD


def test_a_language_is_added_beside_what_stands(tmp_path: Path) -> None:
    """With a manifest of its own; the version's own files and manifest stay as they were."""
    store = EditionStore(tmp_path / "k")
    place = put(store, OLD, final=1)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    with store.held():
        added = store.add(1, "en", {"report.pdf": b"english"})
    assert content_of(added) == {"report.pdf": b"english"}
    assert {path: path.read_bytes() for path in before} == before
    assert stat.S_IMODE(place.stat().st_mode) == 0o555
    with pytest.raises(ReportError, match="never written twice"), store.held():
        store.add(1, "en", {"report.pdf": b"other"})


def test_sha256sum_itself_is_content_with_the_manifest(tmp_path: Path) -> None:
    """`sha256sum -c` accepts the manifest and finds a changed byte."""
    program = require_program("sha256sum")
    place = put(EditionStore(tmp_path / "k"), NEW)
    check = [str(program), "-c", NAME]
    good = subprocess.run(check, cwd=place, capture_output=True, text=True, check=True)
    assert good.stdout.splitlines() == [f"{name}: OK" for name in sorted(NEW)]
    changed = place / "data.json"
    changed.chmod(0o644)
    changed.write_bytes(b"nev")
    bad = subprocess.run(check, cwd=place, capture_output=True, text=True, check=False)
    assert bad.returncode == 1
    assert "data.json: FAILED" in bad.stdout


def interrupting(monkeypatch: pytest.MonkeyPatch, at: int) -> Callable[[], int]:
    """The process ends before the step of this number; returns how many there were."""
    count = 0

    def wrapped(real: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == at:
                raise Interrupted
            return real(*arguments, **more)

        return step

    for name in ("mkdir", "open", "chmod", "symlink_to", "replace", "rename"):
        monkeypatch.setattr(Path, name, wrapped(getattr(Path, name)))
    monkeypatch.setattr(os, "fsync", wrapped(os.fsync))
    monkeypatch.setattr(under_test, "_remove", wrapped(under_test._remove))
    return lambda: count


@pytest.mark.parametrize("final", [0, 2])
def test_interrupted_at_any_step_leaves_the_old_state_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, final: int
) -> None:
    """Stopped before each of some thirty steps; the next run cleans up."""
    steps = 0
    for at in range(1, 200):
        store = EditionStore(tmp_path / f"{at}")
        put(store, OLD)
        put(store, OLD, final=1)
        with monkeypatch.context() as patch:
            counted = interrupting(patch, at)
            with suppress(Interrupted):
                put(store, NEW, final=final)
            steps = counted()
        there = store.final(2) if final else store.kept
        assert content_of(store.final(1)) == OLD
        if final:
            assert not there.exists() or content_of(there) == NEW
            put(store, NEW, final=store.last_final + 1)
        else:
            assert content_of(there) in (OLD, NEW)
            put(store, NEW)
            assert content_of(there) == NEW
        assert not [path for path in store.folder.iterdir() if path.name.startswith(".new")]
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o555 for path in store.folder.glob("final-*"))
        if steps < at:
            break
    assert 15 < steps < 199


KILLED = """
import sys
from pathlib import Path
from pantau.reports.publishing.edition_store import EditionStore
store = EditionStore(Path(sys.argv[1]))
print("ready", flush=True)
for number in range(100000):
    with store.held():
        store.replace({f"{name}.txt": b"%d" % number * 2000 for name in "abcdef"})
"""


def test_killed_at_any_instant_the_draft_is_whole(tmp_path: Path) -> None:
    """After kill -9 the draft is one complete edition with a valid manifest."""
    store = EditionStore(tmp_path / "k")
    seen = set()
    for round_ in range(5):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(store.folder)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.05 + 0.023 * round_)
            process.send_signal(signal.SIGKILL)
        if store.kept.exists():
            contents = set(content_of(store.kept).values())
            assert len(contents) == 1
            seen |= contents
    assert seen
    put(store, OLD)
    assert content_of(store.kept) == OLD
    assert {path.name for path in store.folder.iterdir()} == {".lock", "draft", store.kept.readlink().name}


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    """Of eight concurrent writers the draft is one's; finals get eight numbers."""
    folder = tmp_path / "k"

    def write(number: int) -> int:
        files = {f"{name}.txt": b"%d" % number for name in "abc"}
        store = EditionStore(folder)
        for _ in range(5):
            put(store, files)
        with store.held():
            version = store.last_final + 1
            store.put_final(version, files)
        return version

    with ThreadPoolExecutor(8) as pool:
        versions = list(pool.map(write, range(8)))
    assert sorted(versions) == list(range(1, 9))
    for place in (folder / "draft", *(folder / f"final-{version}" for version in versions)):
        assert len(set(content_of(place).values())) == 1


def test_who_does_not_get_his_turn_says_so(tmp_path: Path) -> None:
    """Waiting for the lock ends with an error after its time."""
    store = EditionStore(tmp_path / "k", patience_seconds=0.1)
    put(store, OLD)
    with (store.folder / ".lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ReportError, match=r"another `pantau report` works in .*; try again"):
            put(store, NEW)
    assert content_of(store.kept) == OLD


def test_a_final_that_somebody_changed_is_no_ground_for_a_new_one(tmp_path: Path) -> None:
    """Reading a changed FINAL is refused with the file's name."""
    store = EditionStore(tmp_path / "k")
    place = put(store, OLD, final=1)
    assert store.read(1, "data.json") == b"old"
    (place / "data.json").chmod(0o644)
    (place / "data.json").write_bytes(b"0ld")
    with pytest.raises(ReportError, match=r"final-1/data.json is not what SHA256SUMS says"):
        store.read(1, "data.json")


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """A foreign folder named like a draft is refused and kept."""
    store = EditionStore(tmp_path / "k")
    (store.folder / "draft").mkdir(parents=True)
    (store.folder / "draft/mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ReportError, match=r"is not of Pantau's making; move it away"):
        put(store, NEW)
    assert (store.folder / "draft/mine.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("break_", ["file", "full"])
def test_a_disk_that_takes_nothing_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_: str
) -> None:
    """A blocked or full disk is an error with its cure; the old draft is kept."""
    store = EditionStore(tmp_path / "k")
    if break_ == "file":
        store.folder.write_text("", encoding="utf-8")
    else:
        put(store, OLD)

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match=r"cannot work in .*; see to room and rights, or choose another --output"):
        put(store, NEW)
    if break_ == "full":
        assert content_of(store.kept) == OLD


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("madidir-telkom", "madidir-telkom"),
        ("..", "%2E."),
        (".lock", "%2Elock"),
        ("_kota", "%5Fkota"),
        ("a_b.c", "a_b.c"),
    ],
)
def test_no_id_leaves_its_place(name: str, folder: str) -> None:
    """Ids cannot hide a folder, leave it, or take a recap's name."""
    assert folder_of(name) == folder


def test_sums_are_read_as_they_are_written() -> None:
    """A manifest gives its sums back by file name."""
    assert sums_of(manifest(NEW)).keys() == NEW.keys()
