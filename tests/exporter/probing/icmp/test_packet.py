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
    classify_errors,
    read_echoes,
)
from exporter.probing.icmp.transport import PACKET_SIZE, Family
from exporter.probing.outcome import Outcome

NET, HOST, BANNED, TTL = Outcome.UNREACHABLE_NET, Outcome.UNREACHABLE_HOST, Outcome.PROHIBITED, Outcome.TTL_EXCEEDED
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
    """Type 8, code 0, checksum, identifier, the token's low bits as sequence; then nonce and token."""
    packet = build_requests(4, 0x1234, 0x1122334455667788, np.array([0x1_0002], np.int64))[0].tobytes()
    head = struct.pack(">BBHHHQQ", 8, 0, 0, 0x1234, 2, 0x1122334455667788, 0x1_0002)
    assert packet == head[:2] + struct.pack(">H", reference_checksum(head)) + head[4:]


def test_the_checksum_of_icmpv6_is_left_to_the_kernel() -> None:
    """It covers the IP header, which we do not know (RFC 4443, 2.3)."""
    packet = build_requests(6, 0x1234, 1, np.array([2], np.int64))[0].tobytes()
    assert packet == struct.pack(">BBHHHQQ", 128, 0, 0, 0x1234, 2, 1, 2)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.sampled_from([4, 6]), st.integers(0, 0xFFFF), st.integers(0, 2**64 - 1), st.lists(tokens_of_ours, max_size=9))
def test_what_is_built_is_read(family: Family, identifier: int, nonce: int, tokens: list[int]) -> None:
    """All fields survive, and the IPv4 checksum is right."""
    packets = build_requests(family, identifier, nonce, np.array(tokens, np.int64))
    echo = read_echoes(packets)
    assert packets.shape == (len(tokens), PACKET_SIZE)
    assert echo.type.tolist() == [ECHO_REQUEST[family]] * len(tokens)
    assert echo.identifier.tolist() == [identifier] * len(tokens)
    assert echo.sequence.tolist() == [token % 65536 for token in tokens]
    assert echo.nonce.tolist() == [nonce] * len(tokens)
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


CODES: dict[Family, dict[int, Outcome]] = {
    4: {  # RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1
        0: NET,
        1: HOST,
        2: HOST,
        3: HOST,
        4: HOST,
        5: NET,
        6: NET,
        7: HOST,
        8: HOST,
        9: BANNED,
        10: BANNED,
        11: NET,
        12: HOST,
        13: BANNED,
        14: BANNED,
        15: BANNED,
        16: HOST,
        255: HOST,
    },
    6: {0: NET, 1: BANNED, 2: NET, 3: HOST, 4: HOST, 5: BANNED, 6: BANNED, 7: HOST, 255: HOST},  # RFC 4443 3.1
}


@pytest.mark.parametrize(("family", "unreachable"), [(4, 3), (6, 1)])
def test_each_code_of_unreachable_has_its_reason(family: Family, unreachable: int) -> None:
    """Net, host and admin unreachable are told apart; what a later RFC adds is host unreachable."""
    codes = np.array(list(CODES[family]), np.int32)
    found = classify_errors(family, np.full(len(codes), unreachable, np.int32), codes)
    assert dict(zip(codes.tolist(), map(Outcome, found.tolist()), strict=True)) == CODES[family]


@pytest.mark.parametrize(
    ("family", "kind", "expected"), [(4, 11, TTL), (4, 12, HOST), (6, 2, HOST), (6, 3, TTL), (6, 4, HOST)]
)
@pytest.mark.parametrize("code", [0, 1, 9, 13])
def test_the_other_types_mean_one_thing_whatever_their_code(
    family: Family, kind: int, expected: Outcome, code: int
) -> None:
    """Time exceeded is ttl_exceeded; the rest cannot reach the host."""
    assert classify_errors(family, np.array([kind], np.int32), np.array([code], np.int32)).tolist() == [expected]
