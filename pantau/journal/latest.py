"""The latest transition of each hotspot and uplink, out of the database: what a start takes up."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.entries import Event, Kind
from pantau.journal.names import Names
from pantau.journal.rows import entry_columns, read_entry
from pantau.journal.schema import entries, names
from pantau.journal.source_refs import SourceRefs

OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)


def latest_changes(
    connection: Connection, seen: Collection[int], known: Names, sources: SourceRefs
) -> dict[str, Event]:
    """By hotspot or uplink, as the sources with these numbers saw them; a name at a time out of the index."""
    known.load_all(connection)
    newest = (
        sa.select(entries.c.number)
        .where(entries.c.subject == names.c.ref, entries.c.kind.in_(OF_HOTSPOTS), entries.c.source.in_(seen))
        .order_by(entries.c.at_ns.desc(), entries.c.number.desc())
        .limit(1)
        .correlate(names)
        .scalar_subquery()
    )
    query = sa.select(*entry_columns(entries)).join_from(names, entries, entries.c.number == newest)
    rows = connection.execute(query).all() if seen else []
    found = (read_entry(row, known, sources, connection).event for row in rows)
    return {event.subject: event for event in found}
