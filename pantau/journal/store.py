"""Appends to a journal: whole batches in one transaction each, chained under the lock of those who write."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.engine import Connection

from pantau.errors import JournalError
from pantau.journal.appending import Appender
from pantau.journal.database import named, open_database, resolve_url, translated, writing
from pantau.journal.entries import Entry, Event
from pantau.journal.heads import ChainHead, read_heads
from pantau.journal.journal_file import JournalFile
from pantau.journal.schema import PRESENT
from pantau.journal.sources import LEGACY, Source
from pantau.journal.tenure import Tenure


class Store:
    """An open journal that one source writes. Not for several threads at once; several processes may write one journal.

    Each open store is a run of its source: `claim`, or the first batch, gives it the next number. Of an exporter's the
    last run alone may write: what an older one brings is refused with `LeaseHeldError`.
    """

    def __init__(self, url: str, folder: Path, source: Source, *, create: bool = True) -> None:
        if source == LEGACY:
            raise ValueError("nothing is added to what stood in a journal before it had sources")
        self.url = resolve_url(url, folder)
        self.source = source
        # People's decisions do not shut an exporter of an older version out: an exporter alone migrates.
        self._migrates = source.shard is not None
        self._engine = open_database(self.url, create=create, migrates=self._migrates or create)
        self._is_open = True
        self._appender = Appender(source)
        self._file = JournalFile.of(self.url.database) if self.url.get_backend_name() == "sqlite" else None
        self._tenure = Tenure(named(self.url), source, self._file)
        if self._file:
            self._file.note()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End as one should: the lease goes back at once, and with it the file or the connections."""
        if self._is_open and self._tenure.run is not None and self.source.shard is not None:
            with suppress(JournalError), translated(self.url), writing(self._engine) as connection:
                self._tenure.give_back(connection, self._appender.sources.find(connection, self.source))
        if self._file:
            self._file.give_lease_back()
        self.disconnect()

    def disconnect(self) -> None:
        """Give the file or the connections back, and keep the lease: a connection that failed is not trusted again."""
        self._is_open = False
        self._engine.dispose()
        if self._file:
            self._file.note_logs_gone()

    def reopen(self) -> bool:
        """Go on as the same run; whether the connection had been given back, and is a new one.

        Raises `JournalError` where the journal that we wrote is not there any more.
        """
        if self._is_open:
            return False
        if self._file and self._tenure.run is not None:
            self._file.check_to_reopen()
        self._engine = open_database(self.url, create=False, migrates=self._migrates)
        self._is_open = True
        self._appender.forget()
        if self._file:
            self._file.note()
        return True

    @property
    def run(self) -> int | None:
        """The number of this run; None before it has begun."""
        return self._tenure.run

    def last_changes(self) -> Mapping[str, Event]:
        """The latest transition of each hotspot and uplink that this source knows. Raises `JournalError`.

        The first exporter that writes a journal from before there were sources knows what stands there.
        """
        with translated(self.url), self._engine.connect() as connection:
            return self._appender.last_of(connection)

    def life_ns(self) -> int:
        """The last chained sign of life of this source, and of the one that it follows. Raises `JournalError`."""
        with translated(self.url), self._engine.connect() as connection:
            return self._appender.life_of(connection, read_heads(connection, PRESENT, self._appender.sources))

    def taken(self) -> tuple[int, int]:
        """Which process's events were taken last, and up to which number of it. Raises `JournalError`."""
        with translated(self.url), self._engine.connect() as connection:
            own = self._appender.sources.own(connection, self.source)
            heads = {head.ref: head for head in read_heads(connection, PRESENT, self._appender.sources)}
            last = heads.get(own[-1]) if own else None
        return (last.session, last.taken) if last else (0, 0)

    def claim(self, wall_ns: int, now: float) -> None:
        """Become the run that may write, if no other is; `now` in seconds of a clock that never steps.

        Raises `LeaseHeldError` while another holds the lease (see `lease`): to be asked again and again.
        """
        if self._file:
            self._file.check()
        with translated(self.url), writing(self._engine) as connection:
            heads = read_heads(connection, PRESENT, self._appender.sources)
            found = next((head for head in heads if head.source == self.source), None)
            self._tenure.require_free(found, wall_ns, now)
            head, first = (found, []) if found else self._appender.entered(connection, heads, [])
            head = head._replace(run=head.run + 1, beat_ns=wall_ns)
            _, head = self._appender.write(connection, head, first, heads, 0)
        self._appender.forget()
        self._tenure.begin(head)

    def append(
        self, events: Sequence[Event], *, alive_ns: int = 0, position: tuple[int, int] | None = None
    ) -> list[Entry]:
        """Write events, all or none; returns what became of them. A `Kind.START` becomes several entries.

        `alive_ns` is a beat of the exporter: it keeps the lease, and becomes a `Kind.CHECKPOINT` where the chain has
        been silent for 10 s. `position` (process, number of the event there) is kept with them, so that a spool knows
        what was taken. Raises `JournalError`; `LeaseHeldError` where a later run has begun.
        """
        try:
            if self._file:
                self._file.check()
            with translated(self.url), writing(self._engine) as connection:
                written, head = self._append(connection, events, alive_ns, position)
        except BaseException:
            self._appender.forget()
            raise
        self._tenure.begin(head)
        return written

    def _append(
        self, connection: Connection, events: Sequence[Event], alive_ns: int, position: tuple[int, int] | None
    ) -> tuple[list[Entry], ChainHead]:
        heads = read_heads(connection, PRESENT, self._appender.sources)
        head = next((head for head in heads if head.source == self.source), None)
        self._tenure.require_ours(connection, head)
        life_ns = self._appender.life_of(connection, heads)
        if head is None:
            head, first = self._appender.entered(connection, heads, events)
            events = [*first, *events]
        head = head._replace(run=self._tenure.run or head.run + 1, beat_ns=alive_ns or head.beat_ns)
        if position is not None:
            head = head._replace(session=position[0], taken=position[1])
        return self._appender.write(
            connection, head, self._appender.settled(connection, events, life_ns), heads, alive_ns
        )
