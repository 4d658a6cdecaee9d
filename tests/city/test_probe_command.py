"""`pantau probe` inside the city: what it says of a hotspot that answers, is silent, or is rejected."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import REPOSITORY, ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(4)
NATTED = "10.77.0.200"
"""Where the replies of h3 come from."""


@pytest.fixture
def settings(city: CityNamespace, tmp_path: Path) -> Iterator[Path]:
    """Settings whose exporter runs, at the address that they name, with h1 silent and h2 rejected."""
    city.allow_datagram_sockets(True)
    settings = write_configuration(tmp_path, HOTSPOTS, QUICK)
    with ExporterProcess(city, settings) as exporter:
        host, port = exporter.address
        settings.write_text(settings.read_text() + f'web: {{listen: "{host}:{port}"}}\n')
        city.black_hole([HOTSPOTS["h1"]])
        city.reject(HOTSPOTS["h2"], "prohibited")
        rule = f"ip saddr {HOTSPOTS['h3']} icmp type echo-reply ip saddr set {NATTED}"
        city.run("nft", "add table ip natted")
        city.run("nft", "add chain ip natted leaving { type filter hook output priority mangle; }")
        city.run("nft", f"add rule ip natted leaving {rule}")
        exporter.wait_for_states({**all_in("down", HOTSPOTS), "h0": "up"}, 20)
        yield settings
        city.run("nft", "delete table ip natted")
        city.heal()


def _probe(city: CityNamespace, settings: Path, target: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-m", "pantau", "probe", target, "--count", "2", "--config", str(settings)]
    return subprocess.run(
        city.within(command),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )


def test_each_hotspot_is_explained(city: CityNamespace, settings: Path) -> None:
    """Resolved to, sent from, RTT or the error in words, the verdict, and what the running exporter says."""
    good = _probe(city, settings, "h0")
    assert good.returncode == 0, good.stdout + good.stderr
    for words in ("Titik h0", "alamat 10.77.0.1", "batch/datagram", "RTT ", "UP: every probe was answered"):
        assert words in good.stdout
    assert "menurut exporter: up sejak" in good.stdout

    silent = _probe(city, settings, "h1")
    assert silent.returncode == 1
    assert "no answer: the device is off, the line is cut, or ICMP is filtered (timeout)" in silent.stdout
    assert "DOWN: none was answered" in silent.stdout
    assert "menurut exporter: down sejak" in silent.stdout

    rejected = _probe(city, settings, HOTSPOTS["h2"])
    assert rejected.returncode == 1
    assert "prohibited by a rule (firewall); the line itself may be well (prohibited)" in rejected.stdout

    natted = _probe(city, settings, "h3")
    assert natted.returncode == 1
    assert "a reply came, but none that counts" in natted.stdout
    assert "the device is off" not in natted.stdout
    assert f"balasan datang dari alamat lain, {NATTED}, jadi tidak dihitung" in natted.stdout
    assert "if it is the same device behind a NAT, put that address into the inventory" in natted.stdout
    assert f"exporter menerima balasan yang tidak dihitung dari {NATTED}: other_address" in natted.stdout


def test_check_live_lists_who_does_not_answer_and_who_has_no_route(city: CityNamespace, settings: Path) -> None:
    """Real packets beside a running exporter; a point without a route makes status 2."""

    def check() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-B", "-m", "pantau", "check", "--live", "--config", str(settings)]
        environment = os.environ | {"COLUMNS": "200"}
        return subprocess.run(
            city.within(command),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment,
        )

    done = check()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 points: 1 answered, 3 did not, 0 could not be probed" in done.stdout
    assert "(timeout)" in done.stdout
    assert "(prohibited)" in done.stdout
    hotspots = settings.parent / "hotspots.csv"
    hotspots.write_text(f"{hotspots.read_text()}far,Jauh,198.51.100.1,pusat,kotanet\n")
    done = check()
    assert done.returncode == 2, done.stdout + done.stderr
    assert "far Jauh · pusat · ISP kotanet · 198.51.100.1: paket tidak dapat dikirim dari sini" in done.stdout
    assert "(send: ENETUNREACH)" in done.stdout
