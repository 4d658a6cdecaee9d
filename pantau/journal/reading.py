"""Reads a journal: histories, faults, decisions, sums. What it costs depends on the span asked for, not on the age.

Nothing here writes, and a reader may work beside the exporter that writes.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.covers import COVER_KINDS, covers_of
from pantau.journal.database import open_database, resolve_url, translated
from pantau.journal.decisions import DECISION_KINDS, Decision, decision_of
from pantau.journal.entries import Entry, HotspotHour, Kind
from pantau.journal.faults import FAULT_KINDS, Fault, faults_of
from pantau.journal.names import Names
from pantau.journal.reasons import Reason, reason_of
from pantau.journal.rows import ENTRY, read_entry
from pantau.journal.schema import RARE, STATE_COLUMNS, entries, head, hours, names
from pantau.journal.timeline import Cover, History, Numbered, Outage, clipped, hidden_by, outages_of, segments_of

_OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)
_OPEN_FAULTS = 64
"""So many entries before and after a span are asked whether a fault reaches into it: one a path can be open."""
_LONGEST_COVER_NS = 92 * 86_400 * 1_000_000_000
"""How far back the beginning of a window that is open is looked for; each start of the exporter tells it anew."""
_BATCH = 10_000
_FOREVER_NS = 2**62


class Head(NamedTuple):
    """Where the journal ends."""

    number: int
    """The last entry."""
    digest: bytes
    alive_ns: int
    """The exporter's last sign of life: nothing is known from here on."""


class HourSum(NamedTuple):
    """The sums of one hotspot from `start_ns` to `end_ns`, an hour or, around a start, a part of one."""

    start_ns: int
    end_ns: int
    entry: int
    sums: HotspotHour


class Reader:
    """An open journal that is read. A context manager. Times in and out are UTC nanoseconds; spans are half-open.

    Every method raises `JournalError` where the journal cannot be read.
    """

    def __init__(self, url: str, folder: Path) -> None:
        self.url = resolve_url(url, folder)
        self._engine = open_database(self.url, create=False)
        self._names = Names()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file or the connections back."""
        self._engine.dispose()

    def head(self) -> Head:
        """Where the journal ends."""
        with self._reading() as connection:
            number, digest, alive_ns = connection.execute(
                sa.select(head.c.number, head.c.digest, head.c.alive_ns)
            ).one()
        return Head(number, bytes(digest), alive_ns)

    def hotspots(self) -> list[str]:
        """The ids of all hotspots that the journal has ever known."""
        any_entry = sa.exists().where(entries.c.subject == names.c.ref, entries.c.kind == Kind.TRANSITION)
        with self._reading() as connection:
            return sorted(connection.execute(sa.select(names.c.name).where(any_entry)).scalars())

    def histories(self, start_ns: int, end_ns: int, hotspots: Collection[str] | None = None) -> Iterator[History]:
        """The history of each hotspot (all, or those named; an uplink's id will do too) over [start, end).

        One after the other, so that a city's month needs no more memory than a hotspot's. One that the journal does
        not know is unknown all the time.
        """
        known_ns = self.head().alive_ns
        with self._reading() as connection:
            self._names.load_all(connection)
            covers = self._covers(connection, start_ns, end_ns, known_ns)
            for hotspot in self.hotspots() if hotspots is None else hotspots:
                ref = self._names.find(connection, hotspot)
                changes = [] if ref is None else self._changes(connection, ref, start_ns, end_ns)
                yield _history(hotspot, changes, covers.get(hotspot, []), start_ns, end_ns, known_ns)

    def outage(self, number: int) -> Outage | None:
        """The outage that the entry with this number began."""
        entry = self.entry(number)
        if entry is None or entry.event.kind not in _OF_HOTSPOTS:
            return None
        at_ns = entry.event.at_ns
        (history,) = self.histories(at_ns, at_ns + 1, [entry.event.subject])
        return next((outage for outage in history.outages if outage.number == number), None)

    def faults(self, start_ns: int, end_ns: int) -> list[Fault]:
        """When we could not see, or were not running: what touches [start, end), in the order of their beginning."""
        at_ns = entries.c.at_ns
        with self._reading() as connection:
            early = self._nearest_faults(connection, at_ns < start_ns, at_ns.desc(), entries.c.number.desc())
            late = self._nearest_faults(connection, at_ns >= end_ns, at_ns, entries.c.number)
            inside = sa.and_(entries.c.kind.in_(FAULT_KINDS), at_ns >= start_ns, at_ns < end_ns)
            found = [*early, *self._entries(connection, inside), *late]
        touching = (
            fault for fault in faults_of(sorted(found))
            if fault.start_ns < end_ns and (fault.end_ns is None or fault.end_ns > start_ns)
        )  # fmt: skip
        return sorted(touching, key=lambda fault: fault.start_ns)

    def decisions(self, start_ns: int, end_ns: int) -> list[Decision]:
        """What people decided about outages that began in [start, end), in the order in which they did."""
        where = sa.and_(entries.c.kind.in_(DECISION_KINDS), entries.c.at_ns >= start_ns, entries.c.at_ns < end_ns)
        with self._reading() as connection:
            return [decision_of(entry) for entry in self._entries(connection, where)]

    def reasons(self, month_ns: int) -> list[Reason]:
        """What people said about differences in the month that began then, in the order in which they did."""
        where = sa.and_(entries.c.kind == Kind.WITNESS, entries.c.at_ns == month_ns)
        with self._reading() as connection:
            return [reason_of(entry) for entry in self._entries(connection, where)]

    def hours(self, start_ns: int, end_ns: int, hotspots: Collection[str] | None = None) -> Iterator[HourSum]:
        """The sums that were written in (start, end], in the order of time, then of hotspots' first appearance."""
        where = sa.and_(entries.c.kind == Kind.HOUR, entries.c.at_ns > start_ns, entries.c.at_ns <= end_ns)
        columns = [hours.c[name] for name in STATE_COLUMNS]
        with self._reading() as connection:
            refs = None if hotspots is None else [self._names.find(connection, name) for name in hotspots]
            for entry in list(self._entries(connection, where)):
                since_ns = entry.event.since_ns
                query = sa.select(hours.c.hotspot, hours.c.requests, hours.c.replies, *columns)
                query = query.where(hours.c.entry == entry.number).order_by(hours.c.hotspot)
                if refs is not None:
                    query = query.where(hours.c.hotspot.in_([ref for ref in refs if ref is not None]))
                for ref, requests, replies, *state_ms in connection.execute(query).all():
                    name = self._names.name(connection, ref) or ""
                    sums = HotspotHour(name, requests, replies, tuple(state_ms))
                    yield HourSum(since_ns, entry.event.at_ns, entry.number, sums)

    def answered(self, start_ns: int, end_ns: int) -> dict[str, tuple[int, int]]:
        """Requests and replies of each hotspot over the hours that were written in (start, end]."""
        within = sa.select(entries.c.number).where(
            entries.c.kind == Kind.HOUR, RARE, entries.c.at_ns > start_ns, entries.c.at_ns <= end_ns
        )
        sums = (sa.func.sum(hours.c.requests), sa.func.sum(hours.c.replies))
        query = sa.select(hours.c.hotspot, *sums).where(hours.c.entry.in_(within)).group_by(hours.c.hotspot)
        with self._reading() as connection:
            self._names.load_all(connection)
            rows = connection.execute(query).all()
            return {self._names.name(connection, ref) or "": (int(sent), int(back)) for ref, sent, back in rows}

    def entry(self, number: int) -> Entry | None:
        """The entry with a number: what a rupiah is traced to."""
        with self._reading() as connection:
            row = connection.execute(sa.select(*ENTRY).where(entries.c.number == number)).first()
            return None if row is None else read_entry(row, self._names, connection)

    def transitions(self, start_ns: int, end_ns: int, hotspots: Iterable[str]) -> Iterator[Entry]:
        """The transitions of these hotspots in [start, end), with all that they hold; one hotspot after the other."""
        query = sa.select(*ENTRY).where(
            entries.c.subject == sa.bindparam("ref"), entries.c.kind.in_([int(kind) for kind in _OF_HOTSPOTS]),
            entries.c.at_ns >= start_ns, entries.c.at_ns < end_ns,
        ).order_by(entries.c.at_ns, entries.c.number)  # fmt: skip
        with self._reading() as connection:
            self._names.load_all(connection)
            for hotspot in hotspots:
                ref = self._names.find(connection, hotspot)
                rows = [] if ref is None else connection.execute(query, {"ref": ref}).all()
                yield from [read_entry(row, self._names, connection) for row in rows]

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """All entries beyond the number `after`, in the order of the journal."""
        while True:
            with self._reading() as connection:
                query = sa.select(*ENTRY).where(entries.c.number > after).order_by(entries.c.number).limit(_BATCH)
                batch = [read_entry(row, self._names, connection) for row in connection.execute(query).all()]
            yield from batch
            if len(batch) < _BATCH:
                return
            after = batch[-1].number

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with translated(self.url), self._engine.connect() as connection:
            yield connection

    def _entries(self, connection: Connection, where: sa.ColumnElement[bool]) -> Iterator[Entry]:
        """Entries of the rare kinds."""
        rows = connection.execute(sa.select(*ENTRY).where(where, RARE).order_by(entries.c.number)).all()
        return (read_entry(row, self._names, connection) for row in rows)

    def _nearest_faults(
        self, connection: Connection, where: sa.ColumnElement[bool], *order: sa.ColumnElement[Any]
    ) -> list[Entry]:
        query = sa.select(*ENTRY).where(entries.c.kind.in_(FAULT_KINDS), RARE, where).order_by(*order)
        rows = connection.execute(query.limit(_OPEN_FAULTS)).all()
        return [read_entry(row, self._names, connection) for row in rows]

    def _covers(self, connection: Connection, start_ns: int, end_ns: int, known_ns: int) -> dict[str, list[Cover]]:
        where = sa.and_(
            entries.c.kind.in_(COVER_KINDS), entries.c.at_ns >= start_ns - _LONGEST_COVER_NS, entries.c.at_ns < end_ns
        )
        return covers_of(self._entries(connection, where), known_ns)

    def _changes(self, connection: Connection, ref: int, start_ns: int, end_ns: int) -> list[Numbered]:
        """A hotspot's transitions: those in the span, the one that holds at its start, and an outage's both ends."""
        before = self._rows(connection, _LAST_BEFORE, ref=ref, at_ns=start_ns)
        changes = self._rows(connection, _BETWEEN, ref=ref, at_ns=start_ns, end_ns=end_ns)
        if before and before[0].up == 0:
            begun = self._rows(connection, _LAST_NOT_DOWN, ref=ref, at_ns=start_ns)
            since_ns, first = (begun[0].at_ns, begun[0].number) if begun else (0, 0)
            before = self._rows(connection, _BETWEEN, ref=ref, at_ns=since_ns, end_ns=start_ns)
            before = [change for change in before if change.number >= first]
        changes = before + changes
        if changes and changes[-1].up == 0:
            over = self._rows(connection, _FIRST_NOT_DOWN, ref=ref, at_ns=end_ns)
            until_ns = over[0].at_ns + 1 if over else _FOREVER_NS
            changes += self._rows(connection, _BETWEEN, ref=ref, at_ns=end_ns, end_ns=until_ns)
        return changes

    def _rows(self, connection: Connection, query: sa.Select[Any], **values: int) -> list[Numbered]:
        rows = connection.execute(query, values).all()
        reasons = {ref: self._names.name(connection, ref) or "" for ref in {row[4] for row in rows}}
        return [Numbered(number, at_ns, after, up, reasons[ref]) for number, at_ns, after, up, ref in rows]


_CHANGE = (
    entries.c.number, entries.c.at_ns, entries.c.after, entries.c.up, entries.c.reason,
)  # fmt: skip
_AT: sa.BindParameter[int] = sa.bindparam("at_ns")
_END: sa.BindParameter[int] = sa.bindparam("end_ns")
_OF_ONE = sa.select(*_CHANGE).where(
    entries.c.subject == sa.bindparam("ref"), entries.c.kind.in_([int(kind) for kind in _OF_HOTSPOTS])
)
_BETWEEN = _OF_ONE.where(entries.c.at_ns >= _AT, entries.c.at_ns < _END).order_by(entries.c.at_ns, entries.c.number)
_BACKWARDS = _OF_ONE.where(entries.c.at_ns < _AT).order_by(entries.c.at_ns.desc(), entries.c.number.desc()).limit(1)
_LAST_BEFORE = _BACKWARDS
_LAST_NOT_DOWN = _BACKWARDS.where(entries.c.up != 0)
_FIRST_NOT_DOWN = (
    _OF_ONE.where(entries.c.at_ns >= _AT, entries.c.up != 0).order_by(entries.c.at_ns, entries.c.number).limit(1)
)


def _history(
    hotspot: str, changes: list[Numbered], covers: list[Cover], start_ns: int, end_ns: int, known_ns: int
) -> History:
    if all(change.up != 0 for change in changes):
        return History(hotspot, tuple(hidden_by(covers, segments_of(changes, start_ns, end_ns, known_ns))), ())
    first_ns, last_ns = min(start_ns, changes[0].at_ns), max(end_ns, changes[-1].at_ns + 1, known_ns)
    whole = list(hidden_by(covers, segments_of(changes, first_ns, last_ns, known_ns)))
    segments = tuple(clipped(whole, start_ns, end_ns))
    outages = tuple(
        outage for outage in outages_of(hotspot, whole, known_ns)
        if outage.start_ns < end_ns and (outage.end_ns is None or outage.end_ns > start_ns)
    )  # fmt: skip
    return History(hotspot, segments, outages)
