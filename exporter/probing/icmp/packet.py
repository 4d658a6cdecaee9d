"""ICMP echo messages as arrays: built, checksummed and read many at a time (RFC 792, RFC 4443, RFC 1071).

A packet of ours is type, code, checksum, identifier, sequence; the probe's 64-bit tag; the 64-bit token that numbers
the probe; and zeros up to the size that the settings ask for. The sequence is the token's low 16 bits, and the
checksum covers the tag, so that an IPv4 error that quotes no more than eight bytes of us names the probe, and nobody
can make one up who has not seen it but by trying 2^16 of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.probing.icmp.transport import PACKET_SIZE, Bytes, Family
from exporter.probing.outcome import Bool, Int64, Uint64

ECHO_REQUEST: dict[Family, int] = {4: 8, 6: 128}
ECHO_REPLY: dict[Family, int] = {4: 0, 6: 129}
SEQUENCE_MASK = 0xFFFF
HEADER_SIZE = 8
TAGGED_SIZE = 16
"""Bytes up to the end of the tag."""


def checksum(packets: Bytes) -> NDArray[np.uint16]:
    """The Internet checksum (RFC 1071) of each row of even length, in host order; 0 where a right one is in place."""
    total: NDArray[np.uint32] = packets.view(">u2").sum(axis=1, dtype=np.uint32)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return (~total & 0xFFFF).astype(np.uint16)


def build_requests(family: Family, identifier: int, tags: Uint64 | int, tokens: Int64, padding: int = 0) -> Bytes:
    """Echo requests, n x (PACKET_SIZE + padding).

    ICMPv6's checksum covers the IP header and is left to the kernel. The padding's zeros change no checksum.
    """
    packets = np.zeros((len(tokens), PACKET_SIZE), np.uint8)
    packets[:, 0] = ECHO_REQUEST[family]
    words = packets.view(">u2")
    words[:, 2] = identifier
    words[:, 3] = tokens & SEQUENCE_MASK
    quads = packets.view(">u8")
    quads[:, 1] = tags
    quads[:, 2] = tokens
    if family == 4:
        words[:, 1] = checksum(packets)
    return np.pad(packets, ((0, 0), (0, padding))) if padding else packets


def same_checksum(one: Int64, other: Int64) -> Bool:
    """Whether checksums are equal; a NAT that corrects one in place may leave all ones for zero (RFC 1624)."""
    same: Bool = one % 0xFFFF == other % 0xFFFF
    return same


@dataclass(frozen=True, slots=True)
class EchoFields:
    """The fields of echo messages, host order, one row each."""

    type: NDArray[np.uint8]
    checksum: Int64
    identifier: Int64
    sequence: Int64
    tag: Uint64
    token: Int64
    """As sent; negative where it cannot be one of ours."""


def read_echoes(packets: Bytes) -> EchoFields:
    """Take the fields out of n x PACKET_SIZE contiguous bytes."""
    words = packets.view(">u2")
    quads = packets.view(">u8")
    return EchoFields(
        type=packets[:, 0],
        checksum=words[:, 1].astype(np.int64),
        identifier=words[:, 2].astype(np.int64),
        sequence=words[:, 3].astype(np.int64),
        tag=quads[:, 1].astype(np.uint64),
        token=quads[:, 2].astype(np.uint64).view(np.int64),
    )
