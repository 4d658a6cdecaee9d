"""Real packets through a policer of the kernel's: our own bursts cause no loss, and none is taken for an outage."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import city_hotspots, write_configuration
from tests.city.scrape import Scrape

pytestmark = [pytest.mark.city, pytest.mark.timeout(240)]

HOTSPOTS = city_hotspots(1000)
CANARIES = {"gateway": "10.77.255.1", "dns": "10.77.255.2"}
SETTINGS = {"interval": "10s"}
BASE = 100
"""Probes a second."""


@pytest.fixture
def city() -> Iterator[CityNamespace]:
    """A city in which datagram sockets are permitted."""
    with CityNamespace() as namespace:
        namespace.allow_datagram_sockets(True)
        yield namespace


def _lost_ratio(scrape: Scrape, but: set[str]) -> float:
    """Of all probes so far, of hotspots other than `but`."""
    requests, replies = (
        sum(count for name, count in scrape.by("hotspot", f"hotspot_probe_{what}_total").items() if name not in but)
        for what in ("requests", "replies")
    )
    return 1 - replies / requests


def test_a_thousand_hotspots_pass_a_policer_of_twice_their_rate(city: CityNamespace, tmp_path: Path) -> None:
    """200/s, burst 20: from the start on none is down and less than 1 % is lost."""
    city.police(2 * BASE)
    with ExporterProcess(city, write_configuration(tmp_path, HOTSPOTS, SETTINGS, CANARIES)) as exporter:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
        time.sleep(5)
        assert exporter.ever("down") == set()
        assert exporter.ever("unknown") == set()
        assert _lost_ratio(exporter.scrape(), set()) < 0.01


@pytest.mark.long
@pytest.mark.parametrize("factor", [1.2, 1.5, 2.0])
def test_three_hundred_that_fall_at_once_take_no_other_with_them(
    city: CityNamespace, tmp_path: Path, factor: float
) -> None:
    """In the two minutes after: of the others none is called down, and at twice the rate less than 1 % is lost."""
    city.police(round(factor * BASE))
    dead = dict(list(HOTSPOTS.items())[:300])
    with ExporterProcess(city, write_configuration(tmp_path, HOTSPOTS, SETTINGS, CANARIES)) as exporter:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 30)
        city.black_hole(dead.values())
        time.sleep(120)
        assert exporter.ever("down") - dead.keys() == set()
        assert len(exporter.ever("down")) >= (300 if factor > 1.2 else 150)
        assert _lost_ratio(exporter.scrape(), set(dead)) < (0.01 if factor > 1.2 else 0.03)


@pytest.mark.long
@pytest.mark.parametrize("factor", [0.5, 0.9])
def test_a_policer_below_our_rate_takes_no_hotspot_down(city: CityNamespace, tmp_path: Path, factor: float) -> None:
    """What it drops is unknown, and told: the vantage fails, or probes are counted as policed. After it all are up."""
    with ExporterProcess(city, write_configuration(tmp_path, HOTSPOTS, SETTINGS, CANARIES)) as exporter:
        exporter.wait_for_states(all_in("up", HOTSPOTS), 30)
        city.police(round(factor * BASE))
        time.sleep(60)
        scrape = exporter.scrape()
        assert exporter.ever("down") == set()
        assert exporter.ever("unknown")
        assert scrape.value("pantau_policed_probes_total") > 0 or scrape.value("pantau_vantage_up") == 0
        city.unpolice()
        exporter.wait_for_states(all_in("up", HOTSPOTS), 40)
