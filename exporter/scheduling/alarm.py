"""Calls somebody at a time that may be brought forward meanwhile: cheaper than a task that sleeps."""

import asyncio
from collections.abc import Callable

from pantau.clock import NANOSECONDS


class Alarm:
    """Calls `ring` at the time that it returned last. Times are of the monotonic clock, which is the event loop's."""

    def __init__(self, ring: Callable[[], int]) -> None:
        self._ring = ring
        self._handle: asyncio.TimerHandle | None = None
        self._broken: asyncio.Future[None] | None = None
        self._at_ns = 0

    @property
    def running(self) -> bool:
        """Whether it rings."""
        return self._broken is not None

    def bring_forward(self, at_ns: int) -> None:
        """Ring at this time, if that is earlier than it would."""
        if self.running and at_ns < self._at_ns:
            self._set(at_ns)

    async def run(self) -> None:
        """Ring until cancelled; `RuntimeError` once `ring` has failed, of which the loop's handler has told by then."""
        self._broken = asyncio.get_running_loop().create_future()
        try:
            self._go()
            await self._broken
            raise RuntimeError("what was to happen at its time has failed; see the log above")
        finally:
            self._broken = None
            if self._handle is not None:
                self._handle.cancel()
                self._handle = None

    def _go(self) -> None:
        self._handle, done = None, False
        try:
            self._set(self._ring())
            done = True
        finally:
            if not done and self._broken is not None and not self._broken.done():
                self._broken.set_result(None)

    def _set(self, at_ns: int) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._at_ns = at_ns
        self._handle = asyncio.get_running_loop().call_at(at_ns / NANOSECONDS, self._go)
