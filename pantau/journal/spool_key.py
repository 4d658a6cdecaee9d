"""The key that seals the lines of one spool, in a file of its own; another for each spool that is begun.

So a copy of an old spool, put back when the journal has taken it long ago, is no evidence either.
"""

import os
import secrets
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from pantau.journal.private_files import NotOursError, opened, others_may, write_whole

_BYTES = 32
_READ = 1024


class SpoolKey:
    """The key in `file`; an `exclusive` one keeps other processes from it.

    Every method raises `OSError` where the file cannot be read or written.
    """

    def __init__(self, file: Path, *, exclusive: bool = False) -> None:
        self.file = file
        self._exclusive = exclusive
        self._held: int | None = None

    def renew(self) -> bytes:
        """A new key, in place of whatever was there."""
        self._hold()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(_BYTES)
        write_whole(self.file, key.hex().encode() + b"\n")
        self._hold()
        return key

    def read(self) -> bytes:
        """The key. Raises `NotOursError` where there is none, or one that others could have read."""
        self._hold()
        try:
            with opened(self.file, os.O_RDONLY) as descriptor:
                if others_may(descriptor):
                    raise NotOursError("its key could be read by others")
                text = os.read(descriptor, _READ).strip()
        except FileNotFoundError as error:
            raise NotOursError("its key is gone") from error
        try:
            key = bytes.fromhex(text.decode("ascii"))
        except ValueError as error:
            raise NotOursError("its key is none") from error
        if len(key) != _BYTES:
            raise NotOursError("its key is none")
        return key

    def _hold(self) -> None:
        """Keep other processes from this spool while we live; `BlockingIOError` where one keeps us from it."""
        if not self._exclusive or not self.file.exists():
            return
        held = os.open(self.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if self._held is None or not os.path.sameopenfile(held, self._held):
                flock(held, LOCK_EX | LOCK_NB)
                held, self._held = self._held if self._held is not None else -1, held
        finally:
            if held >= 0:
                os.close(held)

    def begun_ns(self) -> int:
        """When it was made: the spool that it seals is not older."""
        return self.file.stat().st_mtime_ns
