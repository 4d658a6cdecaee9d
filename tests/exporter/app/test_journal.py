"""The running exporter and its journal: a kill, a restart, a stop, a disk that cannot be written."""

import json
import signal
from collections import defaultdict
from operator import sub
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from exporter.recording.opening import last_life_ns
from exporter.recording.scraped import ScrapeNotes, left_unscraped, scraped_file
from pantau.journal import Kind, Reader, Source, Store, verify
from pantau.states import State
from tests.exporter.app.running import Running, running

URL = "sqlite:///data/journal.sqlite"
HOTSPOTS = {"h1", "h2", "h3", "h4", "h5"}
BEGUN = [Kind.START, *[Kind.TRANSITION] * 5, Kind.INVENTORY]
"""Five hotspots are watched from now on, under this inventory. What follows of each is its first answer; where others
have the processor, also that a round told nothing of it (inconclusive) and that it answered again."""


def _simulated(city: Path) -> tuple[Path, Path, str, str, str, str]:
    return city, city.parent, "--simulate", str(city.parent / "calm.yml"), "--journal", URL


def _ready(exporter: Running) -> bool:
    return exporter.request("/-/ready")[0] == 200


def _entries(city: Path) -> int:
    with Reader(URL, city.parent) as reader:
        return reader.head().number


def _answered(city: Path) -> set[str]:
    """The hotspots of whose first answer the journal tells."""
    with Reader(URL, city.parent) as reader:
        told = [entry.event for entry in reader.entries()]
    return {event.subject for event in told if event.kind is Kind.TRANSITION and event.after == State.UP}


def test_after_a_kill_the_last_verdicts_are_taken_up_and_the_gap_is_unknown(city: Path) -> None:
    """Killed when all five are up: the next run knows so before its first round, and the time between is unknown."""
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter) and _answered(city) == HOTSPOTS, "all verdicts in the journal")
        exporter.stop(signal.SIGKILL)
    before = _entries(city)
    city.write_text(city.read_text(encoding="utf-8").replace("500ms", "60s"), encoding="utf-8")
    with running(*_simulated(city)) as exporter:
        assert exporter.samples("hotspot_up") == dict.fromkeys(HOTSPOTS, 1.0)
        assert exporter.samples("hotspot_ever_answered") == dict.fromkeys(HOTSPOTS, 1.0)
        assert exporter.samples("pantau_journal_up") == {"": 1.0}
        exporter.wait_until(lambda: _entries(city) >= before + 7, "the start in the journal")
    with Reader(URL, city.parent) as reader:
        assert list(verify(reader)) == []
        (fault,) = reader.faults(0, 2**62)
        assert fault.what == "not_running"
        gaps = [entry.event for entry in reader.entries(before) if entry.event.reason == "not_running"]
        assert {event.subject for event in gaps} == HOTSPOTS
        assert {(event.at_ns, event.after, event.up) for event in gaps} == {(fault.start_ns, State.UNKNOWN, 1)}
        noc = Source("noc", 0)
        assert {(entry.source, entry.run) for entry in reader.entries()} == {(noc, 1), (noc, 2)}


def test_a_stop_is_told_and_leaves_nothing_behind(city: Path) -> None:
    """The last entries are the sums of the hour so far, and the stop."""
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        assert exporter.stop() < 2.0
    with Reader(URL, city.parent) as reader:
        kinds = [entry.event.kind for entry in reader.entries()]
        assert kinds[:7] == BEGUN
        assert kinds[-2:] == [Kind.HOUR, Kind.STOP]
        assert set(kinds[7:-2]) == {Kind.TRANSITION}
        assert {row.sums.hotspot for row in reader.hours(0, 2**62)} == HOTSPOTS
        assert list(verify(reader)) == []


def _seconds(exporter: Running) -> dict[str, float]:
    """Of each hotspot, in all states together; a scrape."""
    found = defaultdict[str, float](float)
    for family in text_string_to_metric_families(exporter.request("/metrics")[1]):
        for sample in family.samples:
            if sample.name == "hotspot_state_seconds_total":
                found[sample.labels["hotspot"]] += sample.value
    return found


def _requests(exporter: Running) -> list[int]:
    """Of each hotspot; no scrape."""
    return [json.loads(exporter.request(f"/api/hotspots/{name}")[1])["requests"] for name in sorted(HOTSPOTS)]


@pytest.mark.parametrize(("number", "rounds"), [(signal.SIGTERM, 5), (signal.SIGKILL, 14)])
def test_what_no_scrape_has_shown_is_shown_by_the_next_run(city: Path, number: signal.Signals, rounds: int) -> None:
    """It ends so many half seconds after its last scrape, if killed with a sign of life in the last five seconds."""
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        _seconds(exporter)
        before = _requests(exporter)
        exporter.wait_until(lambda: min(map(sub, _requests(exporter), before)) >= rounds, "rounds")
        exporter.stop(number)
    noted = ScrapeNotes(scraped_file(URL, city.parent, "noc")).read()
    with Store(URL, city.parent, Source("noc", 0)) as store:
        left = left_unscraped(store.last_changes(), last_life_ns(URL, city.parent), noted)
    city.write_text(city.read_text(encoding="utf-8").replace("500ms", "60s"), encoding="utf-8")
    with running(*_simulated(city)) as exporter:
        shown = _seconds(exporter)
    assert set(noted) == set(shown) == HOTSPOTS
    for name, (_, left_ns) in left.items():  # all, but for those whose state a starved machine has just changed
        assert shown[name] >= left_ns / 1e9 - 0.01


def test_a_journal_that_cannot_be_opened_does_not_stop_the_probing(city: Path) -> None:
    """Said once; the metric tells; the hotspots come up, and the journal catches up when it can be opened."""
    blocker = city.parent / "data"
    blocker.write_text("in the way", encoding="utf-8")
    with running(*_simulated(city)) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        assert exporter.samples("pantau_journal_up") == {"": 0.0}
        assert set(exporter.samples("hotspot_ever_answered").values()) == {1.0}
        assert exporter.samples("pantau_journal_spooled_events")[""] >= 6
        complaints = [line for line in exporter.log() if "takes no events" in str(line["event"])]
        assert len(complaints) == 1
        blocker.unlink()
        exporter.wait_until(lambda: exporter.samples("pantau_journal_up") == {"": 1.0}, "catch up")
        exporter.wait_until(lambda: exporter.samples("pantau_journal_spooled_events") == {"": 0.0}, "catch up")
    with Reader(URL, city.parent) as reader:
        assert [entry.event.kind for entry in reader.entries()][:7] == BEGUN
    assert _answered(city) == HOTSPOTS


def test_a_simulation_has_no_journal_unless_it_is_given_one(city: Path) -> None:
    """What is made up does not stand among the evidence."""
    with running(city, city.parent, "--simulate", str(city.parent / "calm.yml")) as exporter:
        exporter.wait_until(lambda: _ready(exporter), "ready")
        assert exporter.samples("pantau_journal_up") == {}
    assert not (city.parent / "data").exists()
