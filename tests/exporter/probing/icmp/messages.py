"""Real ICMP sockets: a test that needs one is skipped where none is permitted, and fails in CI."""

import os

import pytest

from exporter.probing.icmp.sockets import KernelTransport, open_transport
from exporter.probing.icmp.transport import Family
from pantau.clock import SystemClock


def require_icmp(family: Family, kind: str = "auto") -> KernelTransport:
    """An ICMP socket of this machine; the caller closes it."""
    try:
        return open_transport(family, kind, SystemClock())
    except OSError as error:
        reason = f"no ICMP socket for IPv{family} ({error}); run as root, or set net.ipv4.ping_group_range"
    if os.environ.get("PANTAU_REQUIRE_ALL") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
