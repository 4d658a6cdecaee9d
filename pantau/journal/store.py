"""Appends to a journal: whole batches in one transaction each, chained under the lock of the journal's head."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.chain import chained
from pantau.journal.database import open_database, resolve_url, translated, writing
from pantau.journal.entries import Entry, Event, Kind
from pantau.journal.names import Names
from pantau.journal.resuming import resumed
from pantau.journal.rows import ENTRY, read_entry, write_entry
from pantau.journal.schema import STATE_COLUMNS, entries, head, hours, names

_OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)
_OF_PEOPLE = (Kind.CAUSE, Kind.EXCLUSION, Kind.WITNESS)


class Store:
    """An open journal that is written. Not for several threads at once; several processes may write one journal."""

    def __init__(self, url: str, folder: Path, *, create: bool = True) -> None:
        self.url = resolve_url(url, folder)
        self._engine = open_database(self.url, create=create)
        self._names = Names()
        self._last: dict[str, Event] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file or the connections back."""
        self._engine.dispose()

    def last_changes(self) -> Mapping[str, Event]:
        """The latest transition of each hotspot and uplink. Raises `JournalError`."""
        if self._last is None:
            with translated(self.url), self._engine.connect() as connection:
                self._last = self._read_last(connection)
        return self._last

    def taken(self) -> tuple[int, int]:
        """Which run's events were taken last, and up to which number of that run. Raises `JournalError`."""
        with translated(self.url), self._engine.connect() as connection:
            run, number = connection.execute(sa.select(head.c.run, head.c.taken)).one()
        return run, number

    def append(
        self, events: Sequence[Event], *, alive_ns: int = 0, position: tuple[int, int] | None = None
    ) -> list[Entry]:
        """Write events, all or none; returns what became of them. A `Kind.START` becomes several entries.

        `alive_ns` is a sign of life of the exporter, as is each event that no person wrote; `position` (run, number of
        the event in the run) is kept with them, so that a spool knows what was taken. Raises `JournalError`.
        """
        try:
            with translated(self.url), writing(self._engine) as connection:
                return self._append(connection, events, alive_ns, position)
        except BaseException:
            self._names.forget()
            self._last = None
            raise

    def _append(
        self, connection: Connection, events: Sequence[Event], alive_ns: int, position: tuple[int, int] | None
    ) -> list[Entry]:
        number, digest, alive_before_ns = connection.execute(
            sa.select(head.c.number, head.c.digest, head.c.alive_ns).with_for_update()
        ).one()
        written = []
        for event in self._settled(connection, events, alive_before_ns):
            number += 1
            digest = chained(digest, number, event)
            written.append(Entry(number, event, digest))
            alive_ns = alive_ns if event.kind in _OF_PEOPLE else max(alive_ns, event.recorded_ns)
        if written:
            self._names.number(connection, _named(written))
            rows = [write_entry(entry, self._names, connection) for entry in written]
            connection.execute(sa.insert(entries), rows)
        for entry in written:
            if entry.event.rows:
                connection.execute(sa.insert(hours), list(self._hour_rows(entry, connection)))
        moved: dict[str, object] = {"number": number, "digest": digest, "alive_ns": max(alive_ns, alive_before_ns)}
        if position is not None:
            moved |= {"run": position[0], "taken": position[1]}
        connection.execute(sa.update(head).values(moved))
        return written

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
        self._names.load_all(connection)
        newest = (
            sa.select(entries.c.number)
            .where(entries.c.subject == names.c.ref, entries.c.kind.in_(_OF_HOTSPOTS))
            .order_by(entries.c.at_ns.desc(), entries.c.number.desc())
            .limit(1)
            .correlate(names)
            .scalar_subquery()
        )
        rows = connection.execute(sa.select(*ENTRY).join_from(names, entries, entries.c.number == newest)).all()
        found = (read_entry(row, self._names, connection).event for row in rows)
        return {event.subject: event for event in found}

    def _hour_rows(self, entry: Entry, connection: Connection) -> Iterator[dict[str, object]]:
        for row in entry.event.rows:
            yield {
                "entry": entry.number,
                "hotspot": self._names.ref(connection, row.hotspot),
                "requests": row.requests,
                "replies": row.replies,
                **dict(zip(STATE_COLUMNS, row.state_ms, strict=True)),
            }


def _named(written: Sequence[Entry]) -> Iterator[str]:
    """Every name that entries and their hours bring."""
    for entry in written:
        event = entry.event
        yield from filter(None, (event.subject, event.reason))
        yield from (row.hotspot for row in event.rows)
