"""A thousand reloads: nothing leaks, no hotspot is lost, probing goes on."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from tests.city.exporter_process import ExporterProcess, all_in
from tests.city.inventories import QUICK, city_hotspots, write_configuration, write_hotspots
from tests.city.scrape import Scrape

pytestmark = [pytest.mark.city, pytest.mark.timeout(240)]

WARM_UP = 100
SLACK_BYTES = 16 << 20
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

FIRST, SECOND = city_hotspots(30), city_hotspots(30, first=10)
STAYED = sorted(FIRST.keys() & SECOND.keys())
BROKEN = "h0,twice,10.77.9.9,pusat,nobody"
UNSETTLED_ROUNDS = 2.0
"""Rounds of a second that a scrape may miss at either end: one in flight, one that a busy machine has skipped."""


@dataclass(frozen=True, slots=True)
class ResourceSample:
    """What the exporter holds and shows at a moment."""

    seconds: float
    memory_bytes: int
    descriptors: int
    scrape: Scrape


def _sample(exporter: ExporterProcess) -> ResourceSample:
    process = Path(f"/proc/{exporter.process.pid}")
    scrape = exporter.scrape()
    resident = int((process / "statm").read_text().split()[1]) * PAGE_BYTES
    return ResourceSample(time.monotonic(), resident, len(list((process / "fd").iterdir())), scrape)


def _reload(exporter: ExporterProcess, folder: Path, number: int) -> None:
    """Load one of the two inventories, in turn; each tenth one is broken, and refused."""
    broken = number % 10 == 9
    write_hotspots(folder, SECOND if number % 2 else FIRST, [BROKEN] if broken else [])
    if broken:
        with pytest.raises(OSError, match="400"):
            exporter.fetch("/-/reload", "POST")
    else:
        exporter.fetch("/-/reload", "POST")


def _assert_nothing_leaked(early: ResourceSample, late: ResourceSample) -> None:
    grown = late.memory_bytes - early.memory_bytes
    more = late.descriptors - early.descriptors
    print(f"\nreloads: {grown / 2**20:+.1f} MiB, {more:+d} descriptors")
    assert grown < SLACK_BYTES
    assert abs(more) <= 2  # a request may be under way


def _assert_probing_went_on(early: ResourceSample, late: ResourceSample) -> None:
    """Those that stayed had their round each second meanwhile, neither fewer nor more, and an answer to each."""
    passed = late.seconds - early.seconds
    growth = {}
    for what in ("requests", "replies"):
        before, after = (look.scrape.by("hotspot", f"hotspot_probe_{what}_total") for look in (early, late))
        growth[what] = {name: after[name] - before[name] for name in STAYED}
    rounds = growth["requests"].values()
    print(f"{passed:.1f} s of reloads: {min(rounds):.0f} to {max(rounds):.0f} rounds for each that stayed")
    assert growth["replies"] == growth["requests"]
    assert min(rounds) >= max(1.0, passed - UNSETTLED_ROUNDS)
    assert max(rounds) <= passed + UNSETTLED_ROUNDS


def _assert_all_are_right(early: ResourceSample, late: ResourceSample) -> None:
    """The hotspots are those of the last good inventory; those that stayed were up all the time."""
    assert late.scrape.by("hotspot", "hotspot_state").keys() == FIRST.keys()
    assert late.scrape.value("pantau_inventory_hotspots", status="active") == len(FIRST)
    assert late.scrape.value("pantau_config_last_reload_successful") == 0  # the last one was broken
    states, failures = (late.scrape.by("hotspot", name) for name in ("hotspot_state", "hotspot_probe_failures_total"))
    assert {name: (states[name], failures[name]) for name in STAYED} == dict.fromkeys(STAYED, (1.0, 0.0))
    before, after = (
        look.scrape.by("hotspot", "hotspot_state_seconds_total", state="unknown") for look in (early, late)
    )
    assert {name: after[name] - before[name] for name in STAYED} == dict.fromkeys(STAYED, 0.0)


@pytest.mark.parametrize("reloads", [300, pytest.param(1000, marks=pytest.mark.long)])
def test_hundreds_of_reloads_leak_nothing(city: CityNamespace, tmp_path: Path, reloads: int) -> None:
    """Between two inventories to and fro, one reload in ten of a broken one: memory and descriptors stay."""
    city.allow_datagram_sockets(True)
    with ExporterProcess(city, write_configuration(tmp_path, FIRST, QUICK)) as exporter:
        exporter.wait_for_states(all_in("up", FIRST), 20)
        for number in range(WARM_UP):
            _reload(exporter, tmp_path, number)
        early = _sample(exporter)
        for number in range(WARM_UP, reloads):
            _reload(exporter, tmp_path, number)
        late = _sample(exporter)
        _assert_nothing_leaked(early, late)
        _assert_probing_went_on(early, late)
        _assert_all_are_right(early, late)
        assert [change.after for change in exporter.changes() if change.hotspot in STAYED] == ["up"] * len(STAYED)
        assert exporter.ever("down") == set()

        write_hotspots(tmp_path, FIRST)
        exporter.fetch("/-/reload", "POST")
        exporter.wait_until(lambda: exporter.scrape().total("hotspot_up") == len(FIRST), 20, "see all up again")
        assert exporter.scrape().value("pantau_config_last_reload_successful") == 1
