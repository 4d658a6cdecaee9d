"""Closed years that lie beside a journal, read with it as one. SQLite alone: one in PostgreSQL keeps everything."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine

from pantau.journal.closing.carried import CarryOver, carry_over_of
from pantau.journal.database import translated
from pantau.journal.entries import Kind
from pantau.journal.schema import PRESENT, RARE, Tables, blobs, entries


class View(NamedTuple):
    """What a reader sees of a journal."""

    tables: Tables
    carried: CarryOver | None
    """The latest closing whose file is not at hand: what is from before it is what was kept alone."""


def with_closed_years(engine: Engine, url: URL, tables: Tables) -> View:
    """The journal with all closed years that lie beside it and follow one another up to its own beginning.

    Connections of `engine` see their files from now on.
    """
    if tables is not PRESENT:
        return View(tables, None)
    carries = _carries(engine, url)
    # Only one that was begun anew lacks what is in its closed files; the latest tells.
    if not carries or url.get_backend_name() != "sqlite" or _has_all(engine, url, carries[-1]):
        return View(tables, None)
    folder = Path(url.database or "").parent
    found: list[tuple[int, CarryOver, Path]] = []
    carried = None
    for place in range(len(carries) - 1, -1, -1):
        file = folder / Path(carries[place].file).name
        if not file.is_file():
            carried = carries[place]
            break
        found.insert(0, (carries[place - 1].number if place else 0, carries[place], file))
    if not found:
        return View(tables, carried)
    _attach(engine, [(f"year{one.year}", file) for _, one, file in found])
    return View(_united(found, carries[-1].number), carried)


def _united(found: Sequence[tuple[int, CarryOver, Path]], cut: int) -> Tables:
    """Of each file what lies between its cut and the one before; of the first also what it kept of earlier ones."""
    metadata, parts, contents = sa.MetaData(), [], [sa.select(*blobs.c)]
    parts.append(sa.select(*entries.c).where(entries.c.number > cut))
    for after, one, _ in [(0, *found[0][1:]), *found[1:]]:
        table = entries.to_metadata(metadata, schema=f"year{one.year}")
        parts.append(sa.select(*table.c).where(table.c.number > after, table.c.number <= one.number))
        contents.append(sa.select(*blobs.to_metadata(metadata, schema=f"year{one.year}").c))
    united = sa.union_all(*parts).subquery("entries"), sa.union_all(*contents).subquery("blobs")
    return PRESENT._replace(entries=united[0], blobs=united[1])


def _carries(engine: Engine, url: URL) -> list[CarryOver]:
    query = sa.select(entries.c.detail).where(entries.c.kind == Kind.CARRY_OVER, RARE).order_by(entries.c.number)
    with translated(url), engine.connect() as connection:
        found = (carry_over_of(detail or "") for detail in connection.execute(query).scalars())
        return sorted((one for one in found if one is not None), key=lambda one: one.number)


def _has_all(engine: Engine, url: URL, carry: CarryOver) -> bool:
    """Whether every entry up to the cut is still in the journal itself: the first that is not tells."""
    query = sa.select(sa.func.count()).select_from(entries).where(entries.c.number <= carry.number)
    with translated(url), engine.connect() as connection:
        return connection.execute(query).scalar() == carry.number


def _attach(engine: Engine, files: Sequence[tuple[str, Path]]) -> None:
    def attach(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for name, file in files:
            cursor.execute(f'ATTACH DATABASE ? AS "{name}"', (str(file),))
        cursor.close()

    engine.dispose()
    sa.event.listen(engine, "connect", attach)
