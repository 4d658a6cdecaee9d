"""IPv6 hotspots beside IPv4 ones: one engine, two sockets, the same verdicts."""

from collections.abc import Iterator

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, city_hotspots6, write_configuration

pytestmark = pytest.mark.city

HOTSPOTS = city_hotspots(12) | city_hotspots6(12)
SILENT = ["h3", "h7", "s0", "s5", "s11"]


@pytest.fixture(params=["datagram", "raw"])
def exporter(
    request: pytest.FixtureRequest, city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ExporterProcess]:
    """An exporter over both families, and all of them up."""
    city.allow_datagram_sockets(True)
    folder = tmp_path_factory.mktemp(request.param)
    settings = write_configuration(folder, HOTSPOTS, {**QUICK, "socket": request.param})
    with ExporterProcess(city, settings) as running:
        running.wait_for_states(all_in("up", HOTSPOTS), 20)
        yield running
    city.heal()


def test_outages_of_both_families_are_detected_and_end(exporter: ExporterProcess, city: CityNamespace) -> None:
    """Exactly the silent hotspots of either family go down, and come up again; every reply had an RTT."""
    city.black_hole(HOTSPOTS[name] for name in SILENT)
    exporter.wait_for_states(all_in("up", HOTSPOTS) | all_in("down", SILENT), 20)
    assert exporter.scrape().by("hotspot", "hotspot_up") == {name: float(name not in SILENT) for name in HOTSPOTS}
    city.heal()
    exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
    assert exporter.ever("down") == set(SILENT)
    assert exporter.ever("unknown") == set()
    scrape = exporter.scrape()
    replies = scrape.by("hotspot", "hotspot_probe_replies_total")
    assert scrape.by("hotspot", "hotspot_probe_rtt_seconds_count") == replies
    assert scrape.total("pantau_unmatched_replies_total") == 0


def test_a_cut_of_one_family_makes_its_hotspots_unknown(exporter: ExporterProcess, city: CityNamespace) -> None:
    """Without a route to the IPv6 city its hotspots are unknown, and those of IPv4 are watched as before."""
    of_v6 = [name for name in HOTSPOTS if name.startswith("s")]
    city.run("ip", "-6", "route", "delete", "local", "fd77::/64", "dev", "lo")
    exporter.wait_for_states(all_in("up", HOTSPOTS) | all_in("unknown", of_v6), 20)
    city.black_hole([HOTSPOTS["h3"]])
    exporter.wait_for_states({**all_in("up", HOTSPOTS), **all_in("unknown", of_v6), "h3": "down"}, 20)
    city.heal()
    city.run("ip", "-6", "route", "add", "local", "fd77::/64", "dev", "lo")
    exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
    assert exporter.ever("down") == {"h3"}
    assert exporter.ever("unknown") == set(of_v6)
