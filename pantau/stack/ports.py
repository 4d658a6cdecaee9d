"""Which ports the parts listen on: the usual ones, or free ones near them where somebody else has those."""

import socket
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, dataclass

EXPORTER, PROMETHEUS, ALERTMANAGER, RECEIVER = 9810, 9090, 9093, 9811
_STEP, _TRIES = 10, 100


@dataclass(frozen=True, slots=True)
class Ports:
    """A port for each part, all different."""

    exporter: int = EXPORTER
    prometheus: int = PROMETHEUS
    alertmanager: int = ALERTMANAGER
    receiver: int = RECEIVER


def choose(wanted: Ports, exporter_host: str) -> Ports:
    """`wanted` as far as they are free; in place of a busy one the next free at a distance of 10, 20, 30, ...

    The exporter's is tried on `exporter_host`, the others on 127.0.0.1.
    """
    taken: list[int] = []
    hosts = (exporter_host, *("127.0.0.1",) * 3)
    for host, port in zip(hosts, astuple(wanted), strict=True):
        taken.append(_free(host, port, taken))
    return Ports(*taken)


def _free(host: str, port: int, taken: Iterable[int]) -> int:
    """Far below the ephemeral range: a port that the kernel chose could be a connection's by the time it is used."""
    for candidate in range(port, min(port + _STEP * _TRIES, 65536), _STEP):
        if candidate not in taken and is_free(host, candidate):
            return candidate
    return port  # the process that is to listen there reports why it cannot


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as servers do: connections long closed don't count
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
