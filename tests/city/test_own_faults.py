"""Faults of our own side take no hotspot down: what could not be observed is unknown, and then all are up again.

The wall clock's step is not here: no test may step the machine's clock. The fast tier injects it.
"""

import signal
import socket
import time
from collections.abc import Iterator

import pytest

from lab.city.namespace import CITY4, CityNamespace
from lab.city.process_sockets import icmp_socket_of
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, city_hotspots6, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(400)
SO_RCVBUFFORCE = 33  # asm-generic/socket.h; Python does not name it
ROOMY = ("bfifo", "limit", "100000000")
"""A device queue that holds everything. It stands from the start: what leaves while one is exchanged is lost untold."""
FAULT_SECONDS = 4.0
"""Long enough that a silent hotspot would be found down: interval, timeout, confirmations, timeout are 2.4 s."""


@pytest.fixture(scope="module")
def city() -> Iterator[CityNamespace]:
    """A city in which datagram sockets are permitted."""
    with CityNamespace() as namespace:
        namespace.allow_datagram_sockets(True)
        namespace.run("tc", "qdisc", "add", "dev", "lo", "root", *ROOMY)
        yield namespace


@pytest.fixture(params=["datagram", "raw"])
def exporter(
    request: pytest.FixtureRequest, city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ExporterProcess]:
    """An exporter without canaries, and all hotspots up."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = write_configuration(folder, HOTSPOTS, {**QUICK, "socket": request.param})
    with ExporterProcess(city, settings) as running:
        running.wait_for_states(all_in("up", HOTSPOTS), 20)
        yield running


def _assert_unknown_and_none_down(exporter: ExporterProcess) -> None:
    """All were unknown for a while, none was down, and `hotspot_up` has not left 1."""
    exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
    assert exporter.ever("down") == set()
    scrape = exporter.scrape()
    assert set(scrape.by("hotspot", "hotspot_up").values()) == {1.0}
    assert scrape.total("hotspot_state_seconds_total", state="down") == 0
    assert scrape.total("hotspot_probe_failures_total", reason="timeout") == 0


def test_a_receive_buffer_overflow_takes_no_hotspot_down(exporter: ExporterProcess) -> None:
    """With room for a few packets the kernel drops most replies: the probes are inconclusive, not lost."""
    with icmp_socket_of(exporter.process.pid) as stolen:
        stolen.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        time.sleep(FAULT_SECONDS)
        unknown = exporter.ever("unknown")
        stolen.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    assert unknown
    _assert_unknown_and_none_down(exporter)
    scrape = exporter.scrape()
    inconclusive = scrape.by("hotspot", "hotspot_probe_failures_total", reason="inconclusive")
    assert {name for name, count in inconclusive.items() if count} >= unknown
    assert scrape.value("pantau_socket_receive_drops_total") >= len(unknown)


def test_a_full_device_queue_takes_no_hotspot_down(exporter: ExporterProcess, city: CityNamespace) -> None:
    """The device takes no packet and sendmmsg fails with ENOBUFS: all are unknown, for no probe left."""
    city.run("tc", "qdisc", "change", "dev", "lo", "root", "bfifo", "limit", "1")
    time.sleep(FAULT_SECONDS)
    states = exporter.states()
    city.run("tc", "qdisc", "change", "dev", "lo", "root", *ROOMY)
    assert states == all_in("unknown", HOTSPOTS)
    _assert_unknown_and_none_down(exporter)
    assert exporter.scrape().value("pantau_socket_send_errors_total", errno="ENOBUFS") >= len(HOTSPOTS)


def test_a_missing_route_takes_no_hotspot_down(exporter: ExporterProcess, city: CityNamespace) -> None:
    """Without a route sendmmsg fails with ENETUNREACH: all are unknown, and the errno is counted."""
    city.run("ip", "route", "delete", "local", CITY4, "dev", "lo")
    time.sleep(FAULT_SECONDS)
    states, scrape = exporter.states(), exporter.scrape()
    city.run("ip", "route", "add", "local", CITY4, "dev", "lo")
    assert states == all_in("unknown", HOTSPOTS)
    assert scrape.value("pantau_socket_send_errors_total", errno="ENETUNREACH") >= len(HOTSPOTS)
    assert min(scrape.by("hotspot", "hotspot_probe_failures_total", reason="send").values()) >= 1
    _assert_unknown_and_none_down(exporter)


def test_time_in_which_the_process_was_stopped_is_unknown(exporter: ExporterProcess) -> None:
    """As on a suspended machine: all are unknown from then on, and the time is not counted as up."""
    before = exporter.scrape().by("hotspot", "hotspot_state_seconds_total", state="up")
    exporter.signal(signal.SIGSTOP)
    time.sleep(FAULT_SECONDS)
    exporter.signal(signal.SIGCONT)
    exporter.wait_until(lambda: exporter.ever("unknown") == set(HOTSPOTS), 10, "notice its own pause")
    _assert_unknown_and_none_down(exporter)
    scrape = exporter.scrape()
    unknown = scrape.by("hotspot", "hotspot_state_seconds_total", state="unknown")
    assert min(unknown.values()) >= FAULT_SECONDS
    assert len(before) == len(unknown)


def test_silent_canaries_make_every_hotspot_unknown(
    city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Our uplink is cut: canaries and hotspots of both families fall silent together; then all comes back."""
    hotspots = city_hotspots(60) | city_hotspots6(20)
    canaries = {"gateway": "10.77.250.1", "dns": "fd77::250:1"}
    folder = tmp_path_factory.mktemp("canaries")
    with ExporterProcess(city, write_configuration(folder, hotspots, QUICK, canaries)) as exporter:
        exporter.wait_for_states(all_in("up", hotspots), 20)
        assert exporter.scrape().value("pantau_vantage_up") == 1
        city.black_hole([*hotspots.values(), *canaries.values()])
        exporter.wait_for_states(all_in("unknown", hotspots), 20)
        time.sleep(FAULT_SECONDS)
        blind = exporter.scrape()
        assert blind.value("pantau_vantage_up") == 0
        assert blind.by("canary", "pantau_canary_up") == {"gateway": 0, "dns": 0}
        assert set(blind.by("hotspot", "hotspot_up").values()) == {1.0}
        assert set(blind.by("hotspot", "hotspot_state").values()) == {5.0}
        city.heal()
        exporter.wait_for_states(all_in("up", hotspots), 20)
        assert exporter.ever("down") == set()
        after = exporter.scrape()
        assert after.value("pantau_vantage_up") == 1
        assert after.total("hotspot_state_seconds_total", state="down") == 0
        assert min(after.by("hotspot", "hotspot_state_seconds_total", state="unknown").values()) >= FAULT_SECONDS
        assert after.total("hotspot_probe_failures_total", reason="timeout") == 0


def test_one_answering_canary_meets_a_quorum_of_one(
    city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An outage of every hotspot and of the other canary is an outage."""
    hotspots = city_hotspots(30)
    canaries = {"gateway": "10.77.250.1", "dns": "10.77.250.2"}
    folder = tmp_path_factory.mktemp("quorum")
    with ExporterProcess(city, write_configuration(folder, hotspots, QUICK, canaries)) as exporter:
        exporter.wait_for_states(all_in("up", hotspots), 20)
        city.black_hole([*hotspots.values(), canaries["dns"]])
        exporter.wait_for_states(all_in("down", hotspots), 20)
        scrape = exporter.scrape()
        assert scrape.value("pantau_vantage_up") == 1
        assert scrape.by("canary", "pantau_canary_up") == {"gateway": 1, "dns": 0}
        city.heal()
        exporter.wait_for_states(all_in("up", hotspots), 20)
