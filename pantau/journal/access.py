"""A writer's way to its journal: opened, opened anew after a failure, and the lease on it. No thread of its own."""

from collections.abc import Callable

from pantau.journal.store import Store


class Access:
    """The store of one process, which calls itself `session`. Every method may raise `JournalError`."""

    def __init__(self, open_store: Callable[[], Store], session: int, now: Callable[[], float]) -> None:
        self._open_store = open_store
        self._session = session
        self._now = now
        self._store: Store | None = None
        self._has_lease = False

    def opened(self) -> Store:
        """The store, open."""
        if self._store is None:
            self._store = self._open_store()
        self._store.reopen()
        return self._store

    def take_lease(self, wall_ns: int) -> bool:
        """See that the lease is ours; whether it has just become so. `LeaseHeldError` while it is another's."""
        store = self.opened()
        if self._has_lease:
            return False
        store.claim(wall_ns, self._now())
        self._has_lease = True
        return True

    def lose_lease(self) -> None:
        """Another has it: it is asked for anew."""
        self._has_lease = False

    def taken(self) -> int:
        """Up to which event of this process the journal has taken them, whatever we heard of that."""
        session, number = self.opened().taken()
        return number if session == self._session else 0

    def disconnect(self) -> None:
        """A connection that failed is not trusted again."""
        if self._store is not None:
            self._store.disconnect()

    def close(self) -> None:
        """Give everything back, the lease too."""
        if self._store is not None:
            self._store.close()
