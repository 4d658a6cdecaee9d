"""The real exporter asks a real snmpd after a recovery, and its journal has the answer."""

from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from pantau.journal import Reader, verify
from tests.city.exporter_process import STOP_SECONDS, ExporterProcess
from tests.city.inventories import city_hotspots, write_configuration
from tests.programs import require_program

pytestmark = [pytest.mark.city, pytest.mark.timeout(120)]

HOTSPOTS = city_hotspots(3)
ASKED, WRONGLY, NOT_ASKED = HOTSPOTS
SNMP = f"""\
snmp:
  timeout: 500ms
  attempts: 1
  accesses:
    - {{name: right, community_file: right, port: 1161, hotspots: [{ASKED}]}}
    - {{name: wrong, community_file: wrong, port: 1161, hotspots: [{WRONGLY}]}}
"""


def test_a_recovery_is_asked_and_journaled(city: CityNamespace, tmp_path: Path) -> None:
    """Three fall and come back: one tells its counters, one gets a wrong community, one is not asked."""
    settings = write_configuration(tmp_path, HOTSPOTS)
    settings.write_text(settings.read_text("utf-8") + SNMP, "utf-8")
    (tmp_path / "right").write_text("geheim\n", "ascii")
    (tmp_path / "wrong").write_text("public\n", "ascii")
    (tmp_path / "snmpd.conf").write_text("rocommunity geheim default\nagentAddress udp:0.0.0.0:1161\n", "ascii")
    environment = {"SNMP_PERSISTENT_DIR": str(tmp_path / "state"), "MIBS": "", "PATH": "/usr/bin:/bin"}
    with (tmp_path / "snmpd.log").open("wb") as log:
        command = [str(require_program("snmpd")), "-C", "-c", str(tmp_path / "snmpd.conf"), "-f", "-Lo"]
        daemon = city.start(*command, env=environment, stdout=log, stderr=log)
    try:
        with ExporterProcess(city, settings) as exporter:
            exporter.wait_until(lambda: exporter.ever("up") == set(HOTSPOTS), 30, "see the city up")
            city.black_hole(HOTSPOTS.values())
            exporter.wait_until(lambda: exporter.ever("down") == set(HOTSPOTS), 30, "find the silent")
            city.heal()

            def results() -> dict[str, float]:
                return exporter.scrape().by("result", "pantau_uptime_requests_total")

            exporter.wait_until(lambda: sum(results().values()) == 2, 30, "ask", 0.3)
            assert {name: count for name, count in results().items() if count} == {"no_answer": 1, "unclear": 1}
            status, seconds = exporter.stop()
            assert status == 0
            assert seconds < STOP_SECONDS
    finally:
        daemon.terminate()
        daemon.wait(10)
    with Reader("sqlite:///data/journal.sqlite", tmp_path) as reader:
        assert list(verify(reader)) == []
        told = reader.uptimes(0, 2**62)
        assert list(told) == [ASKED]
        (one,) = told[ASKED]
        entry = reader.entry(one.entry)
    # The machine that runs this has been up for longer than the daemon: which of them restarted, nobody can tell.
    assert (one.uptime_seconds, one.evidence) == (None, "snmp")
    assert entry is not None
    assert entry.event.address == HOTSPOTS[ASKED]
    assert set(entry.event.facts) == {"hrSystemUptime", "snmpEngineTime", "sysUpTime", "why"}
