"""Names over real packets: an exporter whose names a real dnsmasq tells, most of them wrong in one way or another."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lab.city.nameserver import SERVER, asked_in, nameserver_command
from lab.city.namespace import CityNamespace
from pantau.journal import Kind, Reader
from tests.city.exporter_process import REPOSITORY, STOP_SECONDS, ExporterProcess
from tests.city.inventories import QUICK, write_configuration, write_hotspots
from tests.programs import require_program

pytestmark = pytest.mark.city

SET, MOVES, BLOCKED, SIX = "set.titik.example", "moves.titik.example", "blocked.titik.example", "six.titik.example"
TOLD = {
    SET: "10.77.0.1 10.77.0.2",
    MOVES: "10.77.0.3",
    BLOCKED: "0.0.0.0",  # noqa: S104 - nothing is bound
    SIX: "10.99.0.6 fd77::6",  # there is no IPv4 route to 10.99.0.0/16
    "_ap_1.titik.example": "10.77.0.8",
}
OWN = "10.76.0.1"
HOTSPOTS = {
    "set": SET,
    "moves": MOVES,
    "blocked": BLOCKED,
    "six": SIX,
    "underscores": "_ap_1.titik.example",
    "number": "10.77.0.9",
    "own": OWN,
}
DEAD = {f"dead{n}": f"ap{n}.mati.example" for n in range(60)}
UP = {"set", "moves", "six", "underscores", "number"}
CANARIES = {"gateway": "10.77.250.1"}


class Office:
    """A city whose names a dnsmasq tells, and an exporter in it."""

    def __init__(self, city: CityNamespace, folder: Path) -> None:
        self.city, self.folder = city, folder
        self._hosts = folder / "names"
        self.tell(TOLD)
        gone = f"--server=/mati.example/{SERVER}#1"
        self.dnsmasq = city.start(*nameserver_command(self._hosts, "example", "--local-ttl=3600", gone))
        settings = write_configuration(folder, {**DEAD, **HOTSPOTS}, QUICK, CANARIES)
        settings.write_text(f"{settings.read_text()}journal: {{url: 'sqlite:///journal.sqlite'}}\n")
        self.settings, self.exporter = settings, ExporterProcess(city, settings)

    def tell(self, names: Mapping[str, str]) -> None:
        """Write what dnsmasq tells when it reads its names again."""
        lines = (f"{address} {name}\n" for name, addresses in names.items() for address in addresses.split())
        self._hosts.write_text("".join(lines))

    def known(self, hotspot: str) -> dict[str, Any]:
        """What the exporter says of a hotspot."""
        known: dict[str, Any] = json.loads(self.exporter.fetch(f"/api/hotspots/{hotspot}"))
        return known


@pytest.fixture(scope="module")
def office(city: CityNamespace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The first address of the set is dead from the start."""
    city.allow_datagram_sockets(True)
    city.black_hole(["10.77.0.1"])
    require_program("dnsmasq")
    with asked_in(city):
        office = Office(city, tmp_path_factory.mktemp("names"))
        with office.exporter as exporter:
            exporter.wait_until(lambda: exporter.states().keys() >= UP, 20, "see who answers")
            yield office


def test_who_can_be_seen_is_up_and_the_others_are_unknown(office: Office) -> None:
    """A set of which one is dead, IPv6 where IPv4 has no route; nobody is probed where nobody can be."""
    assert {name for name, state in office.exporter.states().items() if state == "up"} == UP
    assert office.exporter.ever("down") == set()
    used = {name: office.known(name)["address_in_use"] for name in HOTSPOTS}
    assert used == {
        "set": "10.77.0.2",
        "moves": "10.77.0.3",
        "blocked": None,
        "six": "fd77::6",
        "underscores": "10.77.0.8",
        "number": "10.77.0.9",
        "own": None,
    }
    assert office.known("set")["other_addresses"] == ["10.77.0.1"]
    assert office.known("own")["address_problem"] == f"{OWN} is this machine's own address"
    assert "0.0.0.0 is the unspecified address" in office.known("blocked")["address_problem"]
    for name in ("own", "blocked", "dead0"):
        assert (office.known(name)["state"], office.known(name)["requests"]) == ("unknown", 0)
        assert office.known(name)["failures"]["resolve"] > 0


def test_pantau_probe_says_which_address(office: Office) -> None:
    """And that the other one was tried, where nobody answers at the first."""
    host, port = office.exporter.address
    text = office.settings.read_text()
    office.settings.write_text(f"{text}web: {{listen: '{host}:{port}'}}\n")
    command = [sys.executable, "-B", "-m", "pantau", "probe", "set", "--count", "1", "--config", str(office.settings)]
    probed = subprocess.run(
        office.city.within(command),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )
    office.settings.write_text(text)
    assert probed.returncode == 0, probed.stdout + probed.stderr
    assert f"nama {SET} → 10.77.0.1, juga 10.77.0.2" in probed.stdout
    assert "another address of the name: 10.77.0.2" in probed.stdout
    assert "the exporter probes 10.77.0.2" in probed.stdout


def test_a_move_is_followed_before_it_is_an_outage(office: Office) -> None:
    """The name moves, with an hour of TTL left, and the old address falls silent: no outage, among 60 dead names."""
    office.tell(TOLD | {MOVES: "10.77.0.4"})
    office.dnsmasq.send_signal(1)
    time.sleep(0.3)
    office.city.black_hole(["10.77.0.3"])
    office.exporter.wait_until(lambda: office.known("moves")["address_in_use"] == "10.77.0.4", 10, "follow the name")
    time.sleep(3)
    assert office.exporter.ever("down") == set()
    assert office.known("moves")["state"] in {"up", "degraded"}  # what was lost at the old address is loss


def test_dead_names_delay_no_reload(office: Office) -> None:
    """Which takes as long as ever while 60 of them are waited for, and keeps what is known."""
    begun = time.monotonic()
    write_hotspots(office.folder, {**DEAD, **HOTSPOTS, "new": "10.77.0.10"})
    office.exporter.fetch("/-/reload", "POST")
    assert time.monotonic() - begun < 2
    assert office.known("set")["address_in_use"] == "10.77.0.2"
    office.exporter.wait_until(lambda: office.exporter.states().get("new") == "up", 10, "see the new hotspot")


def test_dead_names_delay_no_stop_and_the_journal_has_the_addresses(office: Office) -> None:
    """With 60 dead names asked for; each change of state names the address that was probed."""
    status, seconds = office.exporter.stop()
    assert (status, seconds < STOP_SECONDS) == (0, True), f"status {status} after {seconds:.2f} s"
    with Reader("sqlite:///journal.sqlite", office.folder) as journal:
        told = [entry.event for entry in journal.entries() if entry.event.kind is Kind.TRANSITION]
    addresses = {event.subject: event.address for event in told if event.reason == "reply"}
    assert addresses["number"] == "10.77.0.9"
    assert addresses["set"] == "10.77.0.2"
    assert addresses["six"] == "fd77::6"
