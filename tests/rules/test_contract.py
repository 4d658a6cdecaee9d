"""The rules ask only for what is exported or recorded, and each alert has its words and its runbook."""

import re
from pathlib import Path

import pytest
import yaml

from tests.rules.checking import ROOT, problems, rules_in, shipped_alerts, shipped_rules, what_there_is

SERIES = {"hotspot_up": frozenset({"hotspot", "isp"}), "isp:hotspot_up:sum": frozenset({"isp"})}
GOOD = """
groups:
  - name: g
    rules:
      - record: isp:hotspot_up:sum
        expr: sum by (isp) (hotspot_up)
      - alert: HotspotDown
        expr: hotspot_up == 0
        labels: {severity: ticket, scope: hotspot}
        annotations: {summary: Down., description: "{{ $labels.hotspot }}", runbook_url: docs/runbooks/HotspotDown.md}
"""
ALERTS = {
    "VantageDown",
    "PantauDown",
    "PeeringDown",
    "CityOutage",
    "KecamatanOutage",
    "IspOutage",
    "IspKecamatanOutage",
    "UplinkDown",
    "IspDegraded",
    "IspIsolated",
    "NoInternet",
    "HotspotUnserved",
    "TlsExpiring",
    "HotspotDown",
    "HotspotDownLong",
    "HotspotFlapping",
    "HotspotLossHigh",
    "HotspotRttHigh",
    "HotspotUnseen",
    "HotspotNeverSeen",
    "MaintenanceOverrun",
    "AvailabilityBudgetBurn",
    "PantauNotReady",
    "PantauReloadFailed",
    "PantauMeasurementDegraded",
    "PantauScrapeSlow",
    "InventoryEmptyOrShrunk",
    "AlertmanagerDown",
    "PrometheusRuleFailures",
    "JournalFailing",
    "AnchorOverdue",
    "AgentsDoorClosed",
    "AgentsPageFailing",
    "AgentSilent",
    "PingFiltered",
    "Watchdog",
}
PLAYED = re.compile(r"(?:wide|Expected)\(\s*\"(\w+)\"")
"""An alert that a scenario of tests/rules/test_*.py expects: quiet before its fault and after, firing between."""


@pytest.fixture
def runbooks(tmp_path: Path) -> Path:
    """A tree with one good runbook."""
    page = tmp_path / "docs" / "runbooks" / "HotspotDown.md"
    page.parent.mkdir(parents=True)
    page.write_text("# HotspotDown\n## Meaning\n## Impact\n## Diagnosis\n## Mitigation\n", encoding="utf-8")
    return tmp_path


def test_shipped_rules_have_no_problem() -> None:
    """Nothing is wrong in config/rules/."""
    assert problems(shipped_rules(), what_there_is()) == []


def test_every_alert_is_there() -> None:
    """No kind of fault is forgotten, and no alert is without its line here."""
    assert set(shipped_alerts()) == ALERTS


def test_every_runbook_belongs_to_an_alert() -> None:
    """No page is left of an alert that is gone."""
    assert {page.stem for page in (ROOT / "docs" / "runbooks").glob("*.md")} == set(shipped_alerts())


def test_every_alert_has_a_quiet_and_a_firing_case() -> None:
    """promtool is shown, for each alert, a time at which it does not fire and one at which it does."""
    quiet: set[str] = set()
    firing: set[str] = set()
    for path in (ROOT / "tests" / "rules").glob("*.test.yml"):
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]:
            for case in test.get("alert_rule_test", ()):
                (firing if case["exp_alerts"] else quiet).add(case["alertname"])
    folder = ROOT / "tests" / "rules"
    played = {name for path in folder.glob("*.py") for name in PLAYED.findall(path.read_text(encoding="utf-8"))}
    quiet |= played
    firing |= played
    assert firing == set(shipped_alerts())
    assert quiet == set(shipped_alerts()) - {"Watchdog"}  # which is never quiet


def test_a_good_sample_has_no_problem(runbooks: Path) -> None:
    """The checker does not cry over nothing."""
    assert problems(rules_in(GOOD), SERIES, runbooks) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("hotspot_up == 0", "hotspot_upp == 0", "HotspotDown: asks for 'hotspot_upp', which is neither"),
        ("hotspot_up == 0", "hotspot_up ==", "HotspotDown: is no PromQL"),
        ("sum by (isp)", "sum by (ward)", "isp:hotspot_up:sum: uses the label ward, which"),
        ("record: isp:hotspot_up:sum", "record: hotspots_up", "hotspots_up: is not named level:metric:operations"),
        ("alert: HotspotDown", "alert: hotspot_down", "hotspot_down: is not in CamelCase"),
        (
            "severity: ticket",
            "severity: critical",
            "HotspotDown: has severity 'critical', not one of info, page, ticket",
        ),
        ("scope: hotspot", "scope: world", "HotspotDown: has scope 'world', not one of"),
        ("summary: Down.", 'summary: "{{ $value }}"', "HotspotDown: has a summary that is not constant"),
        ("summary: Down., ", "", "HotspotDown: has no summary"),
        ('description: "{{ $labels.hotspot }}", ', "", "HotspotDown: has no description"),
        ("runbooks/HotspotDown.md", "runbooks/Down.md", "HotspotDown: has runbook_url 'docs/runbooks/Down.md', not"),
    ],
)
def test_each_mistake_in_a_rule_is_found(old: str, new: str, problem: str, runbooks: Path) -> None:
    """One mistake in a good sample is one problem (a renamed alert has no runbook either)."""
    assert old in GOOD
    found = problems(rules_in(GOOD.replace(old, new)), SERIES, runbooks)
    assert found[0].startswith(problem)
    assert len(found) == (2 if old == "alert: HotspotDown" else 1)


def test_a_runbook_that_is_missing_or_lacks_a_heading_is_found(runbooks: Path) -> None:
    """A runbook needs its four headings, and first of all to exist."""
    page = runbooks / "docs" / "runbooks" / "HotspotDown.md"
    page.write_text("# HotspotDown\n## Meaning\n## Impact\n## Mitigation\n", encoding="utf-8")
    assert problems(rules_in(GOOD), SERIES, runbooks) == ["HotspotDown: has a runbook without the heading Diagnosis"]
    page.unlink()
    assert problems(rules_in(GOOD), SERIES, runbooks) == ["HotspotDown: has no runbook docs/runbooks/HotspotDown.md"]
