"""Where each source's chain ends: the rows of the table `head`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.chain import GENESIS, digest_of_heads
from pantau.journal.entries import OF_OFFICE, Event, Kind
from pantau.journal.schema import Tables, head
from pantau.journal.source_refs import SourceRefs
from pantau.journal.sources import Source

NO_SIGN_OF_LIFE = (*OF_OFFICE, Kind.SUCCESSION, Kind.CLOCK_STEP)
"""Kinds of entry that no exporter writes because it lives; see `chained_life`."""


class ChainHead(NamedTuple):
    """Where one source's chain ends."""

    ref: int
    source: Source
    number: int = 0
    """Its last entry; 0 while it has none."""
    digest: bytes = GENESIS
    alive_ns: int = 0
    """Its last sign of life, beats included. Not chained: no figure rests on it (see `chained_life`)."""
    run: int = 0
    """Its last opening of the journal, counted from 1; each of its entries tells of which one it is."""
    beat_ns: int = 0
    """The last beat of that run, which holds the lease by it; 0 where that was given back (see `lease`)."""
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
    """An exporter's last sign of life, beats included; of several, the latest. To show that it lives, and no more."""


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


def chained_life(connection: Connection, tables: Tables, heads: Iterable[ChainHead]) -> int:
    """The last sign of life that is chained, of the sources with these heads; 0 where there is none.

    Any entry of an exporter is one. What the heads claim beyond it is not looked at: anybody could write it there.
    """
    table = tables.entries
    for one in sorted(heads, key=lambda head: head.number, reverse=True):
        last = (
            sa.select(table.c.recorded_ns)
            .where(table.c.source == one.ref, table.c.number <= one.number, table.c.kind.not_in(NO_SIGN_OF_LIFE))
            .order_by(table.c.number.desc())
            .limit(1)
        )
        found = connection.execute(last).scalar()
        if found is not None:
            return int(found)
    return 0


def moved_on(alive_ns: int, written: Sequence[Event], beat_ns: int) -> int:
    """An exporter's last sign of life after these events and this beat. It goes back only with the clock."""
    signs = [event.recorded_ns for event in written if event.kind not in NO_SIGN_OF_LIFE]
    if any(event.kind is Kind.CLOCK_STEP for event in written):
        return max([written[-1].recorded_ns, beat_ns])
    return max([alive_ns, beat_ns, *signs])


def recorded_last(connection: Connection, tables: Tables, number: int) -> int:
    """When the entry with this number was recorded; 0 where there is none."""
    table = tables.entries
    return int(connection.execute(sa.select(table.c.recorded_ns).where(table.c.number == number)).scalar() or 0)


def digest_at(connection: Connection, tables: Tables, number: int) -> bytes:
    """The digest of the entry with this number; that of the beginning where there is none."""
    table = tables.entries
    found = connection.execute(sa.select(table.c.digest).where(table.c.number == number)).scalar()
    return GENESIS if found is None else bytes(found)
