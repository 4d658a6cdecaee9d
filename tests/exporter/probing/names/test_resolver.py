"""dnspython against a small name server on the loopback, and what the system's resolver adds."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import cast

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest

from exporter.probing.names import dns_resolver as module
from exporter.probing.names.dns_resolver import DnsResolver
from exporter.probing.names.late_resolver import LateResolver
from exporter.probing.names.resolver import Resolution, ResolveError

ZONE = {
    ("four.example.", "A"): (120, "10.77.0.4"),
    ("both.example.", "A"): (60, "10.77.0.5"),
    ("both.example.", "AAAA"): (60, "2001:db8::5"),
    ("six.example.", "AAAA"): (300, "2001:db8::6"),
}
NAMES = {name for name, _ in ZONE} | {"empty.example."}
BROKEN, MUTE = "broken.example.", "mute.example."
AddressInfo = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[str, int]]
"""One answer of `getaddrinfo`."""


class NameServer(asyncio.DatagramProtocol):
    """Answers from `ZONE`; refuses to work for BROKEN, says nothing for MUTE."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the socket."""
        self.transport = cast("asyncio.DatagramTransport", transport)  # by what it can do; its class is another

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        """Answer one question."""
        query = dns.message.from_wire(data)
        name, record = query.question[0].name.to_text(), dns.rdatatype.to_text(query.question[0].rdtype)
        self.asked.append((name, record))
        if name == MUTE:
            return
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if name == BROKEN:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif name not in NAMES:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif (name, record) in ZONE:
            ttl, text = ZONE[name, record]
            response.answer.append(dns.rrset.from_text(name, ttl, "IN", record, text))
        self.transport.sendto(response.to_wire(), address)


@pytest.fixture
async def server() -> AsyncIterator[NameServer]:
    """A name server on 127.0.0.1."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    yield protocol
    transport.close()


@pytest.fixture
def hosts_file(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the system's resolver knows: nothing but this."""
    known: dict[str, str] = {}

    async def getaddrinfo(self: object, host: str, port: object, **options: object) -> list[AddressInfo]:
        """Of `asyncio`'s event loop."""
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        found = [ip_address(text.partition("%")[0]) for text in known[host].split()]
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        texts = zip(found, known[host].split(), strict=True)
        return [(families[address.version], socket.SOCK_DGRAM, 17, "", (text, 0)) for address, text in texts]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return known


@pytest.fixture
def resolver(server: NameServer, hosts_file: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> DnsResolver:
    """A resolver that asks the name server of the test, and waits for a fifth of a second at most."""
    monkeypatch.setattr(module, "LIFETIME_SECONDS", 0.2)
    configured = dns.asyncresolver.Resolver(configure=False)
    configured.nameservers = ["127.0.0.1"]
    configured.port = server.transport.get_extra_info("sockname")[1]
    made = DnsResolver()
    made._dns = configured
    return made


@pytest.mark.parametrize(
    ("name", "address", "ttl"),
    [
        ("four.example", "10.77.0.4", 120),
        ("both.example", "10.77.0.5", 60),
        ("six.example", "2001:db8::6", 300),
    ],
)
async def test_a_name_has_the_address_and_ttl_of_its_record(
    resolver: DnsResolver, name: str, address: str, ttl: float
) -> None:
    """IPv4 before IPv6; IPv6 where there is no other."""
    assert await resolver.resolve(name) == Resolution(ip_address(address), ttl)


async def test_ipv6_is_asked_for_only_where_there_is_no_ipv4(resolver: DnsResolver, server: NameServer) -> None:
    """One question for most names, two for the rest."""
    await resolver.resolve("both.example")
    await resolver.resolve("six.example")
    assert server.asked == [("both.example.", "A"), ("six.example.", "A"), ("six.example.", "AAAA")]


@pytest.mark.parametrize(("family", "address", "record"), [("ipv4", "10.77.0.5", "A"), ("ipv6", "2001:db8::5", "AAAA")])
async def test_where_one_family_is_probed_only_its_records_are_asked_for(
    resolver: DnsResolver, server: NameServer, family: str, address: str, record: str
) -> None:
    """A name that has both goes by the one that can be probed; one that has only the other has none."""
    of_family = DnsResolver(family)
    of_family._dns = resolver._dns
    assert (await of_family.resolve("both.example")).address == ip_address(address)
    with pytest.raises(ResolveError):
        await of_family.resolve("six.example" if family == "ipv4" else "four.example")
    assert {asked for _, asked in server.asked} == {record}


async def test_a_name_that_does_not_exist_says_so(resolver: DnsResolver, server: NameServer) -> None:
    """After one question: a name without A that does not exist has no AAAA either."""
    with pytest.raises(ResolveError, match=r"^no such name: gone\.example$"):
        await resolver.resolve("gone.example")
    assert server.asked == [("gone.example.", "A")]


async def test_a_name_without_an_address_says_so(resolver: DnsResolver) -> None:
    """It exists, with neither A nor AAAA."""
    with pytest.raises(ResolveError, match="does not contain an answer"):
        await resolver.resolve("empty.example")


async def test_a_name_server_that_fails_is_named(resolver: DnsResolver) -> None:
    """SERVFAIL."""
    with pytest.raises(ResolveError, match="SERVFAIL"):
        await resolver.resolve("broken.example")


async def test_a_name_server_that_says_nothing_is_given_up(resolver: DnsResolver) -> None:
    """After the lifetime, for each of the two records."""
    with pytest.raises(ResolveError, match="lifetime expired"):
        await resolver.resolve("mute.example")


@pytest.mark.parametrize("name", ["a..example", "x" * 64 + ".example", "\udcff.example"])
async def test_a_name_that_is_none_is_an_error_like_any_other(resolver: DnsResolver, name: str) -> None:
    """Empty and overlong labels, bytes that are no text: never a crash of the refresh."""
    with pytest.raises(ResolveError):
        await resolver.resolve(name)


async def test_the_hosts_file_helps_where_dns_does_not(resolver: DnsResolver, hosts_file: dict[str, str]) -> None:
    """Believed for a minute; IPv4 before IPv6, without a zone."""
    hosts_file["gone.example"] = "fe80::1%eth0 10.77.0.8"
    hosts_file["broken.example"] = "fe80::2%eth0"
    assert await resolver.resolve("gone.example") == Resolution(ip_address("10.77.0.8"), 60)
    assert await resolver.resolve("broken.example") == Resolution(ip_address("fe80::2"), 60)


async def test_without_a_name_server_the_system_is_asked(
    hosts_file: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without a usable /etc/resolv.conf."""

    def refuse(*_: object, **__: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.asyncresolver, "Resolver", refuse)
    resolver = DnsResolver()
    hosts_file["four.example"] = "10.77.0.4"
    assert await resolver.resolve("four.example") == Resolution(ip_address("10.77.0.4"), 60)
    with pytest.raises(ResolveError, match="no name server is configured"):
        await resolver.resolve("gone.example")


async def test_the_resolver_of_the_machine_is_made_for_the_first_name(
    resolver: DnsResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once, and never for a city of addresses."""
    made: list[DnsResolver] = []

    def make() -> DnsResolver:
        made.append(resolver)
        return resolver

    monkeypatch.setattr(module, "DnsResolver", make)
    late = LateResolver()
    assert made == []
    assert await late.resolve("four.example") == Resolution(ip_address("10.77.0.4"), 120)
    assert await late.resolve("four.example") == Resolution(ip_address("10.77.0.4"), 120)
    assert made == [resolver]


def test_an_exporter_without_names_does_not_carry_dnspython() -> None:
    """It is 3 MB."""
    code = "import sys, exporter.app; sys.exit('dns' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
