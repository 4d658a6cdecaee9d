"""The pins of versions.yml: an old one is told, digests are written all or none, what was never run is said."""

import importlib.util
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from tests.rules.checking import ROOT

TEXT = (ROOT / "versions.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pins() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("pins", ROOT / "scripts" / "pins.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pins"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def run(folder: Path, programs: Path, what: str) -> "subprocess.CompletedProcess[str]":
    """The script in `folder`, with the programs of `programs` alone on its PATH."""
    command = [sys.executable, str(ROOT / "scripts" / "pins.py"), what]
    environment = os.environ | {"PATH": str(programs)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the shipped file, and an empty one for programs."""
    (tmp_path / "versions.yml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(folder: Path, script: str) -> None:
    """A `docker` that answers as `script` does."""
    file = folder / "bin" / "docker"
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def test_a_pin_older_than_a_year_is_told(pins: ModuleType) -> None:
    """To the day; none before."""
    chosen = [pin.chosen for pin in pins.pins(TEXT)]
    assert len(chosen) == 4
    assert pins.warnings(TEXT, max(chosen)) == []
    assert pins.warnings(TEXT, min(chosen) + timedelta(days=365)) == []
    told = pins.warnings(TEXT, max(chosen) + timedelta(days=366))
    assert len(told) == 4
    assert told[0].startswith("warning: debian:")


def test_a_pin_without_a_day_is_refused(pins: ModuleType) -> None:
    """Nobody can say how old it is."""
    with pytest.raises(SystemExit, match="is not NAME:TAG and, behind it, # chosen"):
        list(pins.pins("services:\n  a:\n    image: prom/prometheus:v3.13.3\n"))


def test_without_a_registry_nothing_is_changed(folder: Path) -> None:
    """No program, and one that gets no answer: it is said, status 1, the file is as it was."""
    for script in (None, "echo 'no such host' >&2; exit 1", "echo surprising"):
        if script is not None:
            program(folder, script)
        done = run(folder, folder / "bin", "digests")
        assert done.returncode == 1
        assert done.stderr.startswith("no registry answers for debian:")
        assert (folder / "versions.yml").read_text(encoding="utf-8") == TEXT


def test_one_tag_without_an_answer_changes_none(folder: Path) -> None:
    """Half of the digests would look like all of them."""
    program(folder, f'case "$6" in grafana*) exit 1;; *) echo sha256:{"a" * 64};; esac')
    assert run(folder, folder / "bin", "digests").returncode == 1
    assert (folder / "versions.yml").read_text(encoding="utf-8") == TEXT


def test_digests_are_written_behind_the_tags(folder: Path, pins: ModuleType) -> None:
    """And replaced the next time; days, reasons and all else stay."""
    for letter in "ab":
        program(folder, f"echo sha256:{letter * 64}")
        assert run(folder, folder / "bin", "digests").returncode == 0
        text = (folder / "versions.yml").read_text(encoding="utf-8")
        assert text.count(f"@sha256:{letter * 64} ") == 4
        assert re.sub(r"@sha256:[0-9a-f]{64}(?= )", "", text) == TEXT
        assert len(list(pins.pins(text))) == 4


def test_what_was_never_run_is_said() -> None:
    """Each pin stands in docs/tested.md with whether it was run."""
    page = (ROOT / "docs" / "tested.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \| (never|yes)", page, re.MULTILINE))
    assert set(re.findall(r"(?:image|BASE): ([\w./:-]+)", TEXT)) <= set(rows)


def test_today_no_pin_is_from_the_future(pins: ModuleType) -> None:
    """A day that is mistyped would silence the warning for ever."""
    assert all(pin.chosen <= date.today() + timedelta(days=1) for pin in pins.pins(TEXT))  # noqa: DTZ011 - a day is enough
