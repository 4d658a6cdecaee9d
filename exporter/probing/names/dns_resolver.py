"""Asks the machine's hosts file and name servers, asynchronously: the only file that knows dnspython.

Whatever a server sends, or does not send, becomes an `Answer`. No thread is ever waited for but to read a small local
file: a stop, a reload and other names never wait for a server.
"""

import asyncio
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import islice
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from exporter.probing.addresses import Family
from exporter.probing.names.hosts_file import Hosts, read_hosts
from exporter.probing.names.resolver import Absent, Answer, Failed, Found, found_of
from exporter.probing.names.servers import NameServer, in_order
from pantau.inventory.addresses import IpAddress, parse_ip

TRY_SECONDS = 1.5
"""One question to one server."""
DEADLINE_SECONDS = 5.0
"""All tries of one question: three servers, each once."""
HOSTS_TTL_SECONDS = 60.0
MOST_ADDRESSES = 512
"""Of one answer: each costs us a moment, and no hotspot has so many."""
_RECORD = {4: dns.rdatatype.A, 6: dns.rdatatype.AAAA}
_BROKEN = (dns.exception.DNSException, OSError, EOFError, ValueError, LookupError, AssertionError, struct.error)
"""What sending, receiving and parsing raise; among them every kind of malformed message."""


@dataclass(frozen=True, slots=True)
class _Configuration:
    """What the two files say, and when they were written."""

    stamp: tuple[object, ...]
    hosts: Hosts
    servers: Sequence[NameServer]
    search: Sequence[str]
    """Domains, without a final dot."""


class DnsResolver:
    """A `Resolver` by the machine's own files, which are read again when they have changed."""

    def __init__(
        self, resolv_conf: Path = Path("/etc/resolv.conf"), hosts: Path = Path("/etc/hosts"), port: int = 53
    ) -> None:
        self._resolv_conf, self._hosts, self._port = resolv_conf, hosts, port
        self._read: _Configuration | None = None
        self._reading = asyncio.Lock()

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        configuration = await self._configuration()
        if name in configuration.hosts:
            return found_of(configuration.hosts[name], family, HOSTS_TTL_SECONDS)
        if not configuration.servers:
            return Failed(f"no name server is configured in {self._resolv_conf}")
        answer: Answer = Failed("no name to ask for")
        for full_name in _full_names(name, configuration.search):
            try:
                query = dns.message.make_query(dns.name.from_text(full_name), _RECORD[family])
            except _BROKEN as error:
                return Absent(f"no name of DNS: {name} ({error})", whole_name=True)
            answer = await self._ask(configuration.servers, query, family)
            if not (isinstance(answer, Absent) and answer.whole_name):
                break
        return answer

    async def _ask(self, servers: Sequence[NameServer], query: dns.message.Message, family: Family) -> Answer:
        """Ask one server after the other until one knows; where none says anything, again until the deadline."""
        now = asyncio.get_running_loop().time
        deadline = now() + DEADLINE_SECONDS
        refused: str | None = None
        while refused is None and now() < deadline:
            for server in in_order(servers, now()):
                seconds = min(TRY_SECONDS, deadline - now())
                if seconds <= 0:
                    break
                answer = await self._ask_one(server, query, family, seconds)
                if not isinstance(answer, Failed):
                    return answer
                refused = answer.reason if answer.heard else refused
        if refused is not None:
            return Failed(refused, heard=True)
        return Failed(f"no name server has answered: {', '.join(server.address for server in servers)}")

    async def _ask_one(self, server: NameServer, query: dns.message.Message, family: Family, seconds: float) -> Answer:
        """Malformed and foreign messages are passed over while waiting, for anybody can send one; TCP where cut off."""
        begun = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(seconds), server.gate:
                response, _ = await dns.asyncquery.udp_with_fallback(
                    query, server.address, port=self._port, ignore_unexpected=True, ignore_errors=True
                )
        except TimeoutError:
            server.was_silent(begun + seconds)
            return Failed(f"name server {server.address} does not answer")
        except _BROKEN as error:
            server.was_silent(begun)
            return Failed(f"name server {server.address}: {error or type(error).__name__}", heard=True)
        server.answered()
        try:
            return _read_answer(response, family, server.address)
        except _BROKEN as error:
            return Failed(f"name server {server.address}: {error or type(error).__name__}", heard=True)

    async def _configuration(self) -> _Configuration:
        stamp = (_stamp(self._resolv_conf), _stamp(self._hosts))
        if self._read is None or self._read.stamp != stamp:
            async with self._reading:
                if self._read is None or self._read.stamp != stamp:
                    self._read = await asyncio.to_thread(_read_files, stamp, self._resolv_conf, self._hosts)
        return self._read


def _read_answer(response: dns.message.Message, family: Family, server: str) -> Answer:
    rcode = response.rcode()
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) or not isinstance(response, dns.message.QueryMessage):
        return Failed(f"name server {server}: {dns.rcode.to_text(rcode)}", heard=True)
    chain = response.resolve_chaining()
    asked = response.question[0].name.to_text(omit_final_dot=True)
    if rcode == dns.rcode.NXDOMAIN:
        return Absent(f"no such name: {asked}", whole_name=True)
    if chain.answer is not None:
        records = islice(chain.answer, MOST_ADDRESSES)
        return Found(tuple(_unwrapped(record.to_text()) for record in records), float(chain.minimum_ttl))
    kinds = {rrset.rdtype for rrset in response.authority}
    if dns.rdatatype.NS in kinds and dns.rdatatype.SOA not in kinds:  # it only says who may know (RFC 2308, 2.2)
        return Failed(f"name server {server} does not resolve names, it refers to others", heard=True)
    return Absent(f"{asked} has no IPv{family} address")


def _unwrapped(text: str) -> IpAddress:
    return parse_ip(text) or ip_address(text)


def _full_names(name: str, search: Sequence[str]) -> list[str]:
    """A name with a dot is whole: a search domain behind it would find somebody else's host."""
    return [name] if "." in name else [*(f"{name}.{domain}" for domain in search), name]


def _read_files(stamp: tuple[object, ...], resolv_conf: Path, hosts: Path) -> _Configuration:
    read = dns.resolver.Resolver(configure=False)
    servers: list[str] = []
    try:
        read.read_resolv_conf(str(resolv_conf))
        servers = [str(server) for server in read.nameservers]
    except _BROKEN:
        servers = []
    domains = [domain for domain in (read.search or [read.domain]) if domain != dns.name.root]
    search = [domain.to_text(omit_final_dot=True) for domain in domains]
    return _Configuration(stamp, read_hosts(hosts), tuple(map(NameServer, servers)), search)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """What changes when a file is written or replaced."""
    try:
        status = os.stat(file)  # noqa: PTH116 - once for each question: `Path.stat` takes twice as long
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
