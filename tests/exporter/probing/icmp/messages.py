"""Real ICMP sockets: a test that needs one is skipped where none is permitted, and fails in CI."""

from exporter.probing.icmp.sockets import KernelTransport, open_transport
from exporter.probing.icmp.transport import Family
from pantau.clock import SystemClock
from tests.programs import cannot_run


def require_icmp(family: Family, kind: str = "auto") -> KernelTransport:
    """An ICMP socket of this machine; the caller closes it."""
    try:
        return open_transport(family, kind, SystemClock())
    except OSError as error:
        reason = f"no ICMP socket for IPv{family} ({error}); run as root, or set net.ipv4.ping_group_range"
    return cannot_run(reason)
