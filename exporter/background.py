"""Work that may never return, in a thread of its own: a disk behind a dead network holds up nobody but that thread.

The event loop's own threads are joined at a stop, so that one that hangs in the kernel would keep the process alive;
these are not.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

Result = TypeVar("Result")


class StillBusyError(Exception):
    """The work has not ended in its time; it goes on, and what it brings is thrown away."""


class Background(Generic[Result]):
    """One piece of work at a time, under the name that its thread has."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.busy = False
        """Whether work is under way, waited for or not."""

    async def run(self, work: Callable[[], Result], seconds: float) -> Result:
        """What `work` returns or raises; `StillBusyError` after so many seconds, or while earlier work hangs.

        Cancellation leaves the work to itself.
        """
        if self.busy:
            raise StillBusyError
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        thread = threading.Thread(target=self._work, args=(work, loop, done), name=self._name, daemon=True)
        self.busy = True
        try:
            thread.start()
        except RuntimeError:  # no thread can be had now
            self.busy = False
            raise
        try:
            # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes as the work ends.
            async with asyncio.timeout(seconds):
                return await done
        except TimeoutError as error:
            if done.cancelled():
                raise StillBusyError from error
            raise  # the work's own

    def _work(self, work: Callable[[], Result], loop: asyncio.AbstractEventLoop, done: asyncio.Future[Result]) -> None:
        tell: Callable[[], None]
        try:
            tell = partial(_set, done, work())
        except BaseException as error:  # noqa: BLE001 - it is raised again where the work is waited for
            tell = partial(_fail, done, error)
        self.busy = False
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell)


def _set(done: asyncio.Future[Result], result: Result) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[Result], error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
