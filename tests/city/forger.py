"""An adversary in the city: it captures every reply, and sends any packet under any address."""

import contextlib
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

from lab.city.namespace import CityNamespace

_ETH_P_IP = 0x0800
_PACKET_HOST = 0
_IPV4_HEADER = 20
_ECHO_REPLY = 0
_LOOK_SECONDS = 0.1


_ECHO_REQUEST, _UNREACHABLE = 8, 3


@dataclass(frozen=True, slots=True)
class Echo:
    """An ICMP echo message of IPv4 as it went over the wire."""

    source: str
    destination: str
    message: bytes
    """From the ICMP header on."""

    @property
    def identifier(self) -> int:
        """The identifier that it carries."""
        return int.from_bytes(self.message[4:6], "big")

    @property
    def sequence(self) -> int:
        """The sequence that it carries."""
        return int.from_bytes(self.message[6:8], "big")

    @property
    def body(self) -> bytes:
        """What follows the ICMP header."""
        return self.message[8:]


class Forger:
    """Raw sockets inside `city`; closed by leaving the context."""

    def __init__(self, city: CityNamespace) -> None:
        self._city = city
        self._out = city.call(socket.socket, socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def close(self) -> None:
        """Close the sockets."""
        self._out.close()

    def send(self, source: str, destination: str, message: bytes) -> None:
        """Send an ICMP message, complete with its checksum, from any address."""
        size = _IPV4_HEADER + len(message)
        addresses = socket.inet_aton(source) + socket.inet_aton(destination)
        header = struct.pack("!BBHHHBBH", 0x45, 0, size, 0, 0, 64, socket.IPPROTO_ICMP, 0) + addresses
        self._out.sendto(header + message, (destination, 0))

    def replay(self, echo: Echo) -> None:
        """Send a captured message once more, byte for byte."""
        self.send(echo.source, echo.destination, echo.message)

    @contextlib.contextmanager
    def listening(self, kind: int = _ECHO_REPLY) -> Iterator[list[Echo]]:
        """A list that grows by every echo reply, or message of another `kind`, that arrives in the city meanwhile."""
        found: list[Echo] = []
        ended = Event()
        wire = self._city.call(socket.socket, socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_IP))
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        wire.settimeout(_LOOK_SECONDS)
        done = self._city.submit(_listen, wire, kind, found, ended)
        try:
            yield found
        finally:
            ended.set()
            done.result()
            wire.close()


def echo_reply(identifier: int, sequence: int, body: bytes) -> bytes:
    """An echo reply of IPv4 with a right checksum."""
    return _checksummed(struct.pack("!BBHHH", _ECHO_REPLY, 0, 0, identifier, sequence) + body)


def unreachable(source: str, destination: str, quoted: bytes) -> bytes:
    """ "Host unreachable" about a packet from `source` to `destination`, of which so much ICMP is quoted."""
    size = _IPV4_HEADER + len(quoted)
    addresses = socket.inet_aton(source) + socket.inet_aton(destination)
    header = struct.pack("!BBHHHBBH", 0x45, 0, size, 0, 0, 64, socket.IPPROTO_ICMP, 0) + addresses
    return _checksummed(struct.pack("!BBHI", _UNREACHABLE, 1, 0, 0) + header + quoted)


def guessed_request(identifier: int, sequence: int, checksum: int) -> bytes:
    """The eight bytes of an echo request that a router has to quote."""
    return struct.pack("!BBHHH", _ECHO_REQUEST, 0, checksum, identifier, sequence & 0xFFFF)


def _checksummed(message: bytes) -> bytes:
    total = sum(struct.unpack(f"!{len(message) // 2}H", message))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return message[:2] + struct.pack("!H", ~total & 0xFFFF) + message[4:]


def _listen(wire: socket.socket, kind: int, found: list[Echo], ended: Event) -> None:
    deadline = time.monotonic() + 600
    while not ended.is_set() and time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):
            packet, origin = wire.recvfrom(256)
            # A loopback shows each packet twice, leaving and arriving.
            if origin[2] == _PACKET_HOST and packet[9] == socket.IPPROTO_ICMP and packet[_IPV4_HEADER] == kind:
                source, destination = socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20])
                found.append(Echo(source, destination, packet[_IPV4_HEADER:]))
