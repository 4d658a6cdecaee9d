"""Control messages as the kernel lays them out (cmsg(3)), read for many messages at once."""

import struct

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.icmp.ancillary import (
    CONTROL_SIZE,
    ORIGIN_ICMP,
    ORIGIN_ICMP6,
    ORIGIN_TIMESTAMPING,
    SCM_TIMESTAMP,
    SCM_TIMESTAMPING,
    SCM_TIMESTAMPNS,
    SOL_SOCKET,
    read_ancillary,
    read_stamps,
)

IPPROTO_IP, IP_RECVERR = 0, 11
IPPROTO_IPV6, IPV6_RECVERR = 41, 25
FALLBACK_NS = 42
WALL_NS = 1_700_000_000_123_456_789


def cmsg(level: int, kind: int, data: bytes) -> bytes:
    """One control message: length, level, type, data, aligned to 8."""
    return struct.pack("=QII", 16 + len(data), level, kind) + data + b"\0" * (-len(data) % 8)


def stamp(nanoseconds: int) -> bytes:
    """SCM_TIMESTAMPING with a software stamp: three timespecs."""
    parts = (nanoseconds // 10**9, nanoseconds % 10**9, 0, 0, 0, 0)
    return cmsg(SOL_SOCKET, SCM_TIMESTAMPING, struct.pack("=6q", *parts))


def old_stamp(kind: int, seconds: int, fraction: int) -> bytes:
    """SCM_TIMESTAMPNS or SCM_TIMESTAMP: one timespec or timeval."""
    return cmsg(SOL_SOCKET, kind, struct.pack("=2q", seconds, fraction))


def extended_error(origin: int, kind: int, code: int, level: int = IPPROTO_IP, message: int = IP_RECVERR) -> bytes:
    """IP_RECVERR: a sock_extended_err, and a sockaddr_in of whoever reported it."""
    return cmsg(level, message, struct.pack("=IBBBBII", 113, origin, kind, code, 0, 0, 0) + b"\x02\0" + b"\0" * 14)


def controls(*contents: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a `MessageVector`'s control, with leftovers of earlier messages behind, and their sizes."""
    data = np.full((len(contents), CONTROL_SIZE), 0xAA, np.uint8)
    for row, content in enumerate(contents):
        data[row, : len(content)] = np.frombuffer(content, np.uint8)
    return data, np.array([len(content) for content in contents], np.uint64)


def test_the_software_stamp_is_read() -> None:
    """Seconds and nanoseconds make one number; the largest of both too."""
    latest_ns = 2**33 * 10**9 + 999_999_999
    assert read_ancillary(*controls(stamp(WALL_NS), stamp(latest_ns)), FALLBACK_NS).wall_ns.tolist() == [
        WALL_NS,
        latest_ns,
    ]


def test_without_a_stamp_the_fallback_stands_in() -> None:
    """No control message, another one, or one that is cut."""
    rows = controls(b"", extended_error(ORIGIN_ICMP, 3, 1), stamp(WALL_NS)[:63], stamp(WALL_NS))
    assert read_ancillary(*rows, FALLBACK_NS).wall_ns.tolist() == [FALLBACK_NS] * 3 + [WALL_NS]


def test_the_stamps_of_older_options_are_read_too() -> None:
    """Nanoseconds of SO_TIMESTAMPNS, microseconds of SO_TIMESTAMP, beside each other and with an error behind."""
    rows = controls(
        old_stamp(SCM_TIMESTAMPNS, 5, 7) + extended_error(ORIGIN_ICMP, 11, 0),
        old_stamp(SCM_TIMESTAMP, 5, 7),
        stamp(WALL_NS),
        old_stamp(SCM_TIMESTAMP, 5, 7)[:31],
    )
    assert read_stamps(*rows, FALLBACK_NS).tolist() == [5_000_000_007, 5_000_007_000, WALL_NS, FALLBACK_NS]
    errors = read_ancillary(*rows, FALLBACK_NS)
    assert errors.origin.tolist() == [ORIGIN_ICMP, 0, 0, 0]
    assert (errors.type[0], errors.code[0]) == (11, 0)


def test_an_error_is_found_behind_a_stamp_and_without_one() -> None:
    """Origin, type and code; zero origin where there is none."""
    rows = controls(
        stamp(WALL_NS) + extended_error(ORIGIN_ICMP, 3, 13),
        extended_error(ORIGIN_ICMP6, 1, 4, IPPROTO_IPV6, IPV6_RECVERR),
        stamp(WALL_NS) + extended_error(ORIGIN_TIMESTAMPING, 0, 0),
        stamp(WALL_NS),
        b"",
    )
    errors = read_ancillary(*rows, FALLBACK_NS)
    assert errors.origin.tolist() == [ORIGIN_ICMP, ORIGIN_ICMP6, ORIGIN_TIMESTAMPING, 0, 0]
    assert list(zip(errors.type.tolist(), errors.code.tolist(), strict=True))[:3] == [(3, 13), (1, 4), (0, 0)]


def test_an_error_that_is_cut_is_none() -> None:
    """What stands behind the size that the kernel wrote is of an earlier message."""
    whole = stamp(WALL_NS) + extended_error(ORIGIN_ICMP, 3, 1)[:32]
    assert read_ancillary(*controls(whole, whole[:-1]), FALLBACK_NS).origin.tolist() == [ORIGIN_ICMP, 0]


def test_there_is_room_for_all_that_the_kernel_writes() -> None:
    """A stamp, and an error with the IPv6 address of whoever reported it."""
    with_address = cmsg(IPPROTO_IPV6, IPV6_RECVERR, struct.pack("=IBBBBII", 113, 3, 1, 4, 0, 0, 0) + b"\0" * 28)
    assert len(stamp(WALL_NS)) + len(with_address) <= CONTROL_SIZE


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(st.binary(max_size=CONTROL_SIZE), min_size=1, max_size=8))
def test_any_bytes_can_be_read(contents: list[bytes]) -> None:
    """No size and no content makes reading fail; every row has an answer."""
    rows = controls(*contents)
    read = read_ancillary(*rows, FALLBACK_NS)
    assert len(read.wall_ns) == len(read.origin) == len(read.type) == len(read.code) == len(contents)
