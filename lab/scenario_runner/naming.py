"""Host names for some of a city's hotspots, and the dnsmasq that tells them."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from lab.city.namespace import CityNamespace
from pantau.errors import ScenarioError
from pantau.inventory import Hotspot

SERVER = "127.0.0.1"
_ZONE = "titik.example"
_TTL_SECONDS = 30
"""Names are looked up again within a scenario, and not at each probe."""
_ANSWER_SECONDS = 1.0


def names_of(hotspots: list[Hotspot]) -> dict[str, str]:
    """By address the name that each gets."""
    return {hotspot.address: f"{hotspot.id.lower()}.{_ZONE}" for hotspot in hotspots if hotspot.address is not None}


def server_command(folder: Path, names: Mapping[str, str]) -> tuple[str, ...]:
    """The command line of a name server that tells these, and of all else that there is no such name."""
    program = shutil.which("dnsmasq") or shutil.which("dnsmasq", path="/usr/sbin")
    if program is None:
        raise ScenarioError("dnsmasq is not installed; `make install` installs it")
    hosts = folder / "names"
    hosts.write_text("".join(f"{address} {name}\n" for address, name in names.items()))
    return (
        program,
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--no-resolv",
        "--no-hosts",
        "--user=root",
        "--pid-file=",
        f"--local=/{_ZONE}/",
        "--bind-interfaces",
        f"--listen-address={SERVER}",
        f"--addn-hosts={hosts}",
        f"--local-ttl={_TTL_SECONDS}",
    )


@contextmanager
def asked_in(city: CityNamespace) -> Iterator[None]:
    """Who looks up a name in the city's namespace asks its own server; `ip netns exec` lays this over /etc."""
    of_namespace = Path("/etc/netns") / city.name
    of_namespace.mkdir(parents=True)
    (of_namespace / "resolv.conf").write_text(f"nameserver {SERVER}\n")
    try:
        yield
    finally:
        shutil.rmtree(of_namespace)


def tells_names() -> bool:
    """Whether the server answers; to be called within the city."""
    try:
        dns.query.udp(dns.message.make_query(_ZONE, "SOA"), SERVER, _ANSWER_SECONDS)
    except (OSError, dns.exception.DNSException):
        return False
    return True
