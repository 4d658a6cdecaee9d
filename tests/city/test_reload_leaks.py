"""A thousand reloads: nothing leaks, nobody is lost, probing goes on."""

from pathlib import Path

import pytest

from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, write_configuration, write_hotspots
from tests.city.namespace import CityNamespace

pytestmark = [pytest.mark.city, pytest.mark.timeout(240)]

RELOADS, WARM_UP = 1000, 100
SLACK_BYTES = 16 << 20


def _memory(pid: int) -> int:
    """Resident bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def test_a_thousand_reloads_leak_nothing(city: CityNamespace, tmp_path: Path) -> None:
    """Between two inventories to and fro, one reload in ten of a broken one: memory and descriptors stay."""
    city.allow_datagram_sockets(True)
    both = city_hotspots(30), city_hotspots(30, first=10)
    settings = write_configuration(tmp_path, both[0], QUICK)
    with ExporterProcess(city, settings) as exporter:
        exporter.wait_for_states(all_in("up", both[0]), 20)
        before = exporter.scrape().by("hotspot", "hotspot_probe_replies_total")
        pid, memory, descriptors = exporter.process.pid, 0, 0
        for number in range(RELOADS):
            if number == WARM_UP:
                memory, descriptors = _memory(pid), _descriptors(pid)
            broken = ["h0,twice,10.77.9.9,pusat,nobody"] if number % 10 == 9 else []
            write_hotspots(tmp_path, both[number % 2], broken)
            if broken:
                with pytest.raises(OSError, match="400"):
                    exporter.fetch("/-/reload", "POST")
            else:
                exporter.fetch("/-/reload", "POST")
        grown = _memory(pid) - memory
        print(f"\n{RELOADS} reloads: {grown / 2**20:+.1f} MiB, {_descriptors(pid) - descriptors:+d} descriptors")
        assert grown < SLACK_BYTES
        assert abs(_descriptors(pid) - descriptors) <= 2  # a request may be under way
        assert exporter.ever("down") == set()
        write_hotspots(tmp_path, both[0])
        exporter.fetch("/-/reload", "POST")
        exporter.wait_until(lambda: exporter.scrape().total("hotspot_up") == len(both[0]), 20, "see all up again")
        after = exporter.scrape().by("hotspot", "hotspot_probe_replies_total")
        stayed = [name for name in both[0] if name in both[1]]
        assert all(after[name] > before[name] for name in stayed)
