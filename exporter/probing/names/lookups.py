"""Looks names up as they come due, each by itself, so that one that nobody answers for holds up no other.

A look-up ends by its deadline. Names whose last look-up brought nothing never take all the room there is: the others
always find some. Nothing here outlives a cancellation.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

from exporter.probing.addresses import Family
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.reach import Reach
from exporter.probing.names.resolver import Answer, Failed, Resolver

AT_ONCE, DOUBTFUL_AT_ONCE = 128, 96
"""Look-ups at the same time, each one question; and those among them whose last try brought nothing, or was none."""
DEADLINE_SECONDS = 12.0
"""Of a whole look-up, whatever the resolver does."""
_PAUSE_SECONDS = 0.25
"""How often it is looked whether a name is due: of one that fell silent, before its loss is confirmed. Where there are
no names nobody looks, until there is another book."""
_LOOKS_SECONDS = 10.0
"""How often the machine's own addresses are looked at."""


class _Gates:
    """Room for look-ups, of one event loop."""

    def __init__(self) -> None:
        self.all, self.doubtful = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(DOUBTFUL_AT_ONCE)


class Lookups:
    """The look-ups of one book. `book_of` gives the present one: a reload replaces it while look-ups are under way."""

    def __init__(self, book_of: Callable[[], AddressBook], resolver: Resolver, reach: Reach) -> None:
        self._book_of, self._resolver, self._reach = book_of, resolver, reach
        self._under_way: set[str] = set()
        self._another = asyncio.Event()

    def notice(self) -> None:
        """There is another book, and names in it are due."""
        self._another.set()

    async def run(self) -> None:
        """Look up what comes due, until cancelled."""
        gates, loop = _Gates(), asyncio.get_running_loop()
        looked, machine = loop.time(), self._reach.look()
        async with asyncio.TaskGroup() as tasks:
            while True:
                if loop.time() - looked >= _LOOKS_SECONDS:
                    before, looked, machine = machine, loop.time(), self._reach.look()
                    if machine != before:
                        self._book_of().look()
                self._begin(tasks, gates)
                if self._book_of().has_names:
                    await asyncio.sleep(_PAUSE_SECONDS)
                    continue
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOKS_SECONDS):
                        await self._another.wait()
                self._another.clear()

    async def refresh(self) -> None:
        """Look up every name that is due now, and return when all have been tried."""
        async with asyncio.TaskGroup() as tasks:
            self._begin(tasks, _Gates())

    def _begin(self, tasks: asyncio.TaskGroup, gates: _Gates) -> None:
        for text, quick in self._book_of().due():
            if text not in self._under_way:
                self._under_way.add(text)
                tasks.create_task(self._look_up(text, gates, quick=quick))

    async def _look_up(self, text: str, gates: _Gates, *, quick: bool) -> None:
        answers: dict[Family, Answer] = {}
        try:
            async with AsyncExitStack() as room:
                if not quick:
                    await room.enter_async_context(gates.doubtful)
                await room.enter_async_context(gates.all)
                await self._ask(text, answers)
        finally:
            self._under_way.discard(text)
        self._book_of().told(text, answers)

    async def _ask(self, text: str, answers: dict[Family, Answer]) -> None:
        """Family after family, as far as the book wants them."""
        family: Family | None = None
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                while (family := self._book_of().next_family(text, answers)) is not None:
                    answers[family] = await self._resolver.resolve(text, family)
        except TimeoutError:
            if family is not None:
                answers[family] = Failed(f"no answer in {DEADLINE_SECONDS:g} s")
