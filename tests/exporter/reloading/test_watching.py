"""A changed file is seen whatever changed it, however often, through every link; and a dead disk holds up nobody."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter import watching
from exporter.watching import watch_files
from pantau.inventory.reading import Stamp, stamp_of
from tests.patience import promptly, until

LOOK_SECONDS, SETTLE_SECONDS = 0.01, 0.01


class Reader:
    """What was read last, and how often it was told that this has changed; told, it reads again."""

    def __init__(self, *files: Path) -> None:
        self.files = files
        self.stamps: dict[Path, Stamp | int] = {}
        self.read: list[list[str]] = []
        self.told = 0
        self.load()

    def load(self) -> None:
        """Read the files, as far as they are there."""
        self.stamps = {file: stamp_of(file) for file in self.files}
        self.read.append([file.read_text() if file.exists() else "" for file in self.files])

    def changed(self) -> None:
        """One of them is another."""
        self.told += 1
        self.load()


async def _watched(reader: Reader, changes: list[Callable[[], object]]) -> None:
    """Make each change when the one before has been seen."""
    task = asyncio.create_task(watch_files(lambda: reader.stamps, reader.changed, LOOK_SECONDS, SETTLE_SECONDS))
    try:
        for change in changes:
            told = reader.told
            change()
            await until(lambda told=told: reader.told != told)  # type: ignore[misc]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _release(folder: Path, number: int) -> Path:
    release = folder / f"..{number}"
    release.mkdir()
    (release / "pantau.yml").write_text(f"settings {number}")
    (release / "hotspots.csv").write_text(f"hotspots {number}")
    return release


def _swap(link: Path, target: str) -> None:
    fresh = link.with_name("..fresh")
    fresh.symlink_to(target)
    fresh.replace(link)


async def test_every_swap_of_a_kubernetes_volume_is_seen(tmp_path: Path) -> None:
    """``pantau.yml -> ..data/pantau.yml`` and ``..data -> ..7``: thirty times, the old folder removed each time."""
    _release(tmp_path, 0)
    (tmp_path / "..data").symlink_to("..0")
    for name in ("pantau.yml", "hotspots.csv"):
        (tmp_path / name).symlink_to(f"..data/{name}")
    reader = Reader(tmp_path / "pantau.yml", tmp_path / "hotspots.csv")

    def swap(number: int) -> None:
        _release(tmp_path, number)
        _swap(tmp_path / "..data", f"..{number}")
        for file in (tmp_path / f"..{number - 1}").iterdir():
            file.unlink()
        (tmp_path / f"..{number - 1}").rmdir()

    await _watched(reader, [lambda number=number: swap(number) for number in range(1, 31)])  # type: ignore[misc]
    assert reader.read == [[f"settings {number}", f"hotspots {number}"] for number in range(31)]


async def test_every_swap_of_a_folder_above_is_seen(tmp_path: Path) -> None:
    """``current -> releases/N``, to and fro: a release that comes back is another than the one before."""
    for number in range(2):
        _release(tmp_path, number)
    (tmp_path / "current").symlink_to("..0")
    reader = Reader(tmp_path / "current" / "pantau.yml", tmp_path / "current" / "hotspots.csv")
    swaps = [lambda number=number: _swap(tmp_path / "current", f"..{number % 2}") for number in range(1, 11)]
    await _watched(reader, swaps)  # type: ignore[arg-type]
    assert [settings for settings, _ in reader.read] == [f"settings {number % 2}" for number in range(11)]


async def test_every_way_to_change_a_file_is_seen(tmp_path: Path) -> None:
    """Replaced, written in place with the same length and time, removed, made anew, its mode, its folder moved away."""
    file, other = tmp_path / "a" / "pantau.yml", tmp_path / "a" / "new"
    file.parent.mkdir()
    file.write_text("one")
    reader = Reader(file)

    def replace() -> None:
        other.write_text("two")
        other.replace(file)

    def same_length_and_time() -> None:
        status = file.stat()
        file.write_text("six")
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    await _watched(
        reader,
        [
            replace,
            same_length_and_time,
            file.unlink,
            lambda: file.write_text("ten"),
            lambda: file.chmod(0o600),
            lambda: file.parent.rename(tmp_path / "b"),
            lambda: (tmp_path / "b").rename(file.parent),
        ],
    )
    assert reader.read == [["one"], ["two"], ["six"], [""], ["ten"], ["ten"], [""], ["ten"]]


async def test_a_file_that_a_failed_load_missed_is_waited_for(tmp_path: Path) -> None:
    """It is in the list, and not yet there."""
    reader = Reader(tmp_path / "hotspots.csv")
    await _watched(reader, [lambda: (tmp_path / "hotspots.csv").write_text("here")])
    assert reader.read == [[""], ["here"]]


async def test_what_does_not_change_is_not_told(tmp_path: Path) -> None:
    """Not at the start, not by being read, not by a neighbour; nor twice where nobody reads it again."""
    file = tmp_path / "pantau.yml"
    file.write_text("one")
    stamps, told = {file: stamp_of(file)}, []
    task = asyncio.create_task(watch_files(lambda: stamps, lambda: told.append(1), LOOK_SECONDS, SETTLE_SECONDS))
    for change in (lambda: file.read_text(), lambda: (tmp_path / "other").write_text("x")):
        change()
        await asyncio.sleep(0.1)
    assert told == []
    file.write_text("another")
    await asyncio.sleep(0.3)
    task.cancel()
    assert told == [1]


async def test_several_files_are_one_change(tmp_path: Path) -> None:
    """Written one after the other, faster than they settle."""
    files = [tmp_path / f"{number}.csv" for number in range(5)]
    reader = Reader(*files)
    task = asyncio.create_task(watch_files(lambda: reader.stamps, reader.changed, LOOK_SECONDS, 0.5))
    for file in files:
        file.write_text(file.name)
        await asyncio.sleep(0.02)
    await until(lambda: reader.told)
    task.cancel()
    assert reader.read[-1] == [file.name for file in files]
    assert reader.told == 1


async def test_a_look_that_never_returns_holds_up_neither_the_loop_nor_the_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `stat` on a network disk whose server is gone."""
    hangs, ends = threading.Event(), threading.Event()

    def hang(_: Path) -> int:
        hangs.set()
        ends.wait()
        return 0

    monkeypatch.setattr(watching, "stamp_of", hang)
    task = asyncio.create_task(watch_files(lambda: {tmp_path: 1}, lambda: None, LOOK_SECONDS))
    await until(hangs.is_set)
    with promptly(1.0):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    ends.set()
