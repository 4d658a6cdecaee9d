"""A storm of reloads: what nobody has touched is not read again, and what anybody may have touched is."""

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from exporter import reloading
from exporter.reloading import Loader
from pantau.clock import NANOSECONDS, ManualClock
from pantau.errors import ConfigurationError
from pantau.inventory import Configuration, load
from pantau.inventory.reading import Stamp
from tests.sources import ROOT

LATER_NS = 10 * NANOSECONDS


class Counted:
    """A loader of a copy of the example, and how often it has read the files."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, later_ns: int) -> None:
        shutil.copytree(ROOT / "examples" / "bitung", folder / "bitung")
        self.settings = folder / "bitung" / "pantau.yml"
        self.reads = 0

        def counted(*arguments: object, **named: object) -> Configuration:
            self.reads += 1
            return load(*arguments, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(reloading, "load", counted)
        # The files were written just now; by the loader's clock that was some time ago.
        self.loader = Loader(self.settings, ManualClock(time.time_ns() + later_ns))

    async def reload(self) -> Configuration:
        """Load, and put it into force."""
        configuration = await self.loader.load()
        self.loader.succeeded()
        return configuration


async def test_untouched_files_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the very configuration in force, and a watcher goes on watching all of its files."""
    city = Counted(tmp_path, monkeypatch, LATER_NS)
    first, stamps = await city.reload(), dict(city.loader.stamps)
    for _ in range(3):
        assert await city.loader.load() is first
        assert city.loader.is_in_force(first)
        city.loader.succeeded()
    assert city.reads == 1
    assert city.loader.stamps == stamps
    assert len(stamps) > 3


@pytest.mark.parametrize("file", ["pantau.yml", "inventory/hotspots.csv", "inventory/isps.yml"])
async def test_a_file_that_was_touched_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """Though its length and its time of change are put back as they were."""
    city = Counted(tmp_path, monkeypatch, LATER_NS)
    await city.reload()
    touched = city.settings.parent / file
    before = touched.stat()
    touched.write_bytes(touched.read_bytes())
    os.utime(touched, ns=(before.st_atime_ns, before.st_mtime_ns))
    await city.reload()
    assert city.reads == 2


async def test_a_file_that_is_new_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was missed without a word before."""
    city = Counted(tmp_path, monkeypatch, LATER_NS)
    folder, text = city.settings.parent, city.settings.read_text("utf-8")
    city.settings.write_text(re.sub(r"^inventory:.*?(?=^\S)", "", text, flags=re.MULTILINE | re.DOTALL), "utf-8")
    missing = folder / "inventory" / "maintenance.yml"
    content = missing.read_bytes()
    missing.unlink()
    await city.reload()
    assert missing in city.loader.stamps
    missing.write_bytes(content)
    await city.reload()
    assert city.reads == 2


async def test_what_has_just_been_changed_is_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second change within the grain of the file system's clock leaves no trace but the text."""
    at_ns = time.time_ns()

    def coarse(_: type[Stamp], status: os.stat_result) -> Stamp:
        return Stamp(status.st_dev, status.st_ino, status.st_size, at_ns, at_ns)

    monkeypatch.setattr(Stamp, "of", classmethod(coarse))
    city = Counted(tmp_path, monkeypatch, 0)
    first = await city.reload()
    assert await city.reload() is first
    assert city.reads == 1
    hotspots = city.settings.parent / "inventory" / "hotspots.csv"
    hotspots.write_bytes(hotspots.read_bytes().replace(b"Girian", b"GIRIAN", 1))
    changed = await city.reload()
    assert changed is not first
    assert changed.digest != first.digest
    assert city.reads == 2


async def test_what_could_not_be_taken_is_not_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files with a mistake, nor what was loaded and could not be applied; what is put back is read anew."""
    city = Counted(tmp_path, monkeypatch, LATER_NS)
    first = await city.reload()
    good = city.settings.read_bytes()
    city.settings.write_bytes(good + b"\nnonsense: 1\n")
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            await city.loader.load()
    city.settings.write_bytes(good)
    unapplied = await city.loader.load()
    assert unapplied is not first
    assert not city.loader.is_in_force(unapplied)
    city.loader.failed(MemoryError())
    assert await city.loader.load() is not unapplied
    assert city.reads == 5
