"""Which address of a name's set is probed, over rounds, rotations, failing families and lost routes."""

from collections.abc import Callable

import numpy as np

from exporter.probing.addresses import address_of_words
from exporter.probing.outcome import REFERENCE_BASE, Outcome
from pantau.inventory.addresses import IpAddress
from tests.exporter.probing.names.watch import FakeResolver, Watch, ended, texts
from tests.network import SECOND


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
        _, again, _ = watch.book.aim(np.zeros(1, np.int32), np.array([number], np.int64))
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
    """From the first look-up on; whoever answers is kept when the route is back."""
    six_only: Callable[[IpAddress], bool] = lambda address: address.version == 6  # noqa: E731
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 2001:db8::1"))
    watch.routes = six_only
    assert await watch.after() == ["2001:db8::1"]
    await _stays_with_ipv6(watch, 1)


async def test_ipv6_is_used_when_the_ipv4_route_is_lost() -> None:
    """The round in which the kernel refuses says nothing; the next one asks over IPv6."""
    watch = Watch(["a.example"], FakeResolver(a_example="10.1.1.1 2001:db8::1"))
    assert await watch.after() == ["10.1.1.1"]
    watch.routes = lambda address: address.version == 6
    assert watch.round(1, "10.1.1.1 2001:db8::1") == (False, ["10.1.1.1"])
    assert await watch.after() == ["10.1.1.1"]
    await _stays_with_ipv6(watch, 2)


async def _stays_with_ipv6(watch: Watch, number: int) -> None:
    assert watch.round(number, "10.1.1.1 2001:db8::1") == (True, ["2001:db8::1"])
    assert texts(watch.book) == ["2001:db8::1"]
    watch.routes = lambda _: True
    for later in range(number + 1, number + 20):
        assert watch.round(later, "10.1.1.1 2001:db8::1") == (True, ["2001:db8::1"])
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
