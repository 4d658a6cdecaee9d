"""Opens the engine that the settings ask for, or says in one go what would permit one."""

import os
import secrets
import socket as socketlib
import sys
from typing import TYPE_CHECKING

import structlog

from exporter.probing.addresses import FAMILIES_OF
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.socket_options import SocketSettings, set_dscp
from exporter.probing.icmp.sockets import PORTABLE, KernelTransport, open_transport
from exporter.probing.icmp.tags import KEY_BITS
from exporter.probing.icmp.transport import Family
from pantau.clock import Clock
from pantau.errors import EngineUnavailableError
from pantau.inventory.settings import Probing

if TYPE_CHECKING:
    from exporter.probing.icmp.aioping_engine import AiopingEngine

CURES = (
    "No ICMP socket is permitted. Either of these commands permits one:\n"
    '  sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"    (datagram sockets, for every user)\n'
    "  sudo setcap cap_net_raw+ep {python}    (raw sockets, for this Python)"
)

log = structlog.get_logger(__name__)


def open_engine(probing: Probing, clock: Clock) -> "BatchEngine | AiopingEngine":
    """The engine of these settings; `EngineUnavailableError` names the cures. What the kernel lacks is warned of."""
    settings = socket_settings(probing)
    families = FAMILIES_OF[probing.family]
    if probing.engine == "aioping" or (probing.engine == "auto" and not sys.platform.startswith("linux")):
        return _open_aioping(clock, families, settings)
    refusals: dict[Family, OSError] = {}
    transports = []
    for family in families:
        try:
            transports.append(open_transport(family, probing.socket, clock, settings))
        except PermissionError as error:
            raise EngineUnavailableError(_cures()) from error
        except OSError as error:
            refusals[family] = error
    if not transports:
        raise EngineUnavailableError(
            f"This machine gives the batch engine no ICMP socket ({_listed(refusals)}). {PORTABLE}"
        )
    _warn_of_families(refusals)
    _warn_of_lacks(transports)
    return BatchEngine(transports, clock, secrets.randbits(KEY_BITS), padding=settings.padding)


def socket_settings(probing: Probing) -> SocketSettings:
    """What the settings say of each packet that leaves."""
    source = probing.source
    addresses: dict[Family, str] = {}
    if source is not None:
        given: tuple[tuple[Family, str | None], ...] = ((4, source.ipv4), (6, source.ipv6))
        addresses = {family: address for family, address in given if address is not None}
    return SocketSettings(probing.size, probing.dscp, addresses, source.interface if source else None)


def _warn_of_lacks(transports: list[KernelTransport]) -> None:
    """One warning for each thing that is lost, whatever the number of sockets."""
    lacks = {lack.option: lack for transport in transports for lack in transport.lacking}
    for lack in lacks.values():
        log.warning(f"the kernel has no {lack.option}: {lack.lost}", reason=lack.reason)


def _open_aioping(clock: Clock, families: tuple[Family, ...], settings: SocketSettings) -> "AiopingEngine":
    try:
        # Only for whom it probes: the library looks its protocols up by name, and a small system has no names.
        from exporter.probing.icmp.aioping_engine import AiopingEngine, open_ping_socket
    except OSError as error:
        raise EngineUnavailableError(
            f"the aioping engine needs the names of protocols ({error}): sudo apt-get install netbase"
        ) from error
    refusals: dict[Family, OSError] = {}
    kind = socketlib.SOCK_DGRAM
    for family in families:
        try:
            with open_ping_socket(family, settings) as sock:
                kind = sock.type
                _warn_of_dscp(sock, family, settings)
        except PermissionError as error:
            raise EngineUnavailableError(_cures()) from error
        except OSError as error:
            refusals[family] = error
    if len(refusals) == len(families):
        raise EngineUnavailableError(f"This machine gives the aioping engine no ICMP socket ({_listed(refusals)}).")
    _warn_of_families(refusals)
    log.warning(
        "the aioping engine is in use: at most 10 probes are in flight, RTTs include our own delay, ICMP errors and "
        "dropped replies are not seen; use it for few hotspots only"
    )
    reachable = tuple(family for family in families if family not in refusals)
    return AiopingEngine(clock, "raw" if kind == socketlib.SOCK_RAW else "datagram", reachable, settings)


def _warn_of_dscp(sock: socketlib.socket, family: Family, settings: SocketSettings) -> None:
    try:
        set_dscp(sock, family, settings.dscp)
    except OSError as error:
        log.warning("probing.dscp has no effect: pings leave with DSCP 0", family=f"IPv{family}", reason=_reason(error))


def _warn_of_families(refusals: dict[Family, OSError]) -> None:
    for family, error in refusals.items():
        log.warning(
            "address family is missing: its hotspots cannot be probed", family=f"IPv{family}", reason=_reason(error)
        )


def _listed(refusals: dict[Family, OSError]) -> str:
    return ", ".join(f"IPv{family}: {_reason(error)}" for family, error in refusals.items())


def _reason(error: OSError) -> str:
    return error.strerror or (os.strerror(error.errno) if error.errno else str(error))


def _cures() -> str:
    return CURES.format(python=sys.executable)
