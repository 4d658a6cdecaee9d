"""Kernels that lack socket options or batched calls: the exporter starts and says what is lost, or names the cure."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import REPOSITORY, ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, city_hotspots6, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(10) | city_hotspots6(5)
LACKING = (sys.executable, "-B", "-m", "tests.city.old_kernel")


def test_without_any_option_it_starts_and_says_what_is_lost(city: CityNamespace, tmp_path: Path) -> None:
    """Stamps, errors, filter and drops are refused by the kernel: one warning each, and outages are found."""
    city.allow_datagram_sockets(True)
    settings = write_configuration(tmp_path, HOTSPOTS, {**QUICK, "socket": "raw"})
    with ExporterProcess(city, settings, (*LACKING, "options")) as exporter:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
        warnings = [str(line["event"]) for line in exporter.log() if line["level"] == "warning"]
        lacks = [event.partition(":")[0].removeprefix("the kernel has no ") for event in warnings]
        assert [lack for lack in lacks if lack.isupper()] == [
            "SO_TIMESTAMPING",
            "IP_RECVERR",
            "ICMP_FILTER",
            "SO_MEMINFO",
            "IPV6_RECVERR",
            "ICMP6_FILTER",
        ]
        city.black_hole([HOTSPOTS["h0"], HOTSPOTS["s0"]])
        city.reject(HOTSPOTS["h1"], "host")
        exporter.wait_for_states(all_in("up", HOTSPOTS) | all_in("down", ["h0", "h1", "s0"]), 20)
        city.heal()
        reasons = {change.hotspot: change.reason for change in exporter.changes() if change.after == "down"}
        assert reasons == {"h0": "timeout", "h1": "unreachable_host", "s0": "timeout"}
        assert exporter.scrape().total("hotspot_probe_rtt_seconds_count") == 0


def test_without_batched_calls_it_ends_with_one_sentence(city: CityNamespace, tmp_path: Path) -> None:
    """Exit status 2 and the portable engine's name, which then runs there."""
    city.allow_datagram_sockets(True)
    settings = write_configuration(tmp_path, HOTSPOTS, QUICK)
    command = [*LACKING, "batches", sys.executable, "-B", "-m", "pantau", "run", "--config", str(settings)]
    ended = subprocess.run(
        city.within([*command, "--web.listen-address", "127.0.0.1:0"]),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert "engine: aioping" in ended.stderr
    assert "Traceback" not in ended.stderr
