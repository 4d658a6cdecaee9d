"""Work that may never return, in a thread of its own: a disk behind a dead network holds up nobody but that thread.

The event loop's own threads are joined at a stop, so that one that hangs in the kernel would keep the process alive;
these are not.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class StillBusyError(Exception):
    """The work has not ended in its time; it goes on, and what it brings is thrown away."""


class Background(Generic[Result]):
    """One piece of work at a time, under the name that its thread has."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether work is under way, waited for or not."""
        return self._thread is not None and self._thread.is_alive()

    async def run(self, work: Callable[[], Result], seconds: float) -> Result:
        """What `work` returns or raises; `StillBusyError` after so many seconds, or while earlier work hangs.

        Cancellation leaves the work to itself.
        """
        if self.busy:
            raise StillBusyError
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        self._thread = threading.Thread(target=_work, args=(work, loop, done), name=self._name, daemon=True)
        self._thread.start()
        try:
            return await asyncio.wait_for(done, seconds)
        except TimeoutError as error:
            if done.cancelled():
                raise StillBusyError from error
            raise  # the work's own


def _work(work: Callable[[], Result], loop: asyncio.AbstractEventLoop, done: "asyncio.Future[Result]") -> None:
    result: Result | None = None
    failure: BaseException | None = None
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - it is raised again where the work is waited for
        failure = error

    def tell() -> None:
        if done.done():
            return
        if failure is not None:
            done.set_exception(failure)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # of its kind, where nothing failed

    if not loop.is_closed():
        _call(loop, tell)


def _call(loop: asyncio.AbstractEventLoop, tell: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(tell)
    except RuntimeError:  # it was closed just now: nobody waits any more
        return
