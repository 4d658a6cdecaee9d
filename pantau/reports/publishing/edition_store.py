"""The folder of a contract's editions: each is written as a whole, or not at all.

    OUTPUT/2024-04/madidir-telkom/
        draft -> .kept-6f0c…         the newest draft; the link changes in one step
        final-1/, final-2/           each written once, read-only
            data.json …, id/…, SHA256SUMS
            en/…, en/SHA256SUMS      an addition: the same version in another language

A folder is written under a hidden name, synced to the disk, and renamed. An interrupted run leaves the old state; what
it had begun is removed by the next run. A lock lets one run at a time work in a contract's folder.
"""

import fcntl
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pantau.errors import ReportError
from pantau.reports.publishing.manifest import NAME, digest, manifest, sums_of

_FINAL, _NEW, _KEPT = "final-", ".new-", ".kept-"
_PATIENCE_SECONDS = 120
DATA = "data.json"


def folder_of(name: str) -> str:
    """A folder's name for an id: no id gives a hidden folder, another place, or the name of a recap."""
    return {".": "%2E", "_": "%5F"}.get(name[:1], name[:1]) + name[1:]


def name_of(folder: str) -> str:
    """The id of a folder's name."""
    return {"%2E": ".", "%5F": "_"}.get(folder[:3], folder[:3]) + folder[3:]


def finals_in(folder: Path) -> list[tuple[int, Path]]:
    """The final versions of a contract's folder, in their order."""
    found = [name for name in _names(folder) if _is_final(name)]
    return sorted((int(name.removeprefix(_FINAL)), folder / name) for name in found)


class EditionStore:
    """One folder of editions."""

    def __init__(self, folder: Path, kept: str = "draft", patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self.folder = folder
        self.kept = folder / kept
        """The folder that each run replaces."""
        self._patience_seconds = patience_seconds

    @contextmanager
    def held(self) -> Iterator[None]:
        """Lock the folder and remove leftovers. `ReportError` where it is locked for too long or cannot be written."""
        with _translated(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            self._take(lock)
            with _translated(self.folder):
                self._sweep()
            yield
        finally:
            os.close(lock)

    def final(self, version: int) -> Path:
        """Where a final version stands, or will."""
        return self.folder / f"{_FINAL}{version}"

    @property
    def last_final(self) -> int:
        """The newest final version; 0 without one."""
        return max((number for number, _ in finals_in(self.folder)), default=0)

    def read(self, version: int, name: str) -> bytes:
        """A file of a final version; `ReportError` where it is not what its manifest says."""
        folder = self.final(version)
        with _translated(folder):
            content = (folder / name).read_bytes()
            sums = sums_of((folder / NAME).read_bytes())
        if sums.get(name) != digest(content):
            raise ReportError(
                f"{folder / name} is not what {NAME} says: somebody changed a FINAL; bring it back from a backup"
            )
        return content

    def replace(self, files: Mapping[str, bytes]) -> Path:
        """Put a draft in place of the one before; to be called while held."""
        with _translated(self.folder):
            if self.kept.exists() and not self.kept.is_symlink():
                raise ReportError(f"{self.kept} is not of Pantau's making; move it away")
            own = self.folder / f"{_KEPT}{secrets.token_hex(8)}"
            _write(own, files)
            link = self.folder / f"{_NEW}{secrets.token_hex(8)}"
            link.symlink_to(own.name)
            link.replace(self.kept)
            _sync(self.folder)
            self._sweep()
        return self.kept

    def put_final(self, version: int, files: Mapping[str, bytes]) -> Path:
        """Write a final version that is not there yet; to be called while held."""
        return self._add(self.final(version), files)

    def add(self, version: int, name: str, files: Mapping[str, bytes]) -> Path:
        """Add a folder to a final version that lacks it; to be called while held."""
        folder = self.final(version)
        with _translated(folder):
            folder.chmod(0o755)
        try:
            return self._add(folder / name, files)
        finally:
            _seal(folder)

    def _add(self, to: Path, files: Mapping[str, bytes]) -> Path:
        with _translated(to):
            if to.exists():
                raise ReportError(f"{to} is there already, and a FINAL is never written twice")
            new = to.parent / f"{_NEW}{secrets.token_hex(8)}"
            _write(new, files)
            new.rename(to)
            _sync(to.parent)
            _seal(to)
        return to

    def _take(self, lock: int) -> None:
        until = time.monotonic() + self._patience_seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > until:
                    raise ReportError(
                        f"another `pantau report` works in {self.folder}; try again when it has ended"
                    ) from error
                time.sleep(0.05)
            else:
                return

    def _sweep(self) -> None:
        """Remove what interrupted runs left, and drafts that the link no longer points to."""
        present = self.kept.readlink().name if self.kept.is_symlink() else ""
        finals = [place for _, place in finals_in(self.folder)]
        for place in (self.folder, *finals):
            for name in _names(place):
                if name.startswith(_NEW) or (name.startswith(_KEPT) and name != present):
                    _remove(place / name)
        for place in finals:
            _seal(place)


def _is_final(name: str) -> bool:
    return name.startswith(_FINAL) and name.removeprefix(_FINAL).isdecimal()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder with its files and their manifest, and sync it to the disk."""
    for name, content in {**files, NAME: manifest(files)}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        file.chmod(0o444)
    for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        _sync(place)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(folder: Path) -> None:
    """Make a final version's folders read-only."""
    for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        if stat.S_IMODE(place.stat().st_mode) != 0o555:
            place.chmod(0o555)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
        return
    path.parent.chmod(0o755)
    for place in (path, *(found for found in path.rglob("*") if found.is_dir())):
        place.chmod(0o755)
    shutil.rmtree(path)


@contextmanager
def _translated(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportError(
            f"cannot work in {place}: {error.strerror or error}; see to room and rights, or choose another --output"
        ) from error
