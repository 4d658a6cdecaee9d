"""Sources by their numbers, as the table `sources` has them, and which of them a reader sees as one history."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.errors import JournalError
from pantau.journal.entries import Kind
from pantau.journal.schema import RARE, Tables, sources
from pantau.journal.sources import LEGACY, LEGACY_REF, Source


class SourceRefs:
    """What is known of the table so far; asks it for what is not."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._source_of: dict[int, Source] = {}

    def source(self, connection: Connection, ref: int) -> Source:
        """The source of a number; the number in words where the table has lost it, so that `verify` can tell."""
        if ref not in self._source_of:
            self._load(connection)
        return self._source_of.get(ref, Source(f"?{ref}", None))

    def find(self, connection: Connection, source: Source) -> int | None:
        """The number of a source, if it has one."""
        for again in (False, True):
            if again:
                self._load(connection)
            found = next((ref for ref, one in self._source_of.items() if one == source), None)
            if found is not None:
                return found
        return None

    def add(self, connection: Connection, source: Source) -> int:
        """The number of a source; a new one gets the next. To be called under the lock of those who write."""
        ref = self.find(connection, source)
        if ref is None:
            ref = max(self._source_of, default=LEGACY_REF) + 1
            connection.execute(sa.insert(sources).values(ref=ref, name=source.name, shard=source.shard))
            self._source_of[ref] = source
        return ref

    def forget(self) -> None:
        """After a transaction that failed: what it gave a number has none."""
        self._source_of.clear()

    def heir_of_legacy(self, connection: Connection) -> int | None:
        """The source that goes on where the journal from before there were sources ended; by its first entry."""
        entries = self._tables.entries
        first = sa.select(entries.c.source).where(entries.c.kind == Kind.SUCCESSION, RARE).order_by(entries.c.number)
        return connection.execute(first.limit(1)).scalar()

    def seen(self, connection: Connection, wanted: Source | None) -> tuple[int, ...]:
        """The sources whose entries, one after the other, are the history that is read.

        That is `wanted` (of `LEGACY`, the exporter that follows it), or else the exporter that follows `LEGACY`, or
        else the only one; with `LEGACY` before the one that follows it. A journal that no exporter of today has written
        is read whatever is wanted: the first to come will go on there. `JournalError`, naming the sources, where that
        does not choose one.
        """
        present = set(connection.execute(sa.select(self._tables.head.c.source)).scalars())
        exporters = {ref: one for ref in present if (one := self.source(connection, ref)).shard is not None}
        legacy = (LEGACY_REF,) if LEGACY_REF in present else ()
        if not exporters:
            return legacy
        heir = self.heir_of_legacy(connection) if legacy else None
        if wanted == LEGACY:
            chosen = heir
        elif wanted is not None:
            chosen = next((ref for ref, one in exporters.items() if one == wanted), None)
        else:
            chosen = heir if heir in exporters else next(iter(exporters)) if len(exporters) == 1 else None
        if chosen is None:
            raise JournalError(_unchosen(exporters.values(), wanted))
        return (*legacy, chosen) if chosen == heir else (chosen,)

    def own(self, connection: Connection, source: Source) -> tuple[int, ...]:
        """The sources whose entries are the past of this exporter; none where another has the journal for itself."""
        present = {
            self.source(connection, ref) for ref in connection.execute(sa.select(self._tables.head.c.source)).scalars()
        }
        if source.shard is None or (source not in present and any(one.shard is not None for one in present)):
            return ()
        return self.seen(connection, source)

    def _load(self, connection: Connection) -> None:
        table = self._tables.sources
        for ref, name, shard in connection.execute(sa.select(table.c.ref, table.c.name, table.c.shard)):
            self._source_of[ref] = Source(name, shard)


def _unchosen(exporters: Collection[Source], wanted: Source | None) -> str:
    names = ", ".join(sorted(str(one) for one in exporters))
    if wanted is not None:
        return f"no source of this journal is called {wanted}; its sources are {names}"
    return f"several exporters have written this journal, and each saw the hotspots for itself: name one of {names}"
