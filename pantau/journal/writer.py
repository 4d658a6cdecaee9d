"""Writes the journal beside the probing: a thread takes what it is given, and giving never waits for a disk.

While the journal takes nothing, events are kept in memory, or in the spool where there is one, and tried again; see
`backlog` for what happens when they no longer fit. While another exporter of the same source writes, they are held; see
`situation`.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping

import structlog

from pantau.errors import JournalError
from pantau.journal.access import Access
from pantau.journal.entries import Event
from pantau.journal.event_queue import EventQueue
from pantau.journal.lease import LeaseHeldError
from pantau.journal.spool import Spool
from pantau.journal.store import Store

LIMIT_EVENTS = 100_000
"""Kept in memory: two days of 1000 hotspots with 20 outages a day each, some 40 MB."""
_RETRY_SECONDS = 2.0
CLOSE_SECONDS = 0.8
"""An exporter that is told to stop ends within two seconds, whatever its disk does."""
_STUCK_SECONDS = 30.0
"""A write that takes so long is one that fails, though nobody has said so yet."""

log = structlog.get_logger(__name__)


class Writer:
    """The journal as the exporter sees it. `open_store` may raise `JournalError`, again and again.

    `session` is how this process calls itself in the spool, which may have to take events before the journal has given
    it the number of a run: the wall time of its beginning. `now` is in seconds, of a clock that never steps.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        session: int,
        spool: Spool | None = None,
        limit: int = LIMIT_EVENTS,
        retry_seconds: float = _RETRY_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._access = Access(open_store, session, now)
        self._queue = EventQueue(session, spool, limit)
        self._retry_seconds = retry_seconds
        self._closing = False
        self._well = True
        self._busy_since: float | None = None
        self._thread = threading.Thread(target=self._work, name="journal", daemon=True)

    @property
    def up(self) -> bool:
        """Whether the journal takes what it is given."""
        since = self._busy_since
        if self._thread.ident is not None and not self._thread.is_alive() and not self._closing:
            return False
        return self._well and (since is None or time.monotonic() - since < _STUCK_SECONDS)

    @property
    def waiting(self) -> bool:
        """Whether another exporter of the same source writes, and this one only sees."""
        return self._queue.holds

    @property
    def spooled(self) -> int:
        """Events that wait, in memory and in the spool."""
        return self._queue.count

    @property
    def lost(self) -> int:
        """Events that found no room."""
        return self._queue.lost

    def open(self) -> Mapping[str, Event]:
        """Open the journal now, once: the latest transition of each hotspot, or nothing where it cannot be opened."""
        try:
            try:
                self._take_lease()
                self._bring_in_spool()
            except LeaseHeldError as error:
                self._wait_for_lease(error)
            known = dict(self._access.opened().last_changes())
        except JournalError as error:
            self._fail(error)
            return {}
        self._well = not self.waiting
        return known

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, events: Iterable[Event]) -> None:
        """Give events, in order. Never waits, never fails."""
        self._queue.put(events)

    def beat(self, at_ns: int) -> None:
        """Say that the exporter lives, and that all up to now has been given."""
        self._queue.beat(at_ns)

    def finish(self) -> None:
        """Nothing more is given: write what waits and end, beside whatever else is being ended."""
        with self._queue.changed:
            self._closing = True
            self._queue.changed.notify()

    def close(self, patience_seconds: float = CLOSE_SECONDS) -> None:
        """Wait until what waits is written, as far as patience goes; what is left goes to the spool."""
        self.finish()
        if self._thread.is_alive():
            self._thread.join(patience_seconds)
        elif self._thread.ident is None:
            self._access.close()
        self._queue.move_to_spool()
        if self._queue.in_memory:
            log.error("the journal did not take its last events", events=self._queue.in_memory)

    def _work(self) -> None:
        while not self._over():
            self._busy_since = time.monotonic()
            try:
                self._write_all()
                self._recover()
            except LeaseHeldError as error:
                self._wait_for_lease(error)
            except JournalError as error:
                self._fail(error)
            finally:
                self._busy_since = None
            if not self._well and not self._wait_for_another_try():
                break
        self._access.close()

    def _over(self) -> bool:
        """Wait for work; true when there is none and there will be none."""
        queue = self._queue
        with queue.changed:
            while not (queue.has_work or self._closing or queue.has_spooled):
                queue.changed.wait()
            return self._closing and not queue.has_work

    def _write_all(self) -> None:
        self._take_lease()
        if not self._well:
            self._queue.taken(self._access.taken())
        self._bring_in_spool()
        if self.waiting:
            self._queue.release(self._access.opened().life_ns())
        while True:
            waiting, alive_ns = self._queue.first()
            if not waiting and not alive_ns:
                return
            position = (self._queue.session, waiting[-1].number) if waiting else None
            self._access.opened().append([one.event for one in waiting], alive_ns=alive_ns, position=position)
            self._queue.written(waiting, alive_ns)

    def _take_lease(self) -> None:
        if self._access.take_lease(self._queue.wall_ns):
            self._queue.look()

    def _wait_for_lease(self, error: LeaseHeldError) -> None:
        """Another one writes: what we have not written is ours to keep, for it has its own word of that time."""
        self._well = False
        self._access.lose_lease()
        if self._queue.hold():
            log.error("another exporter writes the journal; this one probes, serves and waits", reason=str(error))
        try:
            self._queue.fold(self._access.opened().life_ns())
        except JournalError:
            self._access.disconnect()

    def _bring_in_spool(self) -> None:
        if not self._queue.has_spooled:
            return
        store = self._access.opened()
        for batch in self._queue.spooled(store.taken()):
            last = batch[-1]
            store.append([one.event for one in batch], position=(last.session, last.number))
        self._queue.clear_spool()

    def _recover(self) -> None:
        if not self._well:
            log.warning("the journal takes events again")
        self._well = True

    def _fail(self, error: JournalError) -> None:
        if self._well:
            log.error("the journal takes no events; they are kept, and tried again", reason=str(error))
        self._well = False
        self._access.disconnect()
        self._queue.move_to_spool()

    def _wait_for_another_try(self) -> bool:
        """Wait; false when there is no time for another."""
        with self._queue.changed:
            self._queue.changed.wait_for(lambda: self._closing, self._retry_seconds)
            return not self._closing
