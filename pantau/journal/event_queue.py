"""What an exporter has told and the journal has not taken: in memory, in the spool, or held while another one writes.

Used by two threads: whoever gives events, and the writer's that takes them out.
"""

import threading
from collections.abc import Iterable, Iterator
from itertools import islice

import structlog

from pantau.errors import JournalError
from pantau.journal.backlog import Backlog, Waiting
from pantau.journal.entries import Event
from pantau.journal.situation import Held, Situation
from pantau.journal.spool import Spool
from pantau.journal.spool_lines import Spooled

BATCH = 500

log = structlog.get_logger(__name__)


class EventQueue:
    """`session` is how this process calls itself in the spool."""

    def __init__(self, session: int, spool: Spool | None, limit: int) -> None:
        self.session = session
        self.changed = threading.Condition()
        self._spool = spool
        self._limit = limit
        self._backlog = Backlog(limit)
        self._situation = Situation()
        self._held: Held | None = None
        self._alive_ns = 0
        self.wall_ns = session
        """The last beat; before the first, when the process began."""

    @property
    def holds(self) -> bool:
        """Whether events wait for the lease that another exporter has."""
        return self._held is not None

    @property
    def count(self) -> int:
        """Events that are to be written; not those that are held."""
        return len(self._backlog) + (self._spool.count if self._spool else 0)

    @property
    def lost(self) -> int:
        """Events that found no room."""
        return self._backlog.lost

    @property
    def in_memory(self) -> int:
        """Those of `count` that a kill would take."""
        return len(self._backlog)

    @property
    def has_work(self) -> bool:
        """Whether an event or a beat is to be written, but for what the spool keeps."""
        return bool(len(self._backlog) or self._alive_ns)

    def put(self, events: Iterable[Event]) -> None:
        """Take events in. Never waits for a disk."""
        with self.changed:
            if self._held is not None:
                self._held.add(events)
            else:
                self._backlog.add(events)
            self.changed.notify()

    def beat(self, at_ns: int) -> None:
        """All up to now has been put."""
        with self.changed:
            self._alive_ns = self.wall_ns = at_ns
            self.changed.notify()

    def first(self) -> tuple[list[Waiting], int]:
        """The oldest, and the beat if that is all there is."""
        with self.changed:
            waiting = self._backlog.first(BATCH)
            return waiting, self._alive_ns if len(waiting) == len(self._backlog) else 0

    def written(self, waiting: list[Waiting], alive_ns: int) -> None:
        """They are in the journal."""
        with self.changed:
            self._backlog.drop(len(waiting))
            if self._alive_ns == alive_ns:
                self._alive_ns = 0
        self._hear(one.event for one in waiting)

    def taken(self, number: int) -> None:
        """The journal has all up to this one: a commit whose answer was lost was one all the same."""
        with self.changed:
            known = [one.event for one in self._backlog.first(len(self._backlog)) if one.number <= number]
            self._backlog.drop(len(known))
        self._hear(known)

    def hold(self) -> bool:
        """Another one writes, and has its own word of this time; whether that is new. Nothing of ours stays spooled."""
        if self._held is not None:
            return False
        back = self._taken_back()
        with self.changed:
            self._held = Held(self._situation, self._limit)
            self._held.add(back)
            self._held.add(self._backlog.drained())
        return True

    def fold(self, life_ns: int) -> None:
        """The other one has told of all up to here."""
        with self.changed:
            if self._held is not None:
                self._held.fold(life_ns)

    def release(self, life_ns: int) -> None:
        """The lease is ours: what was held is to be written."""
        with self.changed:
            if self._held is not None:
                held, self._held = self._held, None
                self._backlog.add(held.released(life_ns))

    def look(self) -> None:
        """See what another process left in the spool."""
        if self._spool is not None:
            self._spool.look()

    @property
    def has_spooled(self) -> bool:
        """Whether something is in the spool."""
        return bool(self._spool and self._spool.count)

    def spooled(self, taken: tuple[int, int]) -> Iterator[list[Spooled]]:
        """What the spool has beyond what the journal took last, in batches."""
        if self._spool is not None:
            items = self._spool.after(taken)
            while batch := list(islice(items, BATCH)):
                yield batch
                self._hear(one.event for one in batch if one.session == self.session)

    def clear_spool(self) -> None:
        """All of it is in the journal."""
        if self._spool is not None:
            self._spool.clear()

    def move_to_spool(self) -> None:
        """Bring what is in memory to safety, as far as the spool takes it."""
        if self._spool is None:
            return
        try:
            while waiting := self.first()[0]:
                self._spool.add(self.session, waiting)
                with self.changed:
                    self._backlog.drop(len(waiting))
        except JournalError as error:
            log.warning("the spool takes no events either", reason=str(error))

    def _taken_back(self) -> list[Event]:
        try:
            return self._spool.take_back(self.session) if self._spool is not None else []
        except JournalError as error:
            log.warning("the spool keeps what another exporter tells too", reason=str(error))
            return []

    def _hear(self, events: Iterable[Event]) -> None:
        for event in events:
            self._situation.hear(event)
