"""The address book: numbers at once, names kept fresh, and no name that stops another."""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address

import numpy as np
import pytest

from exporter.clock import ManualClock
from exporter.probing.addressbook import AddressBook
from exporter.probing.resolver import Resolution, ResolveError
from tests.network import SECOND, words


class Directory:
    """A resolver over a mapping from names to (address, TTL), which tests change as they go."""

    def __init__(self, entries: Mapping[str, tuple[str, float]]) -> None:
        self.entries = dict(entries)
        self.asked: list[str] = []
        self.now = self.most = 0

    async def resolve(self, name: str) -> Resolution:
        """See `Resolver`; gives way to others in between, as a real one does."""
        self.asked.append(name)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        if name not in self.entries:
            raise ResolveError(f"no such name: {name}")
        address, ttl_seconds = self.entries[name]
        return Resolution(ip_address(address), ttl_seconds)


async def asked_after(book: AddressBook, directory: Directory, clock: ManualClock, seconds: float) -> list[str]:
    """Which names are asked for once so much time has passed."""
    directory.asked.clear()
    clock.advance(round(seconds * SECOND))
    await book.refresh(directory)
    return directory.asked


def known(book: AddressBook) -> list[list[int] | None]:
    """The words of each row, None where not known."""
    return [row.tolist() if there else None for row, there in zip(book.words, book.known, strict=True)]


def test_numbers_are_known_at_once() -> None:
    """IPv4 and IPv6; a name is not known yet, and has the address of nothing."""
    book = AddressBook(["10.77.0.1", "a.example", "2001:db8::1"], ManualClock())
    assert book.known.tolist() == [True, False, True]
    assert book.words[[0, 2]].tolist() == words("10.77.0.1", "2001:db8::1").tolist()
    assert book.words[1].tolist() == [0, 0]


async def test_names_become_known_when_they_are_resolved() -> None:
    """One question a name, however many targets have it."""
    directory = Directory({"a.example": ("10.77.0.9", 60)})
    book = AddressBook(["a.example", "10.77.0.1", "a.example"], ManualClock())
    await book.refresh(directory)
    assert directory.asked == ["a.example"]
    assert book.words.tolist() == words("10.77.0.9", "10.77.0.1", "10.77.0.9").tolist()
    assert book.known.all()


@pytest.mark.parametrize(("ttl", "wait"), [(0, 30), (29, 30), (30, 30), (61.5, 61.5), (3600, 3600), (86400, 3600)])
async def test_a_name_is_asked_again_when_its_ttl_has_passed(ttl: float, wait: float) -> None:
    """Never more often than every 30 s, never more seldom than every hour."""
    clock, directory = ManualClock(), Directory({"a.example": ("10.77.0.9", ttl)})
    book = AddressBook(["a.example"], clock)
    await book.refresh(directory)
    assert await asked_after(book, directory, clock, wait - 0.001) == []
    assert await asked_after(book, directory, clock, 0.001) == ["a.example"]


async def test_a_new_address_takes_the_place_of_the_old_one() -> None:
    """In every row of the name."""
    clock, directory = ManualClock(), Directory({"a.example": ("10.77.0.9", 30)})
    book = AddressBook(["a.example", "a.example"], clock)
    await book.refresh(directory)
    directory.entries["a.example"] = ("2001:db8::9", 30)
    await asked_after(book, directory, clock, 30)
    assert book.words.tolist() == words("2001:db8::9", "2001:db8::9").tolist()


async def test_a_bad_name_is_asked_again_ever_more_seldom() -> None:
    """After 5, 10, 20, 40, 60, 60 seconds; after it has worked once, from 5 again."""
    clock, directory = ManualClock(), Directory({})
    book = AddressBook(["bad.example"], clock)
    await book.refresh(directory)
    for wait in (5, 10, 20, 40, 60, 60):
        assert await asked_after(book, directory, clock, wait - 0.001) == []
        assert await asked_after(book, directory, clock, 0.001) == ["bad.example"]
    directory.entries["bad.example"] = ("10.77.0.9", 30)
    await asked_after(book, directory, clock, 60)
    del directory.entries["bad.example"]
    assert await asked_after(book, directory, clock, 30) == ["bad.example"]
    assert await asked_after(book, directory, clock, 5) == ["bad.example"]


async def test_a_name_that_no_longer_resolves_keeps_its_address() -> None:
    """DNS being down is not the hotspot being gone."""
    clock, directory = ManualClock(), Directory({"a.example": ("10.77.0.9", 30)})
    book = AddressBook(["a.example"], clock)
    await book.refresh(directory)
    directory.entries.clear()
    assert await asked_after(book, directory, clock, 30) == ["a.example"]
    assert known(book) == words("10.77.0.9").tolist()


async def test_one_bad_name_stops_nothing() -> None:
    """The others of the same refresh are resolved."""
    directory = Directory({f"h{number}.example": (f"10.77.0.{number}", 60) for number in range(1, 40)})
    names = ["bad.example", *directory.entries]
    book = AddressBook(names, ManualClock())
    await book.refresh(directory)
    assert known(book) == [None, *words(*(f"10.77.0.{number}" for number in range(1, 40))).tolist()]


async def test_at_most_sixteen_names_are_asked_for_at_once() -> None:
    """All of them in the end."""
    directory = Directory({f"h{number}.example": ("10.77.0.1", 60) for number in range(100)})
    await AddressBook(list(directory.entries), ManualClock()).refresh(directory)
    assert (directory.most, len(directory.asked)) == (16, 100)


async def test_a_reload_keeps_what_is_known_of_names_that_stay() -> None:
    """Address and due time; a new name is asked for at once; a gone one never again."""
    clock, directory = ManualClock(), Directory({"stays.example": ("10.77.0.1", 60), "goes.example": ("10.77.0.2", 60)})
    old = AddressBook(["goes.example", "stays.example"], clock)
    await old.refresh(directory)
    book = AddressBook(["stays.example", "new.example", "10.77.0.5"], clock, previous=old)
    assert known(book) == [words("10.77.0.1")[0].tolist(), None, words("10.77.0.5")[0].tolist()]
    assert await asked_after(book, directory, clock, 0) == ["new.example"]
    assert await asked_after(book, directory, clock, 60) == ["stays.example", "new.example"]


async def test_names_that_never_resolved_stay_due_over_a_reload() -> None:
    """A reload does not hammer the name server with names that were just tried."""
    clock, directory = ManualClock(), Directory({})
    old = AddressBook(["bad.example"], clock)
    await old.refresh(directory)
    book = AddressBook(["bad.example"], clock, previous=old)
    assert await asked_after(book, directory, clock, 4.999) == []
    assert await asked_after(book, directory, clock, 0.001) == ["bad.example"]


async def test_a_cancelled_refresh_leaves_nothing_behind() -> None:
    """A resolver that never answers does not hold the end up."""

    class Mute:
        async def resolve(self, name: str) -> Resolution:
            """Never answers."""
            await asyncio.Event().wait()
            raise AssertionError

    book = AddressBook(["a.example", "b.example"], ManualClock())
    before = len(asyncio.all_tasks())
    task = asyncio.create_task(book.refresh(Mute()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(asyncio.all_tasks()) == before
    assert not book.known.any()


async def test_a_book_of_numbers_asks_for_nothing() -> None:
    """Most inventories."""
    directory = Directory({})
    await AddressBook(["10.77.0.1"], ManualClock()).refresh(directory)
    await AddressBook([], ManualClock()).refresh(directory)
    assert directory.asked == []
    assert AddressBook([], ManualClock()).words.shape == np.empty((0, 2)).shape
