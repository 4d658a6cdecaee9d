"""Raw messages, whole, cut and hostile, told apart and taken to pieces. No socket and no privilege is needed."""

import struct
from ipaddress import ip_address

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.packet import build_requests
from exporter.probing.sockets import KernelTransport
from exporter.probing.transport import PACKET_SIZE, Family, IcmpErrors, Replies
from tests.network import words

ROOM = 128
OURS = build_requests(4, 0x1234, 5, np.array([9], np.int64))[0].tobytes()
OURS_6 = build_requests(6, 0x1234, 5, np.array([9], np.int64))[0].tobytes()
REPLY_4, REPLY_6 = b"\x00" + OURS[1:], b"\x81" + OURS_6[1:]
HOST_4, HOST_6 = "10.77.0.9", "2001:db8::9"


def header_4(destination: str = HOST_4, options: int = 0) -> bytes:
    """An IPv4 header with so many words of options."""
    first = bytes([0x40 | (5 + options)])
    return first + b"\0" * 15 + ip_address(destination).packed + b"\x01" * 4 * options


def header_6(destination: str = HOST_6) -> bytes:
    """An IPv6 header."""
    return b"\x60" + b"\0" * 23 + ip_address(destination).packed


def split(family: Family, *messages: bytes) -> tuple[Replies, IcmpErrors]:
    """As the transport does it, from rows of `ROOM` bytes that hold leftovers of earlier messages."""
    transport = object.__new__(KernelTransport)
    transport.family = family
    data = np.full((len(messages), ROOM), 0xEE, np.uint8)
    for row, message in enumerate(messages):
        data[row, : len(message)] = np.frombuffer(message[:ROOM], np.uint8)
    sizes = np.array([len(message) for message in messages], np.int32)
    stamps = np.arange(100, 100 + len(messages), dtype=np.int64)
    return transport._split_raw(data, sizes, stamps, words(*["192.0.2.1"] * len(messages)))


@pytest.mark.parametrize("options", [0, 1, 10])
def test_a_reply_of_ipv4_begins_behind_its_ip_header(options: int) -> None:
    """However long the header is with its options."""
    replies, errors = split(4, header_4(options=options) + REPLY_4)
    assert (replies.data.tobytes(), replies.length.tolist()) == (REPLY_4, [24])
    assert (replies.source.tolist(), replies.wall_ns.tolist()) == (words("192.0.2.1").tolist(), [100])
    assert len(errors.type) == 0


def test_a_reply_of_ipv6_comes_without_its_header() -> None:
    """The kernel takes it off (RFC 3542)."""
    replies, errors = split(6, REPLY_6)
    assert (replies.data.tobytes(), replies.length.tolist(), len(errors.type)) == (REPLY_6, [24], 0)


@pytest.mark.parametrize(("outer", "inner"), [(0, 0), (2, 0), (0, 3), (10, 10)])
def test_an_error_of_ipv4_quotes_us(outer: int, inner: int) -> None:
    """Type, code, whom we had sent to, and what: with IP options in either header."""
    quote = header_4(options=inner) + OURS
    replies, errors = split(4, header_4("192.0.2.7", outer) + b"\x03\x0d\0\0\0\0\0\0" + quote)
    room = ROOM - (20 + 4 * outer + 8 + 20 + 4 * inner)
    assert len(replies.length) == 0
    assert (errors.type.tolist(), errors.code.tolist(), errors.wall_ns.tolist()) == ([3], [13], [100])
    assert errors.destination.tolist() == words(HOST_4).tolist()
    assert errors.length.tolist() == [24]
    assert errors.quoted[0].tobytes()[:room] == OURS[:room]


def test_an_error_of_ipv6_quotes_us() -> None:
    """Behind a header of 40 bytes."""
    replies, errors = split(6, b"\x01\x03\0\0\0\0\0\0" + header_6() + OURS_6)
    assert (errors.type.tolist(), errors.code.tolist(), errors.length.tolist()) == ([1], [3], [24])
    assert errors.destination.tolist() == words(HOST_6).tolist()
    assert errors.quoted.tobytes() == OURS_6
    assert len(replies.length) == 0


def test_replies_and_errors_of_one_drain_keep_their_own_columns() -> None:
    """In their order, each with its own stamp."""
    error = header_4() + b"\x0b\x00\0\0\0\0\0\0" + header_4("10.77.0.5") + OURS
    replies, errors = split(4, header_4() + REPLY_4, error, header_4(options=1) + REPLY_4)
    assert (replies.wall_ns.tolist(), errors.wall_ns.tolist()) == ([100, 102], [101])
    assert replies.data.tobytes() == REPLY_4 * 2
    assert errors.destination.tolist() == words("10.77.0.5").tolist()


@pytest.mark.parametrize("quoted", [0, 7, 8, 23])
def test_a_cut_error_tells_how_little_is_quoted(quoted: int) -> None:
    """So that the engine does not read leftovers."""
    _, errors = split(4, header_4() + b"\x03\x01\0\0\0\0\0\0" + header_4() + OURS[:quoted])
    assert errors.length.tolist() == [quoted]


def test_an_error_that_quotes_nothing_has_a_negative_length() -> None:
    """Not even the quoted IP header is there: what is read of it is left over (0xEE: 14 words)."""
    _, errors = split(4, header_4() + b"\x03\x01\0\0\0\0\0\0")
    assert errors.length.tolist() == [-14 * 4]


@pytest.mark.parametrize("kept", range(20, 44))
def test_a_cut_reply_tells_how_short_it_is(kept: int) -> None:
    """Less than our 24 bytes is never one of ours."""
    replies, errors = split(4, (header_4() + REPLY_4)[:kept])
    assert (replies.length.tolist(), len(errors.type)) == ([kept - 20], 0)


def test_a_message_longer_than_our_room_tells_its_real_length() -> None:
    """An error that quotes 500 bytes of us is as good as one that quotes 24."""
    _, errors = split(4, header_4() + b"\x03\x01\0\0\0\0\0\0" + header_4() + OURS + b"p" * 500)
    assert (errors.length.tolist(), errors.quoted.tobytes()) == ([524], OURS)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.sampled_from([4, 6]), st.lists(st.binary(max_size=160), min_size=1, max_size=6))
def test_hostile_bytes_are_split_without_an_error(family: Family, messages: list[bytes]) -> None:
    """Each message is a reply or an error, of the right shape, whatever its header says of itself."""
    replies, errors = split(family, *messages)
    assert len(replies.length) + len(errors.length) == len(messages)
    assert replies.data.shape == (len(replies.length), PACKET_SIZE)
    assert errors.quoted.shape == (len(errors.length), PACKET_SIZE)
    assert errors.destination.shape == (len(errors.length), 2)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.integers(0, 255), st.integers(0, 255), st.binary(max_size=80))
def test_hostile_headers_are_split_without_an_error(first: int, kind: int, rest: bytes) -> None:
    """A header length from 0 to 60 bytes, before an error of any type."""
    message = struct.pack("B", first) + b"\0" * 19 + struct.pack("BB", kind, 0) + rest
    replies, errors = split(4, message)
    assert len(replies.length) + len(errors.length) == 1
