"""Host names to addresses: what is asked, and what comes back."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol


class ResolveError(Exception):
    """A name has no address now; the text says why. A value to the caller, never a crash."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """An address and for how many seconds it may be believed."""

    address: IPv4Address | IPv6Address
    ttl_seconds: float


class Resolver(Protocol):
    """Turns a name into an address."""

    async def resolve(self, name: str) -> Resolution:
        """The address of `name`, IPv4 before IPv6; raises `ResolveError`."""
