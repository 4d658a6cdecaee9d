"""A part that goes on whatever ends it: started again, with a growing pause, and told in one line each time.

Before it was ready for the first time an end is its last: a bad setting or a missing permission is for a person to
mend, and no pause would.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from rich.text import Text

from pantau.inventory import format_duration
from pantau.stack.errors import ExporterRefusesError, PartEndedError, StackError
from pantau.stack.parts import ProcessSpec
from pantau.stack.processes import Child, last_words, running, until_ready

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0
STEADY_SECONDS = 300.0
"""A life of this length is a healthy one: the next pause is the first again."""

Say = Callable[[Text], None]


@dataclass(slots=True)
class Pauses:
    """How long to wait before the next start: twice as long each time, until a life was steady."""

    now: Callable[[], float] = time.monotonic
    _next: float = FIRST_PAUSE_SECONDS
    _began: float = field(default=0.0, init=False)

    def begin(self) -> None:
        """A life begins now."""
        self._began = self.now()

    def after_end(self) -> float:
        """The pause in seconds, now that it has ended."""
        if self.now() - self._began >= STEADY_SECONDS:
            self._next = FIRST_PAUSE_SECONDS
        pause, self._next = self._next, min(self._next * 2, LONGEST_PAUSE_SECONDS)
        return pause


@asynccontextmanager
async def kept_running(
    part: ProcessSpec, directory: Path, log: Path, session: aiohttp.ClientSession, say: Say
) -> AsyncIterator[None]:
    """Start `part` and wait until it is ready; while the context lasts, it is started again whenever it ends.

    Leaving ends it. Raises `PartEndedError` in a group if it ends before it was ready once.
    """
    ready = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        keeper = tasks.create_task(_keep(part, directory, log, session, say, ready))
        try:
            await ready.wait()
            yield
        finally:
            keeper.cancel()


async def _keep(
    part: ProcessSpec, directory: Path, log: Path, session: aiohttp.ClientSession, say: Say, ready: asyncio.Event
) -> None:
    pauses = Pauses()
    while True:
        pauses.begin()
        again = ready.is_set()
        try:
            async with running(part, directory, log) as child:
                error: StackError = await _life(child, session, ready, say if again else None)
        except StackError as failed:  # it could not even be started
            error = failed
        if not ready.is_set():
            raise error
        pause = pauses.after_end()
        say(_epitaph(part, error, pause))
        await asyncio.sleep(pause)


async def _life(child: Child, session: aiohttp.ClientSession, ready: asyncio.Event, say: Say | None) -> PartEndedError:
    """Wait for the end that should not come; meanwhile tell when it is ready."""
    try:
        async with asyncio.TaskGroup() as tasks:
            announcing = tasks.create_task(_announce(child, session, ready, say))
            status = await child.process.wait()
            announcing.cancel()
    except* ExporterRefusesError as refused:
        raise next(each for each in refused.exceptions if isinstance(each, ExporterRefusesError)) from None
    return PartEndedError(child.part.name, status, child.log, last_words(child.log))


async def _announce(child: Child, session: aiohttp.ClientSession, ready: asyncio.Event, say: Say | None) -> None:
    began = time.monotonic()
    await until_ready(child, session, patient=ready.is_set())
    ready.set()
    if say is not None:
        took = format_duration(max(1, round(time.monotonic() - began)))
        say(Text.assemble(("✔ ", "green"), f"{child.part.name:<12} runs again, ready after {took}"))


def _epitaph(part: ProcessSpec, error: StackError, pause_seconds: float) -> Text:
    how = error.how if isinstance(error, PartEndedError) else str(error)
    words = error.last_words.rpartition("\n")[2][:160] if isinstance(error, PartEndedError) else ""
    line = Text.assemble(
        ("✖ ", "bold red"), f"{part.name:<12} {how}; it is started again in {format_duration(pause_seconds)}"
    )
    return line.append(f"; its last words: {words}", "dim") if words else line
