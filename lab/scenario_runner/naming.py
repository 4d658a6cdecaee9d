"""Host names for some of a scenario's hotspots, and the name server that tells them."""

from collections.abc import Mapping
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from lab.city.nameserver import SERVER, nameserver_command
from pantau.inventory import Hotspot

_ZONE = "titik.example"
_TTL_SECONDS = 30
"""Names are looked up again within a scenario, and not at each probe."""
_ANSWER_SECONDS = 1.0


def names_of(hotspots: list[Hotspot]) -> dict[str, str]:
    """By address the name that each gets."""
    return {hotspot.address: f"{hotspot.id.lower()}.{_ZONE}" for hotspot in hotspots if hotspot.address is not None}


def server_command(folder: Path, names: Mapping[str, str]) -> tuple[str, ...]:
    """The command line of a name server that tells these names, by their addresses."""
    hosts = folder / "names"
    hosts.write_text("".join(f"{address} {name}\n" for address, name in names.items()))
    return nameserver_command(hosts, _ZONE, f"--local-ttl={_TTL_SECONDS}")


def tells_names() -> bool:
    """Whether the server answers; to be called within the city."""
    try:
        dns.query.udp(dns.message.make_query(_ZONE, "SOA"), SERVER, _ANSWER_SECONDS)
    except (OSError, dns.exception.DNSException):
        return False
    return True
