"""A file, on another disk than the journal, that keeps events while the journal takes none: one sealed line each.

It is read back in order, and the journal remembers up to where it has taken them, so that nothing is written twice
whenever a process is killed. What a kill, a full disk or somebody's hand has left there that is no line of ours is set
aside, in a file beside it, and told; what stands around it is taken in all the same, and where lines are missing the
journal says so. `spool_lines` knows what a line is.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import islice
from pathlib import Path

import structlog

from pantau.errors import JournalError
from pantau.journal.backlog import Waiting
from pantau.journal.entries import Event, Kind, detail_of
from pantau.journal.private_files import NotOursError, keep_private, opened, sync_folder, write_all
from pantau.journal.spool_key import SpoolKey
from pantau.journal.spool_lines import Spooled, read_line, write_line

LIMIT_BYTES = 256 * 1024 * 1024

_TOLD = 20
"""Of the lines that are no evidence so many are told one by one."""

log = structlog.get_logger(__name__)


class Spool:
    """The file; it exists only while something is in it. Raises `JournalError` where it cannot be written or read."""

    def __init__(
        self, file: Path, key_file: Path | None = None, limit_bytes: int = LIMIT_BYTES, *, exclusive: bool = False
    ) -> None:
        """Raises nothing: what cannot be opened now may be later. Without `key_file` the key lies beside the spool.

        An `exclusive` one is no other process's while this one lives.
        """
        self._file = file
        self._key_file = SpoolKey(key_file or file.with_name(f"{file.name}.key"), exclusive=exclusive)
        self._key: bytes | None = None
        self._limit_bytes = limit_bytes
        self._size = self._line = 0
        """What we know to be in it: so many bytes, and the number of the last line."""
        self.count = 0
        self._begun: tuple[int, int, int, int] | None = None
        """Of the process that adds now: itself, and size, last line and count before its first."""
        self.look()

    def look(self) -> None:
        """See what is there, where that could not be seen yet."""
        if self._key is not None:
            return
        try:
            with self._translated():
                self._settle()
        except JournalError as error:
            log.warning("the spool cannot be used now; it is tried again", reason=str(error))

    def take_back(self, session: int) -> list[Event]:
        """What a process has added, taken out again: the journal is not to have it from here."""
        if self._begun is None or self._begun[0] != session:
            return []
        events = [one.event for one in self.read() if one.session == session]
        with self._translated():
            _, self._size, self._line, self.count = self._begun
            with opened(self._file, os.O_WRONLY) as descriptor:
                os.ftruncate(descriptor, self._size)
                os.fsync(descriptor)
        self._begun = None
        if not self.count:
            self.clear()
        return events

    def add(self, session: int, waiting: Sequence[Waiting]) -> None:
        """Append; when this returns they outlive a loss of power."""
        with self._translated():
            self._settle_if_changed()
            if self._begun is None or self._begun[0] != session:
                self._begun = (session, self._size, self._line, self.count)
            key = self._present_key()
            lines = b"".join(write_line(session, one, self._line + place, key) for place, one in enumerate(waiting, 1))
            if self._size + len(lines) > self._limit_bytes:
                raise JournalError(f"the spool {self._file} is full: {self._size} bytes")
            self._append(lines)
        self._size, self._line = self._size + len(lines), self._line + len(waiting)
        self.count += len(waiting)

    def read(self) -> Iterator[Spooled]:
        """All that is in it, oldest first; where lines are missing an event says so."""
        with self._translated():
            self._settle_if_changed()
            if self._size and self._key is not None:
                yield from self._told(self._key)

    def after(self, taken: tuple[int, int]) -> Iterator[Spooled]:
        """What follows the event (process, number) that the journal took last; all, if that one is not in here."""
        places = (place for place, one in enumerate(self.read(), 1) if (one.session, one.number) == taken)
        return islice(self.read(), max(places, default=0), None)

    def clear(self) -> None:
        """All of it is in the journal; the next one has another key."""
        with self._translated():
            if _size_of(self._file) not in (None, self._size):
                return self._settle()  # another process has added to it
            self._file.unlink(missing_ok=True)
            self._forget()
            self._renew_key()
        return None

    def _told(self, key: bytes) -> Iterator[Spooled]:
        before = Spooled(0, 0, Event(Kind.LOSS, self._key_file.begun_ns(), 0))
        for one in _lines(self._file, key, self._size):
            if isinstance(one, str) or one.line <= before.line:  # it was good when it was looked through
                log.warning("a line of the spool was changed, and is no evidence", file=str(self._file))
                continue
            if one.line != before.line + 1:
                yield _loss(before, one, one.line - before.line - 1)
            yield one
            before = one

    def _settle_if_changed(self) -> None:
        size = _size_of(self._file)
        if size is None and self.count:
            log.warning("the spool is gone, and what was in it", file=str(self._file), events=self.count)
        if (size or 0) != self._size or self._key is None:
            self._settle()

    def _settle(self) -> None:
        """Look at what is there: know what is ours, and set aside what is not."""
        self._forget()
        if _size_of(self._file) is None:
            self._renew_key()
            return
        with opened(self._file, os.O_RDWR) as descriptor:
            flock(descriptor, LOCK_EX | LOCK_NB)
            keep_private(descriptor)
            size = os.fstat(descriptor).st_size
            try:
                if size > self._limit_bytes:
                    raise NotOursError("is larger than a spool can be")
                self._key = self._key_file.read()
            except NotOursError as error:
                self._refuse(error.reason)
                return
            bad = self._look_through(self._key, size)
            if bad:
                self._set_aside(bad, self._key, size)

    def _look_through(self, key: bytes, size: int) -> set[int]:
        """Count the lines that are ours, in their order; the numbers of the others."""
        bad = set()
        for number, (text, one) in enumerate(_numbered(self._file, key, size), 1):
            if isinstance(one, Spooled) and one.line > self._line:
                self._line = one.line
                self.count += 1
                self._size += len(text)
                continue
            bad.add(number)
            if len(bad) <= _TOLD:
                reason = "stands there twice, or in another place" if isinstance(one, Spooled) else one
                log.warning("a line of the spool is no evidence", file=str(self._file), line=number, reason=reason)
        return bad

    def _set_aside(self, bad: set[int], key: bytes, size: int) -> None:
        """Move these lines into a file beside the spool; they are there before they are gone from here."""
        aside, fresh = _aside(self._file, "damaged"), self._file.with_name(f".{self._file.name}.new")
        fresh.unlink(missing_ok=True)
        new = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            with opened(aside, new) as others, opened(fresh, new) as ours:
                for number, (text, _) in enumerate(_numbered(self._file, key, size), 1):
                    write_all(others if number in bad else ours, text)
                os.fsync(others)
                os.fsync(ours)
        except OSError:  # a full disk: it is tried again and again, and must not become fuller each time
            aside.unlink(missing_ok=True)
            fresh.unlink(missing_ok=True)
            raise
        sync_folder(aside.parent)
        fresh.replace(self._file)
        sync_folder(self._file.parent)
        log.warning("lines of the spool were set aside", file=str(aside), lines=len(bad), kept=self.count)

    def _refuse(self, reason: str) -> None:
        """None of it can be trusted: set the whole file aside and begin anew."""
        aside = _aside(self._file, "refused")
        self._file.rename(aside)
        sync_folder(aside.parent)
        log.warning("the spool is no evidence, and was set aside", file=str(aside), reason=reason)
        self._forget()
        self._renew_key()

    def _append(self, lines: bytes) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with opened(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT) as descriptor:
            flock(descriptor, LOCK_EX | LOCK_NB)
            keep_private(descriptor)
            try:
                write_all(descriptor, lines)
                os.fsync(descriptor)
                if not self._size:
                    sync_folder(self._file.parent)
            except OSError:
                os.ftruncate(descriptor, self._size)  # half a batch would be taken for a whole one
                raise

    def _present_key(self) -> bytes:
        if self._key is None:
            self._renew_key()
        if self._key is None:
            raise NotOursError("has no key")
        return self._key

    def _renew_key(self) -> None:
        self._key = None
        self._key = self._key_file.renew()

    def _forget(self) -> None:
        self.count = self._size = self._line = 0
        self._begun = None

    def _translated(self) -> AbstractContextManager[None]:
        return _translated(self._file)


@contextmanager
def _translated(file: Path) -> Iterator[None]:
    try:
        yield
    except BlockingIOError as error:
        raise JournalError(f"the spool {file}: another process uses it") from error
    except OSError as error:
        raise JournalError(f"the spool {file}: {error.strerror or error}") from error


def _aside(file: Path, why: str) -> Path:
    """A name beside the spool that nobody has yet."""
    return file.with_name(f"{file.name}.{why}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}")


def _lines(file: Path, key: bytes, size: int) -> Iterator[Spooled | str]:
    return (one for _, one in _numbered(file, key, size))


def _numbered(file: Path, key: bytes, size: int) -> Iterator[tuple[bytes, Spooled | str]]:
    """Each line, as it stands and as it is read, of the first `size` bytes."""
    with opened(file, os.O_RDONLY) as descriptor, os.fdopen(os.dup(descriptor), "rb") as content:
        while size > 0 and (text := content.readline(size)):
            size -= len(text)
            yield text, read_line(text, key) if text.endswith(b"\n") else "was cut off"


def _size_of(file: Path) -> int | None:
    try:
        return file.lstat().st_size
    except FileNotFoundError:
        return None


def _loss(before: Spooled, after: Spooled, lines: int) -> Spooled:
    """Between these two so many lines are missing: what they told is not in the journal."""
    since_ns, until_ns = before.event.at_ns, max(before.event.at_ns, after.event.recorded_ns)
    facts = {"since_ns": since_ns, "events": lines}
    loss = Event(Kind.LOSS, until_ns, until_ns, detail=detail_of(facts))
    # Under the number of what came before: what follows is not taken for taken, should we be killed in between.
    return Spooled(before.session, before.number, loss)
