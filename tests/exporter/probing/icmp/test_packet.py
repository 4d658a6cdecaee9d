"""ICMP echo messages as arrays: checksums, fields, and what an ICMP error means."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.icmp.packet import (
    ECHO_REPLY,
    ECHO_REQUEST,
    build_requests,
    checksum,
    read_echoes,
    same_checksum,
)
from exporter.probing.icmp.transport import PACKET_SIZE, Family

tokens_of_ours = st.integers(0, 2**62)


def reference_checksum(data: bytes) -> int:
    """RFC 1071 word by word."""
    total: int = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def rows(*packets: bytes) -> np.ndarray:
    """Packets as an array, one row each."""
    return np.frombuffer(b"".join(packets), np.uint8).reshape(len(packets), -1)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(1, 40).flatmap(lambda half: st.lists(st.binary(min_size=2 * half, max_size=2 * half), min_size=1)))
def test_the_checksum_is_that_of_rfc_1071(packets: list[bytes]) -> None:
    """Each row has the sum that the plain algorithm gives it."""
    assert checksum(rows(*packets)).tolist() == [reference_checksum(packet) for packet in packets]


def test_the_example_of_rfc_1071() -> None:
    """Section 3 adds 0001, f203, f4f5 and f6f7 to ddf2."""
    assert checksum(rows(bytes.fromhex("0001f203f4f5f6f7"))).tolist() == [0xFFFF - 0xDDF2]


@pytest.mark.parametrize(("data", "expected"), [("0000", 0xFFFF), ("ffff", 0), ("ffff" * 12, 0), ("ffff0001", 0xFFFE)])
def test_carries_are_folded_to_the_end(data: str, expected: int) -> None:
    """One's complement: a carry of a carry is added too."""
    assert checksum(rows(bytes.fromhex(data))).tolist() == [expected]


def test_a_request_is_laid_out_as_rfc_792_says() -> None:
    """Type 8, code 0, checksum, identifier, the token's low bits as sequence; then tag and token."""
    packet = build_requests(4, 0x1234, 0x1122334455667788, np.array([0x1_0002], np.int64))[0].tobytes()
    head = struct.pack(">BBHHHQQ", 8, 0, 0, 0x1234, 2, 0x1122334455667788, 0x1_0002)
    assert packet == head[:2] + struct.pack(">H", reference_checksum(head)) + head[4:]


def test_the_checksum_of_icmpv6_is_left_to_the_kernel() -> None:
    """It covers the IP header, which we do not know (RFC 4443, 2.3)."""
    packet = build_requests(6, 0x1234, 1, np.array([2], np.int64))[0].tobytes()
    assert packet == struct.pack(">BBHHHQQ", 128, 0, 0, 0x1234, 2, 1, 2)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.sampled_from([4, 6]), st.integers(0, 0xFFFF), st.integers(0, 2**64 - 1), st.lists(tokens_of_ours, max_size=9))
def test_what_is_built_is_read(family: Family, identifier: int, tag: int, tokens: list[int]) -> None:
    """All fields survive, and the IPv4 checksum is right."""
    packets = build_requests(family, identifier, tag, np.array(tokens, np.int64))
    echo = read_echoes(packets)
    assert packets.shape == (len(tokens), PACKET_SIZE)
    assert echo.type.tolist() == [ECHO_REQUEST[family]] * len(tokens)
    assert echo.identifier.tolist() == [identifier] * len(tokens)
    assert echo.sequence.tolist() == [token % 65536 for token in tokens]
    assert echo.tag.tolist() == [tag] * len(tokens)
    assert echo.token.tolist() == tokens
    if family == 4:
        assert checksum(packets).tolist() == [0] * len(tokens)


def test_a_token_beyond_63_bits_reads_as_negative() -> None:
    """It cannot be one of ours, and it must not overflow."""
    packet = struct.pack(">BBHHHQQ", 0, 0, 0, 1, 0xFFFF, 5, 2**64 - 1)
    assert read_echoes(rows(packet).copy()).token.tolist() == [-1]


def test_the_types_are_those_of_the_rfcs() -> None:
    """Echo 8/0 (RFC 792) and 128/129 (RFC 4443)."""
    assert (ECHO_REQUEST, ECHO_REPLY) == ({4: 8, 6: 128}, {4: 0, 6: 129})


@pytest.mark.parametrize("padding", [0, 1, 7, 984, 1456])
def test_padding_is_zeros_behind_the_token_and_changes_no_checksum(padding: int) -> None:
    """Also an odd number of bytes: the checksum of the whole is right."""
    tokens = np.array([7, 8], np.int64)
    packets = build_requests(4, 1, 2, tokens, padding)
    assert packets.shape == (2, PACKET_SIZE + padding)
    assert np.array_equal(packets[:, :PACKET_SIZE], build_requests(4, 1, 2, tokens))
    assert not packets[:, PACKET_SIZE:].any()
    even = packets[0].tobytes() + b"\0" * (padding % 2)
    assert reference_checksum(even) == 0


def test_each_packet_has_its_own_tag() -> None:
    """One for each probe, or one for all."""
    packets = build_requests(4, 1, np.array([5, 6], np.uint64), np.array([0, 1], np.int64))
    assert read_echoes(packets).tag.tolist() == [5, 6]


def test_zero_and_all_ones_are_the_same_checksum() -> None:
    """A NAT that corrects a checksum in place may leave either (RFC 1624)."""
    one, other = np.array([0, 0xFFFF, 7, 7], np.int64), np.array([0xFFFF, 0, 7, 8], np.int64)
    assert same_checksum(one, other).tolist() == [True, True, True, False]
