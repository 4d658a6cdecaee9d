"""What the batch engine needs of the network: five methods over arrays, one transport per address family.

The engine builds and reads ICMP; a transport moves it. `sockets.py` moves it through the kernel, `simulator/` through a
simulated city. Addresses are rows of two host-order uint64 (high, low) of the 128-bit address; IPv4 is mapped
(``::ffff:a.b.c.d``), so that one comparison serves both families.
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Int32, Int64, Uint64

Bytes = NDArray[np.uint8]
Family = Literal[4, 6]

PACKET_SIZE = 24
"""Bytes of an echo request: 8 of ICMP header, 8 of nonce, 8 of token."""

_V4_MAPPED = 0xFFFF_0000_0000
_LOW_64 = 0xFFFF_FFFF_FFFF_FFFF


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


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of each packet handed to `Transport.send`."""

    errno: Int32
    """0 where it left, else the errno of the refusal."""
    wall_ns: Int64
    """Wall time of leaving, of the clock that stamps received packets; an estimate that `Departures` may replace."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Received ICMP messages that are not errors, each beginning at its ICMP header."""

    data: Bytes
    """n x PACKET_SIZE; a longer message is cut, a shorter one padded with zeros."""
    length: Int32
    """Bytes really received, which may be more or fewer than PACKET_SIZE."""
    source: Uint64
    """n x 2 address words of the sender."""
    wall_ns: Int64
    """The kernel's receive timestamp."""


@dataclass(frozen=True, slots=True)
class IcmpErrors:
    """Received ICMP errors about packets of ours."""

    type: Int32
    code: Int32
    """ICMP type and code in the numbering of the transport's family (RFC 792, RFC 4443)."""
    destination: Uint64
    """n x 2 address words that the quoted packet was sent to."""
    quoted: Bytes
    """n x PACKET_SIZE: our packet as quoted, from its ICMP header on, padded with zeros."""
    length: Int32
    """Bytes really quoted: at least 8, often no more (RFC 792)."""
    wall_ns: Int64
    """The kernel's receive timestamp."""


@dataclass(frozen=True, slots=True)
class Departures:
    """When packets sent earlier really left: exact, where a `SendReport` only estimates."""

    token: Int64
    wall_ns: Int64


def no_departures() -> Departures:
    """An empty `Departures`."""
    return Departures(np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Received:
    """Everything that one call of `Transport.receive` found."""

    replies: Replies
    errors: IcmpErrors
    departures: Departures = field(default_factory=no_departures)
    """Of every packet whose reply is among `replies`, where the transport learns of departures at all."""


class Transport(Protocol):
    """Moves ICMP messages of one address family. Never blocks; owned by one engine."""

    family: Family
    socket: str
    """What carries it, as `pantau_engine_info` says it: ``datagram``, ``raw`` or ``simulated``."""
    identifier: int
    """The 16-bit identifier, host order, that our echo requests leave with."""
    room: int
    """Probes that may be sent before `receive`: what comes of so many fits the receive buffer."""

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """Send n packets (n x PACKET_SIZE, complete but for what the kernel fills in) to n addresses, in order."""

    def receive(self) -> Received:
        """Take all messages that have arrived by now."""

    def drops(self) -> int:
        """Messages dropped so far for lack of room in the receive buffer; never decreases."""

    def close(self) -> None:
        """Give everything back; further calls are an error."""


def no_replies() -> Replies:
    """An empty `Replies`."""
    return Replies(
        np.empty((0, PACKET_SIZE), np.uint8), np.empty(0, np.int32), np.empty((0, 2), np.uint64), np.empty(0, np.int64)
    )


def no_errors() -> IcmpErrors:
    """An empty `IcmpErrors`."""
    empty = np.empty(0, np.int32)
    return IcmpErrors(
        empty, empty, np.empty((0, 2), np.uint64), np.empty((0, PACKET_SIZE), np.uint8), empty, np.empty(0, np.int64)
    )


def address_rows(network_bytes: Bytes) -> Uint64:
    """Address words of n addresses given as n x 4 or n x 16 bytes in network order."""
    words = np.zeros((len(network_bytes), 2), np.uint64)
    if network_bytes.shape[1] == 4:
        words[:, 1] = np.ascontiguousarray(network_bytes).view(">u4")[:, 0].astype(np.uint64) | np.uint64(_V4_MAPPED)
    else:
        words[:] = np.ascontiguousarray(network_bytes).view(">u8")
    return words
