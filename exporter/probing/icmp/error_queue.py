"""The error queue of an ICMP socket: errors that routers sent, and our own packets with the time of their leaving."""

import errno
import socket as socketlib
from typing import Final

import numpy as np

from exporter.probing.icmp import ancillary
from exporter.probing.icmp.mmsg import MSG_ERRQUEUE, MessageVector
from exporter.probing.icmp.received import join_departures, join_errors, quad_before
from exporter.probing.icmp.transport import PACKET_SIZE, Departures, Family, IcmpErrors
from exporter.probing.icmp.vector_reading import RECEIVE_BATCH, address_words_of, receive_some
from exporter.probing.outcome import Int64
from pantau.clock import Clock

_MESSAGE_SIZE: Final = 128
"""A link's header, an IP header with options (60) and our packet without its padding (24)."""


class ErrorQueue:
    """Reads the error queue of `sock`, whose packets have so many bytes of `padding` behind the token."""

    def __init__(self, family: Family, sock: socketlib.socket, padding: int, clock: Clock) -> None:
        self._family, self._clock, self._padding = family, clock, padding
        self._fd = sock.fileno()
        self._size = _MESSAGE_SIZE + padding
        self._vector = MessageVector(RECEIVE_BATCH, self._size, ancillary.CONTROL_SIZE)
        self._errors: list[IcmpErrors] = []
        self._departures: list[Departures] = []

    def missing(self) -> OSError | None:
        """Why the kernel has no such queue; None where it has one."""
        _, number = self._vector.receive(self._fd, MSG_ERRQUEUE)
        absent = number in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP)
        return OSError(number, "no error queue") if absent else None

    def drain(self) -> None:
        """Take and keep what waits there."""
        while (got := receive_some(self._vector, self._fd, MSG_ERRQUEUE)) > 0:
            sizes = self._vector.size[:got].astype(np.int64)
            controls, control_sizes = self._vector.control[:got], self._vector.control_size[:got]
            reported = ancillary.read_ancillary(controls, control_sizes, self._clock.wall_ns())
            whole = PACKET_SIZE + self._padding
            own = (reported.origin == ancillary.ORIGIN_TIMESTAMPING) & (sizes >= whole)
            # The packet comes back with every header in front of it: the token, at its end, tells which it is.
            ends = np.clip(sizes, whole, self._size) - self._padding
            tokens = quad_before(self._vector.data[:got], ends)
            if own.all():
                self._departures.append(Departures(tokens, reported.wall_ns))
            else:
                self._departures.append(Departures(tokens[own], reported.wall_ns[own]))
                self._keep_errors(reported, sizes)

    def take(self) -> tuple[IcmpErrors, Departures]:
        """All that was drained since the last call."""
        errors, self._errors = self._errors, []
        departures, self._departures = self._departures, []
        return join_errors(errors), join_departures(departures)

    def _keep_errors(self, reported: ancillary.Ancillary, sizes: Int64) -> None:
        got = len(sizes)
        icmp = (reported.origin == ancillary.ORIGIN_ICMP) | (reported.origin == ancillary.ORIGIN_ICMP6)
        if icmp.any():
            self._errors.append(
                IcmpErrors(
                    reported.type[icmp].astype(np.int32),
                    reported.code[icmp].astype(np.int32),
                    address_words_of(self._family, self._vector.name[:got][icmp]),
                    np.ascontiguousarray(self._vector.data[:got][icmp, :PACKET_SIZE]),
                    sizes[icmp].astype(np.int32),
                    reported.wall_ns[icmp],
                )
            )
