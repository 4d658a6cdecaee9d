"""What an insider does who has changed a journal: every digest, every content's hash and every head made to fit."""

import hashlib
import json
import zlib
from pathlib import Path

import sqlalchemy as sa

from lab.samples.journal import drop_triggers
from pantau.journal.chain import GENESIS, chained
from pantau.journal.database import resolve_url
from pantau.journal.entries import Kind, detail_of
from pantau.journal.names import Names
from pantau.journal.rows import entry_columns, read_entry
from pantau.journal.schema import PRESENT, blobs, entries, head
from pantau.journal.source_refs import SourceRefs


def rechain(url: str, folder: Path) -> None:
    """Compute all digests of a journal anew, from its entries as they are now, and move the heads."""
    _within(url, folder, contents=False)


def refit(url: str, folder: Path) -> None:
    """The same, and before it the hashes of contents that were changed; what cannot be read is left as it is."""
    _within(url, folder, contents=True)


def _within(url: str, folder: Path, *, contents: bool) -> None:
    engine = sa.create_engine(resolve_url(url, folder))
    try:
        with engine.begin() as connection:
            drop_triggers(connection)
            if contents:
                _refit_contents(connection)
            _rechain(connection)
    finally:
        engine.dispose()


def _rechain(connection: sa.Connection) -> None:
    names, sources = Names(), SourceRefs(PRESENT)
    names.load_all(connection)
    refs = {row[0]: row[1] for row in connection.execute(sa.select(entries.c.number, entries.c.source))}
    last: dict[int, tuple[int, bytes]] = {}
    recorded: dict[int, int] = {}
    digests: dict[int, bytes] = {}
    for row in connection.execute(sa.select(*entry_columns(entries)).order_by(entries.c.number)).all():
        try:
            entry, ref = read_entry(row, names, sources, connection), refs[row[0]]
        except TypeError:
            continue
        number, digest = last.get(ref, (0, GENESIS))
        if entry.event.kind is Kind.SUCCESSION:
            entry = entry._replace(event=entry.event._replace(detail=_followed(entry.event.detail, digests)))
        entry = entry._replace(previous=number)
        last[ref] = entry.number, chained(digest, entry)
        digests[entry.number], recorded[ref] = last[ref][1], entry.event.recorded_ns
        values = {"previous": None if number == entry.number - 1 else number, "digest": last[ref][1]}
        changed = sa.update(entries).where(entries.c.number == entry.number)
        connection.execute(changed.values(values).values(detail=entry.event.detail or None))
    for ref, (number, digest) in last.items():
        of_source = sa.update(head).where(head.c.source == ref)
        connection.execute(of_source.values(number=number, digest=digest))
        lived = of_source.where(head.c.alive_ns > recorded[ref])
        connection.execute(lived.values(alive_ns=recorded[ref]))


def _followed(detail: str, digests: dict[int, bytes]) -> str:
    try:
        facts = json.loads(detail)
        return detail_of({**facts, "digest": digests.get(facts["number"], GENESIS).hex()})
    except (ValueError, KeyError, TypeError):
        return detail  # made nonsense of


def _refit_contents(connection: sa.Connection) -> None:
    """A content that is another gets the key of what it is now, wherever an entry names it."""
    for key, content in connection.execute(sa.select(blobs.c.sha256, blobs.c.content)).all():
        try:
            digest = hashlib.sha256(zlib.decompress(content)).digest()
        except (zlib.error, TypeError):
            continue
        if key == digest or not isinstance(key, bytes):
            continue
        connection.execute(sa.delete(blobs).where(blobs.c.sha256 == digest))
        connection.execute(sa.update(blobs).where(blobs.c.sha256 == key).values(sha256=digest))
        renamed = sa.func.replace(entries.c.detail, key.hex(), digest.hex())
        connection.execute(sa.update(entries).where(entries.c.detail.contains(key.hex())).values(detail=renamed))
