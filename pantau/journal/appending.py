"""Makes entries of events: numbers them, chains them to their source's last, and puts them into the tables.

Everything here happens inside a transaction that holds the lock of those who write; the store opens it.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pantau.journal.chain import chained
from pantau.journal.entries import CHECKPOINT_NS, FORMAT, Entry, Event, Kind, checkpoint, succession
from pantau.journal.heads import ChainHead, chained_life, moved_on, recorded_last, write_head
from pantau.journal.latest import OF_HOTSPOTS, latest_changes
from pantau.journal.names import Names
from pantau.journal.resuming import resumed
from pantau.journal.rows import write_entry
from pantau.journal.schema import PRESENT, blobs, entries
from pantau.journal.source_refs import SourceRefs
from pantau.journal.sources import LEGACY_REF, Source
from pantau.journal.time_order import in_order


class Appender:
    """What one source writes: knows names, sources and the latest transitions as far as they were looked at."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.sources = SourceRefs(PRESENT)
        self._names = Names()
        self._last: dict[str, Event] | None = None

    def forget(self) -> None:
        """A transaction failed, and what it gave a number has none; or another may have written meanwhile."""
        self._names.forget()
        self.sources.forget()
        self._last = None

    def entered(
        self, connection: Connection, heads: Sequence[ChainHead], events: Sequence[Event]
    ) -> tuple[ChainHead, list[Event]]:
        """The head of a source that has never written, and with what it begins.

        The first exporter that comes to a journal from before there were sources goes on where that ended, and says so
        in its chain: then the old chain cannot be written anew without a trace.
        """
        head = ChainHead(self.sources.add(connection, self.source), self.source)
        old = next((one for one in heads if one.ref == LEGACY_REF), None)
        exporters = [one for one in heads if one.source.shard is not None]
        if self.source.shard is None or exporters or old is None:
            return head, []
        at_ns = events[0].recorded_ns if events else chained_life(connection, PRESENT, [old])
        head = head._replace(session=old.session, taken=old.taken)
        return head, [succession(old.source, old.number, old.digest, at_ns)]

    def write(
        self,
        connection: Connection,
        head: ChainHead,
        events: Iterable[Event],
        heads: Sequence[ChainHead],
        alive_ns: int,
    ) -> tuple[list[Entry], ChainHead]:
        """Number and chain the events, and move the head; `heads` are those of all sources before."""
        number, since = max((one.number for one in heads), default=0), head
        written: list[Entry] = []
        for event in self._timed(events, recorded_last(connection, PRESENT, head.number), alive_ns):
            number += 1
            event = _without_empty_names(event)
            entry = Entry(number, event, b"", self.source, head.run, head.number, FORMAT)
            entry = entry._replace(digest=chained(head.digest, entry))
            head = head._replace(number=number, digest=entry.digest)
            written.append(entry)
        self._insert(connection, written, head.ref)
        head = head._replace(alive_ns=moved_on(since.alive_ns, [entry.event for entry in written], alive_ns))
        write_head(connection, head, new=all(one.ref != head.ref for one in heads))
        return written, head

    def _timed(self, events: Iterable[Event], last_ns: int, alive_ns: int) -> Iterator[Event]:
        """The events in the order of their recording; a checkpoint where a beat is all that tells of us."""
        for event in events:
            for one in in_order(event, last_ns, of_exporter=self.source.shard is not None):
                last_ns = one.recorded_ns
                yield one
        if alive_ns - last_ns >= CHECKPOINT_NS:
            yield checkpoint(alive_ns, {})

    def _insert(self, connection: Connection, written: Sequence[Entry], source: int) -> None:
        if not written:
            return
        self._names.number(connection, _named(written))
        rows = [write_entry(entry, source, self._names, connection) for entry in written]
        connection.execute(sa.insert(entries), rows)
        for entry in written:
            for content in entry.event.blobs:
                _insert_blob(connection, content)

    def settled(self, connection: Connection, events: Sequence[Event], life_ns: int) -> Iterator[Event]:
        """Starts unfolded; a hotspot's transitions never before its last: a clock that steps back repeats no hour."""
        for event in events:
            if event.kind is Kind.START:
                parts: Iterator[Event] = resumed(event, self.last_of(connection), life_ns)
                yield from (self._placed(connection, part) for part in list(parts))
            else:
                yield self._placed(connection, event)

    def _placed(self, connection: Connection, event: Event) -> Event:
        if event.kind not in OF_HOTSPOTS:
            return event
        last = self.last_of(connection)
        before = last.get(event.subject)
        if before is not None and event.at_ns < before.at_ns:
            event = event._replace(at_ns=before.at_ns)
        last[event.subject] = event
        return event

    def last_of(self, connection: Connection) -> dict[str, Event]:
        """The latest transition of each hotspot and uplink that this source knows."""
        if self._last is None:
            own = self.sources.own(connection, self.source)
            self._last = latest_changes(connection, own, self._names, self.sources)
        return self._last

    def life_of(self, connection: Connection, heads: Sequence[ChainHead]) -> int:
        """The last chained sign of life of this source, and of the one that it follows."""
        own = self.sources.own(connection, self.source)
        return chained_life(connection, PRESENT, [head for head in heads if head.ref in own])


def _without_empty_names(event: Event) -> Event:
    """What is empty has no name to refer to: it is stored, and so hashed, as absent."""
    if "" in (event.reason, event.evidence, event.address):
        named = event.reason or None, event.evidence or None, event.address or None
        return event._replace(reason=named[0], evidence=named[1], address=named[2])
    return event


def _insert_blob(connection: Connection, content: bytes) -> None:
    """Keep a content once, however often entries name it."""
    digest = hashlib.sha256(content).digest()
    if connection.execute(sa.select(blobs.c.sha256).where(blobs.c.sha256 == digest)).first() is None:
        connection.execute(sa.insert(blobs).values(sha256=digest, content=zlib.compress(content)))


def _named(written: Sequence[Entry]) -> Iterator[str]:
    """Every name that entries bring."""
    for _, event, *_ in written:
        yield from filter(None, (event.subject, event.reason, event.evidence, event.address))
