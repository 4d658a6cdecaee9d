"""The faults of a city as an nftables table: one verdict map a family, from addresses to what becomes of a request.

Only echo requests that arrive are touched. A request that were dropped on its way out would be refused to its sender,
which is a fault of the prober's own and no outage of a hotspot.
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from math import gcd

TABLE = "city"
REJECTIONS: Mapping[str, tuple[str, str]] = {
    "net": ("icmp type net-unreachable", "icmpv6 type no-route"),
    "host": ("icmp type host-unreachable", "icmpv6 type addr-unreachable"),
    "prohibited": ("icmp type admin-prohibited", "icmpv6 type admin-prohibited"),
}
"""What `reject with` is to say of each kind, for IPv4 and IPv6."""


def family_of(address: str) -> int:
    """4 or 6, of an address or a prefix."""
    return ip_network(address).version


def base() -> str:
    """The table without any fault. `expiring` addresses leave with a time to live of one hop."""
    rejections = "\n".join(
        f"chain reject_{kind}{family} {{ reject with {words[family == 6]}; }}"
        for kind, words in REJECTIONS.items()
        for family in (4, 6)
    )
    return f"""
        table inet {TABLE} {{
            map faults4 {{ type ipv4_addr : verdict; flags interval; }}
            map faults6 {{ type ipv6_addr : verdict; flags interval; }}
            set expiring4 {{ type ipv4_addr; }}
            set expiring6 {{ type ipv6_addr; }}
            {rejections}
            chain arriving {{
                type filter hook input priority filter;
                icmp type echo-request ip daddr vmap @faults4
                icmpv6 type echo-request ip6 daddr vmap @faults6
            }}
            chain leaving {{
                type filter hook output priority filter;
                ip daddr @expiring4 ip ttl set 1
                ip6 daddr @expiring6 ip6 hoplimit set 1
            }}
        }}
    """


def add(verdicts: Mapping[str, str]) -> str:
    """Give each address or prefix its verdict."""
    return _element("add", [f"{address} : {verdict}" for address, verdict in verdicts.items()])


def delete(addresses: Iterable[str]) -> str:
    """Take the verdicts of these addresses away."""
    return _element("delete", addresses)


def expire(address: str) -> str:
    """Have requests to `address` leave with one hop to live."""
    return f"add element inet {TABLE} expiring{family_of(address)} {{ {address} }}\n"


def unexpire(address: str) -> str:
    """The inverse of `expire`."""
    return f"delete element inet {TABLE} expiring{family_of(address)} {{ {address} }}\n"


def police(per_second: int, burst: int) -> str:
    """Drop what requests of both families together exceed, as a router of an ISP does."""
    return f"""
        add limit inet {TABLE} policer {{ rate over {per_second}/second burst {burst} packets }}
        add chain inet {TABLE} policing {{ type filter hook input priority filter - 1; }}
        add rule inet {TABLE} policing icmp type echo-request limit name policer drop
        add rule inet {TABLE} policing icmpv6 type echo-request limit name policer drop
    """


def unpolice() -> str:
    """The inverse of `police`."""
    return f"delete chain inet {TABLE} policing\ndelete limit inet {TABLE} policer\n"


def loss_chain(number: int, percent: int) -> str:
    """A chain `loss<number>` that drops `percent` of the packets that come to it, always at the same places."""
    return f"add chain inet {TABLE} loss{number}\nadd rule inet {TABLE} loss{number} {_loss(percent)}\n"


def _loss(percent: int) -> str:
    """Evenly spread: 20 % is each fifth packet. Twenty in a row out of a hundred would be an outage."""
    divisor = gcd(percent, 100)
    dropped, period = percent // divisor, 100 // divisor
    places = ", ".join(f"{(place * period + period - 1) // dropped} : drop" for place in range(dropped))
    return f"numgen inc mod {period} vmap {{ {places} }}"


def _element(action: str, elements: Iterable[str]) -> str:
    return "".join(
        f"{action} element inet {TABLE} faults{family} {{ {', '.join(mine)} }}\n"
        for family, mine in _by_family(elements)
    )


def _by_family(elements: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    elements = list(elements)
    for family in (4, 6):
        if mine := [element for element in elements if family_of(element.split(" ", 1)[0]) == family]:
            yield family, mine
