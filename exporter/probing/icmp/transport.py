"""What the batch engine needs of the network: six methods over arrays, one transport per address family.

The engine builds and reads ICMP; a transport moves it. `sockets.py` moves it through the kernel, `simulator/` through a
simulated city. Addresses are rows of two host-order uint64 (high, low) of the 128-bit address; IPv4 is mapped
(``::ffff:a.b.c.d``), so that one comparison serves both families.
"""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Bool, Int32, Int64, Uint64

Bytes = NDArray[np.uint8]
Family = Literal[4, 6]

PACKET_SIZE = 24
"""Bytes of an echo request that are read: 8 of ICMP header, 8 of tag, 8 of token. What follows them is padding."""
NO_STAMP = -1
"""The timestamp of a message that has none, where the kernel stamps nothing."""


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of each packet handed to `Transport.send`."""

    errno: Int32
    """0 where it left, else the errno of the refusal."""
    wall_ns: Int64
    """Wall time of leaving, of the clock that stamps received packets; an estimate that `Departures` may replace."""


class SentTogether(NamedTuple):
    """Several packets that all left within one call."""

    before_ns: int
    after_ns: int
    """Wall time around the call, of the clock that stamps received packets."""


class PreparedPackets(Protocol):
    """Packets that are complete and will leave a few at a time, in their order."""

    def send(self, first: int, last: int) -> SendReport | SentTogether:
        """Send those from `first` to `last` (exclusive)."""

    def release(self) -> None:
        """Nothing more of them will be sent."""


@dataclass(frozen=True, slots=True)
class Replies:
    """Received ICMP messages that are not errors, each beginning at its ICMP header."""

    data: Bytes
    """n x PACKET_SIZE; a longer message is cut, a shorter one padded with zeros."""
    length: Int32
    """Bytes really received, which may be more or fewer than those of `data`."""
    source: Uint64
    """n x 2 address words of the sender."""
    wall_ns: Int64
    """The kernel's receive timestamp; `NO_STAMP` where there is none."""
    whole: Bool | bool = True
    """Whether the padding, which is zeros, came back as it left."""


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
        """Send n packets (n rows, complete but for what the kernel fills in) to n addresses, in order."""

    def prepare(self, packets: Bytes, addresses: Uint64) -> PreparedPackets:
        """Do now what can be done before they leave: then each departure costs little."""

    def receive(self) -> Received:
        """Take all messages that have arrived by now."""

    def drops(self) -> int:
        """Messages dropped so far for lack of room in the receive buffer; never decreases."""

    def close(self) -> None:
        """Give everything back; further calls are an error."""


class UnpreparedPackets:
    """`PreparedPackets` of a transport that has nothing to prepare."""

    def __init__(self, transport: Transport, packets: Bytes, addresses: Uint64) -> None:
        self._transport, self._packets, self._addresses = transport, packets, addresses

    def send(self, first: int, last: int) -> SendReport | SentTogether:
        """See `PreparedPackets.send`."""
        return self._transport.send(self._packets[first:last], self._addresses[first:last])

    def release(self) -> None:
        """See `PreparedPackets.release`."""


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
