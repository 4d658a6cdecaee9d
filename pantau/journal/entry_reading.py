"""Reads the entries of a journal, of every source: what proving and exporting them needs. Nothing here writes."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.errors import JournalError
from pantau.journal.amendments import Amendment, amendments_of
from pantau.journal.closing.carried import end_entry
from pantau.journal.closing.years import with_closed_years
from pantau.journal.database import open_to_read, resolve_url, translated
from pantau.journal.entries import Entry, Kind, facts_of
from pantau.journal.first_tables import first_sums
from pantau.journal.heads import ChainHead, Head, end_of, read_heads
from pantau.journal.names import Names
from pantau.journal.rows import entry_columns, read_entry
from pantau.journal.schema import PRESENT, RARE
from pantau.journal.source_refs import SourceRefs
from pantau.journal.sources import Source
from pantau.journal.sums import HotspotHour, read_answers, read_sums

Row = TypeVar("Row")
_NEAREST = 64
"""So many entries before and after a span are asked whether a fault reaches into it: one a path can be open."""
_BATCH = 10_000


class EntryReader:
    """An open journal whose entries are read; a context manager.

    Every method raises `JournalError` where the journal cannot be read.
    """

    def __init__(self, url: str, folder: Path, source: Source | None = None) -> None:
        self.url = resolve_url(url, folder)
        self._source = source
        self._engine, tables = open_to_read(self.url)
        self._first = tables is not PRESENT
        self._tables, self.carried = with_closed_years(self._engine, self.url, tables)
        self._names = Names()
        self._sources = SourceRefs(self._tables)
        self._columns = entry_columns(self._tables.entries)

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
    def whole_from(self) -> int:
        """All entries beyond this number are at hand; 0 unless the file of a year that was closed is not."""
        return self.carried.number if self.carried else 0

    def kept_entries(self) -> Iterator[Entry]:
        """What is kept of a closed year whose file is not at hand."""
        for entry in self.entries():
            if entry.number > self.whole_from:
                return
            yield entry

    def head(self) -> Head:
        """Where the journal ends."""
        return end_of(self.heads())

    def heads(self) -> list[ChainHead]:
        """Where the chain of each source ends."""
        with self._reading() as connection:
            return read_heads(connection, self._tables, self._sources)

    def entry(self, number: int) -> Entry | None:
        """The entry with a number: what a rupiah is traced to."""
        with self._reading() as connection:
            found = self._entries(connection, sa.select(*self._columns).where(self._tables.entries.c.number == number))
        if not found and self.carried:
            return end_entry(self.carried, number)
        return next(iter(found), None)

    def of_kinds(self, *kinds: Kind) -> list[Entry]:
        """All entries of these rare kinds, of every source, in the order of the journal."""
        with self._reading() as connection:
            return self._rare(connection, self._tables.entries.c.kind.in_([int(kind) for kind in kinds]))

    def ends_at(self, number: int) -> list[tuple[Source, int, bytes]]:
        """Where the chain of each source ended when the entry with that number was the journal's last."""
        table = self._tables.entries
        query = sa.select(table.c.number, table.c.digest).where(
            table.c.source == sa.bindparam("ref"), table.c.number <= number
        )
        query = query.order_by(table.c.number.desc()).limit(1)
        with self._reading() as connection:
            heads = read_heads(connection, self._tables, self._sources)
            found = [(head.source, connection.execute(query, {"ref": head.ref}).first()) for head in heads]
        ends = {source: (source, row[0], bytes(row[1])) for source, row in found if row is not None}
        for end in self.carried.ends if self.carried else ():
            if end[1] <= number and (end[0] not in ends or ends[end[0]][1] < end[1]):
                ends[end[0]] = end
        return list(ends.values())

    def last_before(self, at_ns: int) -> Entry | None:
        """The entry before the first that was written at that time or later; where there is none, the first of all.

        By the order of writing: what a spool brings later, though it was told before, changes nothing.
        """
        number, recorded_ns = self._tables.entries.c.number, self._tables.entries.c.recorded_ns
        later = sa.select(sa.func.min(number)).where(recorded_ns >= at_ns).scalar_subquery()
        whole = sa.select(*self._columns)
        with self._reading() as connection:
            known = sa.or_(later.is_(None), number < later)
            found = self._entries(connection, whole.where(known).order_by(number.desc()).limit(1))
            found = found or self._entries(connection, whole.order_by(number).limit(1))
            return next(iter(found), None)

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """All entries beyond the number `after`, of every source, in the order of the journal."""
        number = self._tables.entries.c.number
        while True:
            with self._reading() as connection:
                query = sa.select(*self._columns).where(number > after).order_by(number).limit(_BATCH)
                batch = self._entries(connection, query)
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].number

    def sums(self, entry: Entry) -> list[HotspotHour]:
        """The sums that a `Kind.HOUR` entry vouches for, in the order of hotspots' ids; none where they are gone."""
        return self._read_sums(entry, read_sums)

    def answers(self, entry: Entry) -> list[tuple[str, int, int]]:
        """Of the same only hotspot, requests and replies: a third of the cost."""
        return self._read_sums(entry, read_answers)

    def text_of_sums(self, entry: Entry) -> bytes | None:
        """The same as the text that was hashed; None where it is gone."""
        if not self._first:
            return self.blob(str(facts_of(entry).get("sha256", "")))
        with self._reading() as connection:
            return first_sums(connection, entry.number)

    def blob(self, digest: str) -> bytes | None:
        """The content with this SHA-256, in hexadecimal; None where there is none, or it cannot be unpacked."""
        table = self._tables.blobs
        try:
            key = bytes.fromhex(digest)
            with self._reading() as connection:
                content = connection.execute(sa.select(table.c.content).where(table.c.sha256 == key)).scalar()
            return None if content is None else zlib.decompress(content)
        except (ValueError, zlib.error):
            return None

    def amendments(self, start_ns: int, end_ns: int) -> dict[str, list[Amendment]]:
        """By hotspot, what was told late of time that touches [start, end), in the order in which it was written."""
        columns = self._tables.entries.c
        span = columns.until_ns > start_ns, columns.at_ns < end_ns
        with self._reading() as connection:
            return amendments_of(self._rare(connection, columns.kind == Kind.AMEND, self._seen(connection), *span))

    def _read_sums(self, entry: Entry, read: Callable[[bytes], Iterable[Row]]) -> list[Row]:
        text = self.text_of_sums(entry)
        try:
            return [] if text is None else list(read(text))
        except (ValueError, TypeError) as error:
            raise JournalError(
                f"the sums of entry {entry.number} cannot be read; see `pantau journal verify`"
            ) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(self.url), self._engine.connect() as connection:
            yield connection

    def _seen(self, connection: Connection) -> sa.ColumnElement[bool]:
        return self._tables.entries.c.source.in_(self._sources.seen(connection, self._source))

    def _entries(self, connection: Connection, query: sa.Select[Any], **values: int) -> list[Entry]:
        rows = connection.execute(query, values).all()
        return [read_entry(row, self._names, self._sources, connection) for row in rows]

    def _rare(
        self,
        connection: Connection,
        *where: sa.ColumnElement[bool],
        order: Sequence[sa.ColumnElement[Any]] = (),
    ) -> list[Entry]:
        """Entries of the rare kinds; in an order of one's own, the first few."""
        query = sa.select(*self._columns).where(*where, RARE)
        if order:
            return self._entries(connection, query.order_by(*order).limit(_NEAREST))
        return self._entries(connection, query.order_by(self._tables.entries.c.number))
