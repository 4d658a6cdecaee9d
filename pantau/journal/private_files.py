"""Files that are ours alone: mode 0600, never through a symbolic link, on the disk before anybody relies on them."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MODE = 0o600
_SAFE = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
"""Not blocking, for what lies there may be a pipe."""


class NotOursError(OSError):
    """Something is there, but no file that we may trust; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EPERM, reason)
        self.reason = reason


@contextmanager
def opened(file: Path, flags: int) -> Iterator[int]:
    """A descriptor of an ordinary file that belongs to us. Raises `NotOursError`, or `OSError` as `os.open` does."""
    descriptor = os.open(file, flags | _SAFE, _MODE)
    try:
        _require_ours(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def _require_ours(descriptor: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise NotOursError("is no ordinary file")
    if status.st_uid != os.geteuid():
        raise NotOursError("belongs to somebody else")


def others_may(descriptor: int) -> bool:
    """Whether anybody else may read or write it."""
    return bool(stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077)


def keep_private(descriptor: int) -> None:
    """Take everybody else's permission away."""
    if others_may(descriptor):
        os.fchmod(descriptor, _MODE)


def keep_database_private(file: Path) -> None:
    """The same of a file that this process may have open as a database. Raises as `opened` does.

    A descriptor that could read or write it must not be closed: with the first that is, the kernel drops all locks of
    this process on the file, those of SQLite too. One of a place in the file system alone may.
    """
    place = os.open(file, os.O_PATH | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        _require_ours(place)
        if others_may(place):
            Path(f"/proc/self/fd/{place}").chmod(_MODE)
    finally:
        os.close(place)


def write_whole(file: Path, content: bytes) -> None:
    """Put a file there, all of it or none, over what was there."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    with opened(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
        write_all(descriptor, content)
        os.fsync(descriptor)
    fresh.replace(file)
    sync_folder(file.parent)


def write_all(descriptor: int, content: bytes) -> None:
    """Write to the end: the kernel may take a part."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """What was made, renamed or removed in it outlives a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
