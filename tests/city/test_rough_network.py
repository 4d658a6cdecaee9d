"""Routers that redirect, and an attacker who forges errors: neither makes a slow hotspot down."""

import random
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.forger import Echo, Forger, guessed_request, unreachable
from tests.city.inventories import write_configuration
from tests.city.two_routers import NEAR, SOURCES, slow_address, two_routers

# How many ICMP errors a kernel sends (icmp_msgs_per_sec) is one limit for all namespaces: nobody else sends beside.
pytestmark = [pytest.mark.city, pytest.mark.story]

PATIENT = {
    "interval": "2s",
    "timeout": "1s",
    "confirm": "{attempts: 3, spacing: 200ms}",
    "degraded": "{rtt: 2s}",
}
KINDS = dict(zip(("datagram", "raw"), SOURCES, strict=True))
"""Each kind of socket has an exporter, with a source of its own: a router counts its redirects by address."""
RATE, ATTACK_SECONDS = 5000, 3.0
SLOT_SECONDS = 2.0
"""The interval of `PATIENT`."""
OWN = "10.77.0.66"
"""The attacker's own point."""


@pytest.fixture(scope="module")
def city() -> Iterator[CityNamespace]:
    """A city with the two routers, in which datagram sockets are permitted."""
    with CityNamespace() as namespace, two_routers(namespace):
        namespace.allow_datagram_sockets(True)
        yield namespace


def _exporter(city: CityNamespace, folder: Path, kind: str, hotspots: dict[str, str]) -> ExporterProcess:
    settings = write_configuration(folder / kind, hotspots, {**PATIENT, "socket": kind, "source": KINDS[kind]})
    return ExporterProcess(city, settings)


def test_redirects_make_no_hotspot_down(city: CityNamespace, tmp_path: Path) -> None:
    """The gateway redirects and forwards; the reply comes after 600 ms: up all the time, and redirects are counted."""
    hotspot = {"slow": slow_address(600)}
    with (
        _exporter(city, tmp_path, "datagram", hotspot) as datagram,
        _exporter(city, tmp_path, "raw", hotspot) as raw,
    ):
        for exporter in (datagram, raw):
            _wait_for_replies(exporter, 2)
            assert [change.after for change in exporter.changes()] == ["up"]
            scrape = exporter.scrape()
            assert scrape.value("pantau_icmp_ignored_total", type="redirect") >= 1
            assert scrape.total("hotspot_probe_failures_total") == 0
            assert scrape.total("pantau_unmatched_replies_total") == 0


def _wait_for_replies(exporter: ExporterProcess, count: int) -> None:
    exporter.wait_until(
        lambda: exporter.scrape().total("hotspot_probe_replies_total") >= count, 10, f"get {count} replies"
    )


def test_forged_errors_make_no_hotspot_down(city: CityNamespace, tmp_path: Path) -> None:
    """Identifier and sequence are known from probes of one's own point; 5000 guesses a second, and nobody is down."""
    victims = {f"slow{number}": slow_address(590 + number) for number in range(20)}
    hotspots = {"own": OWN, **victims}
    with (
        _exporter(city, tmp_path, "datagram", hotspots) as datagram,
        _exporter(city, tmp_path, "raw", hotspots) as raw,
        closing(Forger(city)) as forger,
    ):
        for exporter in (datagram, raw):
            exporter.wait_for_states(all_in("up", hotspots), 10)
        with forger.listening(kind=8) as requests:
            sent = city.call(_attack, forger, requests, list(victims.values()))
        assert sent >= RATE * ATTACK_SECONDS / 2
        for exporter in (datagram, raw):
            _wait_for_mismatches(exporter, sent / 4)
            assert exporter.ever("down") == set()
            assert exporter.states() == all_in("up", hotspots)


def _wait_for_mismatches(exporter: ExporterProcess, count: float) -> None:
    """What has come is read within a second; each socket has seen at least the guesses at its own identifier."""
    exporter.wait_until(
        lambda: exporter.scrape().value("pantau_unmatched_replies_total", reason="mismatch") >= count,
        10,
        f"count {count:.0f} forged errors",
    )


def _attack(forger: Forger, seen: list[Echo], victims: list[str]) -> int:
    """Errors about the probes that must be in flight by now, to each prober in turn; how many were sent."""
    dice = random.Random(1)
    _wait_for_own(seen)
    began, sent = time.monotonic(), 0
    while (elapsed := time.monotonic() - began) < ATTACK_SECONDS:
        own = {echo.source: echo for echo in seen if echo.destination == OWN}
        for _ in range(sent, int(elapsed * RATE)):
            prober = dice.choice(SOURCES)
            victim, last = dice.choice(victims), own[prober]
            guess = guessed_request(last.identifier, last.sequence + dice.randrange(-20, 20), dice.randrange(1 << 16))
            forger.send(NEAR, prober, unreachable(prober, victim, guess))
            sent += 1
        time.sleep(0.005)
    return sent


def _wait_for_own(seen: list[Echo]) -> None:
    """Each prober has pinged the attacker's own point: its identifier is known."""
    until = time.monotonic() + 3 * SLOT_SECONDS
    while {echo.source for echo in seen if echo.destination == OWN} != set(SOURCES):
        assert time.monotonic() < until, "a prober does not ping the attacker's own point"
        time.sleep(0.01)
