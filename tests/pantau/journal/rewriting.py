"""What an insider does who has changed a journal: every digest, every hash of a content and every head made to fit."""

from pathlib import Path

import sqlalchemy as sa

from pantau.journal.chain import GENESIS, chained
from pantau.journal.database import resolve_url
from pantau.journal.names import Names
from pantau.journal.rows import entry_columns, read_entry
from pantau.journal.schema import PRESENT, entries, head
from pantau.journal.source_refs import SourceRefs


def rechain(url: str, folder: Path) -> None:
    """Compute all digests of a journal anew, from its entries as they are now, and move the heads."""
    engine = sa.create_engine(resolve_url(url, folder))
    with engine.begin() as connection:
        rechain_in(connection)
    engine.dispose()


def rechain_in(connection: sa.Connection) -> None:
    """The same within a transaction."""
    names, sources = Names(), SourceRefs(PRESENT)
    names.load_all(connection)
    refs = {row[0]: row[1] for row in connection.execute(sa.select(entries.c.number, entries.c.source))}
    last: dict[int, tuple[int, bytes]] = {}
    for row in connection.execute(sa.select(*entry_columns(entries)).order_by(entries.c.number)).all():
        entry, ref = read_entry(row, names, sources, connection), refs[row[0]]
        number, digest = last.get(ref, (0, GENESIS))
        entry = entry._replace(previous=number)
        last[ref] = entry.number, chained(digest, entry)
        values = {"previous": None if number == entry.number - 1 else number, "digest": last[ref][1]}
        connection.execute(sa.update(entries).where(entries.c.number == entry.number).values(values))
    for ref, (number, digest) in last.items():
        connection.execute(sa.update(head).where(head.c.source == ref).values(number=number, digest=digest))
