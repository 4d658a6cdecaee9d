"""The closing of a year, step by step. Killed after any of them, nothing is lost, and the same command goes on.

    1  the year is copied into a file beside the journal, which is verified alone and then gets its name
    2  the journal gets the entry that says so, with the ends of all chains
    3  a journal in a file is begun anew: beside it is made what follows the cut and what is kept from before it
    4  the old file takes nothing any more, and the new one takes its place in one step

For 3 and 4 nobody else may have the journal open: `pantau run` is stopped, and writes what waited afterwards.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from pantau.errors import JournalError
from pantau.journal.chain import GENESIS
from pantau.journal.closing.carried import CarryOver, carry_over_of, kept_digest, kept_list
from pantau.journal.closing.copying import copy_heads, copy_journal, kept_of, new_file, settle, up_to, url_of
from pantau.journal.database import SEALED, file_of, open_to_read, resolve_url, translated
from pantau.journal.entries import Entry, Kind
from pantau.journal.private_files import sync_folder
from pantau.journal.reading import Reader
from pantau.journal.schema import PRESENT, RARE, entries
from pantau.journal.sources import OFFICE
from pantau.journal.store import Store
from pantau.journal.verification import verify

_GUARD = "closed_year"


class Closed(NamedTuple):
    """What was made."""

    carry: CarryOver
    file: Path
    begun_anew: bool
    """Whether the journal lacks now what lies in the closed file."""


def close_year(url: str, folder: Path, year: int, end_ns: int, now_ns: int, output: Path | None = None) -> Closed:
    """Close a year that ended at `end_ns`, or go on with a closing that was interrupted. Raises `JournalError`.

    The closed file lies beside a journal in a file; else `output` is the folder for it.
    """
    live = file_of(url, folder)
    if live is None and output is None:
        raise JournalError(
            "a journal in PostgreSQL lies in no folder: say with --output where the closed year is to be"
        )
    place = live.parent if live else output or folder
    file = place / f"{live.stem if live else 'journal'}-{year}.sqlite"
    if live is not None:
        _finish_exchange(live)
    carry = _carry_of(url, folder, year)
    if carry is None:
        if now_ns < end_ns:
            raise JournalError(f"{year} is not over: a year is closed when it has ended")
        carry, kept = _written(url, folder, year, end_ns, file)
        with Store(url, folder, OFFICE, create=False) as store:
            store.append([carry.event(kept, now_ns)])
    if live is None:
        return Closed(carry, file, begun_anew=False)
    if not file.is_file():
        raise JournalError(
            f"{file} is not there: bring the closed year back from a backup before the journal lets it go"
        )
    _begin_anew(live, carry)
    return Closed(carry, file, begun_anew=True)


def _carry_of(url: str, folder: Path, year: int) -> CarryOver | None:
    with Reader(url, folder) as reader:
        carries = [carry_over_of(entry.event.detail) for entry in reader.of_kinds(Kind.CARRY_OVER)]
    return next((carry for carry in carries if carry is not None and carry.year == year), None)


def _written(url: str, folder: Path, year: int, end_ns: int, file: Path) -> tuple[CarryOver, bytes]:
    """Steps 1: the closed file, verified alone; what the journal is to say of it, and the list of what it keeps."""
    with Reader(url, folder) as reader:
        if reader.carried:
            raise JournalError(f"{reader.carried.file} is not beside the journal: bring it there first")
    engine, tables = open_to_read(resolve_url(url, folder))
    if tables is not PRESENT:
        engine.dispose()
        raise JournalError("the journal is of an older version: let `pantau run` bring it up to date first")
    try:
        with translated(engine.url), engine.connect() as connection:
            cut = _cut(connection, end_ns)
            with Reader(url, folder) as reader:
                ends = tuple(sorted(reader.ends_at(cut), key=lambda end: end[1]))
            if not ends:
                raise JournalError(f"the journal has nothing of {year} or before")
            fresh = file.with_name(f".{file.name}.new")
            made = new_file(fresh)
            with made.begin() as target:
                copy_journal(connection, target, up_to(cut))
                refs = {row.ref: (row.name, row.shard) for row in connection.execute(sa.select(PRESENT.sources))}
                by_ref = {ref: end[1:] for ref, named in refs.items() for end in ends if tuple(end[0]) == named}
                copy_heads(connection, target, by_ref)
            settle(made)
            fresh.chmod(SEALED)
            chosen = [
                row[0]
                for row in connection.execute(
                    sa.select(entries.c.number).where(kept_of(cut)).order_by(entries.c.number)
                )
            ]
        kept = _verified(fresh, ends, set(chosen))
    finally:
        engine.dispose()
    fresh.replace(file)
    sync_folder(file.parent)
    return CarryOver(year, cut, ends, file.name, kept_digest(kept)), kept


def _cut(connection: sa.Connection, end_ns: int) -> int:
    """The last entry before the first that was recorded after the year.

    At least that which closed the year before: the file has to say itself what it goes on from.
    """
    first = connection.execute(sa.select(sa.func.min(entries.c.number)).where(entries.c.recorded_ns >= end_ns)).scalar()
    last = connection.execute(sa.select(sa.func.max(entries.c.number))).scalar() or 0
    closed = sa.select(sa.func.max(entries.c.number)).where(entries.c.kind == Kind.CARRY_OVER, RARE)
    return max(last if first is None else first - 1, connection.execute(closed).scalar() or 0)


def _verified(file: Path, ends: tuple[tuple[object, int, bytes], ...], chosen: set[int]) -> bytes:
    """Prove the closed file alone; the list of what is kept of it."""
    with Reader(url_of(file), file.parent) as reader:
        finding = next(verify(reader, after=reader.whole_from), None)
        same = {(head.source, head.number, head.digest) for head in reader.heads()} == set(ends)
        if finding is not None or not same:
            raise JournalError(f"the journal does not prove itself ({finding or 'its ends'}): no year is closed of it")
        return kept_list(_with_before(reader, chosen))


def _with_before(reader: Reader, chosen: set[int]) -> Iterator[tuple[Entry, bytes]]:
    last: dict[object, bytes] = {}
    for entry in reader.entries():
        if entry.number in chosen:
            yield entry, last.get(entry.source, GENESIS)
        last[entry.source] = entry.digest


def _begin_anew(live: Path, carry: CarryOver) -> None:
    """Steps 3 and 4."""
    with _alone(live) as old:
        source = sa.create_engine("sqlite://", creator=lambda: old, poolclass=sa.StaticPool)
        if _begun(source, carry):
            return
        fresh = _next_to(live)
        engine = new_file(fresh)
        with engine.begin() as target, source.connect() as connection:
            copy_journal(connection, target, sa.or_(entries.c.number > carry.number, kept_of(carry.number)))
            copy_heads(connection, target)
        settle(engine)
        descriptor = os.open(fresh, os.O_RDONLY | os.O_CLOEXEC)
        os.fsync(descriptor)
        os.close(descriptor)
        fresh.chmod(live.stat().st_mode & 0o777)
        told = "this journal was begun anew after a year was closed"
        old.execute(f"CREATE TRIGGER {_GUARD} BEFORE INSERT ON entries BEGIN SELECT RAISE(ABORT, '{told}'); END")
        old.commit()
        _exchange(live)


def _finish_exchange(live: Path) -> None:
    """Where a kill came between the two halves of step 4: the old file takes nothing, the new one waits beside it."""
    if not _next_to(live).exists() or not live.exists():
        return
    with _alone(live) as old:
        guarded = old.execute("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = ?", (_GUARD,)).fetchone()
        if guarded:
            _exchange(live)


def _exchange(live: Path) -> None:
    _next_to(live).replace(live)
    sync_folder(live.parent)


def _next_to(live: Path) -> Path:
    return live.with_name(f".{live.name}.next")


def _begun(old: sa.Engine, carry: CarryOver) -> bool:
    """Whether nothing is left that is in the closed file alone."""
    kept = kept_of(carry.number)
    left = sa.select(entries.c.number).where(entries.c.number <= carry.number, sa.not_(kept)).limit(1)
    with old.connect() as connection:
        return connection.execute(left).first() is None


@contextmanager
def _alone(live: Path) -> Iterator[sqlite3.Connection]:
    """The journal's file, which nobody else has open; its log is written into it."""
    try:
        with closing(sqlite3.connect(live, timeout=1.0, check_same_thread=False)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            yield connection
            if connection.in_transaction:
                connection.rollback()
    except sqlite3.OperationalError as error:
        raise JournalError(
            f"{live} is open elsewhere ({error}): stop `pantau run`, close the year, start it again"
        ) from error
