"""A book of addresses under look-ups, with name servers, routes and a clock that are moved by hand."""

from collections.abc import Callable, Sequence
from ipaddress import ip_address

import numpy as np

from exporter.probing.addresses import FAMILIES, Family, address_of_words
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.names.resolver import Absent, Answer, Failed, found_of
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from pantau.clock import ManualClock
from pantau.inventory.addresses import IpAddress
from tests.network import SECOND


class FakeResolver:
    """Answers from a table of names and sets, each written with blanks between; counts its questions."""

    def __init__(self, **answers: str) -> None:
        self.answers = {name.replace("_", "."): addresses for name, addresses in answers.items()}
        self.failing: dict[Family, str] = {}
        """Families that nobody can tell of, and why."""
        self.ttl_seconds = 300.0
        self.asked: list[tuple[str, Family]] = []

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        self.asked.append((name, family))
        if family in self.failing:
            return Failed(self.failing[family], heard=True)
        if name not in self.answers:
            return Absent("no such name", whole_name=True)
        return found_of(map(ip_address, self.answers[name].split()), family, self.ttl_seconds)


class Watch:
    """A book, its look-ups and a clock; `send` plays rounds over it."""

    def __init__(
        self,
        addresses: list[str | None],
        resolver: FakeResolver | None = None,
        families: Sequence[Family] = FAMILIES,
    ) -> None:
        self.clock, self.resolver = ManualClock(), resolver or FakeResolver()
        self.routes: Callable[[IpAddress], bool] = lambda _: True
        self.families = families
        self.book = self.reload(addresses)
        self._lookups = Lookups(lambda: self.book, self.resolver, self)

    def reload(self, addresses: list[str | None]) -> AddressBook:
        """A book of other addresses, which knows what the one before has known."""
        self.book = AddressBook(addresses, self.clock, getattr(self, "book", None), self, attempts=3)
        return self.book

    def objection(self, address: IpAddress) -> str | None:
        """As a `Reach`: our own address is 10.0.0.254."""
        return "ours" if str(address) == "10.0.0.254" else ANYWHERE.objection(address)

    def has_route(self, address: IpAddress) -> bool:
        """As a `Reach`."""
        return self.routes(address)

    def look(self) -> int:
        """As a `Reach`."""
        return 0

    async def after(self, seconds: float = 0) -> list[str | None]:
        """The addresses in use after so long, with all look-ups made that are due."""
        self.clock.advance(round(seconds * SECOND))
        await self._lookups.refresh()
        return texts(self.book)

    def round(self, number: int, answering: str, row: int = 0, attempts: int = 3) -> tuple[bool, list[str | None]]:
        """A round of one row, with its confirmations: whether it was answered, and which addresses were asked."""
        asked: list[str | None] = []
        for _ in range(attempts + 1):
            targets, numbers = np.array([row], np.int32), np.array([number], np.int64)
            known, carried, words = self.book.aim(targets, numbers)
            address = str(address_of_words(*words[0].tolist())) if known[0] else None
            asked.append(address)
            if address is None:
                return False, asked
            ip = ip_address(address)
            reply = Outcome.REPLY if address in answering.split() else Outcome.TIMEOUT
            outcome = reply if self.routes(ip) else Outcome.SEND
            heard = self.book.hear(ended(row, int(carried[0]), outcome))
            assert heard.round.tolist() == [number]
            if outcome is not Outcome.TIMEOUT:
                return outcome is Outcome.REPLY, asked
        return False, asked


def ended(target: int, carried: int, outcome: Outcome) -> Observations:
    """One probe that has ended."""
    place, ending = np.array([target], np.int32), np.array([outcome], np.int8)
    return Observations(place, np.array([carried]), ending, np.array([0]), np.array([NO_RTT]))


def texts(book: AddressBook) -> list[str | None]:
    """The address in use of each row."""
    return [
        str(address_of_words(*pair)) if known else None
        for pair, known in zip(book.words.tolist(), book.known, strict=True)
    ]
