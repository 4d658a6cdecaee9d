"""Where a webhook of somebody else's people may lead: to a host of the internet over TLS, never to one of ours.

An alert is a POST to whatever URL stands among the contacts, and much of what runs beside us obeys a POST: Prometheus'
lifecycle endpoint, a router's page. What a name leads to is looked at when Alertmanager's configuration is built
(`pantau.alerting.webhook_names`), for here nothing is asked.
"""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from pantau.errors import Problem
from pantau.inventory.addresses import IpAddress, parse_ip
from pantau.inventory.host_names import host_name
from pantau.inventory.rows import Rows
from pantau.inventory.settings import Settings
from pantau.inventory.validation import Checked
from pantau.inventory.wording import quote

NOBODYS_ZONES = (
    *("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "private", "corp", "test"),
    *("svc", "cluster.local"),
)
"""Zones that no registry gives away (RFC 6761, 6762, 8375, ICANN's `internal`), and those of clusters."""
OUR_PORTS = frozenset({3000, 9090, 9093, 9094, 9810, 9811, 9116, 8428})
"""Grafana, Prometheus, Alertmanager and its gossip, our two doors, the SNMP exporter, VictoriaMetrics."""
_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("::/96"))
"""IPv6 addresses whose last four bytes are an IPv4 address that is reached in their place."""


def is_nobodys(host: str) -> bool:
    """Whether a name cannot be anybody's on the internet: it has no dot, or lies in a zone that is not given away."""
    return "." not in host or host.endswith(tuple(f".{zone}" for zone in NOBODYS_ZONES))


def is_public(address: IpAddress) -> bool:
    """Whether an address, and each that is embedded in it, is one of the internet."""
    inner: list[IPv4Address | None] = []
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in network for network in _EMBEDDING):
            inner.append(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
    embedded = [one for one in inner if one is not None]
    return address.is_global and not address.is_multicast and all(one.is_global for one in embedded)


def place_of(url: str) -> tuple[str, int] | None:
    """Host, as it is compared, and port of a URL of this form; None where it has none that can be."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or 443
        address = parse_ip(host)
        return (str(address) if address is not None else host_name(host)), port
    except ValueError:
        return None


def objection(url: str, allowed: Collection[str] = ()) -> str | None:
    """Why a webhook may not lead there, with the cure; None where it may.

    `allowed` are ``HOST:PORT`` of our own networks.
    """
    found = place_of(url)
    if found is None:
        return f"{quote(url)} names no host; write https://HOST/..."
    host, port = found
    address = parse_ip(host)
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    inside = is_nobodys(host) if address is None else not is_public(address)
    if not inside:
        return None
    here = host.endswith("localhost") if address is None else address.is_loopback or address.is_unspecified
    if here and port in OUR_PORTS:
        return f"{shown} is a service of ours, which an alert must never reach; write the address of theirs"
    if shown in allowed:
        return None
    return (
        f"{shown} is in a network of our own, and what runs there may obey an alert; write an address of the internet, "
        f"or, if it is meant, internal_webhooks: ['{shown}'] in the settings"
    )


def check_contacts(rows: Rows, settings: Checked[Settings]) -> Iterator[Problem]:
    """Each webhook of an ISP or a kecamatan leads to the internet, or to where the settings allow it by name."""
    allowed = settings.value.internal_webhooks if settings.usable("internal_webhooks") else ()
    own = _own_names(settings)
    for kind in ("isps", "kecamatan"):
        for row in rows.usable(kind, "contacts"):
            for contact in row.value.contacts:
                if contact.kind != "webhook" or contact.value.startswith("/"):
                    continue
                found = place_of(contact.value)
                if found is not None and found[0] in own:
                    yield row.problem("contacts", f"{quote(contact.value)} is this server itself; write theirs")
                elif (message := objection(contact.value, allowed)) is not None:
                    yield row.problem("contacts", message)


def _own_names(settings: Checked[Settings]) -> set[str]:
    """The names and addresses by which the settings, where they are right, call this server."""
    agents = settings.value.agents if settings.usable("agents") else None
    urls = [agents.url] if agents is not None and agents.url else []
    hosts = [place.host for place in settings.value.web.listen] if settings.usable("web") else []
    if agents is not None:
        hosts.append(agents.listen.host)
    return {found[0] for url in urls if (found := place_of(url)) is not None} | set(hosts)
