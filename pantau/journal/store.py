"""Appends to a journal: whole batches in one transaction each, chained under the lock of those who write."""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.chain import chained
from pantau.journal.database import open_database, resolve_url, translated, writing
from pantau.journal.entries import FORMAT, Entry, Event, Kind, succession
from pantau.journal.heads import ChainHead, read_heads, write_head
from pantau.journal.names import Names
from pantau.journal.resuming import resumed
from pantau.journal.rows import entry_columns, read_entry, write_entry
from pantau.journal.schema import PRESENT, blobs, entries, names
from pantau.journal.source_refs import SourceRefs
from pantau.journal.sources import LEGACY, LEGACY_REF, Source

_OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)
_OF_PEOPLE = (Kind.CAUSE, Kind.EXCLUSION, Kind.WITNESS, Kind.PROPOSAL, Kind.APPROVAL)


class Store:
    """An open journal that one source writes. Not for several threads at once; several processes may write one journal.

    Each open store is a run of its source: the first batch gives it the next number.
    """

    def __init__(self, url: str, folder: Path, source: Source, *, create: bool = True) -> None:
        if source == LEGACY:
            raise ValueError("nothing is added to what stood in a journal before it had sources")
        self.url = resolve_url(url, folder)
        self.source = source
        self._engine = open_database(self.url, create=create)
        self._names = Names()
        self._sources = SourceRefs(PRESENT)
        self._last: dict[str, Event] | None = None
        self._run: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file or the connections back."""
        self._engine.dispose()

    @property
    def run(self) -> int | None:
        """The number of this run; None before the first batch."""
        return self._run

    def resume(self, run: int) -> None:
        """Go on as the run with this number: the process is the same, and only its connection is new."""
        self._run = run

    def last_changes(self) -> Mapping[str, Event]:
        """The latest transition of each hotspot and uplink that this source knows. Raises `JournalError`.

        The first exporter that writes a journal from before there were sources knows what stands there.
        """
        if self._last is None:
            with translated(self.url), self._engine.connect() as connection:
                self._last = self._read_last(connection)
        return self._last

    def taken(self) -> tuple[int, int]:
        """Which process's events were taken last, and up to which number of it. Raises `JournalError`."""
        with translated(self.url), self._engine.connect() as connection:
            own = self._sources.own(connection, self.source)
            heads = {head.ref: head for head in read_heads(connection, PRESENT, self._sources)}
            last = heads.get(own[-1]) if own else None
        return (last.session, last.taken) if last else (0, 0)

    def append(
        self, events: Sequence[Event], *, alive_ns: int = 0, position: tuple[int, int] | None = None
    ) -> list[Entry]:
        """Write events, all or none; returns what became of them. A `Kind.START` becomes several entries.

        `alive_ns` is a sign of life of the exporter, as is each event that no person wrote; `position` (process, number
        of the event there) is kept with them, so that a spool knows what was taken. Raises `JournalError`.
        """
        try:
            with translated(self.url), writing(self._engine) as connection:
                written, head = self._append(connection, events, alive_ns, position)
        except BaseException:
            self._names.forget()
            self._sources.forget()
            self._last = None
            raise
        self._run = head.run
        return written

    def _append(
        self, connection: Connection, events: Sequence[Event], alive_ns: int, position: tuple[int, int] | None
    ) -> tuple[list[Entry], ChainHead]:
        heads = read_heads(connection, PRESENT, self._sources)
        number = max((head.number for head in heads), default=0)
        head = next((head for head in heads if head.source == self.source), None)
        new = head is None
        if head is None:
            head, first = self._entered(connection, heads, events)
            events = [*first, *events]
        head = head._replace(run=self._run or head.run + 1)
        written = []
        for event in self._settled(connection, events, head.alive_ns):
            number += 1
            event = _without_empty_names(event)
            entry = Entry(number, event, b"", self.source, head.run, head.number, FORMAT)
            entry = entry._replace(digest=chained(head.digest, entry))
            head = head._replace(number=number, digest=entry.digest)
            written.append(entry)
        self._insert(connection, written, head.ref)
        signs = [entry.event.recorded_ns for entry in written if entry.event.kind not in _OF_PEOPLE]
        head = head._replace(alive_ns=max(head.alive_ns, alive_ns, *signs), beat_ns=max(head.beat_ns, alive_ns))
        if position is not None:
            head = head._replace(session=position[0], taken=position[1])
        write_head(connection, head, new=new)
        return written, head

    def _entered(
        self, connection: Connection, heads: Sequence[ChainHead], events: Sequence[Event]
    ) -> tuple[ChainHead, list[Event]]:
        """The head of a source that has never written, and with what it begins.

        The first exporter that comes to a journal from before there were sources goes on where that ended, and says so
        in its chain: then the old chain cannot be written anew without a trace.
        """
        head = ChainHead(self._sources.add(connection, self.source), self.source)
        old = next((one for one in heads if one.ref == LEGACY_REF), None)
        exporters = [one for one in heads if one.source.shard is not None]
        if self.source.shard is None or exporters or old is None:
            return head, []
        at_ns = events[0].recorded_ns if events else old.alive_ns
        head = head._replace(alive_ns=old.alive_ns, session=old.session, taken=old.taken)
        return head, [succession(old.source, old.number, old.digest, at_ns)]

    def _insert(self, connection: Connection, written: Sequence[Entry], source: int) -> None:
        if not written:
            return
        self._names.number(connection, _named(written))
        rows = [write_entry(entry, source, self._names, connection) for entry in written]
        connection.execute(sa.insert(entries), rows)
        for entry in written:
            for content in entry.event.blobs:
                _insert_blob(connection, content)

    def _settled(self, connection: Connection, events: Sequence[Event], alive_ns: int) -> Iterator[Event]:
        """Starts unfolded; a hotspot's transitions never before its last: a clock that steps back repeats no hour."""
        for event in events:
            if event.kind is Kind.START:
                parts: Iterator[Event] = resumed(event, self._last_of(connection), alive_ns)
                yield from (self._placed(connection, part) for part in list(parts))
            else:
                yield self._placed(connection, event)

    def _placed(self, connection: Connection, event: Event) -> Event:
        if event.kind not in _OF_HOTSPOTS:
            return event
        last = self._last_of(connection)
        before = last.get(event.subject)
        if before is not None and event.at_ns < before.at_ns:
            event = event._replace(at_ns=before.at_ns)
        last[event.subject] = event
        return event

    def _last_of(self, connection: Connection) -> dict[str, Event]:
        if self._last is None:
            self._last = self._read_last(connection)
        return self._last

    def _read_last(self, connection: Connection) -> dict[str, Event]:
        own = self._sources.own(connection, self.source)
        self._names.load_all(connection)
        newest = (
            sa.select(entries.c.number)
            .where(entries.c.subject == names.c.ref, entries.c.kind.in_(_OF_HOTSPOTS), entries.c.source.in_(own))
            .order_by(entries.c.at_ns.desc(), entries.c.number.desc())
            .limit(1)
            .correlate(names)
            .scalar_subquery()
        )
        query = sa.select(*entry_columns(entries)).join_from(names, entries, entries.c.number == newest)
        rows = connection.execute(query).all() if own else []
        found = (read_entry(row, self._names, self._sources, connection).event for row in rows)
        return {event.subject: event for event in found}


def _without_empty_names(event: Event) -> Event:
    """What is empty has no name to refer to: it is stored, and so hashed, as absent."""
    if "" in (event.reason, event.evidence, event.address):
        named = event.reason or None, event.evidence or None, event.address or None
        return event._replace(reason=named[0], evidence=named[1], address=named[2])
    return event


def _insert_blob(connection: Connection, content: bytes) -> None:
    """Keep a content once, however often entries name it."""
    digest = hashlib.sha256(content).digest()
    if connection.execute(sa.select(blobs.c.sha256).where(blobs.c.sha256 == digest)).first() is None:
        connection.execute(sa.insert(blobs).values(sha256=digest, content=zlib.compress(content)))


def _named(written: Sequence[Entry]) -> Iterator[str]:
    """Every name that entries bring."""
    for _, event, *_ in written:
        yield from filter(None, (event.subject, event.reason, event.evidence, event.address))
