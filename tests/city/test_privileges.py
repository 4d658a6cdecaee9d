"""The exporter takes the socket that its user is permitted, and without any names the two commands that permit one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ORDINARY_USER, REPOSITORY, ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(20)


@pytest.mark.parametrize(
    ("user", "datagram_allowed", "wanted", "got"),
    [
        ((), False, "auto", "raw"),
        ((), True, "raw", "raw"),
        ((), True, "auto", "datagram"),
        (ORDINARY_USER, True, "auto", "datagram"),
    ],
    ids=["root", "root-raw", "root-permitted", "ordinary-user"],
)
def test_the_socket_is_the_one_that_is_permitted(
    city: CityNamespace, tmp_path: Path, user: tuple[str, ...], datagram_allowed: bool, wanted: str, got: str
) -> None:
    """Datagram first, raw second; it says which, and all hotspots are up."""
    city.allow_datagram_sockets(datagram_allowed)
    settings = write_configuration(tmp_path, HOTSPOTS, {**QUICK, "socket": wanted})
    with ExporterProcess(city, settings, user) as exporter:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
        assert exporter.scrape().value("pantau_engine_info", engine="batch", socket=got) == 1
        assert exporter.events("probing")[0]["socket"] == got


@pytest.mark.parametrize("engine", ["auto", "aioping"])
def test_without_any_socket_it_exits_with_the_two_commands(city: CityNamespace, tmp_path: Path, engine: str) -> None:
    """Exit status 2, both commands, no traceback."""
    city.allow_datagram_sockets(False)
    settings = write_configuration(tmp_path, HOTSPOTS, {**QUICK, "engine": engine})
    command = [*ORDINARY_USER, sys.executable, "-B", "-m", "pantau", "run", "--config", str(settings)]
    ended = subprocess.run(
        city.within([*command, "--web.listen-address", "127.0.0.1:0"]),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert ended.returncode == 2
    assert 'sudo sysctl -w net.ipv4.ping_group_range="0 2147483647"' in ended.stderr
    assert f"sudo setcap cap_net_raw+ep {sys.executable}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_aioping_engine_probes_too(city: CityNamespace, tmp_path: Path) -> None:
    """Chosen in the settings, it warns of what is lost, and a few hotspots are up."""
    city.allow_datagram_sockets(True)
    hotspots = city_hotspots(5)
    settings = write_configuration(tmp_path, hotspots, {**QUICK, "engine": "aioping"})
    with ExporterProcess(city, settings) as exporter:
        exporter.wait_for_states(all_in("up", hotspots), 20)
        city.black_hole([hotspots["h0"]])
        exporter.wait_for_states({**all_in("up", hotspots), "h0": "down"}, 20)
        city.heal()
        assert exporter.scrape().value("pantau_engine_info", engine="aioping", socket="datagram") == 1
        warnings = [line["event"] for line in exporter.log() if line["level"] == "warning"]
        assert any("aioping engine is in use" in event for event in warnings)
        assert exporter.stop()[0] == 0
