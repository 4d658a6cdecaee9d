"""The addresses of this machine's interfaces, as the kernel lists them (rtnetlink(7), RTM_GETADDR). Linux only."""

import socket as socketlib
import struct
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from typing import NamedTuple

from pantau.inventory.addresses import IpAddress

_RTM_NEWADDR, _RTM_GETADDR = 20, 22
_NLM_F_REQUEST, _NLM_F_DUMP = 0x1, 0x300
_NLMSG_ERROR, _NLMSG_DONE = 2, 3
_IFA_ADDRESS, _IFA_LOCAL, _IFA_BROADCAST = 1, 2, 4
_HEADER, _IFADDRMSG, _ATTRIBUTE = struct.Struct("=IHHII"), struct.Struct("=BBBBi"), struct.Struct("=HH")
_DUMP_BYTES = 1 << 16
_SECONDS = 1.0


class InterfaceAddress(NamedTuple):
    """One address of an interface, and the network that it makes us part of."""

    address: IpAddress
    prefix_length: int
    broadcast: IPv4Address | None = None
    """As it was configured; by the prefix where it was not."""

    def others_cannot_be_at(self) -> Iterator[tuple[IpAddress, str]]:
        """Each address where for this one nobody else can be but ourselves, as what it is."""
        if self.broadcast is not None:
            yield self.broadcast, "the broadcast address of a network of this machine"
        if isinstance(self.address, IPv4Address) and self.prefix_length <= 30:
            # IPv6 has no broadcast, and a network of two hosts has no ends (RFC 3021).
            network = IPv4Network((self.address, self.prefix_length), strict=False)
            yield network.broadcast_address, f"the broadcast address of {network}, a network of this machine"
            yield network.network_address, f"the address of {network} itself, a network of this machine"


def read_interfaces() -> frozenset[InterfaceAddress]:
    """All of now; `OSError` where the kernel does not tell."""
    if not hasattr(socketlib, "AF_NETLINK"):
        raise OSError("this system has no netlink")
    request = _HEADER.pack(
        _HEADER.size + _IFADDRMSG.size, _RTM_GETADDR, _NLM_F_REQUEST | _NLM_F_DUMP, 1, 0
    ) + _IFADDRMSG.pack(socketlib.AF_UNSPEC, 0, 0, 0, 0)
    found: set[InterfaceAddress] = set()
    with socketlib.socket(socketlib.AF_NETLINK, socketlib.SOCK_RAW, 0) as sock:
        sock.settimeout(_SECONDS)
        sock.sendto(request, (0, 0))
        while True:
            for kind, body in _messages(sock.recv(_DUMP_BYTES)):
                if kind == _NLMSG_DONE:
                    return frozenset(found)
                if kind == _NLMSG_ERROR:
                    number = -struct.unpack_from("=i", body)[0]
                    raise OSError(number, "the kernel does not list its addresses")
                if kind == _RTM_NEWADDR and (one := _address(body)) is not None:
                    found.add(one)


def _messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, *_ = _HEADER.unpack_from(data, at)
        if length < _HEADER.size:
            return
        yield kind, data[at + _HEADER.size : at + length]
        at += length + 3 & ~3


def _address(body: bytes) -> InterfaceAddress | None:
    """Of a point-to-point link IFA_ADDRESS is the other side, and IFA_LOCAL ours."""
    family, prefix_length, *_ = _IFADDRMSG.unpack_from(body)
    if family not in (socketlib.AF_INET, socketlib.AF_INET6):
        return None
    values = dict(_attributes(body[_IFADDRMSG.size :]))
    own = values.get(_IFA_LOCAL, values.get(_IFA_ADDRESS))
    if own is None:
        return None
    broadcast = IPv4Address(values[_IFA_BROADCAST]) if _IFA_BROADCAST in values else None
    return InterfaceAddress(_ip(own), prefix_length, broadcast)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            return
        yield kind, data[at + _ATTRIBUTE.size : at + length]
        at += length + 3 & ~3


def _ip(packed: bytes) -> IPv4Address | IPv6Address:
    return ip_address(packed)
