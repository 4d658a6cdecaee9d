"""The kernel's ICMP sockets as transports: one socket a family, datagram or raw, on Linux.

A datagram socket (`icmp(7)`, `net.ipv4.ping_group_range`) needs no privilege; the kernel fills in identifier and
checksum, and hands us only replies to our identifier. A raw socket (`raw(7)`, CAP_NET_RAW) gets the echo replies to all
of the host, for its filter lets in no more. ICMP errors come through the error queue of either (IP_RECVERR).

Both are stamped by the kernel: on receiving, and on sending through the error queue, where each packet comes back with
the time it was handed to the device. Where a device gives no such stamp, the time is interpolated over the system call.
"""

import errno
import secrets
import socket as socketlib
import struct
import sys
from typing import Final

import numpy as np

from exporter.probing.addresses import address_rows
from exporter.probing.icmp import ancillary
from exporter.probing.icmp.mmsg import MSG_ERRQUEUE, MSG_TRUNC, NAME_SIZE, MessageVector
from exporter.probing.icmp.packet import ECHO_REPLY
from exporter.probing.icmp.transport import (
    PACKET_SIZE,
    Bytes,
    Departures,
    Family,
    IcmpErrors,
    Received,
    Replies,
    SendReport,
    no_departures,
    no_errors,
    no_replies,
)
from exporter.probing.outcome import Int32, Int64, Uint64
from pantau.clock import Clock
from pantau.errors import EngineUnavailableError

RECEIVE_BUFFER_BYTES: Final = 16 << 20
SEND_BATCH: Final = 64
_RECEIVE_BATCH = 256
_MESSAGE_SIZE = 128  # an IPv4 header with options (60), ICMP (8), the quoted IPv4 header (20) and our packet (24)
_SEND_TRIES = 4
_LEAST_ROOM, _MOST_ROOM, _BYTES_A_PROBE = 128, 1024, 4096
"""A reply and a send stamp take the receive buffer about 800 bytes each; at least half of it is left to others'."""

_SO_SNDBUFFORCE, _SO_RCVBUFFORCE, _SO_MEMINFO = 32, 33, 55
_MEMINFO_BYTES, _MEMINFO_DROPS = 36, 8
_SOL_RAW, _ICMP_FILTER, _ICMPV6_FILTER = 255, 1, 1
_IP_RECVERR, _IPV6_RECVERR = 11, 25
_FATAL = frozenset({errno.EBADF, errno.ENOTSOCK, errno.EFAULT, errno.EINVAL, errno.ENOMEM})


class KernelTransport:
    """An `exporter.probing.icmp.transport.Transport` over one ICMP socket of the kernel, which it owns."""

    def __init__(self, family: Family, sock: socketlib.socket, clock: Clock) -> None:
        self.family: Family = family
        self._sock = sock
        self._fd = sock.fileno()
        self._clock = clock
        self._raw = sock.type == socketlib.SOCK_RAW
        self.socket = "raw" if self._raw else "datagram"
        _configure(sock, family)
        buffer_bytes = sock.getsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF)
        self.room = min(max(buffer_bytes // _BYTES_A_PROBE, _LEAST_ROOM), _MOST_ROOM)
        self.identifier = secrets.randbelow(0xFFFF) + 1 if self._raw else _bound_identifier(sock, family)
        self._outgoing = MessageVector(SEND_BATCH, PACKET_SIZE)
        self._outgoing.set_name_size(16 if family == 4 else NAME_SIZE)
        self._outgoing.name[:, 0:2] = np.frombuffer(struct.pack("=H", sock.family), np.uint8)
        self._incoming = MessageVector(_RECEIVE_BATCH, _MESSAGE_SIZE, ancillary.CONTROL_SIZE)
        self._returned = MessageVector(_RECEIVE_BATCH, _MESSAGE_SIZE, ancillary.CONTROL_SIZE)
        self._errors_waiting: list[IcmpErrors] = []
        self._departures_waiting: list[Departures] = []
        self._unread_stamps = 0

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """Send in batches of `SEND_BATCH`; each refused packet is reported with its errno and the rest still sent."""
        errnos, wall_ns = np.zeros(len(packets), np.int32), np.empty(len(packets), np.int64)
        for start in range(0, len(packets), SEND_BATCH):
            rows = slice(start, start + SEND_BATCH)
            self._send_batch(packets[rows], addresses[rows], errnos[rows], wall_ns[rows])
            if self._unread_stamps >= self.room:
                self._drain_error_queue()
        return SendReport(errnos, wall_ns)

    def receive(self) -> Received:
        """Everything that waits in the receive queue and in the error queue."""
        replies = list[Replies]()
        while (got := self._receive_some(self._incoming, MSG_TRUNC)) > 0:
            replies.append(self._replies(got))
            if got < self._incoming.count:
                break
        # After the replies: each of them then finds the stamp of its request here.
        self._drain_error_queue()
        errors, self._errors_waiting = self._errors_waiting, []
        departures, self._departures_waiting = self._departures_waiting, []
        return Received(_join_replies(replies), _join_errors(errors), _join_departures(departures))

    def drops(self) -> int:
        """The socket's drop counter, the one that SO_RXQ_OVFL reports, read at this moment (SO_MEMINFO)."""
        info = self._sock.getsockopt(socketlib.SOL_SOCKET, _SO_MEMINFO, _MEMINFO_BYTES)
        drops: int = struct.unpack_from("=I", info, _MEMINFO_DROPS * 4)[0]
        return drops

    def close(self) -> None:
        """Close the socket."""
        self._sock.close()

    def _send_batch(self, packets: Bytes, addresses: Uint64, errnos: Int32, wall_ns: Int64) -> None:
        """Send up to `SEND_BATCH`; fills in `errnos`, which are 0, and estimates of the times of leaving."""
        count = len(packets)
        vector = self._outgoing
        vector.data[:count] = packets
        if self.family == 4:
            vector.name.view(">u4")[:count, 1] = addresses[:, 1]  # its low half
        else:
            vector.name[:count, 8:24] = addresses.astype(">u8").view(np.uint8)
        done = tries = 0
        while done < count:
            before_ns = self._clock.wall_ns()
            sent, error = vector.send(self._fd, done, count)
            after_ns = self._clock.wall_ns()
            if sent:
                # The middle of each packet's share of the call, until the kernel's own stamp replaces it.
                halves = np.arange(1, 2 * sent, 2)
                wall_ns[done : done + sent] = before_ns + (after_ns - before_ns) * halves // (2 * sent)
                done, tries = done + sent, 0
                continue
            # An ICMP error that arrived for an earlier packet is also reported once as the error of the next send.
            tries += 1
            if tries < _SEND_TRIES and error not in (errno.EAGAIN, errno.ENOBUFS):
                continue
            errnos[done], wall_ns[done] = error, before_ns
            done, tries = done + 1, 0
        self._unread_stamps += count

    def _drain_error_queue(self) -> None:
        """Keep what waits there: the ICMP errors, and the packets that came back with the time of their leaving."""
        self._unread_stamps = 0
        while (got := self._receive_some(self._returned, MSG_ERRQUEUE)) > 0:
            sizes = self._returned.size[:got].astype(np.int64)
            reported = self._ancillary(self._returned, got)
            own = (reported.origin == ancillary.ORIGIN_TIMESTAMPING) & (sizes >= PACKET_SIZE)
            # The packet comes back with every header in front of it: the token, its end, tells which it is.
            if own.all():
                tokens = _last_quad(self._returned.data[:got], np.minimum(sizes, _MESSAGE_SIZE))
                self._departures_waiting.append(Departures(tokens, reported.wall_ns))
            else:
                tokens = _last_quad(self._returned.data[:got], np.clip(sizes, PACKET_SIZE, _MESSAGE_SIZE))
                self._departures_waiting.append(Departures(tokens[own], reported.wall_ns[own]))
                self._keep_errors(reported, sizes)
            if got < self._returned.count:
                break

    def _keep_errors(self, reported: ancillary.Ancillary, sizes: Int64) -> None:
        got = len(sizes)
        icmp = (reported.origin == ancillary.ORIGIN_ICMP) | (reported.origin == ancillary.ORIGIN_ICMP6)
        if icmp.any():
            quoted = np.ascontiguousarray(self._returned.data[:got][icmp, :PACKET_SIZE])
            self._errors_waiting.append(IcmpErrors(
                reported.type[icmp].astype(np.int32), reported.code[icmp].astype(np.int32),
                self._addresses(self._returned.name[:got][icmp]), quoted,
                sizes[icmp].astype(np.int32), reported.wall_ns[icmp]))  # fmt: skip

    def _receive_some(self, vector: MessageVector, flags: int) -> int:
        """How many messages were received. A pending error of the socket says nothing here and is taken off first."""
        for _ in range(_SEND_TRIES):
            got, error = vector.receive(self._fd, flags)
            if error in _FATAL:
                raise OSError(error, "the ICMP socket cannot be read")
            if got or error == errno.EAGAIN:
                return got
        return 0

    def _ancillary(self, vector: MessageVector, got: int) -> ancillary.Ancillary:
        return ancillary.read_ancillary(vector.control[:got], vector.control_size[:got], self._clock.wall_ns())

    def _addresses(self, names: Bytes) -> Uint64:
        return address_rows(names[:, 4:8] if self.family == 4 else names[:, 8:24])

    def _replies(self, got: int) -> Replies:
        """The messages just received, each from its ICMP header on: a raw IPv4 socket gets the IP header too."""
        data, sizes = self._incoming.data[:got], self._incoming.size[:got].astype(np.int32)
        vector = self._incoming
        stamps = ancillary.read_stamps(vector.control[:got], vector.control_size[:got], self._clock.wall_ns())
        sources = self._addresses(self._incoming.name[:got])
        if self._raw and self.family == 4:
            return Replies(*without_ip_header(data, sizes), sources, stamps)
        return Replies(np.ascontiguousarray(data[:, :PACKET_SIZE]), sizes, sources, stamps)


def open_transport(family: Family, preference: str, clock: Clock) -> KernelTransport:
    """Open a socket of `preference` (auto, datagram or raw; auto tries datagram first).

    Raises `PermissionError` when none of them is permitted, and `OSError` when the machine lacks the family.
    """
    if not sys.platform.startswith("linux"):
        raise EngineUnavailableError("The batch engine needs Linux; set `probing.engine: aioping` in the settings.")
    kinds = {"datagram": (socketlib.SOCK_DGRAM,), "raw": (socketlib.SOCK_RAW,)}
    refused: PermissionError | None = None
    for kind in kinds.get(preference, (socketlib.SOCK_DGRAM, socketlib.SOCK_RAW)):
        try:
            sock = _open_socket(family, kind)
        except PermissionError as error:
            refused = error
        else:
            return KernelTransport(family, sock, clock)
    assert refused is not None  # noqa: S101 - the loop either returned or was refused
    raise refused


def _open_socket(family: Family, kind: socketlib.SocketKind) -> socketlib.socket:
    if family == 4:
        return socketlib.socket(socketlib.AF_INET, kind, socketlib.IPPROTO_ICMP)
    return socketlib.socket(socketlib.AF_INET6, kind, socketlib.IPPROTO_ICMPV6)


def _configure(sock: socketlib.socket, family: Family) -> None:
    sock.setblocking(False)
    for force, plain in ((_SO_RCVBUFFORCE, socketlib.SO_RCVBUF), (_SO_SNDBUFFORCE, socketlib.SO_SNDBUF)):
        try:
            sock.setsockopt(socketlib.SOL_SOCKET, force, RECEIVE_BUFFER_BYTES)
        except PermissionError:  # without CAP_NET_ADMIN: as much as net.core.rmem_max and wmem_max allow
            sock.setsockopt(socketlib.SOL_SOCKET, plain, RECEIVE_BUFFER_BYTES)
    flags = ancillary.TIMESTAMPING_RX_SOFTWARE | ancillary.TIMESTAMPING_TX_SOFTWARE | ancillary.TIMESTAMPING_SOFTWARE
    sock.setsockopt(socketlib.SOL_SOCKET, ancillary.SO_TIMESTAMPING, flags)
    if sock.type == socketlib.SOCK_RAW:
        _set_filter(sock, family)
    # ICMP errors come through the error queue; and only with this does a raw socket say that a device's queue was full.
    if family == 4:
        sock.setsockopt(socketlib.IPPROTO_IP, _IP_RECVERR, 1)
    else:
        sock.setsockopt(socketlib.IPPROTO_IPV6, _IPV6_RECVERR, 1)


def _set_filter(sock: socketlib.socket, family: Family) -> None:
    """Let in echo replies only (ICMP_FILTER, ICMP6_FILTER): a set bit blocks its type."""
    wanted = ECHO_REPLY[family]
    if family == 4:
        sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", 0xFFFF_FFFF & ~(1 << wanted)))
    else:
        words = [0xFFFF_FFFF & ~(1 << wanted % 32) if wanted // 32 == word else 0xFFFF_FFFF for word in range(8)]
        sock.setsockopt(socketlib.IPPROTO_ICMPV6, _ICMPV6_FILTER, struct.pack("=8I", *words))


def _bound_identifier(sock: socketlib.socket, family: Family) -> int:
    """Have the kernel choose the datagram socket's ICMP identifier: it shows as the port."""
    sock.bind(("" if family == 4 else "::", 0))
    identifier: int = sock.getsockname()[1]
    return identifier


def _last_quad(data: Bytes, ends: Int64) -> Int64:
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


def _join_replies(parts: list[Replies]) -> Replies:
    if not parts:
        return no_replies()
    if len(parts) == 1:
        return parts[0]
    return Replies(
        np.concatenate([part.data for part in parts]), np.concatenate([part.length for part in parts]),
        np.concatenate([part.source for part in parts]), np.concatenate([part.wall_ns for part in parts]))  # fmt: skip


def _join_departures(parts: list[Departures]) -> Departures:
    if len(parts) == 1:
        return parts[0]
    parts = [*parts, no_departures()]
    return Departures(np.concatenate([part.token for part in parts]), np.concatenate([part.wall_ns for part in parts]))


def _join_errors(parts: list[IcmpErrors]) -> IcmpErrors:
    if not parts:
        return no_errors()
    if len(parts) == 1:
        return parts[0]
    return IcmpErrors(
        np.concatenate([part.type for part in parts]), np.concatenate([part.code for part in parts]),
        np.concatenate([part.destination for part in parts]), np.concatenate([part.quoted for part in parts]),
        np.concatenate([part.length for part in parts]), np.concatenate([part.wall_ns for part in parts]))  # fmt: skip
