"""A scrape holds exactly the metrics of `exporter/metrics/catalogue.yml`, the public contract."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families as parse_text

from exporter.metrics.door import DoorFigures
from exporter.metrics.exposition import EOF, HotspotExposition
from exporter.metrics.facts import FACT_FAMILIES
from exporter.metrics.families import FAMILIES
from exporter.metrics.own import OwnMetrics
from exporter.metrics.silenced import SilencedAlert
from exporter.probing.uptime.source import UptimeResult
from exporter.verdicts.maintenance import WindowFigures
from lab.measuring.reference_exposition import make_facts, make_labels, make_snapshot
from tests.exporter.metrics.openmetrics import parse_openmetrics
from tests.programs import require_program

CATALOGUE: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[3] / "exporter/metrics/catalogue.yml").read_text()
)


class QuietJournal:
    """A `JournalStatus`: it takes what it is given."""

    up, spooled, lost, waiting = True, 0, 0, False


class LoadedWebConfig:
    """A web configuration that was loaded."""

    reload_successful = True
    reload_success_timestamp_seconds = 1.7e9


class Anchored:
    """An `AnchorStatus`: there is one."""

    success_seconds = 1.7e9


class AskedUptimes:
    """An `UptimeStatus`: nobody was asked yet."""

    results = dict.fromkeys(UptimeResult, 0)


class Acknowledged:
    """A `SilenceStatus`: somebody has taken an alert up."""

    alertmanager_up = True
    silenced = (SilencedAlert({"alertname": "IspOutage", "isp": "telkom"}, 1.7e9, "ani", "#12 teknisi", "12"),)


@pytest.fixture
def own() -> OwnMetrics:
    """Own metrics with a sample of every open label set."""
    own = OwnMetrics()
    own.canaries = {("gateway", ""): True, ("reference", "telkom"): True}
    own.peerings = {"telkom": True}
    own.maintenance = [WindowFigures("w", "isp", "telkom", is_open=True, end_seconds=1.7e9)]
    own.journal = QuietJournal()
    own.silences = Acknowledged()
    own.anchors = Anchored()
    own.uptimes = AskedUptimes()
    own.statistics.send_errors["ENOBUFS"] = 1
    own.door = DoorFigures(up=True, counts={"taken": 7}, unbelieved={"portal": 2})
    own.web_config = LoadedWebConfig()
    return own


def scrape(own: OwnMetrics, openmetrics: bool) -> bytes:
    """A whole scrape of a small city."""
    snapshot = make_snapshot(make_labels(20), facts=make_facts())
    hotspots = HotspotExposition().render(snapshot, openmetrics)
    return b"".join(hotspots) + own.render(openmetrics) + (EOF if openmetrics else b"")


@pytest.mark.parametrize("openmetrics", [False, True], ids=["text", "openmetrics"])
def test_a_scrape_is_the_catalogue(own: OwnMetrics, openmetrics: bool) -> None:
    """Names, types, helps and label names are those of the catalogue, no more and no fewer."""
    text = scrape(own, openmetrics).decode()
    found: dict[str, tuple[str, frozenset[str], str]] = {}
    for family in parse_openmetrics(text) if openmetrics else parse_text(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        label_sets = {frozenset(sample.labels) - {"le"} for sample in family.samples}
        assert len(label_sets) == 1, f"{name} has series of different labels, or none"
        found[name] = (family.type, frozenset(*label_sets), family.documentation)
    assert found == {row["name"]: (row["type"], frozenset(row["labels"]), row["help"]) for row in CATALOGUE}


def test_the_catalogue_names_each_metric_once() -> None:
    """No entry hides another, and each has the four fields and no other."""
    assert len({row["name"] for row in CATALOGUE}) == len(CATALOGUE)
    assert all(list(row) == ["name", "type", "labels", "help"] for row in CATALOGUE)


def test_the_families_know_their_labels() -> None:
    """The label names in the definitions of the families are those of the catalogue, in its order."""
    contract = {row["name"]: row["labels"] for row in CATALOGUE}
    known = (*FAMILIES, *FACT_FAMILIES)
    assert {family.name: list(family.labels) for family in known} == {
        family.name: contract[family.name] for family in known
    }
    assert {name for name in contract if name.startswith(("hotspot_", "uplink_"))} <= {family.name for family in known}


def test_no_help_needs_escaping() -> None:
    """Help texts are written as they are."""
    assert not [family.name for family in (*FAMILIES, *FACT_FAMILIES) if set(family.help) & set('\\"\n')]


def test_promtool_finds_nothing_to_say(own: OwnMetrics) -> None:
    """The real promtool accepts a scrape and has no advice."""
    promtool = require_program("promtool")
    result = subprocess.run([promtool, "check", "metrics"], input=scrape(own, False), capture_output=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
