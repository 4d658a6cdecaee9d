"""Addresses of targets: numbers at once, names followed; failures stop nothing, and where nobody can be is none."""

from collections.abc import Callable
from ipaddress import IPv4Address, ip_address

import numpy as np
import pytest

from exporter.probing.addresses import Family, ProbedAddress, address_of_words
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE, Anywhere
from exporter.probing.names.resolver import Absent, Answer, Failed, found_of
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Observations, Outcome
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

    def __init__(self, addresses: list[str | None], resolver: FakeResolver | None = None) -> None:
        self.clock, self.resolver = ManualClock(), resolver or FakeResolver()
        self.routes: Callable[[IpAddress], bool] = lambda _: True
        self.book = AddressBook(addresses, self.clock, reach=self)
        self._lookups = Lookups(lambda: self.book, self.resolver, self)

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
        for attempt in range(attempts + 1):
            targets, numbers = np.array([row], np.int32), np.array([number], np.int64)
            known, carried, words = self.book.aim(targets, numbers, attempts if attempt else 0)
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


async def test_numbers_are_known_at_once_and_names_after_a_look_up() -> None:
    """IPv4, IPv6 and a name that two targets share."""
    watch = Watch(["10.0.0.1", "a.example", "2001:db8::1", "a.example", None], FakeResolver(a_example="10.9.9.9"))
    assert texts(watch.book) == ["10.0.0.1", None, "2001:db8::1", None, None]
    assert watch.book.tried.tolist() == [True, False, True, False, True]
    assert await watch.after() == ["10.0.0.1", "10.9.9.9", "2001:db8::1", "10.9.9.9", None]
    assert watch.book.tried.all()


async def test_a_bad_name_stops_nothing_and_is_tried_again_ever_later() -> None:
    """After 5, 10, 20, 40, 60, 60 s; the good name has its address meanwhile."""
    watch = Watch(["bad.example", "good.example"], FakeResolver(good_example="10.1.1.1"))
    tries: list[int] = []
    for second in range(260):
        before = len(watch.resolver.asked)
        await watch.after(1 if second else 0)
        tries += [second for name, _ in watch.resolver.asked[before:] if name == "bad.example"]
    assert tries == [0, 5, 15, 35, 75, 135, 195, 255]
    assert texts(watch.book) == [None, "10.1.1.1"]
    assert watch.book.address_of(0) == ProbedAddress(None, (), "no such name")


async def test_a_name_keeps_its_address_while_it_cannot_be_resolved() -> None:
    """And takes the new one when it can."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1"))
    await watch.after()
    watch.resolver.failing = {4: "SERVFAIL", 6: "SERVFAIL"}
    assert await watch.after(301) == ["10.1.1.1"]
    assert watch.book.address_of(0) == ProbedAddress("10.1.1.1", (), "SERVFAIL")
    for _ in range(100):
        assert await watch.after(60) == ["10.1.1.1"]
    watch.resolver.failing, watch.resolver.answers["a.example"] = {}, "10.2.2.2"
    assert await watch.after(60) == ["10.2.2.2"]
    assert watch.book.address_of(0) == ProbedAddress("10.2.2.2")


async def test_a_ttl_is_believed_within_limits() -> None:
    """A TTL of 0 asks again after 30 s and not before, one of a week after an hour."""
    for ttl_seconds, wait_seconds in ((0.0, 30), (604_800.0, 3600)):
        watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1"))
        watch.resolver.ttl_seconds = ttl_seconds
        await watch.after()
        await watch.after(wait_seconds - 1)
        assert len(watch.resolver.asked) == 1
        await watch.after(1)
        assert len(watch.resolver.asked) == 2


async def test_a_reload_hands_over_what_is_known() -> None:
    """The name's address and its time are kept; it is not asked for again at once."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.2 10.1.1.1"))
    await watch.after()
    assert watch.round(7, "10.1.1.2") == (True, ["10.1.1.1", "10.1.1.1", "10.1.1.2"])
    await watch.after()
    watch.book = AddressBook(["10.0.0.1", "a.example"], watch.clock, previous=watch.book, reach=watch)
    asked = len(watch.resolver.asked)
    assert await watch.after() == ["10.0.0.1", "10.1.1.2"]
    assert len(watch.resolver.asked) == asked
    assert watch.book.tried.all()
    assert watch.round(1, "10.1.1.1", row=1) == (True, ["10.1.1.2", "10.1.1.2", "10.1.1.1"])
    assert texts(watch.book) == ["10.0.0.1", "10.1.1.1"]  # a new target counts its rounds from 1


async def test_the_address_in_use_stays_while_it_is_in_the_answer() -> None:
    """A set of three in each order, larger and smaller: no move; gone from the answer: the first that is left."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.3 10.1.1.1 10.1.1.2"))
    assert await watch.after() == ["10.1.1.1"]
    for answer in ("10.1.1.2 10.1.1.1", "10.1.1.0 10.1.1.1", "10.1.1.1", "10.1.1.9 10.1.1.1 10.1.1.2"):
        watch.resolver.answers["a.example"] = answer
        assert await watch.after(300) == ["10.1.1.1"]
    watch.resolver.answers["a.example"] = "10.1.1.9 10.1.1.2"
    assert await watch.after(300) == ["10.1.1.2"]


async def test_one_dead_address_of_two_is_no_outage() -> None:
    """Whichever of them is dead, and however the order rotates; who answered is in use, and stays."""
    for alive in ("10.1.1.1", "10.1.1.2"):
        watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 10.1.1.2"))
        await watch.after()
        for number in range(1, 40):
            answered, asked = watch.round(number, alive)
            assert answered
            assert number == 1 or asked == [alive]
            watch.resolver.answers["a.example"] = " ".join(reversed(watch.resolver.answers["a.example"].split()))
            assert await watch.after(10) == [alive]


async def test_two_that_answer_never_alternate() -> None:
    """A lost packet is confirmed at the address in use first: it stays."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 10.1.1.2"))
    await watch.after()
    for number in range(1, 20):
        known, carried, _ = watch.book.aim(np.zeros(1, np.int32), np.array([number], np.int64))
        assert known.all()
        watch.book.hear(ended(0, int(carried[0]), Outcome.TIMEOUT))
        _, again, _ = watch.book.aim(np.zeros(1, np.int32), np.array([number], np.int64), 3)
        watch.book.hear(ended(0, int(again[0]), Outcome.REPLY))
        assert await watch.after(10) == ["10.1.1.1"]


async def test_all_of_them_silent_is_an_outage_and_each_is_tried_in_turn() -> None:
    """Both are asked twice before it counts; then one a round, so that either is found when it is back."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 10.1.1.2"))
    await watch.after()
    assert watch.round(1, "") == (False, ["10.1.1.1", "10.1.1.1", "10.1.1.2", "10.1.1.2"])
    while_down = [watch.round(number, "", attempts=0)[1][0] for number in range(2, 6)]
    assert while_down == ["10.1.1.2", "10.1.1.1", "10.1.1.2", "10.1.1.1"]
    assert watch.round(6, "10.1.1.2", attempts=0) == (True, ["10.1.1.2"])
    assert texts(watch.book) == ["10.1.1.2"]


async def test_ipv6_is_asked_for_only_where_there_is_no_ipv4() -> None:
    """One question for most names, two for the rest."""
    watch = Watch(
        ["both.example", "six.example"], FakeResolver(both_example="10.0.0.5 2001:db8::5", six_example="::6:1")
    )
    assert await watch.after() == ["10.0.0.5", "::6:1"]
    assert sorted(watch.resolver.asked) == [("both.example", 4), ("six.example", 4), ("six.example", 6)]


async def test_ipv4_stays_while_only_ipv6_can_be_asked_for() -> None:
    """A fails with SERVFAIL, AAAA is answered: nothing moves, however long, and over silence too."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 2001:db8::1"))
    await watch.after()
    watch.resolver.failing = {4: "SERVFAIL"}
    for number in range(1, 30):
        assert await watch.after(300) == ["10.1.1.1"]
        assert watch.round(number, "10.1.1.1") == (True, ["10.1.1.1"])


async def test_ipv6_alone_proves_no_outage_while_nobody_tells_of_ipv4() -> None:
    """At a start A fails and AAAA is answered: a reply there is one, silence there proves nothing."""
    watch = Watch(["a.example"], FakeResolver(a_example="2001:db8::1"))
    watch.resolver.failing = {4: "SERVFAIL"}
    assert await watch.after() == ["2001:db8::1"]
    assert watch.round(1, "2001:db8::1") == (True, ["2001:db8::1"])
    answered, asked = watch.round(2, "")
    assert not answered
    assert asked[-1] is None  # ends as `resolve`: the round says nothing


async def test_without_an_ipv4_route_ipv6_is_used() -> None:
    """From the start, and when the route is lost; whoever answers is kept when the route is back."""
    six_only: Callable[[IpAddress], bool] = lambda address: address.version == 6  # noqa: E731
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 2001:db8::1"))
    watch.routes = six_only
    await watch.after()
    assert watch.round(1, "2001:db8::1")[0] is False  # refused by the kernel: it says nothing, and is looked into
    assert await watch.after() == ["10.1.1.1"]
    assert watch.round(2, "10.1.1.1 2001:db8::1") == (True, ["2001:db8::1"])
    assert texts(watch.book) == ["2001:db8::1"]
    watch.routes = lambda _: True
    for number in range(3, 20):
        assert watch.round(number, "10.1.1.1 2001:db8::1") == (True, ["2001:db8::1"])
        assert await watch.after(300) == ["2001:db8::1"]


async def test_silence_elsewhere_proves_nothing_while_the_address_in_use_has_no_route() -> None:
    """It answered over IPv4; our route is lost, and IPv6 is silent: the round asks IPv4 too, and says nothing."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 2001:db8::1"))
    await watch.after()
    assert watch.round(1, "10.1.1.1")[0]
    watch.routes = lambda address: address.version == 6
    assert watch.round(2, "10.1.1.1") == (False, ["10.1.1.1"])
    await watch.after()
    answered, asked = watch.round(3, "10.1.1.1")
    assert not answered
    assert asked[0] == "2001:db8::1"
    assert asked[-1] == "10.1.1.1"  # ends as `send`
    watch.routes = lambda _: True
    assert watch.round(4, "10.1.1.1")[0]
    assert texts(watch.book) == ["10.1.1.1"]


async def test_a_silent_name_is_looked_up_again_and_ever_more_rarely() -> None:
    """At once, for it may have moved; then after 30, 60, 120, 240, 300 s; when it answers, by its TTL again."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1"))
    watch.resolver.ttl_seconds = 3600.0
    await watch.after()
    assert await watch.after(100) == ["10.1.1.1"]
    tries = []
    for tick in range(120):
        watch.round(tick + 1, "", attempts=0)
        before = len(watch.resolver.asked)
        await watch.after(10)
        tries += [10 * (tick + 1) for name, family in watch.resolver.asked[before:] if family == 4]
    assert tries == [10, 40, 100, 220, 460, 760, 1060]
    assert watch.round(121, "10.1.1.1")[0]
    asked = len(watch.resolver.asked)
    await watch.after(600)
    assert len(watch.resolver.asked) == asked + 1  # what was due already
    await watch.after(3000)
    assert len(watch.resolver.asked) == asked + 1


async def test_a_name_that_moves_in_silence_is_followed_before_its_loss_is_confirmed() -> None:
    """With an hour of TTL left: the second confirmation goes to the new address."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1"))
    watch.resolver.ttl_seconds = 3600.0
    await watch.after()
    watch.clock.advance(60 * SECOND)
    watch.resolver.answers["a.example"] = "10.2.2.2"
    one, first = np.zeros(1, np.int32), np.ones(1, np.int64)
    watch.book.hear(ended(0, int(watch.book.aim(one, first)[1][0]), Outcome.TIMEOUT))
    assert await watch.after() == ["10.2.2.2"]
    assert str(address_of_words(*watch.book.aim(one, first, 3)[2][0].tolist())) == "10.2.2.2"


async def test_absence_is_believed_the_second_time() -> None:
    """No such name, or no address: told once it may be a mistake, told twice it is so; then there is no address."""
    watch = Watch(["a.example", "b.example"], FakeResolver(a_example="10.1.1.1", b_example="10.1.1.2"))
    await watch.after()
    watch.resolver.answers = {"b.example": ""}
    assert await watch.after(300) == ["10.1.1.1", "10.1.1.2"]
    assert await watch.after(29) == ["10.1.1.1", "10.1.1.2"]
    assert await watch.after(1) == [None, None]
    assert watch.book.address_of(0).problem == "no such name"
    watch.resolver.answers = {"a.example": "10.3.3.3", "b.example": "2001:db8::2"}
    assert await watch.after(60) == ["10.3.3.3", "2001:db8::2"]


@pytest.mark.parametrize(
    "nowhere",
    [
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "0.1.2.3",
        "127.0.0.1",
        "127.9.9.9",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "169.254.7.7",
        "10.0.0.254",
        "::",
        "::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
    ],
)
async def test_where_nobody_can_be_is_no_address_wherever_it_comes_from(nowhere: str) -> None:
    """Written in the inventory, or answered by a resolver that blocks: what was known stays, else there is none."""
    written = Watch([nowhere])
    assert texts(written.book) == [None]
    assert "is " in (written.book.address_of(0).problem or "")
    fresh = Watch(["a.example"], FakeResolver(a_example=nowhere))
    assert await fresh.after() == [None]
    assert str(ip_address(nowhere)) in (fresh.book.address_of(0).problem or "")
    kept = Watch(["a.example"], FakeResolver(a_example="10.1.1.1"))
    await kept.after()
    kept.resolver.answers["a.example"] = nowhere
    assert await kept.after(300) == ["10.1.1.1"]
    kept.resolver.answers["a.example"] = f"{nowhere} 10.1.1.7"
    assert await kept.after(300) == ["10.1.1.7"]


async def test_an_address_that_becomes_our_own_is_none_from_then_on() -> None:
    """An interface comes up: the book is told to look again, of numbers and of names; and back."""

    class Growing(Anywhere):
        """A machine that gets an address."""

        own: frozenset[IpAddress] = frozenset()

        def objection(self, address: IpAddress) -> str | None:
            """Those that it has by now."""
            return "this machine's own address" if address in self.own else None

    reach, clock = Growing(), ManualClock()
    book = AddressBook(["10.0.0.1", "a.example"], clock, reach=reach)
    await Lookups(lambda: book, FakeResolver(a_example="10.0.0.1 10.0.0.2"), reach).refresh()
    assert texts(book) == ["10.0.0.1", "10.0.0.1"]
    reach.own = frozenset({IPv4Address("10.0.0.1")})
    book.look()
    assert texts(book) == [None, "10.0.0.2"]
    assert book.address_of(0) == ProbedAddress(None, (), "10.0.0.1 is this machine's own address")
    reach.own = frozenset()
    book.look()
    assert texts(book) == ["10.0.0.1", "10.0.0.2"]
    assert book.address_of(0) == ProbedAddress("10.0.0.1")


async def test_a_canary_of_two_addresses_moves_to_the_one_that_answers() -> None:
    """Its rounds are times of leaving; after a loss the next probe goes to the other."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 10.1.1.2"))
    await watch.after()
    asked = []
    for second in range(1, 7):
        number = np.array([second * SECOND], np.int64)
        _, carried, words = watch.book.aim(np.zeros(1, np.int32), number)
        asked.append(str(address_of_words(*words[0].tolist())))
        outcome = Outcome.REPLY if asked[-1] == "10.1.1.2" else Outcome.TIMEOUT
        heard = watch.book.hear(ended(REFERENCE_BASE, int(carried[0]), outcome), REFERENCE_BASE)
        assert heard.round.tolist() == number.tolist()
    assert asked == ["10.1.1.1", *["10.1.1.2"] * 5]


def test_the_results_of_others_pass_through() -> None:
    """Of targets without a name, of canaries, and of none: nothing is copied."""
    watch = Watch(["10.0.0.1", "a.example"])
    for target in (0, REFERENCE_BASE):
        results = ended(target, 5, Outcome.TIMEOUT)
        assert watch.book.hear(results) is results
    assert watch.book.hear(Observations.empty()).round.tolist() == []
