"""The tables. Entries, names, sources and blobs are only ever added; a row of `head` moves.

Names (hotspots, reasons, addresses) are stored once and referred to by number: a transition takes some 130 bytes.
"""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text, text

from pantau.journal.entries import Kind
from pantau.journal.sources import LEGACY_REF

REVISION = "0003"
"""The Alembic revision that these tables are."""
READABLE = (REVISION, "0002")
"""The revisions whose tables are these; 0003 has added triggers alone."""

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes only an INTEGER primary key the row's own number."""

names = Table(
    "names",
    metadata,
    Column("ref", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
)

sources = Table(
    "sources",
    metadata,
    Column("ref", SmallInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("shard", Integer),
)

entries = Table(
    "entries",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("kind", SmallInteger, nullable=False),
    Column("subject", Integer),
    Column("at_ns", BigInteger, nullable=False),
    Column("recorded_ns", BigInteger, nullable=False),
    Column("before", SmallInteger),
    Column("after", SmallInteger),
    Column("up", SmallInteger),
    Column("reason", Integer),
    Column("requests", Integer),
    Column("unanswered", Integer),
    Column("first_ns", BigInteger),
    Column("detail", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("format", SmallInteger, nullable=False, server_default="1"),
    Column("source", SmallInteger, nullable=False, server_default=str(LEGACY_REF)),
    Column("run", Integer, nullable=False, server_default="0"),
    Column("evidence", Integer),
    Column("address", Integer),
    Column("previous", BigInteger),
    Column("until_ns", BigInteger),
    Column("received_ns", BigInteger),
    Column("answered_ns", BigInteger),
    Column("uptime_seconds", BigInteger),
)
RARE = text(f"kind NOT IN ({Kind.TRANSITION:d}, {Kind.UPLINK:d})")
"""The condition of the index over all other kinds; SQLite uses it only for a query that says the same."""
Index("entries_by_subject", entries.c.subject, entries.c.at_ns)
Index("entries_by_kind", entries.c.kind, entries.c.at_ns, sqlite_where=RARE, postgresql_where=RARE)

head = Table(
    "head",
    metadata,
    Column("source", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("alive_ns", BigInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("beat_ns", BigInteger, nullable=False),
    Column("session", BigInteger, nullable=False),
    Column("taken", BigInteger, nullable=False),
)
"""One row a source: its last entry, its last sign of life, its last opening and the last beat of that, and the last
event that was taken of which process."""

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Contents that entries name by their SHA-256, compressed with zlib: the sums of an hour, the files of an inventory."""


class Tables(NamedTuple):
    """What a reader reads: tables of the database, or queries that show those of an older version as these."""

    names: sa.FromClause
    sources: sa.FromClause
    entries: sa.FromClause
    head: sa.FromClause
    blobs: sa.FromClause


PRESENT = Tables(names, sources, entries, head, blobs)
