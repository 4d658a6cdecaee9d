"""Real pages in the city: some are suspended, some say nothing, some are cut; each is exactly that, and nobody else."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import REPOSITORY, STOP_SECONDS, ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, write_configuration

pytestmark = [pytest.mark.city, pytest.mark.long]

HOTSPOTS = city_hotspots(40)
NAMES = list(HOTSPOTS)
SUSPENDED, MUTE, CUT = NAMES[:10], NAMES[10:20], NAMES[15:25]
REFERENCE = "10.77.1.1"
CHECKS = """
checks:
  - name: page
    kind: http
    url: "http://{address}/"
    interval: 5s
    timeout: 2s
    confirm: 2
    proves: client_path
isolation: [{isp: kotanet, url: "*isolir*"}]
journal: {url: "sqlite:///journal.sqlite"}
"""
REFERENCES = f"  references: [{{name: known, kind: http, url: 'http://{REFERENCE}/'}}]\n"


def settings(folder: Path) -> Path:
    """Forty hotspots, all checked, and a reference."""
    file = write_configuration(folder, HOTSPOTS, QUICK, {"gateway": "10.77.9.9"})
    text = file.read_text(encoding="utf-8").replace("  name: uji\n", "  name: uji\n" + REFERENCES)
    file.write_text(text + CHECKS, encoding="utf-8")
    return file


def test_each_has_exactly_its_state(city: CityNamespace, tmp_path: Path) -> None:
    """Through a restart too, and back again; and while our own way to pages is cut nobody has anything."""
    city.allow_datagram_sockets(True)
    words = tmp_path / "words"
    words.write_text("")
    command = [sys.executable, "-B", "-m", "tests.city.pages", str(words)]
    pages = city.start(*command, cwd=REPOSITORY, stdout=subprocess.PIPE)
    assert pages.stdout is not None
    assert pages.stdout.readline() == b"ready\n"
    file = settings(tmp_path / "first")
    with ExporterProcess(city, file) as exporter:
        exporter.wait_for_states(all_in("up", NAMES), 30)
        everywhere = "".join(f"{address} mute\n" for address in [*HOTSPOTS.values(), REFERENCE])
        words.write_text(everywhere)
        failed = "path has failed: what is seen over it is unknown"
        exporter.wait_until(lambda: len(exporter.events(failed)) == 1, 40, "see that pages cannot be reached")
        assert exporter.states() == all_in("up", NAMES)
        said = [(HOTSPOTS[name], "isolir") for name in SUSPENDED] + [(HOTSPOTS[name], "mute") for name in MUTE]
        words.write_text("".join(f"{address} {word}\n" for address, word in said))
        city.black_hole([HOTSPOTS[name] for name in CUT])
        wanted = all_in("up", NAMES) | all_in("isolated", SUSPENDED) | all_in("no_internet", MUTE) | all_in("down", CUT)
        exporter.wait_for_states(wanted, 40)
        scrape = exporter.fetch("/metrics")
        assert scrape.count("\nhotspot_unserved_since_timestamp_seconds{") == len(SUSPENDED) + len(set(MUTE) - set(CUT))
        assert scrape.count("\nhotspot_down_since_timestamp_seconds{") == len(CUT)
        status, seconds = exporter.stop()
        assert (status, seconds < STOP_SECONDS) == (0, True)
    with ExporterProcess(city, file) as exporter:
        exporter.wait_for_states(wanted, 40)
        assert not exporter.ever("up") & {*SUSPENDED, *MUTE, *CUT}
        city.heal()
        words.write_text("")
        exporter.wait_for_states(all_in("up", NAMES), 40)
