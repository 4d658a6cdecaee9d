"""What may be probed: an IPv4 address, an IPv6 address or a host name, each in its one canonical spelling.

Of an address it is known here where nobody can be, whatever the machine; what depends on the machine, its own addresses
and networks, is said by whoever knows the machine.
"""

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

from pantau.inventory.host_names import host_name, names_this_machine

IpAddress = IPv4Address | IPv6Address

_IPV4_SHAPE = re.compile(r"[0-9.]+\Z", re.ASCII)
_BROADCAST = IPv4Address("255.255.255.255")
_ORDINARY = frozenset(range(1, 224)) - {127, 169}
"""First numbers of IPv4 networks of which nothing is set apart that a hotspot cannot have."""
_THIS_NETWORK = IPv4Network("0.0.0.0/8")


def canonical_address(text: str) -> str:
    """`text` spelled so that equal addresses are equal texts; `ValueError` with the cure if no host can have it.

    IPv4 mapped into IPv6 becomes IPv4, IPv6 is compressed (RFC 5952), names are in lower case without the final dot.
    """
    if "%" in text:
        raise ValueError(f"'{text}' has a zone id, which means something on one machine only; use a global address")
    address = parse_ip(text)
    if address is None:
        return host_name(text)
    if address.is_unspecified:
        raise ValueError(f"'{text}' is the unspecified address, no host has it; write the hotspot's own address")
    if address.is_multicast:
        raise ValueError(f"'{text}' is a multicast address, a whole group of hosts; write the address of one host")
    if address == _BROADCAST:
        raise ValueError(f"'{text}' is the broadcast address, every host of a network; write the address of one host")
    return str(address)


def probed_address(text: str) -> str:
    """As `canonical_address`, of what is to be probed: `ValueError` also for what can be no host but this one."""
    canonical = canonical_address(text)
    address = parse_ip(canonical)
    if address is None:
        reason = "always this machine itself (RFC 6761)" if names_this_machine(canonical) else None
    else:
        reason = nobody_at(address)
    if reason is not None:
        raise ValueError(f"'{text}' is {reason}; write the hotspot's own address")
    return canonical


def nobody_at(address: IpAddress) -> str | None:
    """Why no hotspot can have an address, as what the address is; None where one can.

    IPv4 special purposes by RFC 6890, link-local ones by RFC 3927 and RFC 4291: without a zone they name no host.
    """
    if isinstance(address, IPv4Address) and (int(address) >> 24) in _ORDINARY:
        return None  # nearly always, and far the quicker way to see it
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_unspecified:
        return "the unspecified address, no host has it"
    if address.is_multicast:
        return "a multicast address, a whole group of hosts"
    if address.is_loopback:
        return "a loopback address, always this machine itself"
    if address.is_link_local:
        return "a link-local address, which is reached on its own link only and says nothing elsewhere"
    if isinstance(address, IPv6Address):
        return None
    if address == _BROADCAST:
        return "the broadcast address, every host of a network"
    if address in _THIS_NETWORK:
        return "an address of 'this network' (0.0.0.0/8), which no host has"
    if address.is_reserved:  # 240.0.0.0/4 (RFC 1112, 4)
        return "a reserved address (240.0.0.0/4), which no host has"
    return None


def doubtful_address(text: str) -> str | None:
    """What is probably wrong with an address or name that can be probed, and the cure; None where nothing is."""
    address = parse_ip(text)
    if isinstance(address, IPv4Address):
        last = int(address) & 0xFF
        if last in (0, 255):
            end = "a network's own" if last == 0 else "its broadcast"
            return f"'{text}' ends in .{last}, in most networks {end} address; correct it unless the network is larger"
        return None
    if address is not None:
        return None
    if "." not in text:
        return (
            f"'{text}' is a name without a domain, looked up in this machine's search domains alone; "
            "write the whole name, or an address"
        )
    if text.endswith(".local"):
        return f"'{text}' is a name of multicast DNS, which is not asked; write a name of your DNS, or an address"
    return None


@lru_cache(maxsize=65_536)  # a reload asks for the same thousands again, some of them where probes wait for it
def parse_ip(text: str) -> IpAddress | None:
    """The address that `text` is, an IPv4 one unwrapped from its IPv6 mapping; `None` if it is a name."""
    if ":" not in text and not _IPV4_SHAPE.match(text):
        return None  # far the quicker way to see that a name is no address
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address
