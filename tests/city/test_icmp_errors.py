"""ICMP errors give a down hotspot its reason and hasten its confirmation; on either socket and in both families."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import QUICK, write_configuration

# How many ICMP errors a kernel sends (icmp_msgs_per_sec) is one limit for all namespaces: nobody else sends beside.
pytestmark = [pytest.mark.city, pytest.mark.story]

REASONS: dict[str, str] = {
    "net": "unreachable_net",
    "host": "unreachable_host",
    "prohibited": "prohibited",
    "ttl_exceeded": "ttl_exceeded",
}
HOTSPOTS = {
    f"{kind}{family}": f"{prefix}{number}"
    for number, kind in enumerate(["good", "silent", *REASONS], 1)
    for family, prefix in ((4, "10.77.4."), (6, "fd77::4:"))
}
WANTED = {"good": "", "silent": "timeout"} | REASONS


@pytest.fixture(scope="module", params=["datagram", "raw"])
def exporter(
    request: pytest.FixtureRequest, city: CityNamespace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ExporterProcess]:
    """An exporter that has seen each kind of error, and all hotspots healthy before."""
    city.allow_datagram_sockets(True)
    folder: Path = tmp_path_factory.mktemp(request.param)
    settings = write_configuration(folder, HOTSPOTS, {**QUICK, "socket": request.param})
    with ExporterProcess(city, settings) as running:
        running.wait_for_states(all_in("up", HOTSPOTS), 10)
        city.black_hole([HOTSPOTS["silent4"], HOTSPOTS["silent6"]])
        for kind in REASONS:
            for family in "46":
                city.reject(HOTSPOTS[f"{kind}{family}"], kind)
        down = {name: "up" if name.startswith("good") else "down" for name in HOTSPOTS}
        running.wait_for_states(down, 20)
        yield running
    city.heal()


def test_each_error_is_the_reason_of_its_outage(exporter: ExporterProcess) -> None:
    """The log names for each outage the error that the network gave."""
    reasons = {change.hotspot: change.reason for change in exporter.changes() if change.after == "down"}
    assert reasons == {f"{kind}{family}": reason for kind, reason in WANTED.items() if reason for family in "46"}


def test_failures_are_counted_by_their_reason_alone(exporter: ExporterProcess) -> None:
    """Each hotspot has failures of its own reason and of no other; the good ones have none."""
    scrape = exporter.scrape()
    counted = {
        name: {
            reason
            for reason, count in scrape.by("reason", "hotspot_probe_failures_total", hotspot=name).items()
            if count
        }
        for name in HOTSPOTS
    }
    assert counted == {f"{kind}{family}": {reason} - {""} for kind, reason in WANTED.items() for family in "46"}


def test_an_error_begins_the_confirmation_at_once(exporter: ExporterProcess) -> None:
    """A rejected hotspot is found down sooner than a silent one, whose confirmation waits for the first timeout."""
    took = {change.hotspot: change.decided - change.since for change in exporter.changes() if change.after == "down"}
    silent = min(took["silent4"], took["silent6"])
    assert silent >= 0.5 + 0.4 + 0.5
    assert max(took[f"{kind}{family}"] for kind in REASONS for family in "46") < silent


def test_recovery_is_seen_after_every_kind_of_error(exporter: ExporterProcess, city: CityNamespace) -> None:
    """When the network is whole again everything is up again."""
    city.heal()
    exporter.wait_for_states(all_in("up", HOTSPOTS), 20)
    assert [change.after for change in exporter.changes() if change.hotspot == "ttl_exceeded6"] == ["up", "down", "up"]
