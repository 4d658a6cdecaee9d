"""A file, on another disk than the journal, that keeps events while the journal takes none: one JSON line each.

It is read back in order, and the journal remembers up to where it has taken them, so that nothing is written twice
whenever a process is killed. A last line that was cut off is no event yet.
"""

import json
import os
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pantau.errors import JournalError
from pantau.journal.backlog import Waiting
from pantau.journal.entries import Event, HotspotHour, Kind

LIMIT_BYTES = 256 * 1024 * 1024


class Spooled(NamedTuple):
    """An event with its place: which run it is of, and its number there."""

    run: int
    number: int
    event: Event


class Spool:
    """The file; it exists only while something is in it. Raises `JournalError` where it cannot be written or read."""

    def __init__(self, file: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._file = file
        self._limit_bytes = limit_bytes
        self.count = self._count()

    def add(self, run: int, waiting: Sequence[Waiting]) -> None:
        """Append; when this returns they outlive a loss of power."""
        lines = "".join(json.dumps([run, one.number, *one.event]) + "\n" for one in waiting).encode()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as file:
                size = file.tell()
                if size + len(lines) > self._limit_bytes:
                    raise JournalError(f"the spool {self._file} is full: {size} bytes")
                try:
                    file.write(lines)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    os.truncate(self._file, size)  # half a batch would be taken for a whole one
                    raise
        except OSError as error:
            raise JournalError(f"the spool {self._file}: {error.strerror}") from error
        self.count += len(waiting)

    def read(self) -> Iterator[Spooled]:
        """All that is in it, oldest first."""
        try:
            with self._file.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield _spooled(line)
        except FileNotFoundError:
            return
        except OSError as error:
            raise JournalError(f"the spool {self._file}: {error.strerror}") from error

    def after(self, taken: tuple[int, int]) -> Iterator[Spooled]:
        """What follows the event (run, number) that the journal took last; all, if that one is not in here."""
        places = (place for place, one in enumerate(self.read(), 1) if (one.run, one.number) == taken)
        return islice(self.read(), max(places, default=0), None)

    def clear(self) -> None:
        """All of it is in the journal."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise JournalError(f"the spool {self._file}: {error.strerror}") from error
        self.count = 0

    def _count(self) -> int:
        try:
            return sum(1 for _ in self.read())
        except JournalError:
            return 0


def _spooled(line: bytes) -> Spooled:
    run, number, kind, *fields, rows = json.loads(line)
    hours = tuple(HotspotHour(name, requests, replies, tuple(ms)) for name, requests, replies, ms in rows)
    return Spooled(run, number, Event._make([Kind(kind), *fields, hours]))
