"""Addresses as numbers: rows of two host-order uint64 (high, low) of the 128-bit address.

IPv4 is mapped (``::ffff:a.b.c.d``), so that one comparison serves both families.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Uint64

Family = Literal[4, 6]
FAMILIES: tuple[Family, ...] = (4, 6)
"""The preferred one first."""
FAMILIES_OF: dict[str, tuple[Family, ...]] = {"any": FAMILIES, "ipv4": (4,), "ipv6": (6,)}
"""By the setting ``probing.family``."""

_V4_MAPPED = 0xFFFF_0000_0000
_LOW_64 = 0xFFFF_FFFF_FFFF_FFFF


@dataclass(frozen=True, slots=True)
class ProbedAddress:
    """Where a target is probed, as people are told."""

    in_use: str | None
    """None where it is not known."""
    others: tuple[str, ...] = ()
    """Further addresses of its name, tried when nobody answers there."""
    problem: str | None = None
    """Why there is none, or why the last look-up of its name brought nothing."""


def address_words(address: IPv4Address | IPv6Address) -> tuple[int, int]:
    """The (high, low) words of an address, IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2)."""
    if isinstance(address, IPv4Address):
        return 0, _V4_MAPPED | int(address)
    return int(address) >> 64, int(address) & _LOW_64


def address_of_words(high: int, low: int) -> IPv4Address | IPv6Address:
    """The address that two words stand for: the inverse of `address_words`."""
    if high == 0 and low >> 32 == 0xFFFF:
        return IPv4Address(low & 0xFFFF_FFFF)
    return IPv6Address(high << 64 | low)


def is_ipv4(addresses: Uint64) -> NDArray[np.bool_]:
    """Which rows of `addresses` (n x 2) are mapped IPv4 addresses."""
    mapped: NDArray[np.bool_] = (addresses[:, 0] == 0) & (addresses[:, 1] >> np.uint64(32) == np.uint64(0xFFFF))
    return mapped


def address_rows(network_bytes: NDArray[np.uint8]) -> Uint64:
    """Address words of n addresses given as n x 4 or n x 16 bytes in network order."""
    words = np.zeros((len(network_bytes), 2), np.uint64)
    if network_bytes.shape[1] == 4:
        words[:, 1] = np.ascontiguousarray(network_bytes).view(">u4")[:, 0].astype(np.uint64) | np.uint64(_V4_MAPPED)
    else:
        words[:] = np.ascontiguousarray(network_bytes).view(">u8")
    return words
