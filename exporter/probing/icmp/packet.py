"""ICMP echo messages as arrays: built, checksummed and read many at a time (RFC 792, RFC 4443, RFC 1071).

A packet of ours is 24 bytes: type, code, checksum, identifier, sequence; the process's 64-bit nonce; the 64-bit token
that numbers the probe. The sequence is the token's low 16 bits, so that an ICMP error that quotes no more than eight
bytes of us still names the probe.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import PACKET_SIZE, Bytes, Family
from exporter.probing.outcome import Int32, Int64, Outcome

ECHO_REQUEST: dict[Family, int] = {4: 8, 6: 128}
ECHO_REPLY: dict[Family, int] = {4: 0, 6: 129}
SEQUENCE_MASK = 0xFFFF

_V4_UNREACHABLE, _V4_TIME_EXCEEDED = 3, 11
_V6_UNREACHABLE, _V6_TIME_EXCEEDED = 1, 3


def checksum(packets: Bytes) -> NDArray[np.uint16]:
    """The Internet checksum (RFC 1071) of each row of even length, in host order; 0 where a right one is in place."""
    total: NDArray[np.uint32] = packets.view(">u2").sum(axis=1, dtype=np.uint32)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).astype(np.uint16)


def build_requests(family: Family, identifier: int, nonce: int, tokens: Int64) -> Bytes:
    """Echo requests, n x PACKET_SIZE. ICMPv6's checksum covers the IP header and is left to the kernel."""
    packets = np.zeros((len(tokens), PACKET_SIZE), np.uint8)
    packets[:, 0] = ECHO_REQUEST[family]
    words = packets.view(">u2")
    words[:, 2] = identifier
    words[:, 3] = tokens & SEQUENCE_MASK
    quads = packets.view(">u8")
    quads[:, 1] = nonce
    quads[:, 2] = tokens
    if family == 4:
        words[:, 1] = checksum(packets)
    return packets


@dataclass(frozen=True, slots=True)
class EchoFields:
    """The fields of echo messages, host order, one row each."""

    type: NDArray[np.uint8]
    identifier: Int64
    sequence: Int64
    nonce: NDArray[np.uint64]
    token: Int64
    """As sent; negative where it cannot be one of ours."""


def read_echoes(packets: Bytes) -> EchoFields:
    """Take the fields out of n x PACKET_SIZE contiguous bytes."""
    words = packets.view(">u2")
    quads = packets.view(">u8")
    return EchoFields(
        type=packets[:, 0],
        identifier=words[:, 2].astype(np.int64),
        sequence=words[:, 3].astype(np.int64),
        nonce=quads[:, 1].astype(np.uint64),
        token=quads[:, 2].astype(np.uint64).view(np.int64),
    )


def _table(default: Outcome, codes: dict[int, Outcome]) -> NDArray[np.int8]:
    table = np.full(256, default, np.int8)
    for code, outcome in codes.items():
        table[code] = outcome
    return table


_NET, _HOST, _PROHIBITED = Outcome.UNREACHABLE_NET, Outcome.UNREACHABLE_HOST, Outcome.PROHIBITED
_V4_CODES = _table(_HOST, {0: _NET, 5: _NET, 6: _NET, 11: _NET} | dict.fromkeys((9, 10, 13, 14, 15), _PROHIBITED))
_V6_CODES = _table(_HOST, {0: _NET, 2: _NET, 1: _PROHIBITED, 5: _PROHIBITED, 6: _PROHIBITED})


def classify_errors(family: Family, types: Int32, codes: Int32) -> NDArray[np.int8]:
    """The `Outcome` that each ICMP error means for the probe it quotes."""
    if family == 4:
        unreachable, exceeded, by_code = _V4_UNREACHABLE, _V4_TIME_EXCEEDED, _V4_CODES
    else:
        unreachable, exceeded, by_code = _V6_UNREACHABLE, _V6_TIME_EXCEEDED, _V6_CODES
    outcome = np.where(types == unreachable, by_code[codes & 0xFF], np.int8(_HOST))
    return np.where(types == exceeded, np.int8(Outcome.TTL_EXCEEDED), outcome)
