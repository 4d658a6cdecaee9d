"""Where each source's chain ends: the rows of the table `head`."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.chain import GENESIS, digest_of_heads
from pantau.journal.schema import Tables, head
from pantau.journal.source_refs import SourceRefs
from pantau.journal.sources import Source


class ChainHead(NamedTuple):
    """Where one source's chain ends."""

    ref: int
    source: Source
    number: int = 0
    """Its last entry; 0 while it has none."""
    digest: bytes = GENESIS
    alive_ns: int = 0
    """Its last sign of life: nothing is known from here on."""
    run: int = 0
    """Its last opening of the journal, counted from 1; each of its entries tells of which one it is."""
    beat_ns: int = 0
    """The last beat of that run. Reserved: nobody is kept from writing by it yet."""
    session: int = 0
    """The process of which events were taken last, as it calls itself in its spool, and up to which number."""
    taken: int = 0


class Head(NamedTuple):
    """Where the journal ends."""

    number: int
    """The last entry."""
    digest: bytes
    """Of all chains together (see `digest_of_heads`)."""
    alive_ns: int
    """An exporter's last sign of life; of several, the latest."""


def read_heads(connection: Connection, tables: Tables, sources: SourceRefs) -> list[ChainHead]:
    """The heads of all sources, in the order of their numbers."""
    table = tables.head
    fields = [table.c[name] for name in ("source", *ChainHead._fields[2:])]
    rows = connection.execute(sa.select(*fields).order_by(table.c.source)).all()
    return [
        ChainHead(ref, sources.source(connection, ref), number, bytes(digest), *further)
        for ref, number, digest, *further in rows
    ]


def write_head(connection: Connection, moved: ChainHead, *, new: bool) -> None:
    """Move a source's head, or put a new one there. To be called under the lock of those who write."""
    values: dict[str, object] = {name: getattr(moved, name) for name in ChainHead._fields[2:]}
    if new:
        connection.execute(sa.insert(head).values(source=moved.ref, **values))
    else:
        connection.execute(sa.update(head).where(head.c.source == moved.ref).values(values))


def end_of(heads: Sequence[ChainHead]) -> Head:
    """Where the journal ends, from where its chains do."""
    digest = digest_of_heads((one.source, one.number, one.digest) for one in heads if one.number)
    number = max((one.number for one in heads), default=0)
    return Head(number, digest, max((one.alive_ns for one in heads), default=0))
