"""Writes the journal beside the probing: a thread takes what it is given, and giving never waits for a disk.

While the journal takes nothing, events are kept in memory, or in the spool where there is one, and tried again; see
`backlog` for what happens when they no longer fit.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import structlog

from pantau.errors import JournalError
from pantau.journal.backlog import Backlog
from pantau.journal.entries import Event
from pantau.journal.spool import Spool
from pantau.journal.spool_lines import Spooled
from pantau.journal.store import Store

LIMIT_EVENTS = 100_000
"""Kept in memory: two days of 1000 hotspots with 20 outages a day each, some 40 MB."""
_BATCH = 500
_RETRY_SECONDS = 2.0
CLOSE_SECONDS = 0.8
"""An exporter that is told to stop ends within two seconds, whatever its disk does."""
_STUCK_SECONDS = 30.0
"""A write that takes so long is one that fails, though nobody has said so yet."""

log = structlog.get_logger(__name__)


class Writer:
    """The journal as the exporter sees it. `open_store` may raise `JournalError`, again and again.

    `session` is how this process calls itself in the spool, which may have to take events before the journal has given
    it the number of a run.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        session: int,
        spool: Spool | None = None,
        limit: int = LIMIT_EVENTS,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        self._open_store = open_store
        self._session = session
        self._run: int | None = None
        self._spool = spool
        self._retry_seconds = retry_seconds
        self._backlog = Backlog(limit)
        self._alive_ns = 0
        self._changed = threading.Condition()
        self._closing = False
        self._store: Store | None = None
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
    def spooled(self) -> int:
        """Events that wait, in memory and in the spool."""
        return len(self._backlog) + (self._spool.count if self._spool else 0)

    @property
    def lost(self) -> int:
        """Events that found no room."""
        return self._backlog.lost

    def open(self) -> Mapping[str, Event]:
        """Open the journal now, once: the latest transition of each hotspot, or nothing where it cannot be opened."""
        try:
            self._bring_in_spool()
            known = dict(self._opened().last_changes())
        except JournalError as error:
            self._fail(error)
            return {}
        self._well = True
        return known

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, events: Iterable[Event]) -> None:
        """Give events, in order. Never waits, never fails."""
        with self._changed:
            self._backlog.add(events)
            self._changed.notify()

    def beat(self, at_ns: int) -> None:
        """Say that the exporter lives, and that all up to now has been given."""
        with self._changed:
            self._alive_ns = at_ns
            self._changed.notify()

    def finish(self) -> None:
        """Nothing more is given: write what waits and end, beside whatever else is being ended."""
        with self._changed:
            self._closing = True
            self._changed.notify()

    def close(self, patience_seconds: float = CLOSE_SECONDS) -> None:
        """Wait until what waits is written, as far as patience goes; what is left goes to the spool."""
        self.finish()
        if self._thread.is_alive():
            self._thread.join(patience_seconds)
        if self._spool is not None and len(self._backlog):
            self._try_spool(self._spool)
        if len(self._backlog):
            log.error("the journal did not take its last events", events=len(self._backlog))

    def _work(self) -> None:
        while not self._over():
            self._busy_since = time.monotonic()
            try:
                self._write_all()
                self._recover()
            except JournalError as error:
                self._fail(error)
            finally:
                self._busy_since = None
            if not self._well and not self._wait_for_another_try():
                break
        if self._store is not None:
            self._store.close()

    def _over(self) -> bool:
        """Wait for work; true when there is none and there will be none."""
        with self._changed:
            while not (len(self._backlog) or self._alive_ns or self._closing or self._left_over()):
                self._changed.wait()
            return self._closing and not (len(self._backlog) or self._alive_ns)

    def _left_over(self) -> bool:
        return bool(self._spool and self._spool.count)

    def _write_all(self) -> None:
        self._bring_in_spool()
        while True:
            with self._changed:
                waiting = self._backlog.first(_BATCH)
                alive_ns = self._alive_ns if len(waiting) == len(self._backlog) else 0
            if not waiting and not alive_ns:
                return
            position = (self._session, waiting[-1].number) if waiting else None
            self._append([one.event for one in waiting], alive_ns, position)
            with self._changed:
                self._backlog.drop(len(waiting))
                if self._alive_ns == alive_ns:
                    self._alive_ns = 0

    def _bring_in_spool(self) -> None:
        if not self._spool or not self._spool.count:
            return
        for batch in _batches(self._spool.after(self._opened().taken())):
            last = batch[-1]
            self._append([one.event for one in batch], 0, (last.session, last.number))
        self._spool.clear()

    def _append(self, events: list[Event], alive_ns: int, position: tuple[int, int] | None) -> None:
        store = self._opened()
        store.append(events, alive_ns=alive_ns, position=position)
        self._run = store.run

    def _opened(self) -> Store:
        if self._store is None:
            self._store = self._open_store()
            if self._run is not None:
                self._store.resume(self._run)
        return self._store

    def _recover(self) -> None:
        if not self._well:
            log.warning("the journal takes events again")
        self._well = True

    def _fail(self, error: JournalError) -> None:
        if self._well:
            log.error("the journal takes no events; they are kept, and tried again", reason=str(error))
        self._well = False
        if self._store is not None:
            self._store.close()  # a connection that failed is not trusted again
            self._store = None
        if self._spool is not None:
            self._try_spool(self._spool)

    def _try_spool(self, spool: Spool) -> None:
        try:
            self._move_to_spool(spool)
        except JournalError as error:
            log.warning("the spool takes no events either", reason=str(error))

    def _move_to_spool(self, spool: Spool) -> None:
        while True:
            with self._changed:
                waiting = self._backlog.first(_BATCH)
            if not waiting:
                return
            spool.add(self._session, waiting)
            with self._changed:
                self._backlog.drop(len(waiting))

    def _wait_for_another_try(self) -> bool:
        """Wait; false when there is no time for another."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing, self._retry_seconds)
            return not self._closing


def _batches(items: Iterator[Spooled]) -> Iterator[list[Spooled]]:
    while batch := list(islice(items, _BATCH)):
        yield batch
