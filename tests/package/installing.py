"""Clean environments with nothing but the wheel, for each Python that this machine has."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.programs import cannot_run
from tests.rules.checking import ROOT

PYTHONS = ("3.11", "3.12", "3.13")
_SOURCES = ("pantau", "exporter", "dashboards", "pyproject.toml", "README.md")
_SECONDS = 300


def require_python(version: str) -> Path:
    """An interpreter of `version`: on the PATH, or pyenv's. Ends the calling test, by name, where there is none."""
    if version == ".".join(map(str, sys.version_info[:2])):
        return Path(sys.executable).resolve()
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = shutil.which(f"python{version}")
    candidates = [Path(found)] if found else []
    for python in (*sorted(root.glob(f"versions/{version}.*/bin/python")), *candidates):
        tried = subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False)
        if tried.returncode == 0:  # pyenv's shims exist also for what it does not have
            return python
    return cannot_run(f"Python {version} is not on this machine: not tried with it")


def built_wheel(folder: Path) -> Path:
    """The wheel of this tree, built from a copy, so that nothing is left in the tree."""
    source = folder / "source"
    source.mkdir()
    for name in _SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    (wheel,) = folder.glob("*.whl")
    return wheel


def files_in(wheel: Path) -> set[str]:
    """The names of what it holds."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@dataclass(frozen=True, slots=True)
class Place:
    """An environment with the wheel, and an empty folder to work in."""

    programs: Path
    folder: Path

    def pantau(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run `pantau` there, with nothing of the tests' own environment on its path."""
        return subprocess.run(
            [self.programs / "pantau", *arguments],
            cwd=self.folder,
            env=clean_environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


def clean_environment() -> dict[str, str]:
    """Ours, without what would show a child the checkout; wide enough for a sentence a line."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | {"COLUMNS": "200"}


def install(python: Path, wheel: Path, extras: Sequence[str], folder: Path) -> Place:
    """A new virtual environment in `folder`, the wheel with `extras` in it, from the registry that pip asks."""
    subprocess.run([python, "-m", "venv", folder / "venv"], check=True, capture_output=True, timeout=_SECONDS)
    programs = folder / "venv" / "bin"
    what = f"{wheel}[{','.join(extras)}]" if extras else str(wheel)
    command: list[str | Path] = [programs / "python", "-m", "pip", "install", "--quiet", what]
    done = subprocess.run(
        command, env=clean_environment(), capture_output=True, text=True, check=False, timeout=_SECONDS
    )
    assert done.returncode == 0, done.stderr
    work = folder / "empty"
    work.mkdir()
    return Place(programs, work)
