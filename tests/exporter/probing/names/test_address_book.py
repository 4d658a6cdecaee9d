"""Addresses of targets: numbers at once, names kept fresh, failures that stop nothing."""

import asyncio
from ipaddress import ip_address

from exporter.probing.addresses import address_of_words
from exporter.probing.names.address_book import AT_ONCE, AddressBook
from exporter.probing.names.resolver import Resolution, ResolveError
from pantau.clock import ManualClock
from tests.network import SECOND


class FakeResolver:
    """Answers from a table; counts its questions and how many it held at once."""

    def __init__(self, **answers: str) -> None:
        self.answers = {name.replace("_", "."): address for name, address in answers.items()}
        self.ttl_seconds = 300.0
        self.asked: list[str] = []
        self.at_once = self.most = 0

    async def resolve(self, name: str) -> Resolution:
        """See `exporter.probing.names.resolver.Resolver`."""
        self.asked.append(name)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if name not in self.answers:
            raise ResolveError("no such name")
        return Resolution(ip_address(self.answers[name]), self.ttl_seconds)


def _texts(book: AddressBook) -> list[str | None]:
    return [
        str(address_of_words(*pair)) if known else None
        for pair, known in zip(book.words.tolist(), book.known, strict=True)
    ]


async def test_numbers_are_known_at_once_and_names_after_a_refresh() -> None:
    """IPv4, IPv6 and a name that two targets share."""
    book = AddressBook(["10.0.0.1", "a.example", "2001:db8::1", "a.example"], ManualClock())
    assert _texts(book) == ["10.0.0.1", None, "2001:db8::1", None]
    await book.refresh(FakeResolver(a_example="10.9.9.9"))
    assert _texts(book) == ["10.0.0.1", "10.9.9.9", "2001:db8::1", "10.9.9.9"]


async def test_a_bad_name_stops_nothing_and_is_tried_again_ever_later() -> None:
    """After 5, 10, 20, 40, 60, 60 s; the good name has its address meanwhile."""
    clock, resolver = ManualClock(), FakeResolver(good_example="10.1.1.1")
    book = AddressBook(["bad.example", "good.example"], clock)
    tries = []
    for second in range(260):
        before = len(resolver.asked)
        await book.refresh(resolver)
        tries += [second for name in resolver.asked[before:] if name == "bad.example"]
        clock.advance(SECOND)
    assert tries == [0, 5, 15, 35, 75, 135, 195, 255]
    assert _texts(book) == [None, "10.1.1.1"]


async def test_a_name_keeps_its_address_while_it_cannot_be_resolved() -> None:
    """And takes the new one when it can."""
    clock, resolver = ManualClock(), FakeResolver(a_example="10.1.1.1")
    book = AddressBook(["a.example"], clock)
    await book.refresh(resolver)
    resolver.answers.clear()
    clock.advance(301 * SECOND)
    await book.refresh(resolver)
    assert _texts(book) == ["10.1.1.1"]
    resolver.answers["a.example"] = "10.2.2.2"
    clock.advance(6 * SECOND)
    await book.refresh(resolver)
    assert _texts(book) == ["10.2.2.2"]


async def test_a_ttl_is_believed_within_limits() -> None:
    """A TTL of 0 asks again after 30 s and not before, one of a week after an hour."""
    for ttl_seconds, wait_seconds in ((0.0, 30), (604_800.0, 3600)):
        clock, resolver = ManualClock(), FakeResolver(a_example="10.1.1.1")
        resolver.ttl_seconds = ttl_seconds
        book = AddressBook(["a.example"], clock)
        await book.refresh(resolver)
        clock.advance((wait_seconds - 1) * SECOND)
        await book.refresh(resolver)
        assert len(resolver.asked) == 1
        clock.advance(SECOND)
        await book.refresh(resolver)
        assert len(resolver.asked) == 2


async def test_only_so_many_names_are_resolved_at_once() -> None:
    """100 names, 16 at a time."""
    resolver = FakeResolver()
    await AddressBook([f"n{n}.example" for n in range(100)], ManualClock()).refresh(resolver)
    assert resolver.most == AT_ONCE
    assert len(resolver.asked) == 100


async def test_a_reload_hands_over_what_is_known() -> None:
    """The name's address and its time are kept; it is not asked for again at once."""
    clock, resolver = ManualClock(), FakeResolver(a_example="10.1.1.1")
    book = AddressBook(["a.example"], clock)
    await book.refresh(resolver)
    fresh = AddressBook(["10.0.0.1", "a.example"], clock, previous=book)
    await fresh.refresh(resolver)
    assert _texts(fresh) == ["10.0.0.1", "10.1.1.1"]
    assert len(resolver.asked) == 1
