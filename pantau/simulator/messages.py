"""The ICMP that hosts and routers write: echo replies to our requests, the numbers of errors (RFC 792, RFC 4443)."""

from ipaddress import IPv6Address

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.packet import ECHO_REPLY, ECHO_REQUEST
from exporter.probing.icmp.transport import PACKET_SIZE, Bytes, Family
from exporter.probing.outcome import Bool, Int32, Outcome, Uint64

OUR_IPV6 = IPv6Address("2001:db8::1")
"""Where replies are sent to; ICMPv6 counts it into the checksum. Of the range for documentation (RFC 3849)."""

_ALL_ONES, _16 = np.uint32(0xFFFF), np.uint32(16)


def _sum_bytes(data: bytes) -> np.uint32:
    return np.uint32(np.frombuffer(data, np.uint16).sum(dtype=np.uint32))


_V4_REQUEST_WORD = _sum_bytes(bytes([ECHO_REQUEST[4], 0]))
_V6_FIXED_WORDS = _sum_bytes(OUR_IPV6.packed + bytes([0, 0, 0, PACKET_SIZE, 0, 0, 0, 58]))

_CODES: dict[Family, dict[Outcome, tuple[int, int]]] = {
    4: {
        Outcome.UNREACHABLE_NET: (3, 0),
        Outcome.UNREACHABLE_HOST: (3, 1),
        Outcome.PROHIBITED: (3, 13),
        Outcome.TTL_EXCEEDED: (11, 0),
    },
    6: {
        Outcome.UNREACHABLE_NET: (1, 0),
        Outcome.UNREACHABLE_HOST: (1, 3),
        Outcome.PROHIBITED: (1, 1),
        Outcome.TTL_EXCEEDED: (3, 0),
    },
}


def _error_table(family: Family) -> Int32:
    table = np.zeros((len(Outcome), 2), np.int32)
    for outcome, numbers in _CODES[family].items():
        table[outcome] = numbers
    return table


ERROR_NUMBERS: dict[Family, Int32] = {4: _error_table(4), 6: _error_table(6)}
"""By family: ICMP type and code in the row of each `Outcome` that is an error."""


def is_valid_request(family: Family, packets: Bytes) -> Bool:
    """Which packets a host answers: echo requests with a right checksum (with IPv6 it is the kernel's to write)."""
    asks: Bool = packets[:, 0] == ECHO_REQUEST[family]
    return asks & (_folded(_sum_words(packets)) == _ALL_ONES) if family == 4 else asks


def echo_replies(family: Family, requests: Bytes, hosts: Uint64) -> Bytes:
    """The reply to each valid request from each host (n x 2 address words): identifier, sequence, payload unchanged."""
    replies = requests.copy()
    replies[:, 0] = ECHO_REPLY[family]
    words = replies.view(np.uint16)
    if family == 4:
        # Only the type has changed, and a word that leaves the sum is added to the checksum (RFC 1624).
        words[:, 1] = _folded(words[:, 1] + _V4_REQUEST_WORD)
    else:
        words[:, 1] = 0
        words[:, 1] = ~_folded(_sum_words(replies) + _pseudo_header(hosts)) & _ALL_ONES
    return replies


def _pseudo_header(sources: Uint64) -> NDArray[np.uint32]:
    """What ICMPv6 adds to the sum: source, destination, length and next header (RFC 8200, 8.1)."""
    in_network_order = np.ascontiguousarray(sources.astype(">u8"))
    return _sum_words(in_network_order.view(np.uint8)) + _V6_FIXED_WORDS


def _sum_words(data: Bytes) -> NDArray[np.uint32]:
    """The 16-bit words of each row added up, in this machine's byte order, which does not matter (RFC 1071, 2B)."""
    total: NDArray[np.uint32] = data.view(np.uint16).sum(axis=1, dtype=np.uint32)
    return total


def _folded(total: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The carries of a sum of up to 65,536 words added back in."""
    total = (total & _ALL_ONES) + (total >> _16)
    return (total & _ALL_ONES) + (total >> _16)
