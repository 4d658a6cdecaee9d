"""Opens an ICMP socket and sets what the transport wants of it: buffers, kernel stamps, error queue, filter, DSCP.

Everything that is set is optional but the source: a kernel that lacks an option (an old one, gVisor, WSL1, an
emulator) costs what the option gives, which is told, and not the start. A source that was asked for and cannot be had
is an error: probes that left from elsewhere would measure another path.
"""

import errno
import socket as socketlib
import struct
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from exporter.probing.icmp import ancillary
from exporter.probing.icmp.error_types import PARAMETER_PROBLEM, REDIRECT, SOURCE_QUENCH, TIME_EXCEEDED, UNREACHABLE
from exporter.probing.icmp.packet import ECHO_REPLY
from exporter.probing.icmp.transport import Family
from pantau.errors import EngineUnavailableError

RECEIVE_BUFFER_BYTES: Final = 16 << 20
LEAST_PAYLOAD: Final = 16
"""Bytes behind the ICMP header: tag and token."""
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE, SO_MEMINFO = 32, 33, 55
MEMINFO_BYTES, _MEMINFO_DROPS = 36, 8
_SOL_RAW, _ICMP_FILTER, _ICMPV6_FILTER = 255, 1, 1
_IP_RECVERR, _IPV6_RECVERR = 11, 25


@dataclass(frozen=True, slots=True)
class SocketSettings:
    """How probes leave, as the settings ask for it."""

    payload_bytes: int = LEAST_PAYLOAD
    dscp: int = 0
    """Differentiated services code point (RFC 2474), 0 to 63."""
    addresses: dict[Family, str] = field(default_factory=dict)
    """The source address of a family; the kernel chooses where there is none."""
    interface: str | None = None

    @property
    def padding(self) -> int:
        """Bytes behind tag and token."""
        return self.payload_bytes - LEAST_PAYLOAD


PLAIN_SETTINGS: Final = SocketSettings()


@dataclass(frozen=True, slots=True)
class Lack:
    """An option that the kernel does not have, or not for us."""

    option: str
    lost: str
    """What is lost without it: the end of a sentence."""
    reason: str
    """The errno's name."""


class Stamps(Enum):
    """What the kernel stamps."""

    BOTH = "both"
    RECEIVED = "received"
    NONE = "none"


@dataclass(slots=True)
class Granted:
    """What the kernel gave of all that was asked for."""

    stamps: Stamps = Stamps.NONE
    errors: bool = True
    """ICMP errors come through the error queue."""
    drops: bool = True
    """The counter of dropped messages can be read."""
    lacking: list[Lack] = field(default_factory=list)

    def lack(self, option: str, error: OSError, lost: str) -> None:
        """Note that an option is missing."""
        self.lacking.append(Lack(option, lost, errno.errorcode.get(error.errno or 0, str(error))))


def open_socket(family: Family, kind: socketlib.SocketKind) -> socketlib.socket:
    """A new socket of a family; `PermissionError` where its kind is not permitted, `OSError` without the family."""
    if family == 4:
        return socketlib.socket(socketlib.AF_INET, kind, socketlib.IPPROTO_ICMP)
    return socketlib.socket(socketlib.AF_INET6, kind, socketlib.IPPROTO_ICMPV6)


def configure(sock: socketlib.socket, family: Family, settings: SocketSettings) -> Granted:
    """Set all that the transport wants, on a socket of its own; what was given."""
    sock.setblocking(False)
    granted = Granted()
    _set_buffers(sock, granted)
    _set_stamps(sock, granted)
    _set_errors(sock, family, granted)
    if sock.type == socketlib.SOCK_RAW:
        _set_filter(sock, family, granted)
    try:
        set_dscp(sock, family, settings.dscp)
    except OSError as error:
        lost = "probing.dscp has no effect: probes leave with DSCP 0"
        granted.lack("IP_TOS" if family == 4 else "IPV6_TCLASS", error, lost)
    try:
        read_drops(sock)
    except OSError as error:
        granted.drops = False
        granted.lack("SO_MEMINFO", error, "replies that the kernel drops are not noticed, and pass for silence")
    return granted


def read_drops(sock: socketlib.socket) -> int:
    """The socket's drop counter, the one that SO_RXQ_OVFL reports, read now; `OSError` where there is none."""
    info = sock.getsockopt(socketlib.SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES)
    if len(info) < MEMINFO_BYTES:
        raise OSError(errno.ENOPROTOOPT, "SO_MEMINFO is shorter than it should be")
    drops: int = struct.unpack_from("=I", info, _MEMINFO_DROPS * 4)[0]
    return drops


def _set_buffers(sock: socketlib.socket, granted: Granted) -> None:
    buffers = (
        (
            "SO_RCVBUF",
            _SO_RCVBUFFORCE,
            socketlib.SO_RCVBUF,
            "the receive buffer stays small, so probes leave in small lots",
        ),
        (
            "SO_SNDBUF",
            _SO_SNDBUFFORCE,
            socketlib.SO_SNDBUF,
            "the send buffer stays small, and some probes may not leave",
        ),
    )
    for name, force, plain, lost in buffers:
        try:
            sock.setsockopt(socketlib.SOL_SOCKET, force, RECEIVE_BUFFER_BYTES)
        except OSError:  # without CAP_NET_ADMIN: as much as net.core.rmem_max and wmem_max allow
            try:
                sock.setsockopt(socketlib.SOL_SOCKET, plain, RECEIVE_BUFFER_BYTES)
            except OSError as error:
                granted.lack(name, error, lost)


def _set_stamps(sock: socketlib.socket, granted: Granted) -> None:
    """SO_TIMESTAMPING stamps both ends; the two older options, SO_TIMESTAMPNS and SO_TIMESTAMP, what is received."""
    flags = ancillary.TIMESTAMPING_RX_SOFTWARE | ancillary.TIMESTAMPING_TX_SOFTWARE | ancillary.TIMESTAMPING_SOFTWARE
    try:
        sock.setsockopt(socketlib.SOL_SOCKET, ancillary.SO_TIMESTAMPING, flags)
    except OSError as error:
        missing = error
    else:
        granted.stamps = Stamps.BOTH
        return
    for option in (ancillary.SO_TIMESTAMPNS, ancillary.SO_TIMESTAMP):
        try:
            sock.setsockopt(socketlib.SOL_SOCKET, option, 1)
        except OSError:
            continue
        granted.stamps = Stamps.RECEIVED
        lost = "round-trip times begin when we send, not when the packet leaves the machine"
        granted.lack("SO_TIMESTAMPING", missing, lost)
        return
    granted.lack("SO_TIMESTAMPING", missing, "round-trip times are not measured, only whether a reply comes")


def _set_errors(sock: socketlib.socket, family: Family, granted: Granted) -> None:
    """ICMP errors come through the error queue; only with it does a raw socket say that a device's queue is full."""
    level, option = (socketlib.IPPROTO_IP, _IP_RECVERR) if family == 4 else (socketlib.IPPROTO_IPV6, _IPV6_RECVERR)
    try:
        sock.setsockopt(level, option, 1)
    except OSError as error:
        granted.errors = False
        lost = "ICMP errors do not come through it, so an unreachable hotspot may be known by its silence alone"
        if sock.type == socketlib.SOCK_RAW:
            lost += ", and what our own device's queue drops passes for silence"
        granted.lack("IP_RECVERR" if family == 4 else "IPV6_RECVERR", error, lost)


def _set_filter(sock: socketlib.socket, family: Family, granted: Granted) -> None:
    """Let in echo replies and what does not come through the error queue: a set bit blocks its type (raw(7))."""
    wanted = {ECHO_REPLY[family], REDIRECT[family]} | ({SOURCE_QUENCH} if family == 4 else set())
    if not granted.errors:
        wanted |= {UNREACHABLE[family], TIME_EXCEEDED[family], PARAMETER_PROBLEM[family]}
    try:
        if family == 4:
            blocked = 0xFFFF_FFFF & ~sum(1 << kind for kind in wanted)
            sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", blocked))
        else:
            words = [0xFFFF_FFFF & ~sum(1 << kind % 32 for kind in wanted if kind // 32 == word) for word in range(8)]
            sock.setsockopt(socketlib.IPPROTO_ICMPV6, _ICMPV6_FILTER, struct.pack("=8I", *words))
    except OSError as error:
        lost = "every ICMP message of this machine is read and thrown away, which costs processor time"
        granted.lack("ICMP_FILTER" if family == 4 else "ICMP6_FILTER", error, lost)


def set_dscp(sock: socketlib.socket, family: Family, dscp: int) -> None:
    """Mark what leaves with a differentiated services code point, but 0. `OSError` where that is lacking."""
    level, option = (
        (socketlib.IPPROTO_IP, socketlib.IP_TOS) if family == 4 else (socketlib.IPPROTO_IPV6, socketlib.IPV6_TCLASS)
    )
    if dscp:
        sock.setsockopt(level, option, dscp << 2)  # the two low bits are ECN (RFC 3168)


def bind_source(sock: socketlib.socket, family: Family, settings: SocketSettings) -> None:
    """Have packets leave from the interface and address that the settings name; `EngineUnavailableError` if not."""
    if settings.interface is not None:
        try:
            sock.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_BINDTODEVICE, settings.interface.encode() + b"\0")
        except OSError as error:
            raise EngineUnavailableError(_no_interface(settings.interface, error)) from error
    address = settings.addresses.get(family)
    if address is None and sock.type == socketlib.SOCK_RAW:
        return
    try:
        sock.bind((address or ("" if family == 4 else "::"), 0))
    except OSError as error:
        if address is None:
            raise
        cure = "write one that `ip address` shows, or leave probing.source out"
        raise EngineUnavailableError(f"probing.source: {address} is no address of this machine; {cure}.") from error


def bound_identifier(sock: socketlib.socket) -> int:
    """The ICMP identifier that the kernel chose for a bound datagram socket: it shows as the port."""
    identifier: int = sock.getsockname()[1]
    return identifier


def _no_interface(name: str, error: OSError) -> str:
    if error.errno == errno.ENODEV:
        return f"probing.source: this machine has no interface {name}; write one that `ip link` shows."
    reason = error.strerror or str(error)
    return (
        f"probing.source: probes cannot be bound to the interface {name} ({reason}); give Pantau CAP_NET_RAW, or write "
        "the interface's address instead."
    )
