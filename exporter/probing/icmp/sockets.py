"""The kernel's ICMP sockets as transports: one socket a family, datagram or raw, on Linux.

A datagram socket (`icmp(7)`, `net.ipv4.ping_group_range`) needs no privilege; the kernel fills in identifier and
checksum, and hands us only replies to our identifier. A raw socket (`raw(7)`, CAP_NET_RAW) gets the echo replies to all
of the host and its redirects, for its filter lets in no more. ICMP errors come through the error queue of either
(IP_RECVERR).

Both are stamped by the kernel: on receiving, and on sending through the error queue, where each packet comes back with
the time it was handed to the device. Where a device gives no such stamp, the time is interpolated over the system call.
What a kernel does not offer is done without: see `socket_options`.

A socket over which nothing has left has nothing for us: a city without IPv6 does not pay for reading that socket.
"""

import contextlib
import errno
import secrets
import socket as socketlib
import sys
from typing import Final

import numpy as np

from exporter.probing.icmp import ancillary
from exporter.probing.icmp.error_queue import ErrorQueue
from exporter.probing.icmp.mmsg import MSG_TRUNC, MessageVector
from exporter.probing.icmp.packet import ECHO_REPLY
from exporter.probing.icmp.quotes import read_quotes
from exporter.probing.icmp.received import join_errors, join_replies, padding_is_whole, without_ip_header
from exporter.probing.icmp.sending import PacketSender, PreparedVector
from exporter.probing.icmp.socket_options import (
    PLAIN_SETTINGS,
    Granted,
    Lack,
    SocketSettings,
    Stamps,
    bind_source,
    bound_identifier,
    configure,
    open_socket,
    read_drops,
)
from exporter.probing.icmp.transport import (
    NO_STAMP,
    PACKET_SIZE,
    Bytes,
    Family,
    IcmpErrors,
    Received,
    Replies,
    SendReport,
    no_departures,
    no_errors,
    no_replies,
)
from exporter.probing.icmp.vector_reading import RECEIVE_BATCH, address_words_of, receive_some
from exporter.probing.outcome import Bool, Int64, Uint64
from pantau.clock import Clock
from pantau.errors import EngineUnavailableError

_MESSAGE_SIZE = 128  # an IPv4 header with options (60), ICMP (8), the quoted IPv4 header (20) and our packet (24)
_LEAST_ROOM, _MOST_ROOM, _BYTES_A_PROBE = 128, 1024, 4096
"""A reply and a send stamp take the receive buffer about 800 bytes each, and twice their padding; at least half of it
is left to others'."""
_NO_BATCHES = frozenset({errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
PORTABLE: Final = "Set `probing.engine: aioping` in the settings: the portable engine does without."
"""The cure where the batch engine cannot run at all."""
_NOTHING: Final = Received(no_replies(), no_errors())


class KernelTransport:
    """An `exporter.probing.icmp.transport.Transport` over one ICMP socket of the kernel, which it owns."""

    def __init__(
        self, family: Family, sock: socketlib.socket, clock: Clock, settings: SocketSettings = PLAIN_SETTINGS
    ) -> None:
        self.family: Family = family
        self._sock = sock
        self._fd = sock.fileno()
        self._clock = clock
        self._raw = sock.type == socketlib.SOCK_RAW
        self.socket = "raw" if self._raw else "datagram"
        self._granted = configure(sock, family, settings)
        self.room = _room(sock, settings.padding, self._granted)
        bind_source(sock, family, settings)
        self.identifier = secrets.randbelow(0xFFFF) + 1 if self._raw else bound_identifier(sock)
        self._sender = PacketSender(family, sock, settings.padding, clock, self._have_left)
        self._padding = settings.padding
        # Room for the whole: of a datagram socket's message the kernel does not tell what it has cut.
        self._incoming = MessageVector(RECEIVE_BATCH, _MESSAGE_SIZE + settings.padding, ancillary.CONTROL_SIZE)
        self._require_batches()
        self._error_queue = self._open_error_queue(settings.padding)
        self._unread_stamps = 0
        self._used = False
        """Whether anything has left."""
        self._drops_before = 0
        """Messages that the kernel had dropped by then: others'."""

    @property
    def lacking(self) -> tuple[Lack, ...]:
        """The options that the kernel does not have, and what is lost without each."""
        return tuple(self._granted.lacking)

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """Each refused packet is reported with its errno, and the rest still sent."""
        self._begin()
        return self._sender.send(packets, addresses)

    def prepare(self, packets: Bytes, addresses: Uint64) -> PreparedVector:
        """See `Transport.prepare`."""
        self._begin()
        return self._sender.prepare(packets, addresses)

    def receive(self) -> Received:
        """Everything that waits in the receive queue and in the error queue."""
        if not self._used:
            return _NOTHING
        replies, errors = list[Replies](), list[IcmpErrors]()
        while (got := receive_some(self._incoming, self._fd, MSG_TRUNC)) > 0:
            self._take_in(got, replies, errors)
        # After the replies: each of them then finds the stamp of its request here.
        self._drain_error_queue()
        queued, departures = self._error_queue.take() if self._error_queue else (join_errors([]), no_departures())
        return Received(join_replies(replies), join_errors([queued, *errors]) if errors else queued, departures)

    def drops(self) -> int:
        """The socket's drop counter, read at this moment; always 0 where the kernel tells none."""
        return read_drops(self._sock) - self._drops_before if self._granted.drops and self._used else 0

    def close(self) -> None:
        """Close the socket; what is asked of it after that fails, also where nothing was ever sent."""
        self._used = True
        self._sock.close()

    def _begin(self) -> None:
        """Before the first packet: what has come until now is nobody's reply, and must not take the room of one."""
        if self._used:
            return
        self._used = True
        self.receive()
        if self._granted.drops:
            self._drops_before = read_drops(self._sock)

    def _have_left(self, count: int) -> None:
        self._unread_stamps += count
        if self._unread_stamps >= self.room:
            self._drain_error_queue()

    def _drain_error_queue(self) -> None:
        self._unread_stamps = 0
        if self._error_queue is not None:
            self._error_queue.drain()

    def _take_in(self, got: int, replies: list[Replies], errors: list[IcmpErrors]) -> None:
        """Sort the messages just received; a raw IPv4 socket gets the IP header too."""
        vector = self._incoming
        data, sizes = vector.data[:got], vector.size[:got].astype(np.int32)
        stamps = self._stamps(got)
        sources = address_words_of(self.family, vector.name[:got])
        lengths = sizes
        if self._raw and self.family == 4:
            packets, sizes = without_ip_header(data, sizes)
        else:
            packets = np.ascontiguousarray(data[:, :PACKET_SIZE])
        starts = (lengths - sizes).astype(np.int64)  # behind the IP header, wherever it says that this is
        whole = padding_is_whole(data, starts, self._padding) if self._padding else np.ones(got, np.bool_)
        mine: Bool = packets[:, 0] == ECHO_REPLY[self.family]
        if mine.all() or not self._raw:  # nearly always
            replies.append(Replies(packets, sizes, sources, stamps, whole))
            return
        replies.append(Replies(packets[mine], sizes[mine], sources[mine], stamps[mine], whole[mine]))
        others = np.flatnonzero(~mine)
        places = (others, starts[others], lengths[others], stamps[others])
        rows = zip(*(column.tolist() for column in places), strict=True)
        messages = [(data[row, start:end].tobytes(), stamp_ns) for row, start, end, stamp_ns in rows]
        errors.append(read_quotes(self.family, messages))

    def _stamps(self, got: int) -> Int64:
        # A kernel that stamps may leave out the very first messages: then the time of reading is near enough.
        fallback_ns = NO_STAMP if self._granted.stamps is Stamps.NONE else self._clock.wall_ns()
        return ancillary.read_stamps(self._incoming.control[:got], self._incoming.control_size[:got], fallback_ns)

    def _require_batches(self) -> None:
        """`EngineUnavailableError` where the kernel cannot send and receive many messages at once."""
        # Nothing is sent, and what may have come already is nobody's reply.
        for error in (self._sender.refusal(), self._incoming.receive(self._fd)[1]):
            if error in _NO_BATCHES:
                name = errno.errorcode[error]
                raise EngineUnavailableError(f"This kernel has no sendmmsg and recvmmsg ({name}). {PORTABLE}")

    def _open_error_queue(self, padding: int) -> ErrorQueue | None:
        if not self._granted.errors and self._granted.stamps is not Stamps.BOTH:
            return None
        queue = ErrorQueue(self.family, self._sock, padding, self._clock)
        missing = queue.missing()
        if missing is None:
            return queue
        lost = "ICMP errors are not seen, and round-trip times begin when we send"
        self._granted.lack("MSG_ERRQUEUE", missing, lost)
        return None


def _room(sock: socketlib.socket, padding: int, granted: Granted) -> int:
    try:
        buffer_bytes = sock.getsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF)
    except OSError as error:
        granted.lack("SO_RCVBUF", error, "the receive buffer's size is not known, so probes leave in small lots")
        return _LEAST_ROOM
    return min(max(buffer_bytes // (_BYTES_A_PROBE + 4 * padding), _LEAST_ROOM), _MOST_ROOM)


def open_transport(
    family: Family, preference: str, clock: Clock, settings: SocketSettings = PLAIN_SETTINGS
) -> KernelTransport:
    """Open a socket of `preference` (auto, datagram or raw; auto tries datagram first).

    Raises `PermissionError` when one of them is not permitted and no other is to be had, `OSError` when the machine
    lacks the family or such sockets, and `EngineUnavailableError` for what the settings ask and the machine does not
    have.
    """
    if not sys.platform.startswith("linux"):
        raise EngineUnavailableError(f"The batch engine needs Linux. {PORTABLE}")
    kinds = {"datagram": (socketlib.SOCK_DGRAM,), "raw": (socketlib.SOCK_RAW,)}
    refusals: list[OSError] = []
    for kind in kinds.get(preference, (socketlib.SOCK_DGRAM, socketlib.SOCK_RAW)):
        try:
            sock = open_socket(family, kind)
        except OSError as error:
            refusals.append(error)
            continue
        with contextlib.ExitStack() as cleanup:
            cleanup.callback(sock.close)
            transport = KernelTransport(family, sock, clock, settings)
            cleanup.pop_all()
        return transport
    # That one is not permitted is what the operator can mend.
    raise next((error for error in refusals if isinstance(error, PermissionError)), refusals[-1])
