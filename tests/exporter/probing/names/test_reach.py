"""What this machine says of addresses: its own, the ends of its networks, and where it has routes."""

import errno
import socket
import struct
from ipaddress import IPv4Address, ip_address

import pytest
import structlog

from exporter.probing.names import interfaces as netlink
from exporter.probing.names import reach as module
from exporter.probing.names.interfaces import InterfaceAddress, read_interfaces
from exporter.probing.names.reach import ANYWHERE, MachineReach

LAN = InterfaceAddress(ip_address("192.168.7.20"), 24, IPv4Address("192.168.7.255"))
ODD = InterfaceAddress(ip_address("10.9.0.1"), 22, IPv4Address("10.9.1.7"))
PAIR = InterfaceAddress(ip_address("10.8.0.0"), 31)
SINGLE = InterfaceAddress(ip_address("10.8.1.1"), 32)
SIX = InterfaceAddress(ip_address("2001:db8:7::20"), 64)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("192.168.7.20", "this machine's own address"),
        ("192.168.7.255", "the broadcast address of a network of this machine"),
        ("192.168.7.0", "the address of 192.168.7.0/24 itself, a network of this machine"),
        ("10.9.1.7", "the broadcast address of a network of this machine"),
        ("10.9.3.255", "the broadcast address of 10.9.0.0/22, a network of this machine"),
        ("10.9.0.0", "the address of 10.9.0.0/22 itself, a network of this machine"),
        ("2001:db8:7::20", "this machine's own address"),
        ("10.8.0.0", "this machine's own address"),
        ("127.0.0.1", "a loopback address, always this machine itself"),
        *((good, None) for good in ("192.168.7.1", "192.168.8.255", "10.9.0.255", "10.9.1.0", "10.8.0.1", "10.8.1.0")),
        *((good, None) for good in ("2001:db8:7::", "2001:db8:7::ffff", "2001:db8:7::21", "8.8.8.8")),
    ],
)
def test_what_the_machine_objects_to(address: str, reason: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own, and the ends of networks that have ends: neither those of two hosts, nor those of IPv6."""
    monkeypatch.setattr(module, "read_interfaces", lambda: frozenset({LAN, ODD, PAIR, SINGLE, SIX}))
    assert MachineReach().objection(ip_address(address)) == reason


def test_interfaces_that_change_change_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at as often as one likes."""
    present = [LAN]
    monkeypatch.setattr(module, "read_interfaces", lambda: frozenset(present))
    reach = MachineReach()
    before = reach.look()
    assert reach.look() == before
    present.append(SIX)
    assert reach.look() != before
    assert reach.objection(SIX.address) is not None


def test_a_kernel_that_does_not_tell_costs_one_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without netlink no own address is recognised, and all else goes on."""

    def refuse() -> frozenset[InterfaceAddress]:
        raise OSError(errno.EAFNOSUPPORT, "no netlink")

    monkeypatch.setattr(module, "read_interfaces", refuse)
    with structlog.testing.capture_logs() as logged:
        reach = MachineReach()
        for _ in range(3):
            reach.look()
    assert [line["log_level"] for line in logged] == ["warning"]
    assert reach.objection(ip_address("192.168.7.20")) is None
    assert reach.objection(ip_address("127.0.0.1")) is not None
    monkeypatch.delattr(socket, "AF_NETLINK")
    with pytest.raises(OSError, match="no netlink"):
        read_interfaces()


def test_the_kernel_s_own_list_has_the_loopback() -> None:
    """Read through netlink, from the machine that runs the tests."""
    assert InterfaceAddress(ip_address("127.0.0.1"), 8) in {it._replace(broadcast=None) for it in read_interfaces()}


def test_the_list_is_read_to_its_end() -> None:
    """Of a point-to-point link ours is IFA_LOCAL; other families and unknown attributes are passed over."""
    local, peer = socket.inet_aton("10.5.0.1"), socket.inet_aton("10.5.0.2")
    body = struct.pack("=BBBBi", socket.AF_INET, 32, 0, 0, 7)
    for kind, value in ((1, peer), (3, b"ppp0\0"), (2, local)):
        attribute = struct.pack("=HH", 4 + len(value), kind) + value
        body += attribute + b"\0" * (-len(attribute) % 4)
    assert netlink._address(body) == InterfaceAddress(ip_address("10.5.0.1"), 32)
    assert netlink._address(struct.pack("=BBBBi", 17, 0, 0, 0, 1)) is None
    assert netlink._address(struct.pack("=BBBBi", socket.AF_INET, 0, 0, 0, 1)) is None
    assert list(netlink._messages(b"\0" * 40)) == []


def test_routes_are_the_kernel_s() -> None:
    """There is one to the loopback, and none to a host that no packet may be sent to."""
    reach = MachineReach()
    assert reach.has_route(ip_address("127.0.0.1"))
    assert not reach.has_route(ip_address("255.255.255.255"))
    assert ANYWHERE.has_route(ip_address("255.255.255.255"))
