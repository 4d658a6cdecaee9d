"""Raw IPv4 messages begin with their IP header: whole, with options, cut and hostile. No socket is needed."""

from ipaddress import ip_address

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.icmp.packet import build_requests
from exporter.probing.icmp.received import padding_is_whole, without_ip_header
from exporter.probing.icmp.transport import PACKET_SIZE

ROOM = 128
REPLY = b"\x00" + build_requests(4, 0x1234, 5, np.array([9], np.int64))[0].tobytes()[1:]


def header(options: int = 0) -> bytes:
    """An IPv4 header with so many words of options."""
    return bytes([0x40 | (5 + options)]) + b"\0" * 15 + ip_address("10.77.0.9").packed + b"\x01" * 4 * options


def stripped(*messages: bytes) -> tuple[list[bytes], list[int]]:
    """As the transport does it, from rows of `ROOM` bytes that hold leftovers of earlier messages."""
    data = np.full((len(messages), ROOM), 0xEE, np.uint8)
    for row, message in enumerate(messages):
        data[row, : len(message)] = np.frombuffer(message[:ROOM], np.uint8)
    packets, sizes = without_ip_header(data, np.array([len(message) for message in messages], np.int32))
    assert packets.shape == (len(messages), PACKET_SIZE)
    assert packets.flags.c_contiguous
    return [packet.tobytes() for packet in packets], sizes.tolist()


@pytest.mark.parametrize("options", [0, 1, 10])
def test_a_reply_begins_behind_its_ip_header(options: int) -> None:
    """However long the header is with its options."""
    assert stripped(header(options) + REPLY) == ([REPLY], [24])


def test_each_message_has_its_own_header() -> None:
    """Messages of one drain with different options keep their order."""
    assert stripped(header() + REPLY, header(3) + REPLY) == ([REPLY, REPLY], [24, 24])


@pytest.mark.parametrize("kept", range(20, 44))
def test_a_cut_reply_tells_how_short_it_is(kept: int) -> None:
    """Less than our 24 bytes is never one of ours."""
    assert stripped((header() + REPLY)[:kept])[1] == [kept - 20]


def test_a_long_reply_tells_its_real_length() -> None:
    """What lies behind our 24 bytes is cut."""
    assert stripped(header() + REPLY + b"p" * 500) == ([REPLY], [524])


@pytest.mark.parametrize("padding", [1, 40])
def test_padding_is_looked_at_behind_each_header(padding: int) -> None:
    """The first and the last byte of it, and none beyond, whose rows hold leftovers."""
    rows = np.full((5, ROOM + padding), 0xEE, np.uint8)
    starts = np.array([20, 20, 60, 24, 0], np.int64)
    for row, start in enumerate(starts.tolist()):
        rows[row, start + PACKET_SIZE : start + PACKET_SIZE + padding] = 0
    rows[1, 20 + PACKET_SIZE] = 1
    rows[3, 24 + PACKET_SIZE + padding - 1] = 1
    assert padding_is_whole(rows, starts, padding).tolist() == [True, False, True, False, True]


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.lists(st.binary(max_size=160), min_size=1, max_size=6))
def test_hostile_bytes_are_stripped_without_an_error(messages: list[bytes]) -> None:
    """Whatever the header says of itself."""
    assert len(stripped(*messages)[1]) == len(messages)
