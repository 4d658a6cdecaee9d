"""Look-ups beside each other: dead names hold up no other, no reload and no stop."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest

from exporter.probing.addresses import Family
from exporter.probing.names import lookups as module
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.lookups import AT_ONCE, DOUBTFUL_AT_ONCE, Lookups
from exporter.probing.names.reach import Anywhere
from exporter.probing.names.resolver import Absent, Answer, Found
from pantau.clock import ManualClock
from tests.network import SECOND
from tests.patience import PATIENCE_SECONDS, promptly


class Servers:
    """Nobody answers for names that begin with ``dead``; all others have the address that is set."""

    def __init__(self) -> None:
        self.address = "10.1.1.1"
        self.asking: set[str] = set()
        self.most = self.asked = 0

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        self.asked += 1
        self.asking.add(name)
        self.most = max(self.most, len(self.asking))
        try:
            await (asyncio.Event().wait() if name.startswith("dead") else asyncio.sleep(0))
        finally:
            self.asking.discard(name)
        return Found((ip_address(self.address),), 30.0) if family == 4 else Absent("none")


class City:
    """A book under look-ups, as the prober has it."""

    def __init__(self, names: list[str]) -> None:
        self.clock, self.servers, self.reach = ManualClock(), Servers(), Changing()
        self.book = AddressBook(names, self.clock, reach=self.reach)
        self.lookups = Lookups(lambda: self.book, self.servers, self.reach)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not true():  # noqa: ASYNC110 - look-ups are no business of an event
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look-ups run while the context lasts; their stop takes next to no time."""
        task = asyncio.create_task(self.lookups.run())
        yield
        with promptly(1):
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert self.servers.asking == set()


class Changing(Anywhere):
    """A machine whose interfaces change when it is told so."""

    changes = 0

    def look(self) -> int:
        """See `Reach.look`."""
        return self.changes

    def objection(self, address: object) -> str | None:
        """After the first change everything is our own."""
        return "ours" if self.changes else None


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are looked at a hundred times a second."""
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.01)


@pytest.mark.parametrize(("dead", "place"), [(60, 60), (500, 0)])
async def test_dead_names_hold_up_no_other(dead: int, place: int) -> None:
    """60 of them, asked for before it, or 500 after it: a healthy name is found, and its move followed at once."""
    names = [f"dead{n}.example" for n in range(dead)]
    city = City([*names[:place], "good.example", *names[place:]])
    async with city.running():
        await city.until(lambda: city.book.address_of(place).in_use == "10.1.1.1")
        await city.until(lambda: len(city.servers.asking) == min(dead, DOUBTFUL_AT_ONCE))
        city.servers.address = "10.2.2.2"
        city.clock.advance(30 * SECOND)
        await city.until(lambda: city.book.address_of(place).in_use == "10.2.2.2")
        assert len(city.servers.asking) == min(dead, DOUBTFUL_AT_ONCE)
        assert city.servers.most <= AT_ONCE


async def test_a_dead_name_ends_by_its_deadline_and_the_next_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """More names than there is room for, none of which is ever answered: each has been tried in the end."""
    monkeypatch.setattr(module, "DEADLINE_SECONDS", 0.05)
    city = City([f"dead{n}.example" for n in range(3 * DOUBTFUL_AT_ONCE)])
    async with city.running():
        await city.until(lambda: bool(city.book.tried.all()))
    assert not city.book.known.any()
    assert city.book.address_of(0).problem == "no answer in 0.05 s"
    assert city.servers.most == DOUBTFUL_AT_ONCE


async def test_a_reload_meanwhile_takes_over_what_is_under_way() -> None:
    """The book is replaced while names are asked for: none is asked for twice, and the new book hears the answers."""
    city = City(["dead1.example", "good.example"])
    slow: asyncio.Event = asyncio.Event()
    answer: Callable[[str, Family], Awaitable[Answer]] = city.servers.resolve

    async def slowly(name: str, family: Family) -> Answer:
        await slow.wait()
        return await answer(name, family)

    city.servers.resolve = slowly  # type: ignore[method-assign]
    async with city.running():
        await asyncio.sleep(0.05)
        city.book = AddressBook(["good.example", "dead1.example", "new.example"], city.clock, previous=city.book)
        slow.set()
        await city.until(lambda: city.book.tried.tolist() == [True, False, True])
        assert city.book.address_of(0).in_use == "10.1.1.1"
        city.book = AddressBook(["new.example"], city.clock, previous=city.book)
        assert city.book.known.all()
    assert city.servers.asked == 3


async def test_a_change_of_the_machine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interfaces are looked at from time to time, and the book with them."""
    monkeypatch.setattr(module, "_LOOKS_SECONDS", 0.05)
    city = City(["10.0.0.1"])
    async with city.running():
        await asyncio.sleep(0.1)
        assert city.book.known.all()
        city.reach.changes = 1
        await city.until(lambda: not city.book.known.any())


async def test_a_book_without_names_costs_nothing_until_there_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks what is due; when a reload brings a name it is looked up at once."""
    city = City(["10.0.0.1"])
    asked, due = itertools.count(), AddressBook.due
    monkeypatch.setattr(AddressBook, "due", lambda book: (next(asked), due(book))[1])
    async with city.running():
        await asyncio.sleep(0.6)
        assert next(asked) == 1
        city.book = AddressBook(["good.example"], city.clock, previous=city.book)
        city.lookups.notice()
        await city.until(lambda: bool(city.book.known.all()))
