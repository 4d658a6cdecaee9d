"""Hotspots that are known by name, from the answer of a name server to the verdict, in the time of a clock."""

import pytest

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.outcome import Outcome
from exporter.verdicts.events import StatesChanged
from pantau.states import State
from tests.exporter.monitor.watched import TICK_NS, Watched, hotspots, plan_of
from tests.exporter.probing.names.watch import FakeResolver
from tests.network import MS, SECOND, Network, answers, silent

NAME = "a.example"


class Named(Watched):
    """A city with one hotspot that is known by name, and who tells of it."""

    def __init__(self, told: str = "", network6: bool = False) -> None:
        super().__init__(plan_of({**hotspots(3), "named": NAME}))
        self.resolver = FakeResolver(a_example=told)
        self.lookups = Lookups(lambda: self.prober.book, self.resolver, ANYWHERE)
        self.network6 = Network(self.clock, 6)
        if network6:
            self.engine = self.prober.engine = self.prober.outbox.engine = BatchEngine(
                [self.network, self.network6], self.clock, 1
            )

    async def live(self, seconds: float) -> "Named":
        """Let time pass in ticks, with look-ups a quarter of a second apart."""
        for tick in range(round(seconds * SECOND) // TICK_NS):
            if tick % (250 * MS // TICK_NS) == 0:
                await self.lookups.refresh()
            self.run(TICK_NS)
        return self

    @property
    def state(self) -> State:
        """Of the named hotspot."""
        return self.state_of("named")


async def test_a_start_with_dead_name_servers_makes_nothing_down() -> None:
    """Unknown, with the reason `resolve`, however long it lasts; then as it is."""
    city = Named("10.1.1.1")
    city.resolver.failing = {4: "SERVFAIL", 6: "SERVFAIL"}
    city.network.hosts["10.1.1.1"] = silent
    await city.live(60)
    assert (city.state, city.count()[State.UP]) == (State.UNKNOWN, 3)
    assert city.machine.counters.failures[city.row("named"), Outcome.RESOLVE - 1] >= 5
    assert city.monitor.ready
    city.network.hosts["10.1.1.1"] = answers()
    city.resolver.failing = {}
    assert (await city.live(75)).state == State.UP
    assert city.went(State.DOWN) == set()


@pytest.mark.parametrize("dead", ["10.1.1.1", "10.1.1.2"])
async def test_one_dead_address_of_two_is_no_outage(dead: str) -> None:
    """For five minutes in which the order turns at each answer; and the journal is told who answered."""
    city = Named("10.1.1.1 10.1.1.2")
    city.resolver.ttl_seconds = 1.0
    city.network.hosts[dead] = silent
    for _ in range(10):
        await city.live(30)
        city.resolver.answers[NAME] = " ".join(reversed(city.resolver.answers[NAME].split()))
    assert city.went(State.DOWN) == set()
    assert city.state == State.UP
    (alive,) = {"10.1.1.1", "10.1.1.2"} - {dead}
    told = [event for event in city.events if isinstance(event, StatesChanged)]
    addresses = {name.name: at for event in told for name, at in zip(event.subjects, event.addresses, strict=True)}
    assert addresses == {**hotspots(3), "named": alive}


async def test_both_dead_is_an_outage_and_the_first_that_is_back_ends_it() -> None:
    """Down as any other, since the first lost probe."""
    city = Named("10.1.1.1 10.1.1.2")
    await city.live(25)
    city.network.hosts |= {"10.1.1.1": silent, "10.1.1.2": silent}
    fell_ns = city.clock.monotonic_ns()
    await city.live(30)
    (down,) = [change for change in city.changes if change[2] is State.DOWN]
    assert down[0] == "named"
    assert 0 <= down[3] - fell_ns <= 10 * SECOND
    city.network.hosts["10.1.1.2"] = answers()
    assert (await city.live(45)).state == State.UP
    assert [after for name, _, after, _ in city.changes if name == "named"] == [State.UP, State.DOWN, State.UP]


async def test_a_move_is_followed_without_an_outage() -> None:
    """The name leads elsewhere, an hour of TTL is left, and the old address falls silent."""
    city = Named("10.1.1.1")
    city.resolver.ttl_seconds = 3600.0
    await city.live(45)
    city.network.hosts["10.1.1.1"] = silent
    city.resolver.answers[NAME] = "10.2.2.2"
    await city.live(60)
    assert city.went(State.DOWN) == set()
    assert city.monitor.address_of(city.row("named")).in_use == "10.2.2.2"


async def test_ipv4_that_cannot_be_asked_for_is_no_reason_for_ipv6() -> None:
    """A fails while AAAA is answered, and nobody answers over IPv6: nothing happens."""
    city = Named("10.1.1.1 2001:db8::1", network6=True)
    city.network6.default = silent
    await city.live(45)
    city.resolver.failing = {4: "SERVFAIL"}
    await city.live(400)
    assert [after for name, _, after, _ in city.changes if name == "named"] == [State.UP]
    assert city.network6.sent == []


async def test_without_an_ipv4_route_the_other_family_is_tried() -> None:
    """Refused by the kernel from the start: up over IPv6 within two intervals."""
    city = Named("10.1.1.1 2001:db8::1", network6=True)
    city.network.refusals["10.1.1.1"] = 101
    await city.live(31)
    assert city.state == State.UP
    assert city.monitor.address_of(city.row("named")).in_use == "2001:db8::1"
    assert city.went(State.DOWN) == set()


async def test_a_dead_ipv4_address_beside_a_living_ipv6_one_is_no_outage() -> None:
    """It answers: it serves, with the loss that showed it. And with IPv6 silent too it is down."""
    city = Named("10.1.1.1 2001:db8::1", network6=True)
    await city.live(25)
    city.network.hosts["10.1.1.1"] = silent
    await city.live(60)
    assert city.went(State.DOWN) == set()
    assert city.state.serves
    city.network6.default = silent
    assert (await city.live(30)).state == State.DOWN
