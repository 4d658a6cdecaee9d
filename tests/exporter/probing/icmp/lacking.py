"""Kernels that lack socket options: a pretended one, and this machine's with some of its options taken away."""

import errno
import os
import socket
import time
from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.socket_options import SocketSettings, configure
from exporter.probing.icmp.sockets import KernelTransport
from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import NO_RTT, Observations
from pantau.clock import SystemClock
from tests.exporter.probing.icmp.lab import KEY
from tests.network import SECOND, words
from tests.patience import PATIENCE_SECONDS

ALL_SETTINGS = SocketSettings(dscp=46)
"""With everything that may be set."""


class Option(NamedTuple):
    """One option of a socket; `reads` where it is read and not set."""

    level: int
    number: int
    reads: bool = False


class LackingSocket(socket.socket):
    """A socket of this machine without some of its options; it remembers all that it was asked for."""

    lacks: Collection[Option] = ()
    number = errno.ENOPROTOOPT
    asked: set[Option]

    def setsockopt(self, *arguments: Any) -> None:
        """As a kernel that lacks them."""
        self._look(Option(int(arguments[0]), int(arguments[1])))
        super().setsockopt(*arguments)

    def getsockopt(self, *arguments: Any) -> Any:
        """As a kernel that lacks them."""
        self._look(Option(int(arguments[0]), int(arguments[1]), reads=True))
        return super().getsockopt(*arguments)

    def _look(self, option: Option) -> None:
        if not hasattr(self, "asked"):
            self.asked = set()
        self.asked.add(option)
        if option in self.lacks:
            raise OSError(self.number, os.strerror(self.number))


class PretendedSocket:
    """No socket at all: it takes every option that it is asked for, of either family and kind."""

    def __init__(self, kind: int) -> None:
        self.type = kind
        self.asked: set[Option] = set()
        self.values: dict[Option, int | bytes] = {}
        self.lacks: Collection[Option] = ()
        self.number = errno.ENOPROTOOPT

    def setblocking(self, _flag: bool) -> None:
        """See `socket.socket`."""

    def setsockopt(self, level: int, option: int, value: int | bytes) -> None:
        """See `socket.socket`."""
        self._look(Option(level, option))
        self.values[Option(level, option)] = value

    def getsockopt(self, level: int, option: int, length: int = 0) -> int | bytes:
        """See `socket.socket`."""
        self._look(Option(level, option, reads=True))
        return bytes(length) if length else 1 << 20

    def _look(self, option: Option) -> None:
        self.asked.add(option)
        if option in self.lacks:
            raise OSError(self.number, os.strerror(self.number))


def options_of(family: Family, kind: int) -> list[Option]:
    """All options that the code asks a socket for: found by watching it, so that none is forgotten here."""
    found: set[Option] = set()
    while True:  # what takes an option's place is only asked for where the option is lacking
        pretended = PretendedSocket(kind)
        pretended.lacks = frozenset(found)
        configure(pretended, family, ALL_SETTINGS)  # type: ignore[arg-type]
        if pretended.asked <= found:
            return sorted(found | {Option(socket.SOL_SOCKET, socket.SO_RCVBUF, reads=True)})
        found |= pretended.asked


def open_lacking(family: Family, kind: int, lacks: Collection[Option], number: int) -> KernelTransport:
    """A transport over a socket of this machine that lacks these options."""
    protocol = socket.IPPROTO_ICMP if family == 4 else socket.IPPROTO_ICMPV6
    sock = LackingSocket(socket.AF_INET if family == 4 else socket.AF_INET6, kind, protocol)
    sock.lacks, sock.number = lacks, number
    return KernelTransport(family, sock, SystemClock(), ALL_SETTINGS)


def probe_loopback(transport: KernelTransport) -> tuple[list[int], bool]:
    """How twenty probes of the loopback ended, and whether all of them have RTTs that can be true. It is closed."""
    engine = BatchEngine([transport], SystemClock(), KEY)
    address = "127.0.0.1" if transport.family == 4 else "::1"
    engine.submit(np.arange(20, dtype=np.int32), np.zeros(20, np.int64), words(*[address] * 20), 4 * SECOND)
    parts: list[Observations] = []
    give_up = time.monotonic() + PATIENCE_SECONDS
    while sum(map(len, parts)) < 20 and time.monotonic() < give_up:
        parts.append(engine.collect())
    engine.close()
    results = Observations.concatenate(parts)
    timed = bool(((results.rtt_ns >= 0) & (results.rtt_ns < SECOND)).all())
    assert timed or (results.rtt_ns == NO_RTT).all()
    return results.outcome.tolist(), timed
