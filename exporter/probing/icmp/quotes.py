"""ICMP errors taken out of whole messages, as a raw socket gets those that no error queue brings.

The kernel acts on a redirect and on a source quench by itself and does not put them into a raw socket's error queue.
Each quotes the packet that it is about behind an IP header (RFC 792), a redirect of IPv6 in an option (RFC 4861,
4.6.3).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from exporter.probing.addresses import address_rows
from exporter.probing.icmp.error_types import PARAMETER_PROBLEM, REDIRECT, SOURCE_QUENCH, TIME_EXCEEDED, UNREACHABLE
from exporter.probing.icmp.transport import PACKET_SIZE, Family, IcmpErrors, no_errors

QUOTING: dict[Family, frozenset[int]] = {
    4: frozenset({UNREACHABLE[4], SOURCE_QUENCH, REDIRECT[4], TIME_EXCEEDED[4], PARAMETER_PROBLEM[4]}),
    6: frozenset({UNREACHABLE[6], 2, TIME_EXCEEDED[6], PARAMETER_PROBLEM[6], REDIRECT[6]}),
}
"""The types that quote a packet."""
_ICMP_HEADER: Final = 8
_IPV4_HEADER, _IPV6_HEADER = 20, 40
_REDIRECT_OPTIONS: Final = 40
_REDIRECTED_HEADER: Final = 4


@dataclass(frozen=True, slots=True)
class _Quote:
    kind: int
    code: int
    destination: bytes
    packet: bytes
    wall_ns: int


def read_quotes(family: Family, messages: list[tuple[bytes, int]]) -> IcmpErrors:
    """The errors among ICMP messages, each from its ICMP header on with its timestamp; the rest is left out."""
    found = [quote for message, wall_ns in messages for quote in _quote(family, message, wall_ns)]
    if not found:
        return no_errors()
    quoted = np.zeros((len(found), PACKET_SIZE), np.uint8)
    for row, one in enumerate(found):
        part = np.frombuffer(one.packet[:PACKET_SIZE], np.uint8)
        quoted[row, : len(part)] = part
    destinations = np.frombuffer(b"".join(one.destination for one in found), np.uint8).reshape(len(found), -1)
    return IcmpErrors(
        np.array([one.kind for one in found], np.int32),
        np.array([one.code for one in found], np.int32),
        address_rows(destinations),
        quoted,
        np.array([len(one.packet) for one in found], np.int32),
        np.array([one.wall_ns for one in found], np.int64),
    )


def _quote(family: Family, message: bytes, wall_ns: int) -> Iterator[_Quote]:
    if len(message) < _ICMP_HEADER or message[0] not in QUOTING[family]:
        return
    packet = message[_ICMP_HEADER:] if message[0] != REDIRECT[6] or family == 4 else _redirected(message)
    if family == 4:
        length = (packet[0] & 0x0F) * 4 if packet else 0
        if length >= _IPV4_HEADER and len(packet) > length:
            yield _Quote(message[0], message[1], packet[16:20], packet[length:], wall_ns)
    elif len(packet) > _IPV6_HEADER:
        yield _Quote(message[0], message[1], packet[24:40], packet[_IPV6_HEADER:], wall_ns)


def _redirected(message: bytes) -> bytes:
    """The packet in the option of a neighbour-discovery redirect; its length counts in eights, 6 bytes are reserved."""
    at = _REDIRECT_OPTIONS
    while at + 8 <= len(message):
        size = message[at + 1] * 8
        if message[at] == _REDIRECTED_HEADER:
            return message[at + 8 : at + size]
        if not size:
            break
        at += size
    return b""
