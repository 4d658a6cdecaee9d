"""The tables of revision 0001, and how they look as those of today: a reader shows them so without changing them.

Never changed: migration 0002 rests on it too.
"""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, SmallInteger, Table, Text, literal, null
from sqlalchemy.engine import Connection

from pantau.journal.schema import Tables, names
from pantau.journal.sources import LEGACY, LEGACY_REF
from pantau.journal.sums import first_sums_text

FIRST_REVISION = "0001"
_STATES = ("down", "up", "degraded", "isolated", "maintenance", "unknown", "inactive")

_metadata = MetaData()
_entries = Table(
    "entries",
    _metadata,
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    *(Column(name, Integer) for name in ("kind", "subject")),
    *(Column(name, BigInteger) for name in ("at_ns", "recorded_ns")),
    *(Column(name, Integer) for name in ("before", "after", "up", "reason", "requests", "unanswered")),
    Column("first_ns", BigInteger),
    Column("detail", Text),
    Column("digest", LargeBinary),
)
_hours = Table(
    "hours",
    _metadata,
    *(Column(name, BigInteger) for name in ("entry", "hotspot", "requests", "replies")),
    *(Column(f"{state}_ms", BigInteger) for state in _STATES),
)
_head = Table(
    "head",
    _metadata,
    *(Column(name, BigInteger) for name in ("number", "alive_ns", "run", "taken")),
    Column("digest", LargeBinary),
)


def first_tables() -> Tables:
    """All that stands in such a journal is of `LEGACY`."""
    source, nothing = literal(LEGACY_REF, SmallInteger), null()
    sources = sa.select(source.label("ref"), literal(LEGACY.name).label("name"), nothing.label("shard"))
    added = ("evidence", "address", "previous", "until_ns", "received_ns", "answered_ns", "uptime_seconds")
    entries = sa.select(
        *_entries.c,
        literal(1).label("format"),
        source.label("source"),
        literal(0).label("run"),
        *(nothing.label(name) for name in added),
    )
    head = sa.select(
        source.label("source"),
        *(_head.c[name] for name in ("number", "digest", "alive_ns")),
        literal(0).label("run"),
        literal(0).label("beat_ns"),
        _head.c.run.label("session"),
        _head.c.taken,
    ).where(_head.c.number > 0)
    blobs = sa.select(nothing.label("sha256"), nothing.label("content")).where(sa.false())
    return Tables(
        names,
        sources.subquery("sources"),
        entries.subquery("entries"),
        head.subquery("head"),
        blobs.subquery("blobs"),
    )


def first_sums(connection: Connection, number: int) -> bytes:
    """The sums of the `Kind.HOUR` entry with this number, which had rows of their own, as the text that was hashed."""
    times = [_hours.c[f"{state}_ms"] for state in _STATES]
    query = sa.select(names.c.name, _hours.c.requests, _hours.c.replies, *times)
    query = query.join_from(_hours, names, names.c.ref == _hours.c.hotspot).where(_hours.c.entry == number)
    return first_sums_text(
        (hotspot, requests, replies, state_ms)
        for hotspot, requests, replies, *state_ms in connection.execute(query).all()
    )
