"""Opens the engine that the settings ask for, or says in one go what would permit one."""

import errno
import secrets
import socket as socketlib
import sys

import structlog

from exporter.probing.icmp.aioping_engine import AiopingEngine, open_ping_socket
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.sockets import KernelTransport, open_transport
from exporter.probing.icmp.transport import Family
from pantau.clock import Clock
from pantau.errors import EngineUnavailableError

NONCE_BITS = 64
CURES = (
    "No ICMP socket is permitted. Either of these commands permits one:\n"
    '  sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"    (datagram sockets, for every user)\n'
    "  sudo setcap cap_net_raw+ep {python}    (raw sockets, for this Python)"
)
_NO_SUCH_FAMILY = frozenset({errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT})

log = structlog.get_logger(__name__)


def open_engine(engine: str, socket: str, clock: Clock) -> BatchEngine | AiopingEngine:
    """The engine for ``probing.engine`` and ``probing.socket``; `EngineUnavailableError` names the cures."""
    if engine == "aioping" or (engine == "auto" and not sys.platform.startswith("linux")):
        return _open_aioping(clock)
    families: tuple[Family, ...] = (4, 6)
    transports = [transport for family in families if (transport := _open_family(family, socket, clock))]
    if not transports:
        raise EngineUnavailableError("This machine has neither IPv4 nor IPv6; nothing can be probed.")
    return BatchEngine(transports, clock, secrets.randbits(NONCE_BITS))


def _open_family(family: Family, socket: str, clock: Clock) -> KernelTransport | None:
    try:
        return open_transport(family, socket, clock)
    except PermissionError as error:
        raise EngineUnavailableError(_cures()) from error
    except OSError as error:
        if error.errno not in _NO_SUCH_FAMILY:
            raise
        log.warning("address family is missing: its hotspots cannot be probed", family=f"IPv{family}")
        return None


def _open_aioping(clock: Clock) -> AiopingEngine:
    try:
        with open_ping_socket(socketlib.AF_INET, socketlib.IPPROTO_ICMP) as sock:
            kind = "raw" if sock.type == socketlib.SOCK_RAW else "datagram"
    except PermissionError as error:
        raise EngineUnavailableError(_cures()) from error
    log.warning(
        "the aioping engine is in use: at most 10 probes are in flight, RTTs include our own delay, ICMP errors and "
        "dropped replies are not seen; use it for few hotspots only"
    )
    return AiopingEngine(clock, kind)


def _cures() -> str:
    return CURES.format(python=sys.executable)
