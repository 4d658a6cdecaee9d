"""What is asked of name servers, and what comes back: an answer for one name and one family, never an exception."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from exporter.probing.addresses import Family
from pantau.inventory.addresses import IpAddress


@dataclass(frozen=True, slots=True)
class Found:
    """The whole set of a name's addresses in one family."""

    addresses: tuple[IpAddress, ...]
    """At least one, in whatever order they came."""
    ttl_seconds: float
    """How long the answer may be believed: the least of every record that led to it, aliases too."""


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no address, as whoever knows has said."""

    reason: str
    whole_name: bool = False
    """Whether the name itself does not exist, and so has no address of any other family either (RFC 8020)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Nobody could say."""

    reason: str
    heard: bool = False
    """Whether a name server answered at all: then the other family is worth a question."""


Answer = Found | Absent | Failed


class Resolver(Protocol):
    """Asks for the addresses of names."""

    async def resolve(self, name: str, family: Family) -> Answer:
        """The addresses of `name` in one family. Ends within seconds; cancelled, it leaves nothing behind."""


def found_of(addresses: Iterable[IpAddress], family: Family, ttl_seconds: float) -> Answer:
    """What a table that knows these addresses of a name, and no others, answers for one family."""
    wanted = tuple(address for address in addresses if address.version == family)
    if wanted:
        return Found(wanted, ttl_seconds)
    return Absent(f"it has no IPv{family} address")
