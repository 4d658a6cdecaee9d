"""Entries and what belongs to them, out of one journal into a new file. It knows the tables by looking at them.

A new table or column is copied like any other: what is chosen are entries, and of `blobs` those that entries name.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, make_url

from pantau.journal.database import open_database, resolve_url
from pantau.journal.entries import Kind
from pantau.journal.heads import NO_SIGN_OF_LIFE
from pantau.journal.schema import blobs, entries
from pantau.journal.schema import head as heads

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BATCH = 5_000
_KNOWN = {entries.name, blobs.name, heads.name, "alembic_version"}
_OF_HOTSPOTS = (int(Kind.TRANSITION), int(Kind.UPLINK))
_NOT_KEPT = (*_OF_HOTSPOTS, int(Kind.HOUR), int(Kind.CHECKPOINT), int(Kind.AMEND), int(Kind.UPTIME))


def new_file(file: Path) -> Engine:
    """An empty journal in a file that is not there yet."""
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    return open_database(resolve_url(f"sqlite:///{file}", file.parent), create=True)


def up_to(number: int) -> sa.ColumnElement[bool]:
    """All entries up to a number."""
    return entries.c.number <= number


def kept_of(number: int) -> sa.ColumnElement[bool]:
    """Of the entries up to a number those that a journal goes on with (see the package)."""
    earlier = entries.alias("earlier")
    last_up = (
        sa.select(sa.func.max(earlier.c.number))
        .where(
            earlier.c.subject == entries.c.subject,
            earlier.c.source == entries.c.source,
            earlier.c.kind.in_(_OF_HOTSPOTS),
            earlier.c.number <= number,
            earlier.c.up != 0,
        )
        .correlate(entries)
        .scalar_subquery()
    )
    since_up = sa.and_(entries.c.kind.in_(_OF_HOTSPOTS), entries.c.number >= sa.func.coalesce(last_up, 0))
    lasts = [entries.c.number.in_(_last_of_each(number, *which)) for which in ((), (entries.c.kind,))]
    return sa.and_(entries.c.number <= number, sa.or_(entries.c.kind.not_in(_NOT_KEPT), since_up, *lasts))


def _last_of_each(number: int, *kind: sa.ColumnElement[int]) -> sa.Select[tuple[int]]:
    """Of each source the last entry up to a number; with `kind`, the last that tells that its exporter lived.

    What is recorded next may not lie before the one, and the next start goes on from the other: without them a part of
    the closed year would be a gap.
    """
    lives = [one.not_in(NO_SIGN_OF_LIFE) for one in kind]
    last = sa.func.max(entries.c.number)
    return sa.select(last).where(entries.c.number <= number, *lives).group_by(entries.c.source)


def copy_journal(source: Connection, target: Connection, chosen: sa.ColumnElement[bool]) -> None:
    """The chosen entries, the contents that they name, and all other tables but the heads whole."""
    metadata = sa.MetaData()
    metadata.reflect(target)
    named: set[bytes] = set()
    for row in _rows(source, sa.select(entries).where(chosen)):
        target.execute(sa.insert(entries), row)
        for one in row:
            named |= {bytes.fromhex(digest) for digest in _DIGEST.findall(one["detail"] or "")}
    for digest in sorted(named):
        content = source.execute(sa.select(blobs).where(blobs.c.sha256 == digest)).mappings().first()
        if content is not None:
            target.execute(sa.insert(blobs), dict(content))
    for table in metadata.sorted_tables:
        if table.name not in _KNOWN:
            for row in _rows(source, sa.select(table)):
                target.execute(sa.insert(table), row)


def copy_heads(source: Connection, target: Connection, ends: dict[int, tuple[int, bytes]] | None = None) -> None:
    """The heads; with `ends` (number and digest by source) as they were at a cut, alive up to what was written then."""
    for row in source.execute(sa.select(heads)).mappings().all():
        values = dict(row)
        if ends is not None:
            if row["source"] not in ends:
                continue
            number, digest = ends[row["source"]]
            last = sa.select(sa.func.max(entries.c.recorded_ns)).where(
                entries.c.source == row["source"], entries.c.number <= number
            )
            alive_ns = min(row["alive_ns"], source.execute(last).scalar() or 0)
            values |= {"number": number, "digest": digest, "alive_ns": alive_ns}
        target.execute(sa.insert(heads), values)


def settle(engine: Engine) -> None:
    """Leave a file without a log beside it: it can be moved, and read where nobody may write."""
    engine.dispose()
    with closing(sqlite3.connect(engine.url.database or "")) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def url_of(file: Path) -> str:
    """Of a journal in a file."""
    return make_url(f"sqlite:///{file}").render_as_string()


def _rows(connection: Connection, query: sa.Select[Any]) -> Iterator[list[dict[str, Any]]]:
    result = connection.execution_options(yield_per=_BATCH).execute(query)
    for part in result.mappings().partitions(_BATCH):
        yield [dict(row) for row in part]
