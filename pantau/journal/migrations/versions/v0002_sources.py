"""Sources: a chain and a head for each, hours as contents, and the fields that entries had no place for.

What stood in the journal becomes the source `legacy`. Its entries are not touched: the new columns have their default,
and the digests stay as they are.
"""

import hashlib
import zlib

import sqlalchemy as sa
from alembic import op

from pantau.journal.first_tables import first_sums
from pantau.journal.sources import LEGACY, LEGACY_REF

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is new, and bring sums and head into their new form."""
    _add_sources()
    _add_columns()
    _rewrite_hours()
    _rewrite_head()


def _add_sources() -> None:
    sources = op.create_table(
        "sources",
        sa.Column("ref", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("shard", sa.Integer),
    )
    if op.get_bind().execute(sa.text("SELECT number FROM head")).scalar():
        op.bulk_insert(sources, [{"ref": LEGACY_REF, "name": LEGACY.name, "shard": None}])


def _add_columns() -> None:
    """Constants as defaults: neither database rewrites a row for them."""
    for name, kind, default in (
        ("format", sa.SmallInteger, "1"),
        ("source", sa.SmallInteger, str(LEGACY_REF)),
        ("run", sa.Integer, "0"),
    ):
        op.add_column("entries", sa.Column(name, kind, nullable=False, server_default=default))
    for name in ("evidence", "address"):
        op.add_column("entries", sa.Column(name, sa.Integer))
    for name in ("previous", "until_ns", "received_ns", "answered_ns", "uptime_seconds"):
        op.add_column("entries", sa.Column(name, sa.BigInteger))


def _rewrite_hours() -> None:
    """The sums become the texts that were hashed, each under its digest: an hour after the other, whatever the size."""
    blobs = op.create_table(
        "blobs",
        sa.Column("sha256", sa.LargeBinary, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    connection = op.get_bind()
    of_hours = sa.text("SELECT number FROM entries WHERE kind = 7 AND kind NOT IN (4, 11) ORDER BY number")
    seen: set[bytes] = set()
    for number in connection.execute(of_hours).scalars().all():
        text = first_sums(connection, number)
        digest = hashlib.sha256(text).digest()
        if digest not in seen:
            connection.execute(sa.insert(blobs).values(sha256=digest, content=zlib.compress(text)))
            seen.add(digest)
    op.drop_table("hours")


def _rewrite_head() -> None:
    """One row a source; what the one row called `run` was the process that events had been taken of."""
    row = op.get_bind().execute(sa.text("SELECT number, digest, alive_ns, run, taken FROM head")).one()
    op.drop_table("head")
    head = op.create_table(
        "head",
        sa.Column("source", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("alive_ns", sa.BigInteger, nullable=False),
        sa.Column("run", sa.Integer, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("beat_ns", "session", "taken")),
    )
    if row.number:
        values = {"number": row.number, "digest": bytes(row.digest), "alive_ns": row.alive_ns}
        values |= {"source": LEGACY_REF, "run": 0, "beat_ns": 0, "session": row.run, "taken": row.taken}
        op.bulk_insert(head, [values])
