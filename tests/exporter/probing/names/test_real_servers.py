"""Names against real name servers, what is promised of names at one of them each, in the time of a clock."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import numpy as np
import pytest

from exporter.probing.names import dns_resolver
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.dns_resolver import DnsResolver
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE
from exporter.probing.names.resolver import Absent, Failed, Found
from exporter.probing.outcome import Outcome
from pantau.clock import ManualClock
from tests.exporter.probing.names.real_servers import Dnsmasq, dnsmasq, free_port, unbound
from tests.exporter.probing.names.watch import ended
from tests.network import SECOND
from tests.patience import promptly

SET = "10.77.0.5 10.77.0.6 10.77.0.7"


class Machine:
    """A machine that asks the server at `port`."""

    def __init__(self, folder: Path, port: int) -> None:
        (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        self.resolver = DnsResolver(folder / "resolv.conf", folder / "no-hosts", port)
        self.clock = ManualClock()

    def book(self, *names: str) -> AddressBook:
        """The addresses of these names."""
        self.names = AddressBook(names, self.clock)
        self.lookups = Lookups(lambda: self.names, self.resolver, ANYWHERE)
        return self.names

    async def used(self, seconds: float = 0) -> list[str | None]:
        """The addresses in use after so long."""
        self.clock.advance(round(seconds * SECOND))
        await self.lookups.refresh()
        return [self.names.address_of(row).in_use for row in range(len(self.names.known))]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Dnsmasq, Machine]]:
    """A dnsmasq with a set, an alias of it, names of one family each, and a zone of a server that is gone."""
    records = {"set.example": SET, "four.example": "10.77.0.4", "six.example": "2001:db8::6"}
    gone = f"--server=/dead.example/127.0.0.1#{free_port()}"
    with dnsmasq(tmp_path, records, "--local-ttl=300", "--cname=alias.example,set.example,45", gone) as server:
        yield server, Machine(tmp_path, server.port)


async def test_the_least_ttl_of_the_chain_counts(served: tuple[Dnsmasq, Machine]) -> None:
    """An alias of 45 s before a set of 300 s."""
    _, machine = served
    answers = {name: await machine.resolver.resolve(name, 4) for name in ("set.example", "alias.example")}
    for name, ttl in (("set.example", 300), ("alias.example", 45)):
        answer = answers[name]
        assert isinstance(answer, Found)
        assert (sorted(map(str, answer.addresses)), answer.ttl_seconds) == (SET.split(), ttl)


async def test_a_set_that_rotates_moves_nobody(served: tuple[Dnsmasq, Machine]) -> None:
    """dnsmasq turns the order with each answer; the address in use stays until it is no more in the answer."""
    server, machine = served
    machine.book("set.example")
    orders = set()
    for _ in range(12):
        answer = await machine.resolver.resolve("set.example", 4)
        assert isinstance(answer, Found)
        orders.add(answer.addresses)
        assert await machine.used(300) == ["10.77.0.5"]
    assert len(orders) > 1
    server.change({"set.example": "10.77.0.9 10.77.0.5"})
    assert await machine.used(300) == ["10.77.0.5"]
    server.change({"set.example": "10.77.0.9 10.77.0.8"})
    assert await machine.used(300) == ["10.77.0.8"]


async def test_a_server_that_fails_or_is_gone_keeps_what_was_known(
    served: tuple[Dnsmasq, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """dnsmasq refuses what it has no server for; then it is killed; a new name has no address, and says why."""
    server, machine = served
    machine.book("set.example", "four.example", "six.example")
    known = ["10.77.0.5", "10.77.0.4", "2001:db8::6"]
    assert await machine.used() == known
    assert isinstance(await machine.resolver.resolve("www.example.org", 4), Failed)
    server.process.kill()
    server.process.wait()
    monkeypatch.setattr(dns_resolver, "DEADLINE_SECONDS", 0.5)
    assert await machine.used(300) == known
    assert "no name server has answered" in (machine.names.address_of(0).problem or "")
    machine.book("set.example")
    assert await machine.used() == [None]


async def test_a_name_that_is_taken_away_is_gone_the_second_time(served: tuple[Dnsmasq, Machine]) -> None:
    """NXDOMAIN and NODATA."""
    server, machine = served
    machine.book("set.example", "four.example")
    await machine.used()
    server.change({"four.example": "2001:db8::4"})
    assert await machine.used(300) == ["10.77.0.5", "10.77.0.4"]
    assert await machine.used(30) == [None, "2001:db8::4"]
    assert machine.names.address_of(0).problem == "no such name: set.example"


async def test_dead_names_hold_up_no_other(served: tuple[Dnsmasq, Machine]) -> None:
    """60 names of a server that is gone, and one that moves: it is followed while they are waited for, and stopped."""
    server, machine = served
    machine.book(*(f"n{n}.dead.example" for n in range(60)), "four.example")
    task = asyncio.create_task(machine.lookups.run())
    loop = asyncio.get_running_loop()

    async def follows(address: str) -> float:
        begun = loop.time()
        while machine.names.address_of(60).in_use != address:  # noqa: ASYNC110 - there is no event of it
            await asyncio.sleep(0.02)
        return loop.time() - begun

    async with asyncio.timeout(15):
        assert await follows("10.77.0.4") < 2.5
        server.change({"four.example": "10.77.0.44"})
        machine.clock.advance(300 * SECOND)
        assert await follows("10.77.0.44") < 2.5
    assert not machine.names.tried[:60].any()
    with promptly(0.5):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert not machine.names.known[:60].any()


async def test_unbound_rotates_cuts_off_and_blocks(tmp_path: Path) -> None:
    """300 addresses come by TCP; a zone that is blocked, refused or not there; one whose server is gone fails."""
    many = [f'local-data: "many.example. 60 A 10.78.{n // 200}.{n % 200 + 1}"' for n in range(300)]
    two = [f'local-data: "two.example. 60 A {address}"' for address in ("10.77.0.5", "10.77.0.6")]
    zones = ['local-zone: "example." static', 'local-zone: "refused." refuse', 'local-zone: "blocked." redirect']
    blocked = [f'local-data: "blocked. 60 {record}"' for record in ("A 0.0.0.0", "AAAA ::")]
    lines = [*zones, *many, *two, *blocked, "do-not-query-localhost: no", "max-udp-size: 512"]
    with unbound(tmp_path, *lines) as port:
        machine = Machine(tmp_path, port)
        whole = await machine.resolver.resolve("many.example", 4)
        assert isinstance(whole, Found)
        assert len(whole.addresses) == 300
        assert await machine.resolver.resolve("gone.example", 4) == Absent(
            "no such name: gone.example", whole_name=True
        )
        assert isinstance(await machine.resolver.resolve("x.refused", 4), Failed)
        machine.book("two.example", "ads.blocked", "many.example")
        for _ in range(5):
            assert await machine.used(60) == ["10.77.0.5", None, "10.78.0.1"]
        assert "0.0.0.0 is the unspecified address" in (machine.names.address_of(1).problem or "")


async def test_ipv4_stays_while_its_question_fails_and_that_of_ipv6_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A is passed on to a server that is gone, AAAA is dnsmasq's own: an IPv4 address that is known stays in use."""
    with dnsmasq(tmp_path, {"a.example": "10.77.0.4 2001:db8::4"}) as whole:
        machine = Machine(tmp_path, whole.port)
        machine.book("a.example")
        assert await machine.used() == ["10.77.0.4"]
    gone = f"--server=/a.example/127.0.0.1#{free_port()}"
    half_folder = tmp_path / "half"
    half_folder.mkdir()
    with dnsmasq(half_folder, {"a.example": "2001:db8::4"}, gone) as half:
        half_machine = Machine(half_folder, half.port)
        assert isinstance(await half_machine.resolver.resolve("a.example", 6), Found)
        machine.resolver = half_machine.resolver
        machine.lookups = Lookups(lambda: machine.names, half_machine.resolver, ANYWHERE)
        _, carried, words = machine.names.aim(np.zeros(1, np.int32), np.ones(1, np.int64))
        machine.names.hear(ended(0, int(carried[0]), Outcome.TIMEOUT))
        monkeypatch.setattr(dns_resolver, "DEADLINE_SECONDS", 0.5)
        assert await machine.used(60) == ["10.77.0.4"]
        assert words[0].tolist() == [0, 0xFFFF_0000_0000 | int(ip_address("10.77.0.4"))]
