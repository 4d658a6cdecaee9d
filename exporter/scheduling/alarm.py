"""Wakes the one who waits for a time that others may bring forward meanwhile."""

import asyncio

from pantau.clock import NANOSECONDS


class Alarm:
    """One waiter at a time. Times are of the monotonic clock, which is that of the event loop."""

    def __init__(self) -> None:
        self._waiting: asyncio.Future[None] | None = None
        self._handle: asyncio.TimerHandle | None = None
        self._at_ns = 0

    def bring_forward(self, at_ns: int) -> None:
        """Wake whoever waits for a later time at this one."""
        if self._waiting is not None and at_ns < self._at_ns:
            self._set(self._waiting, at_ns)

    async def wait_until(self, at_ns: int) -> None:
        """Return at `at_ns`, or earlier if it is brought forward."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._set(self._waiting, at_ns)
        try:
            await self._waiting
        finally:
            self._waiting = None
            self._cancel()

    def _set(self, waiting: "asyncio.Future[None]", at_ns: int) -> None:
        self._cancel()
        self._at_ns = at_ns
        self._handle = waiting.get_loop().call_at(at_ns / NANOSECONDS, _wake, waiting)

    def _cancel(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None


def _wake(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
