"""What is wrong in rule files, as sentences: an alert without words, a query that asks for what nobody exports.

Prometheus takes a rule over a metric that does not exist without a word, and it then never fires.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from dashboards.contract import LEVELS, UnknownSeriesError, labels_of, offered

ROOT = Path(__file__).parents[2]
RULES = ROOT / "config" / "rules"
SEVERITIES = frozenset({"page", "ticket", "info"})
SCOPES = frozenset(
    {"vantage", "city", "kecamatan", "isp", "isp_kecamatan", "uplink", "hotspot", "contract", "pantau", "watchdog"}
)
HEADINGS = ("Meaning", "Impact", "Diagnosis", "Mitigation")
RECORDED_NAME = re.compile(rf"({'|'.join(LEVELS)}):[a-z_]+:[a-z0-9_]+")


Rule = Mapping[str, Any]


def rules_in(text: str) -> Iterator[Rule]:
    """The rules of one rule file, in their order."""
    for group in yaml.safe_load(text)["groups"]:
        yield from group["rules"]


def shipped_rules() -> list[Rule]:
    """Every rule under config/rules/."""
    return [rule for path in sorted(RULES.glob("*.yml")) for rule in rules_in(path.read_text(encoding="utf-8"))]


def shipped_alerts() -> dict[str, Rule]:
    """Every alert under config/rules/ by its name."""
    return {rule["alert"]: rule for rule in shipped_rules() if "alert" in rule}


def what_there_is() -> dict[str, frozenset[str]]:
    """The catalogue, the recorded series, and what Prometheus says of itself and of alerts, by name with its labels."""
    return offered()


def problems(rules: Iterator[Rule] | list[Rule], series: Mapping[str, frozenset[str]], root: Path = ROOT) -> list[str]:
    """All that is wrong in `rules`, each with the rule's name; `root` is where runbooks are looked for."""
    found: list[str] = []
    for rule in rules:
        name = rule.get("alert") or rule["record"]
        wrong = [*_query(rule, series), *(_alert(rule, root) if "alert" in rule else _record(rule))]
        found += [f"{name}: {sentence}" for sentence in wrong]
    return found


def _query(rule: Rule, series: Mapping[str, frozenset[str]]) -> Iterator[str]:
    try:
        labels_of(rule["expr"], series)
    except UnknownSeriesError as error:
        yield str(error)


def _record(rule: Rule) -> Iterator[str]:
    if not RECORDED_NAME.fullmatch(rule["record"]):
        yield "is not named level:metric:operations"


def _alert(rule: Rule, root: Path) -> Iterator[str]:
    if not re.fullmatch(r"([A-Z][a-z0-9]+)+", rule["alert"]):
        yield "is not in CamelCase"
    labels, annotations = rule.get("labels", {}), rule.get("annotations", {})
    if labels.get("severity") not in SEVERITIES:
        yield f"has severity {labels.get('severity')!r}, not one of {', '.join(sorted(SEVERITIES))}"
    if labels.get("scope") not in SCOPES:
        yield f"has scope {labels.get('scope')!r}, not one of {', '.join(sorted(SCOPES))}"
    yield from (f"has no {key}" for key in ("summary", "description") if not annotations.get(key))
    if "{{" in annotations.get("summary", ""):
        yield "has a summary that is not constant"
    yield from _runbook(rule["alert"], annotations.get("runbook_url", ""), root)


def _runbook(alert: str, url: str, root: Path) -> Iterator[str]:
    expected = f"docs/runbooks/{alert}.md"
    if url != expected:
        yield f"has runbook_url {url!r}, not {expected!r}"
        return
    page = root / expected
    if not page.is_file():
        yield f"has no runbook {expected}"
        return
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    yield from (f"has a runbook without the heading {heading}" for heading in HEADINGS if heading not in headings)
