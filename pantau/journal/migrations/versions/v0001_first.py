"""The first tables: names, entries, hours and head."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_STATES = ("down", "up", "degraded", "isolated", "maintenance", "unknown", "inactive")


def upgrade() -> None:
    """Make the tables, and the head of an empty journal."""
    number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "names",
        sa.Column("ref", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    op.create_table(
        "entries",
        sa.Column("number", number, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("subject", sa.Integer),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.Column("recorded_ns", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.SmallInteger) for name in ("before", "after", "up")),
        *(sa.Column(name, sa.Integer) for name in ("reason", "requests", "unanswered")),
        sa.Column("first_ns", sa.BigInteger),
        sa.Column("detail", sa.Text),
        sa.Column("digest", sa.LargeBinary, nullable=False),
    )
    rare = sa.text("kind NOT IN (4, 11)")
    op.create_index("entries_by_subject", "entries", ["subject", "at_ns"])
    op.create_index("entries_by_kind", "entries", ["kind", "at_ns"], sqlite_where=rare, postgresql_where=rare)
    op.create_table(
        "hours",
        sa.Column("entry", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hotspot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("requests", sa.BigInteger, nullable=False),
        sa.Column("replies", sa.BigInteger, nullable=False),
        *(sa.Column(f"{state}_ms", sa.BigInteger, nullable=False) for state in _STATES),
        sqlite_with_rowid=False,
    )
    head = op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("alive_ns", "run", "taken")),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "digest": bytes(32), "alive_ns": 0, "run": 0, "taken": 0}])
