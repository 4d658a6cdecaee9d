"""Addresses of targets: numbers at once, names followed; failures stop nothing, and where nobody can be is none."""

from ipaddress import IPv4Address, ip_address

import numpy as np
import pytest

from exporter.probing.addresses import Family, ProbedAddress, address_of_words
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import Anywhere
from exporter.probing.outcome import REFERENCE_BASE, Observations, Outcome
from pantau.clock import ManualClock
from pantau.inventory.addresses import IpAddress
from tests.exporter.probing.names.watch import FakeResolver, Watch, ended, texts
from tests.network import SECOND


async def test_numbers_are_known_at_once_and_names_after_a_look_up() -> None:
    """IPv4, IPv6 and a name that two targets share."""
    watch = Watch(["10.0.0.1", "a.example", "2001:db8::1", "a.example", None], FakeResolver(a_example="10.9.9.9"))
    assert texts(watch.book) == ["10.0.0.1", None, "2001:db8::1", None, None]
    assert watch.book.tried.tolist() == [True, False, True, False, True]
    assert await watch.after() == ["10.0.0.1", "10.9.9.9", "2001:db8::1", "10.9.9.9", None]
    assert watch.book.tried.all()


@pytest.mark.parametrize(("family", "used"), [(4, "10.0.0.5"), (6, "2001:db8::5")])
async def test_where_one_family_is_probed_only_its_addresses_are_asked_for(family: Family, used: str) -> None:
    """A name that has both goes by the one that can be probed; one that has only the other has none."""
    other = "2001:db8::6" if family == 4 else "10.0.0.6"
    resolver = FakeResolver(both_example="10.0.0.5 2001:db8::5", other_example=other)
    watch = Watch(["both.example", "other.example"], resolver, (family,))
    assert await watch.after() == [used, None]
    assert {asked for _, asked in resolver.asked} == {family}


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
    watch.reload(["10.0.0.1", "a.example"])
    asked = len(watch.resolver.asked)
    assert await watch.after() == ["10.0.0.1", "10.1.1.2"]
    assert len(watch.resolver.asked) == asked
    assert watch.book.tried.all()
    assert watch.round(1, "10.1.1.1", row=1) == (True, ["10.1.1.2", "10.1.1.2", "10.1.1.1"])
    assert texts(watch.book) == ["10.0.0.1", "10.1.1.1"]  # a new target counts its rounds from 1


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
    assert str(address_of_words(*watch.book.aim(one, first)[2][0].tolist())) == "10.2.2.2"


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


def test_the_results_of_others_pass_through() -> None:
    """Of targets without a name, of canaries, and of none: nothing is copied."""
    watch = Watch(["10.0.0.1", "a.example"])
    for target in (0, REFERENCE_BASE):
        results = ended(target, 5, Outcome.TIMEOUT)
        assert watch.book.hear(results) is results
    assert watch.book.hear(Observations.empty()).round.tolist() == []
