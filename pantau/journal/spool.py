"""A file, on another disk than the journal, that keeps events while the journal takes none: one JSON line each.

It is read back in order, and the journal remembers up to where it has taken them, so that nothing is written twice
whenever a process is killed. A last line that was cut off is no event yet.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from pantau.errors import JournalError
from pantau.journal.backlog import Waiting
from pantau.journal.entries import Event, Kind
from pantau.journal.sums import first_sums_text

LIMIT_BYTES = 256 * 1024 * 1024


class Spooled(NamedTuple):
    """An event with its place: which process it is of, as that calls itself, and its number there."""

    session: int
    number: int
    event: Event


class Spool:
    """The file; it exists only while something is in it. Raises `JournalError` where it cannot be written or read."""

    def __init__(self, file: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._file = file
        self._limit_bytes = limit_bytes
        self.count = self._count()

    def add(self, session: int, waiting: Sequence[Waiting]) -> None:
        """Append; when this returns they outlive a loss of power."""
        lines = "".join(_line(session, one) for one in waiting).encode()
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
        """What follows the event (process, number) that the journal took last; all, if that one is not in here."""
        places = (place for place, one in enumerate(self.read(), 1) if (one.session, one.number) == taken)
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


def _line(session: int, waiting: Waiting) -> str:
    """One event: of its fields those that are not what they are by default."""
    event = waiting.event
    fields: dict[str, object] = {
        name: value for name, value in event._asdict().items() if value != Event._field_defaults.get(name)
    }
    if event.blobs:
        fields["blobs"] = [b64encode(content).decode() for content in event.blobs]
    return json.dumps({"session": session, "number": waiting.number, **fields}) + "\n"


def _spooled(line: bytes) -> Spooled:
    read = json.loads(line)
    if isinstance(read, list):
        return _spooled_before_sources(read)
    session, number = read.pop("session"), read.pop("number")
    blobs = tuple(b64decode(content) for content in read.pop("blobs", ()))
    return Spooled(session, number, Event(Kind(read.pop("kind")), blobs=blobs, **read))


def _spooled_before_sources(line: list[Any]) -> Spooled:
    """A line of a version before there were sources: the fields that an event had then, in their order."""
    session, number, kind, *fields, rows = line
    blobs = (first_sums_text(rows),) if kind == Kind.HOUR else ()
    read = dict(zip(Event._fields[1:], fields, strict=False))
    return Spooled(session, number, Event(Kind(kind), **read)._replace(blobs=blobs))
