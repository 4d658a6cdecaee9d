"""Bytes of received messages: headers cut off, tokens read, batches joined."""

import numpy as np

from exporter.probing.icmp.transport import (
    PACKET_SIZE,
    Bytes,
    Departures,
    IcmpErrors,
    Replies,
    no_departures,
    no_errors,
    no_replies,
)
from exporter.probing.outcome import Bool, Int32, Int64


def quad_before(data: Bytes, ends: Int64) -> Int64:
    """The eight bytes before `ends` of each row, in network order."""
    if (ends == ends[0]).all():
        tails = np.ascontiguousarray(data[:, ends[0] - 8 : ends[0]])
    else:
        tails = np.take_along_axis(data, ends[:, None] + np.arange(-8, 0), axis=1)
    return tails.view(">u8")[:, 0].astype(np.int64)


def without_ip_header(data: Bytes, sizes: Int32) -> tuple[Bytes, Int32]:
    """PACKET_SIZE bytes of each raw IPv4 message from its ICMP header on, zeros beyond the row, and what is left of it.

    The header's length stands in its first byte, in words of four bytes, options included (RFC 791). What a hostile
    message says there may leave a negative size.
    """
    header = (data[:, 0] & 0x0F).astype(np.int64) * 4
    columns = header[:, None] + np.arange(PACKET_SIZE)
    inside = columns < data.shape[1]
    packets = np.where(inside, np.take_along_axis(data, np.minimum(columns, data.shape[1] - 1), axis=1), np.uint8(0))
    return packets, sizes - header.astype(np.int32)


def padding_is_whole(data: Bytes, starts: Int64, padding: int) -> Bool:
    """Whether so many bytes behind PACKET_SIZE from `starts` of each row on are zeros, as they left."""
    columns = starts[:, None] + np.arange(PACKET_SIZE, PACKET_SIZE + padding)
    tails = np.take_along_axis(data, np.minimum(columns, data.shape[1] - 1), axis=1)
    whole: Bool = tails.max(axis=1) == 0
    return whole


def join_replies(parts: list[Replies]) -> Replies:
    """All replies of several batches."""
    if not parts:
        return no_replies()
    if len(parts) == 1:
        return parts[0]
    return Replies(
        np.concatenate([part.data for part in parts]),
        np.concatenate([part.length for part in parts]),
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.wall_ns for part in parts]),
        np.concatenate([np.broadcast_to(part.whole, part.length.shape) for part in parts]),
    )


def join_departures(parts: list[Departures]) -> Departures:
    """All departures of several batches."""
    if len(parts) == 1:
        return parts[0]
    parts = [*parts, no_departures()]
    return Departures(np.concatenate([part.token for part in parts]), np.concatenate([part.wall_ns for part in parts]))


def join_errors(parts: list[IcmpErrors]) -> IcmpErrors:
    """All errors of several batches."""
    if not parts:
        return no_errors()
    if len(parts) == 1:
        return parts[0]
    return IcmpErrors(
        np.concatenate([part.type for part in parts]),
        np.concatenate([part.code for part in parts]),
        np.concatenate([part.destination for part in parts]),
        np.concatenate([part.quoted for part in parts]),
        np.concatenate([part.length for part in parts]),
        np.concatenate([part.wall_ns for part in parts]),
    )
