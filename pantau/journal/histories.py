"""A hotspot's transitions out of the database, and the history that they make. What it costs does not depend on age."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.entries import NO_VERDICT, Kind
from pantau.journal.names import Names
from pantau.journal.schema import Tables
from pantau.journal.timeline import (
    History,
    MaintenanceSpan,
    NumberedChange,
    clipped,
    hidden_by,
    outages_of,
    segments_of,
)
from pantau.states import NOT_SERVING, SERVING, State

_COLUMNS = ("number", "at_ns", "after", "up", "reason", "answered_ns", "evidence")
OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)
_FOREVER_NS = 2**62


class ChangeQueries:
    """The queries for one hotspot's transitions, as some sources saw them; each is answered from the index."""

    def __init__(self, tables: Tables, names: Names, sources: Collection[int]) -> None:
        table = tables.entries
        at_ns, end_ns = sa.bindparam("at_ns", type_=sa.BigInteger), sa.bindparam("end_ns", type_=sa.BigInteger)
        columns = (table.c[name] for name in _COLUMNS)
        of_one = sa.select(*columns).where(
            table.c.subject == sa.bindparam("ref", type_=sa.Integer),
            table.c.kind.in_([int(kind) for kind in OF_HOTSPOTS]),
            table.c.source.in_(list(sources)),
        )
        forwards, backwards = (table.c.at_ns, table.c.number), (table.c.at_ns.desc(), table.c.number.desc())
        self._names = names
        self.between = of_one.where(table.c.at_ns >= at_ns, table.c.at_ns < end_ns).order_by(*forwards)
        self.last_before = of_one.where(table.c.at_ns < at_ns).order_by(*backwards).limit(1)
        # As `NumberedChange.ends_outage`.
        ending = table.c.after.in_([int(state) for state in (*SERVING, State.INACTIVE)])
        ends_outage = sa.or_(ending, table.c.up == NO_VERDICT)
        self.last_ending = self.last_before.where(ends_outage)
        self.first_ending = of_one.where(table.c.at_ns >= at_ns, ends_outage).order_by(*forwards).limit(1)

    def changes(self, connection: Connection, ref: int, start_ns: int, end_ns: int) -> list[NumberedChange]:
        """A hotspot's transitions: those in the span, the one that holds at its start, and an outage's both ends."""
        before = self._rows(connection, self.last_before, ref=ref, at_ns=start_ns)
        changes = self._rows(connection, self.between, ref=ref, at_ns=start_ns, end_ns=end_ns)
        if before and not before[0].ends_outage:
            begun = self._rows(connection, self.last_ending, ref=ref, at_ns=start_ns)
            since_ns, first = (begun[0].at_ns, begun[0].number) if begun else (0, 0)
            before = self._rows(connection, self.between, ref=ref, at_ns=since_ns, end_ns=start_ns)
            before = [change for change in before if change.number >= first]
        changes = before + changes
        if changes and not changes[-1].ends_outage:
            over = self._rows(connection, self.first_ending, ref=ref, at_ns=end_ns)
            until_ns = over[0].at_ns + 1 if over else _FOREVER_NS
            changes += self._rows(connection, self.between, ref=ref, at_ns=end_ns, end_ns=until_ns)
        return changes

    def _rows(self, connection: Connection, query: sa.Select[Any], **values: int) -> list[NumberedChange]:
        rows = connection.execute(query, values).all()
        refs = {row[4] for row in rows} | {row[6] for row in rows}
        named = {ref: self._names.name(connection, ref) or "" for ref in refs}
        return [
            NumberedChange(number, at_ns, after, up, named[reason], answered_ns or 0, named[evidence])
            for number, at_ns, after, up, reason, answered_ns, evidence in rows
        ]


def history_of(
    hotspot: str, changes: list[NumberedChange], spans: list[MaintenanceSpan], start_ns: int, end_ns: int, known_ns: int
) -> History:
    """A hotspot over [start, end), from what `ChangeQueries.changes` gives; known up to `known_ns`. Pure."""
    if not any(change.after in NOT_SERVING for change in changes):
        return History(hotspot, tuple(hidden_by(spans, segments_of(changes, start_ns, end_ns, known_ns))), ())
    first_ns, last_ns = min(start_ns, changes[0].at_ns), max(end_ns, changes[-1].at_ns + 1, known_ns)
    whole = list(hidden_by(spans, segments_of(changes, first_ns, last_ns, known_ns)))
    segments = tuple(clipped(whole, start_ns, end_ns))
    outages = tuple(
        outage
        for outage in outages_of(hotspot, whole, known_ns)
        if outage.start_ns < end_ns and (outage.end_ns is None or outage.end_ns > start_ns)
    )
    return History(hotspot, segments, outages)
