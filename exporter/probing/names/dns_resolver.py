"""Host names to addresses, asynchronously: the only file that knows dnspython.

DNS is asked first, for it tells how long an answer holds; a name that DNS does not have may still stand in the
machine's hosts file, which the system's resolver knows.
"""

import asyncio
import socket
from ipaddress import ip_address

import dns.asyncresolver
import dns.exception
import dns.rdatatype
import dns.resolver

from exporter.probing.names.resolver import Resolution, ResolveError

LIFETIME_SECONDS = 5.0
_HOSTS_TTL_SECONDS = 60.0
_OF_FAMILY = {
    "any": ((dns.rdatatype.A, dns.rdatatype.AAAA), (socket.AF_INET, socket.AF_INET6)),
    "ipv4": ((dns.rdatatype.A,), (socket.AF_INET,)),
    "ipv6": ((dns.rdatatype.AAAA,), (socket.AF_INET6,)),
}
"""Records and kinds of sockets by ``probing.family``."""


class DnsResolver:
    """Asks the name servers of /etc/resolv.conf for addresses of a family: any, ipv4 or ipv6."""

    def __init__(self, family: str = "any") -> None:
        self._records, self._families = _OF_FAMILY[family]
        try:
            self._dns: dns.asyncresolver.Resolver | None = dns.asyncresolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            self._dns = None

    async def resolve(self, name: str) -> Resolution:
        """See `exporter.probing.names.resolver.Resolver`."""
        reason = "no name server is configured in /etc/resolv.conf"
        for record in self._records if self._dns else ():
            try:
                answer = await self._dns.resolve(name, record, lifetime=LIFETIME_SECONDS)  # type: ignore[union-attr]
            except dns.resolver.NXDOMAIN:
                reason = f"no such name: {name}"
                break
            except dns.exception.DNSException as error:
                reason = str(error) or type(error).__name__
            else:
                assert answer.rrset is not None  # noqa: S101 - dnspython raises NoAnswer otherwise
                return Resolution(ip_address(answer[0].to_text()), float(answer.rrset.ttl))
        return await self._ask_system(name, reason)

    async def _ask_system(self, name: str, reason: str) -> Resolution:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(name, None, type=socket.SOCK_DGRAM)
        except (socket.gaierror, UnicodeError) as error:
            raise ResolveError(reason) from error
        found = [entry for entry in found if entry[0] in self._families]
        if not found:
            raise ResolveError(reason)
        found.sort(key=lambda entry: entry[0] != socket.AF_INET)
        return Resolution(ip_address(str(found[0][4][0]).partition("%")[0]), _HOSTS_TTL_SECONDS)
