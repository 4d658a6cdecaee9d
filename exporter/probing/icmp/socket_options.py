"""Opens an ICMP socket and sets what the transport needs of it: buffers, kernel stamps, error queue, filter."""

import socket as socketlib
import struct
from typing import Final

from exporter.probing.icmp import ancillary
from exporter.probing.icmp.packet import ECHO_REPLY
from exporter.probing.icmp.transport import Family

RECEIVE_BUFFER_BYTES: Final = 16 << 20
_SO_SNDBUFFORCE, _SO_RCVBUFFORCE = 32, 33
_SOL_RAW, _ICMP_FILTER, _ICMPV6_FILTER = 255, 1, 1
_IP_RECVERR, _IPV6_RECVERR = 11, 25


def open_socket(family: Family, kind: socketlib.SocketKind) -> socketlib.socket:
    """A new socket of a family; `PermissionError` where its kind is not permitted, `OSError` without the family."""
    if family == 4:
        return socketlib.socket(socketlib.AF_INET, kind, socketlib.IPPROTO_ICMP)
    return socketlib.socket(socketlib.AF_INET6, kind, socketlib.IPPROTO_ICMPV6)


def configure(sock: socketlib.socket, family: Family) -> None:
    """Set all that the transport needs, on a socket of its own."""
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


def bound_identifier(sock: socketlib.socket, family: Family) -> int:
    """Have the kernel choose the datagram socket's ICMP identifier: it shows as the port."""
    sock.bind(("" if family == 4 else "::", 0))
    identifier: int = sock.getsockname()[1]
    return identifier
