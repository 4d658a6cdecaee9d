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
from exporter.probing.icmp.received import join_departures, join_errors, join_replies, last_quad, without_ip_header
from exporter.probing.icmp.socket_options import bound_identifier, configure, open_socket
from exporter.probing.icmp.transport import (
    PACKET_SIZE,
    Bytes,
    Departures,
    Family,
    IcmpErrors,
    Received,
    Replies,
    SendReport,
)
from exporter.probing.outcome import Int32, Int64, Uint64
from pantau.clock import Clock
from pantau.errors import EngineUnavailableError

SEND_BATCH: Final = 64
_RECEIVE_BATCH = 256
_MESSAGE_SIZE = 128  # an IPv4 header with options (60), ICMP (8), the quoted IPv4 header (20) and our packet (24)
_SEND_TRIES = 4
_LEAST_ROOM, _MOST_ROOM, _BYTES_A_PROBE = 128, 1024, 4096
"""A reply and a send stamp take the receive buffer about 800 bytes each; at least half of it is left to others'."""

_SO_MEMINFO = 55
_MEMINFO_BYTES, _MEMINFO_DROPS = 36, 8
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
        configure(sock, family)
        buffer_bytes = sock.getsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF)
        self.room = min(max(buffer_bytes // _BYTES_A_PROBE, _LEAST_ROOM), _MOST_ROOM)
        self.identifier = secrets.randbelow(0xFFFF) + 1 if self._raw else bound_identifier(sock, family)
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
        return Received(join_replies(replies), join_errors(errors), join_departures(departures))

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
                tokens = last_quad(self._returned.data[:got], np.minimum(sizes, _MESSAGE_SIZE))
                self._departures_waiting.append(Departures(tokens, reported.wall_ns))
            else:
                tokens = last_quad(self._returned.data[:got], np.clip(sizes, PACKET_SIZE, _MESSAGE_SIZE))
                self._departures_waiting.append(Departures(tokens[own], reported.wall_ns[own]))
                self._keep_errors(reported, sizes)
            if got < self._returned.count:
                break

    def _keep_errors(self, reported: ancillary.Ancillary, sizes: Int64) -> None:
        got = len(sizes)
        icmp = (reported.origin == ancillary.ORIGIN_ICMP) | (reported.origin == ancillary.ORIGIN_ICMP6)
        if icmp.any():
            quoted = np.ascontiguousarray(self._returned.data[:got][icmp, :PACKET_SIZE])
            self._errors_waiting.append(
                IcmpErrors(
                    reported.type[icmp].astype(np.int32),
                    reported.code[icmp].astype(np.int32),
                    self._addresses(self._returned.name[:got][icmp]),
                    quoted,
                    sizes[icmp].astype(np.int32),
                    reported.wall_ns[icmp],
                )
            )

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
            sock = open_socket(family, kind)
        except PermissionError as error:
            refused = error
        else:
            return KernelTransport(family, sock, clock)
    assert refused is not None  # noqa: S101 - the loop either returned or was refused
    raise refused
