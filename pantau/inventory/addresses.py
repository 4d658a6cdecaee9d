"""What may be probed: an IPv4 address, an IPv6 address or a host name, each in its one canonical spelling."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)\Z")
_IPV4_SHAPE = re.compile(r"[0-9.]+\Z")
_LONGEST_NAME = 253
_BROADCAST = IPv4Address("255.255.255.255")


def canonical_address(text: str) -> str:
    """`text` spelled so that equal addresses are equal texts; `ValueError` with the cure if it cannot be probed.

    IPv4 mapped into IPv6 becomes IPv4, IPv6 is compressed (RFC 5952), names are in lower case without the final dot.
    """
    if "%" in text:
        raise ValueError(f"'{text}' has a zone id, which means something on one machine only; use a global address")
    address = parse_ip(text)
    if address is None:
        return _host_name(text)
    if address.is_unspecified:
        raise ValueError(f"'{text}' is the unspecified address, no host has it; write the hotspot's own address")
    if address.is_multicast:
        raise ValueError(f"'{text}' is a multicast address, a whole group of hosts; write the address of one host")
    if address == _BROADCAST:
        raise ValueError(f"'{text}' is the broadcast address, every host of a network; write the address of one host")
    return str(address)


def parse_ip(text: str) -> IPv4Address | IPv6Address | None:
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


def _host_name(text: str) -> str:
    """A name by RFC 1123, 2.1: letters, digits, hyphens; the last label not all digits, or it is a broken address."""
    if "/" in text:
        raise ValueError(f"'{text}' has a '/'; write the bare address, without scheme, path or prefix length")
    if ":" in text:
        raise ValueError(f"'{text}' is not an IPv6 address; write one (no port), an IPv4 address or a host name")
    if _IPV4_SHAPE.match(text):
        raise ValueError(f"'{text}' is not an IPv4 address; write four numbers from 0 to 255, no leading zeros")
    name = text.removesuffix(".").lower()
    if not name.isascii():
        raise ValueError(f"'{text}' has letters outside ASCII; write the name's xn-- form")
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or labels[-1].isdigit() or not all(map(_LABEL.match, labels)):
        raise ValueError(
            f"'{text[:80]}' is neither an IP address nor a host name; "
            "a name is labels of letters, digits and hyphens with dots between"
        )
    return name
