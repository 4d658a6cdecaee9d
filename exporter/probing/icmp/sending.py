"""Echo requests on their way into an ICMP socket, many in one system call: at once, or prepared and then in lots.

A lot that leaves by itself finds the processor's caches cold, so that each line of Python that it runs costs several
times what it does in a loop. Hence all that can be done for many lots together is done before the first of them leaves.
"""

import errno
import socket as socketlib
import sys
from collections.abc import Callable
from typing import Final

import numpy as np

from exporter.probing.icmp.mmsg import NAME_SIZE, MessageVector
from exporter.probing.icmp.transport import PACKET_SIZE, Bytes, Family, SendReport, SentTogether
from exporter.probing.outcome import Int32, Int64, Uint64
from pantau.clock import Clock

SEND_BATCH: Final = 64
_SEND_TRIES = 12
"""A flood of forged errors may fail several calls in a row."""
_LEAST_PREPARED = 256
_KEPT = 4
"""So many vectors are kept for the next packets to be prepared."""


class PacketSender:
    """Sends through one socket, which it does not own. `left` is told how many packets have left, after each call."""

    def __init__(
        self, family: Family, sock: socketlib.socket, padding: int, clock: Clock, left: Callable[[int], None]
    ) -> None:
        self._family, self._socket_family, self._fd = family, sock.family, sock.fileno()
        self._size = PACKET_SIZE + padding
        self._clock, self._left = clock, left
        self._outgoing = self._vector(SEND_BATCH)
        self._unused: list[MessageVector] = []

    def refusal(self) -> int:
        """The errno of sending nothing at all; 0 where the kernel can send many messages at once."""
        return self._outgoing.send(self._fd, 0, 0)[1]

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """Send in batches of `SEND_BATCH`; each refused packet is reported with its errno and the rest still sent."""
        errnos, wall_ns = np.zeros(len(packets), np.int32), np.empty(len(packets), np.int64)
        for start in range(0, len(packets), SEND_BATCH):
            rows = slice(start, start + SEND_BATCH)
            count = self._fill(self._outgoing, packets[rows], addresses[rows])
            self._send_each(self._outgoing, 0, count, errnos[rows], wall_ns[rows])
            self._left(count)
        return SendReport(errnos, wall_ns)

    def prepare(self, packets: Bytes, addresses: Uint64) -> "PreparedVector":
        """See `Transport.prepare`."""
        vector = next((one for one in self._unused if one.count >= len(packets)), None)
        if vector is None:
            vector = self._vector(max(_LEAST_PREPARED, 1 << len(packets).bit_length()))
        else:
            self._unused.remove(vector)
        self._fill(vector, packets, addresses)
        return PreparedVector(self, vector)

    def send_prepared(self, vector: MessageVector, first: int, last: int) -> SendReport | SentTogether:
        """Send what `prepare` has filled in; where all is well, in one call and with nothing else to say."""
        before_ns = self._clock.wall_ns()
        sent, error = vector.send(self._fd, first, last)
        after_ns = self._clock.wall_ns()
        if sent == last - first:
            self._left(sent)
            return SentTogether(before_ns, after_ns)
        errnos, wall_ns = np.zeros(last - first, np.int32), np.empty(last - first, np.int64)
        wall_ns[:sent] = spread_ns(sent, before_ns, after_ns)
        self._send_each(vector, first + sent, last, errnos[sent:], wall_ns[sent:], failed=error != 0)
        self._left(last - first)
        return SendReport(errnos, wall_ns)

    def release(self, vector: MessageVector) -> None:
        """What was prepared in it has left, or will not."""
        self._unused = [vector, *self._unused][:_KEPT]

    def _vector(self, count: int) -> MessageVector:
        vector = MessageVector(count, self._size)
        vector.set_name_size(16 if self._family == 4 else NAME_SIZE)
        vector.name[:, 0:2] = np.frombuffer(self._socket_family.to_bytes(2, sys.byteorder), np.uint8)
        return vector

    def _fill(self, vector: MessageVector, packets: Bytes, addresses: Uint64) -> int:
        count = len(packets)
        vector.data[:count] = packets
        if self._family == 4:
            vector.name.view(">u4")[:count, 1] = addresses[:, 1]  # its low half
        else:
            vector.name[:count, 8:24] = addresses.astype(">u8").view(np.uint8)
        return count

    def _send_each(
        self, vector: MessageVector, first: int, last: int, errnos: Int32, wall_ns: Int64, *, failed: bool = False
    ) -> None:
        """Send messages `first` to `last`; fills in `errnos`, which are 0, and estimates of the times of leaving.

        `failed`: the first of them has been refused once already.
        """
        done, tries, count = 0, int(failed), last - first
        while done < count:
            before_ns = self._clock.wall_ns()
            sent, error = vector.send(self._fd, first + done, last)
            after_ns = self._clock.wall_ns()
            if sent:
                wall_ns[done : done + sent] = spread_ns(sent, before_ns, after_ns)
                done, tries = done + sent, 0
                continue
            # An ICMP error that arrived for an earlier packet is also reported once as the error of the next send.
            tries += 1
            if tries < _SEND_TRIES and error not in (errno.EAGAIN, errno.ENOBUFS):
                continue
            errnos[done], wall_ns[done] = error, before_ns
            done, tries = done + 1, 0


class PreparedVector:
    """`PreparedPackets` that lie in a `MessageVector` of their own."""

    def __init__(self, sender: PacketSender, vector: MessageVector) -> None:
        self._sender, self._vector = sender, vector

    def send(self, first: int, last: int) -> SendReport | SentTogether:
        """See `PreparedPackets.send`."""
        return self._sender.send_prepared(self._vector, first, last)

    def release(self) -> None:
        """See `PreparedPackets.release`."""
        self._sender.release(self._vector)


def spread_ns(count: int, before_ns: int, after_ns: int) -> Int64:
    """The middle of each packet's share of a call, until the kernel's own stamps replace it."""
    return before_ns + (after_ns - before_ns) * np.arange(1, 2 * count, 2) // (2 * max(count, 1))


def spread_lots(
    first: Int64, count: Int64, monotonic_ns: tuple[Int64, Int64], wall_ns: tuple[Int64, Int64]
) -> tuple[Int64, Int64, Int64]:
    """As `spread_ns`, of several lots at once, each with its first token and the two times around its call.

    Returns each packet's token, and its times by both clocks.
    """
    lot = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(lot)) - (np.cumsum(count) - count)[lot]
    share, whole = 2 * place + 1, (2 * count)[lot]
    times = (before[lot] + (after - before)[lot] * share // whole for before, after in (monotonic_ns, wall_ns))
    return first[lot] + place, *times
