"""The file of a journal in SQLite: that it is ours alone, and still the one that was opened.

SQLite goes on writing into a file that was moved or removed, and into a write-ahead log that nobody will read: what is
at the path has to be looked at. Nothing here reads the database.
"""

import os
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.private_files import NotOursError, keep_database_private, opened

_LOGS = ("-wal", "-shm")


class _Look(NamedTuple):
    """What lies at a path: device and inode, and its size."""

    identity: tuple[int, int]
    size: int


class JournalFile:
    """The file at a path, as it was when `note` was called last."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._wal = file.with_name(f"{file.name}-wal")
        self._lease = file.with_name(f"{file.name}.lease")
        self._known: _Look | None = None
        self._known_wal: _Look | None = None
        self._locked: int | None = None

    @classmethod
    def of(cls, path: str | None) -> "JournalFile | None":
        """That of a journal at this path; None for one in memory."""
        return cls(Path(path)) if path and path != ":memory:" else None

    def make_private(self, *, create: bool) -> None:
        """Mode 0600, also of the logs beside it, which SQLite makes with the mode of the file. Raises `OSError`."""
        if create:
            with suppress(FileExistsError), opened(self.file, os.O_RDWR | os.O_CREAT | os.O_EXCL):
                pass
        for file in (self.file, *(self.file.with_name(self.file.name + log) for log in _LOGS)):
            with suppress(FileNotFoundError, NotOursError, PermissionError):
                keep_database_private(file)

    def note(self) -> None:
        """What lies there now is what we write."""
        self._known, self._known_wal = _look(self.file), _look(self._wal)

    def note_logs_gone(self) -> None:
        """Our connections were closed: the log may have gone with them, and may come back as another."""
        self._known_wal = None

    def check(self) -> None:
        """Raise `JournalError`, saying what has become of it, unless all is as it was."""
        known, present = self._known, _look(self.file)
        if known is None:
            return
        if present is None:
            raise JournalError(f"the journal {self.file} was moved or removed: put it back, with its -wal and -shm")
        if present.identity != known.identity:
            raise JournalError(
                f"the journal {self.file} was replaced by another file: put the one that was there back; or stop the "
                f"exporter, see that {self._wal.name} is no left-over of the old one, and start it again"
            )
        if present.size < known.size:
            raise JournalError(f"the journal {self.file} was cut from {known.size} to {present.size} bytes")
        if self._known_wal is not None:
            wal = _look(self._wal)
            if wal is None or wal.identity != self._known_wal.identity:
                raise JournalError(f"{self._wal}, where the last entries of the journal are, was removed or replaced")

    def check_to_reopen(self) -> None:
        """Raise `JournalError` where the file that was open is not there. One that shrank is looked into."""
        if self._known is not None:
            self._known = self._known._replace(size=0)
        self.check()

    def hold_lease(self, run: int) -> None:
        """Lock the file that tells which run's process lives; the kernel lets it go with it. Raises `OSError`."""
        if self._locked is not None:
            return
        descriptor = os.open(self._lease, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(run).encode(), 0)
        except OSError:
            os.close(descriptor)
            raise
        self._locked = descriptor

    def give_lease_back(self) -> None:
        """Others may take it."""
        if self._locked is not None:
            os.close(self._locked)
            self._locked = None

    def holder_is_gone(self, run: int) -> bool:
        """Whether the process of that run has ended; no, where that cannot be known."""
        try:
            with opened(self._lease, os.O_RDWR) as descriptor:
                flock(descriptor, LOCK_EX | LOCK_NB)
                return os.pread(descriptor, 32, 0) == str(run).encode()
        except OSError:  # it is locked, or there is none: not every store claims the lease
            return False


def _look(file: Path) -> _Look | None:
    try:
        status = file.stat()
    except FileNotFoundError:
        return None
    return _Look((status.st_dev, status.st_ino), status.st_size)
