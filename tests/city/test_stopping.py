"""SIGTERM ends it in under two seconds with status 0, whatever its clients do."""

import contextlib
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import STOP_SECONDS, ExporterProcess
from tests.city.inventories import QUICK, city_hotspots, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(1000)
SCRAPE = b"GET /metrics HTTP/1.1\r\nHost: pantau\r\n\r\n"


@pytest.fixture
def exporter(city: CityNamespace, tmp_path: Path) -> Iterator[ExporterProcess]:
    """An exporter over a thousand hotspots, with verdicts and probes in flight."""
    city.allow_datagram_sockets(True)
    with ExporterProcess(city, write_configuration(tmp_path, HOTSPOTS, QUICK)) as running:
        running.wait_until(lambda: len(running.states()) == len(HOTSPOTS), 30, "see the whole city")
        yield running


@pytest.fixture
def clients() -> Iterator[ExitStack]:
    """Connections that are closed in the end."""
    with ExitStack() as connections:
        yield connections


def _connect(city: CityNamespace, exporter: ExporterProcess, clients: ExitStack) -> socket.socket:
    """A client with next to no room for what it is sent."""
    client = clients.enter_context(city.call(socket.socket, socket.AF_INET, socket.SOCK_STREAM))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    client.settimeout(10)
    client.connect(exporter.address)
    return client


def _assert_ends_well(exporter: ExporterProcess) -> None:
    status, seconds = exporter.stop()
    assert (status, seconds < STOP_SECONDS) == (0, True), f"status {status} after {seconds:.2f} s"
    assert exporter.log()[-1]["event"] == "stopped"
    assert "Traceback" not in exporter.stderr()
    assert "Warning" not in exporter.stderr()


def test_it_ends_with_probes_in_flight(exporter: ExporterProcess, city: CityNamespace) -> None:
    """Half of the city is silent, so that hundreds of probes wait for their timeout."""
    city.black_hole(list(HOTSPOTS.values())[:500])
    exporter.wait_until(lambda: len(exporter.ever("down")) == 500, 20, "find the silent half")
    _assert_ends_well(exporter)
    city.heal()


def test_it_ends_in_the_middle_of_scrapes(exporter: ExporterProcess, city: CityNamespace, clients: ExitStack) -> None:
    """Four clients, as many as are served at once, have read the beginning of a scrape and would read on."""
    readers = [_connect(city, exporter, clients) for _ in range(4)]
    for reader in readers:
        reader.sendall(SCRAPE)
    assert [reader.recv(12) for reader in readers] == [b"HTTP/1.1 200"] * 4
    _assert_ends_well(exporter)
    with contextlib.suppress(ConnectionError):
        for reader in readers:
            while reader.recv(65536):
                pass


def test_it_ends_with_clients_that_do_not_read(
    exporter: ExporterProcess, city: CityNamespace, clients: ExitStack
) -> None:
    """One sends nothing, one has sent half a request, and eight have asked for metrics and never read."""
    _connect(city, exporter, clients)
    _connect(city, exporter, clients).sendall(SCRAPE[:20])
    for _ in range(8):
        _connect(city, exporter, clients).sendall(SCRAPE)
    _assert_ends_well(exporter)
