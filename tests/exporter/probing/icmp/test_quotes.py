"""ICMP errors taken out of whole messages: redirects and others, of both families, cut and hostile."""

import struct
from ipaddress import IPv4Address, IPv6Address

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.addresses import address_words
from exporter.probing.icmp.packet import build_requests
from exporter.probing.icmp.quotes import QUOTING, read_quotes
from exporter.probing.icmp.transport import Family

HOST4, HOST6 = IPv4Address("10.77.0.9"), IPv6Address("2001:db8::9")
OURS: dict[Family, bytes] = {
    family: build_requests(family, 7, 8, np.array([9], np.int64))[0].tobytes() for family in (4, 6)
}


def quoting4(kind: int, code: int, quoted: bytes, options: int = 0) -> bytes:
    """An error of IPv4 about a packet to `HOST4`, whose header has so many words of options."""
    header = bytes([0x45 + options]) + bytes(15) + HOST4.packed + b"\x01" * 4 * options
    return bytes([kind, code]) + bytes(6) + header + quoted


def quoting6(kind: int, code: int, quoted: bytes, before: bytes = b"") -> bytes:
    """An error of IPv6 about a packet to `HOST6`; a redirect has it in an option, behind other options."""
    packet = b"\x60" + bytes(23) + HOST6.packed + quoted
    if kind != 137:
        return bytes([kind, code]) + bytes(6) + packet
    padded = packet + bytes(-len(packet) % 8)
    option = struct.pack("!BB6x", 4, 1 + len(padded) // 8) + padded
    return bytes([kind, code]) + bytes(6) + bytes(32) + before + option


LINK_ADDRESS = bytes([2, 1, 1, 2, 3, 4, 5, 6])
"""The option that tells the target's address on the link."""


@pytest.mark.parametrize("kind", sorted(QUOTING[4]))
@pytest.mark.parametrize("quoted", [8, 24])
@pytest.mark.parametrize("options", [0, 3, 10])
def test_an_error_of_ipv4_is_read(kind: int, quoted: int, options: int) -> None:
    """Type, code, where the packet went, what is quoted of it, when."""
    errors = read_quotes(4, [(quoting4(kind, 1, OURS[4][:quoted], options), 5)])
    assert (errors.type.tolist(), errors.code.tolist(), errors.wall_ns.tolist()) == ([kind], [1], [5])
    assert errors.destination.tolist() == [list(address_words(HOST4))]
    assert errors.length.tolist() == [quoted]
    assert errors.quoted.tobytes() == OURS[4][:quoted].ljust(24, b"\0")


@pytest.mark.parametrize("kind", sorted(QUOTING[6]))
@pytest.mark.parametrize("before", [b"", LINK_ADDRESS])
def test_an_error_of_ipv6_is_read(kind: int, before: bytes) -> None:
    """A redirect's packet is in an option (RFC 4861, 4.6.3), perhaps behind the target's address on the link."""
    errors = read_quotes(6, [(quoting6(kind, 0, OURS[6], before), 5)])
    assert (errors.type.tolist(), errors.code.tolist()) == ([kind], [0])
    assert errors.destination.tolist() == [list(address_words(HOST6))]
    assert errors.quoted.tobytes() == OURS[6]


def test_what_is_no_error_is_left_out() -> None:
    """Requests, replies, router advertisements, and what is cut before our packet begins."""
    whole = quoting4(5, 1, OURS[4])
    messages = [b"", b"\x05", OURS[4], b"\x00" + OURS[4][1:], bytes([9]) + bytes(40), whole[:8], whole[:28], whole]
    errors = read_quotes(4, [(message, row) for row, message in enumerate(messages)])
    assert errors.wall_ns.tolist() == [7]
    assert len(read_quotes(4, []).length) == 0


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.sampled_from([4, 6]), st.lists(st.binary(max_size=200), max_size=4), st.sampled_from([3, 5, 1, 2, 137]))
def test_hostile_bytes_are_read_without_an_error(family: Family, messages: list[bytes], kind: int) -> None:
    """Whatever lengths they claim, and an option of no length ends the search."""
    errors = read_quotes(family, [(bytes([kind]) + message, 0) for message in messages])
    assert len(errors.length) <= len(messages)
    assert errors.quoted.shape == (len(errors.length), 24)
