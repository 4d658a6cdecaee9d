"""What can be done: each step says what it is, whether it is done already, and does it."""

import os
import shutil
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pantau.stack.errors import StackError
from pantau.stack.install.places import Places

_PATIENCE_SECONDS = 120


class InstallStep(Protocol):
    """One thing to do."""

    @property
    def what(self) -> str:
        """As a person reads it."""

    def is_done(self) -> bool:
        """Whether nothing is left to do."""

    def do(self) -> None:
        """Do it. Raises `StackError`, or `OSError`."""


@dataclass(frozen=True, slots=True)
class PutFile:
    """A file of ours, of root's, readable for all, or for one group where it may hold a password."""

    places: Places
    path: Path
    text: str
    mode: int = 0o644
    group: str = "root"

    @property
    def what(self) -> str:
        """As a person reads it."""
        return str(self.path)

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        file = self.places.inside(self.path)
        same = file.is_file() and file.read_text(encoding="utf-8", errors="replace") == self.text
        return same and stat.S_IMODE(file.stat().st_mode) == self.mode

    def do(self) -> None:
        """Make it so."""
        file = self.places.inside(self.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=self.mode)  # before anything is in it
        os.chown(file, 0, ids(self.places, self.group)[1])
        file.chmod(self.mode)
        file.write_text(self.text, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class MakeUser:
    """A user of the system without a login, by systemd's own tool: it works below another root too."""

    places: Places
    user: str
    settings: Path

    @property
    def what(self) -> str:
        """As a person reads it."""
        return f"user {self.user}"

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        return self.places.ids_of(self.user) is not None

    def do(self) -> None:
        """Make it so."""
        run(["systemd-sysusers", f"--root={self.places.root}", str(self.places.inside(self.settings))])


@dataclass(frozen=True, slots=True)
class MakeFolder:
    """A folder with owner, group and mode."""

    places: Places
    path: Path
    owner: str
    group: str
    mode: int

    @property
    def what(self) -> str:
        """As a person reads it."""
        return f"{self.path}/ ({self.owner}:{self.group}, mode {self.mode:04o})"

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        try:
            status = self.places.inside(self.path).stat()
        except OSError:
            return False
        owned = (status.st_uid, status.st_gid) == self._ids()
        return stat.S_ISDIR(status.st_mode) and owned and stat.S_IMODE(status.st_mode) == self.mode

    def do(self) -> None:
        """Make it so."""
        folder = self.places.inside(self.path)
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, *self._ids())
        folder.chmod(self.mode)

    def _ids(self) -> tuple[int, int]:
        return ids(self.places, self.owner)[0], ids(self.places, self.group)[1]


@dataclass(frozen=True, slots=True)
class CopyConfiguration:
    """An operator's config/ into its place, once: what is there already is the operator's, and stays."""

    places: Places
    source: Path
    target: Path
    group: str
    left_out: Sequence[str] = ("data", "schema", "alertmanager.secret.yml")

    @property
    def what(self) -> str:
        """As a person reads it."""
        return f"{self.target}: settings and inventory from {self.source}"

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        return self.places.inside(self.target / "pantau.yml").is_file()

    def do(self) -> None:
        """Make it so."""
        target = self.places.inside(self.target)
        ignore = shutil.ignore_patterns(*self.left_out, ".git*")
        shutil.copytree(self.source, target, ignore=ignore, dirs_exist_ok=True)
        group = ids(self.places, self.group)[1]
        for path in (target, *target.rglob("*")):
            if not path.is_symlink():
                os.chown(path, 0, group)
                path.chmod(0o750 if path.is_dir() else 0o640)


@dataclass(frozen=True, slots=True)
class EnableUnits:
    """Units that start with the machine."""

    places: Places
    names: Sequence[str]

    @property
    def what(self) -> str:
        """As a person reads it."""
        return f"starts with the machine: {', '.join(self.names)}"

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        command = ["systemctl", f"--root={self.places.root}", "is-enabled", *self.names]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
        return done.stdout.split() == ["enabled"] * len(self.names)

    def do(self) -> None:
        """Make it so."""
        run(["systemctl", f"--root={self.places.root}", "enable", *self.names])


@dataclass(frozen=True, slots=True)
class StartUnits:
    """What is enabled runs now, with the units as they are now."""

    names: Sequence[str]
    changed: bool
    """Whether a unit was written: then what runs is started anew."""

    @property
    def what(self) -> str:
        """As a person reads it."""
        return f"runs: {', '.join(self.names)}"

    def is_done(self) -> bool:
        """Whether it is as it should be."""
        if self.changed:
            return False
        command = ["systemctl", "is-active", *self.names]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
        return done.stdout.split() == ["active"] * len(self.names)

    def do(self) -> None:
        """Make it so."""
        run(["systemctl", "daemon-reload"])
        run(["systemctl", "restart", *self.names])


def ids(places: Places, user: str) -> tuple[int, int]:
    """Numbers of a user whom a step before has made, or who is there."""
    if user == "root":
        return 0, 0
    found = places.ids_of(user)
    if found is None:
        raise StackError(f"there is no user {user} on the system at {places.root}")
    return found


def run(command: Sequence[str]) -> None:
    """Run a program of the system; `StackError` with its own words where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StackError(f"{command[0]} cannot be run: {error}; it comes with Debian's package systemd") from error
    if done.returncode != 0:
        raise StackError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
