"""Kills of the real exporter over real packets: an outage that spans them is one, and the gaps are unknown."""

import signal
import time
from pathlib import Path

import pytest

from lab.city.namespace import CityNamespace
from pantau.journal import Outage, Reader, verify
from tests.city.exporter_process import ExporterProcess
from tests.city.inventories import city_hotspots, write_configuration

pytestmark = [pytest.mark.city, pytest.mark.timeout(300)]

KILLS = 3
HOTSPOTS = city_hotspots(200)
SILENT = ("h3", "h50", "h199")
URL = "sqlite:///data/journal.sqlite"
SILENT_SECONDS, SLACK_SECONDS = 10.5, 1.5


def test_an_outage_that_spans_kills_is_one_and_the_gaps_are_unknown(city: CityNamespace, tmp_path: Path) -> None:
    """Three hotspots fall silent, the exporter is killed three times, they come back: three outages, no other."""
    settings = write_configuration(tmp_path, HOTSPOTS)
    begun = time.time()
    killed: list[tuple[float, float]] = []
    with ExporterProcess(city, settings) as exporter:
        exporter.wait_until(lambda: exporter.ever("up") == set(HOTSPOTS), 30, "see the city up")
        cut = time.time()
        city.black_hole([HOTSPOTS[name] for name in SILENT])
        exporter.wait_until(lambda: exporter.ever("down") == set(SILENT), 30, "find the silent")
        for _ in range(KILLS):
            exporter.wait_until(
                lambda: not exporter.scrape().value("pantau_journal_spooled_events"), 30, "write it down"
            )
            exporter.signal(signal.SIGKILL)
            exporter.process.wait(10)
            at = time.time()
            exporter.start()
            exporter.wait_until(lambda: bool(exporter.events("probing")), 60, "start again")
            killed.append((at, exporter.probing_since()))
            exporter.wait_until(lambda: exporter.ever("down") == set(SILENT), 30, "find the silent again")
        healed = time.time()
        city.heal()
        exporter.wait_until(lambda: exporter.ever("up") == set(HOTSPOTS), 30, "see the city up again")
        exporter.stop()
    with Reader(URL, tmp_path) as reader:
        assert list(verify(reader)) == []
        histories = list(reader.histories(round(begun * 1e9), round(time.time() * 1e9)))
        gaps = [fault for fault in reader.faults(0, 2**62) if fault.what == "not_running"]
    outages: list[Outage] = [outage for history in histories for outage in history.outages]
    assert sorted(outage.hotspot for outage in outages) == sorted(SILENT)
    for outage in outages:
        assert abs(outage.start_ns / 1e9 - cut) < 1 + SLACK_SECONDS
        assert outage.end_ns is not None
        assert abs(outage.end_ns / 1e9 - healed) < 1 + SLACK_SECONDS
        unseen = sum(part.length_ns for part in outage.segments if part.reason == "not_running") / 1e9
        assert outage.down_ns / 1e9 == pytest.approx((outage.end_ns - outage.start_ns) / 1e9 - unseen, abs=0.001)
    assert len(gaps) == KILLS
    for (at, again), gap in zip(killed, gaps, strict=True):
        assert at - SILENT_SECONDS - SLACK_SECONDS < gap.start_ns / 1e9 <= at
        assert gap.end_ns is not None
        assert at < gap.end_ns / 1e9 <= again
