"""Where `pantau probe` sends its probes: what a name leads to, chosen as the running exporter chooses."""

from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import Reach
from exporter.probing.names.resolver import Resolver
from pantau.clock import SystemClock
from pantau.inventory.addresses import IpAddress, parse_ip


@dataclass(frozen=True, slots=True)
class Destinations:
    """The address to probe first, and the others of its name, to be tried where nobody answers there."""

    first: IpAddress
    others: tuple[IpAddress, ...] = ()


async def destinations(text: str, resolver: Resolver, reach: Reach, console: Console) -> Destinations | None:
    """Where `text` leads, and say so; None where a name leads nowhere."""
    address = parse_ip(text)
    if address is not None:
        _say(console, f"alamat {address}", f"address {address}")
        if (reason := reach.objection(address)) is not None:
            _say(
                console,
                f"[yellow]exporter tidak memprobe {address}[/]",
                f"the exporter does not probe it: it is {reason}",
            )
        return Destinations(address)
    book = AddressBook([text], SystemClock(), reach=reach, every_family=True)
    await Lookups(lambda: book, resolver, reach).refresh()
    found = book.address_of(0)
    problem = escape(found.problem or "")
    if found.in_use is None:
        _say(console, f"[red]nama {escape(text)} tidak ditemukan[/]: {problem}", "no such hotspot, and no such name")
        return None
    more = f", juga {', '.join(found.others)}" if found.others else ""
    _say(console, f"nama {escape(text)} → {found.in_use}{more}", f"resolved{f', but {problem}' if problem else ''}")
    parsed = [address for other in (found.in_use, *found.others) if (address := parse_ip(other)) is not None]
    return Destinations(parsed[0], tuple(parsed[1:]))


def _say(console: Console, indonesian: str, english: str) -> None:
    console.print(f"  {indonesian} [dim]/ {english}[/]")
