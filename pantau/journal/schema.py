"""The tables. Entries and sums are only ever added; `head` is the one row that moves.

Names (hotspots, reasons) are stored once and referred to by number: a transition takes some hundred bytes.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Table, Text, text

from pantau.journal.entries import Kind
from pantau.states import State

REVISION = "0001"
"""The Alembic revision that these tables are."""

metadata = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite makes only an INTEGER primary key the row's own number."""

names = Table(
    "names",
    metadata,
    Column("ref", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
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
)
RARE = text(f"kind NOT IN ({Kind.TRANSITION:d}, {Kind.UPLINK:d})")
"""The condition of the index over all other kinds; SQLite uses it only for a query that says the same."""
Index("entries_by_subject", entries.c.subject, entries.c.at_ns)
Index("entries_by_kind", entries.c.kind, entries.c.at_ns, sqlite_where=RARE, postgresql_where=RARE)

STATE_COLUMNS = tuple(f"{state.label}_ms" for state in State)

hours = Table(
    "hours",
    metadata,
    Column("entry", BigInteger, primary_key=True, autoincrement=False),
    Column("hotspot", Integer, primary_key=True, autoincrement=False),
    Column("requests", BigInteger, nullable=False),
    Column("replies", BigInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in STATE_COLUMNS),
    sqlite_with_rowid=False,
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("alive_ns", BigInteger, nullable=False),
    Column("run", BigInteger, nullable=False),
    Column("taken", BigInteger, nullable=False),
)
"""One row: the last entry, the exporter's last sign of life, and the last event taken of which run."""
