"""What is built means what was written by hand before there was a builder: the files of then, frozen, are compared.

A rule that is changed on purpose after that is named in `CHANGED`, one that came since in `ADDED`, with the reason.
"""

import hashlib
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.rules.checking import RULES

REFERENCE = Path(__file__).parent / "reference"
DIGEST = "8cf5ed35822de218708cf52276c7ebec4ca595fa8df93300952a55912d1740a6"
EDGE = "a window over a recorded series lacks its far edge, which Prometheus 2 counts and 3 does not"
NEVER = "who has never answered is no outage, and none of the points that one is a share of"
BEHIND = "what was recorded one interval of 5 minutes ago is beyond the look-back of Prometheus 3"
ONCE = "one sum for three quantiles: rules read less"
START = "what began or ended while Prometheus did not run is told after its start (docs/architecture-alerting.md)"
OF_START = (
    "vantage:said_since:timestamp_seconds",
    "vantage:evaluated:gap_seconds",
    "vantage:evaluated:timestamp_seconds",
)
WOKEN = "a point that somebody is woken for is a page also where its ISP is degraded"
RESTARTED = (
    "isp:peering_up:held",
    "VantageDown",
    "PantauDown",
    "PeeringDown",
    "hotspot:hotspot_down_since:held",
    "window:maintenance:info",
    "hotspot:maintenance_overrun:held",
    "hotspot:hotspot_down:held",
    "kecamatan_isp:hotspots:count",
    "kecamatan_isp:hotspots_down:count",
    "isp:hotspots_down:ratio",
    "kecamatan:hotspots_down:ratio",
    "city:hotspots_down:ratio",
    "city:outage:ratio",
    "city:outage:held1m",
    "uplink_kecamatan_isp:hotspots:count",
    "uplink_kecamatan_isp:hotspots_down:count",
    "uplink:hotspots_down:ratio",
    "uplink:uplink_up:held",
    "uplink:silent:ratio",
    "uplink:within_silent:info",
    "uplink:within_lost:info",
    "uplink:lost:ratio",
    "kecamatan_isp:hotspots_lost:count",
    "kecamatan_isp:hotspots_lost_beyond_kecamatan:count",
    "kecamatan_isp:hotspots_lost_beyond_isp:count",
    "kecamatan_isp:hotspots_lost_beyond_both:count",
    "kecamatan_isp:hotspots_down_elsewhere:ratio",
    "kecamatan_isp:hotspots_of_place:count",
    "kecamatan:hotspots_down_unexplained:count",
    "kecamatan:hotspots_down_unexplained:ratio",
    "kecamatan:outage:ratio",
    "kecamatan:outage:held1m",
    "isp:hotspots_down_unexplained:count",
    "isp:hotspots_down_unexplained:ratio",
    "isp:outage:ratio",
    "isp:outage:held1m",
    "kecamatan_isp:dark:ratio",
    "kecamatan_isp:outage:ratio",
    "kecamatan_isp:outage:held1m",
    "uplink:outage:ratio",
    "isp:hotspots_down_spread:count",
    "isp:degraded:ratio",
    "hotspot:down_degraded:held",
    "hotspot:hotspot_down_unexplained:held",
    "hotspot:hotspot_down_unexplained:seconds",
    "CityOutage",
    "KecamatanOutage",
    "IspOutage",
    "IspKecamatanOutage",
    "UplinkDown",
    "IspDegraded",
    "HotspotDown",
    "hotspot:hotspot_probe_smoothed_rtt_seconds:each3h",
    "hotspot:hotspot_down_since:timestamp_seconds",
    "HotspotDownLong",
    "hotspot:hotspot_up:changes10m",
    "HotspotFlapping",
    "window:hotspots_overrun:count",
    "window:hotspots_overrun:ratio",
    "MaintenanceOverrun",
    "PantauNotReady",
    "hotspot:hotspot_lossy:ratio5m",
    "isp:hotspots_lossy:count",
    "hotspot:hotspot_rtt_high:seconds",
    "isp:hotspots_rtt_high:count",
    "HotspotLossHigh",
    "HotspotRttHigh",
    "city:outage_hotspots:count",
    "isp:outage_hotspots:count",
    "kecamatan:outage_hotspots:count",
    "kecamatan_isp:outage_hotspots:count",
    "uplink:outage_hotspots:count",
)
"""Rules whose series may end, or which read such series: see `START`."""
ONCE_MORE = "the alert is evaluated once more after its end, to say how it ended"
HEARTBEATS = (
    "a point that only its agent tells of is silent with the others before its own time, and may be till it is heard"
)
UNSERVED = "a point whose clients get nothing is not online either"
_LEVELS = ("isp", "kecamatan", "city")
CHANGED: Mapping[str, str] = {
    **dict.fromkeys(("kecamatan_isp:hotspot_up:count", "contract:unavailable_seconds:increase5m"), UNSERVED),
    "hotspot:unavailable_seconds:total": UNSERVED,
    **dict.fromkeys(RESTARTED, START),
    **{f"{level}:hotspot_probe_rtt_seconds:p{part}_5m": ONCE for level in _LEVELS for part in (50, 95, 99)},
    **{f"contract:{side}available_seconds:sum1h": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:sum1d": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:hourly": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:sum30d": EDGE for side in ("", "un")},
    **{f"contract:budget_burn:ratio{window}": EDGE for window in ("30m", "1h", "6h", "3d")},
    "hotspot:hotspot_probe_rtt_seconds:habit7d": EDGE,
    "hotspot:hotspot_lossy:ratio5m": "a point within the limits of its own access loses nothing beyond them",
    "hotspot:hotspot_down:held": NEVER,
    "kecamatan_isp:hotspots:count": NEVER,
    "uplink_kecamatan_isp:hotspots:count": NEVER,
    "PantauReloadFailed": "the web server's own files are refused as silently",
    "PantauMeasurementDegraded": "sees probes that cannot be sent, or have no address to go to",
    "isp:hotspots_down_habit:ratio": BEHIND,
    "isp:hotspots_down_beyond_habit:ratio": BEHIND,
    **dict.fromkeys(("CityOutage", "KecamatanOutage", "IspOutage", "IspKecamatanOutage", "UplinkDown"), ONCE_MORE),
    **dict.fromkeys(("IspDegraded", "HotspotDown", "HotspotDownLong", "VantageDown", "PeeringDown"), ONCE_MORE),
}
"""Rules, by name, whose expression is no longer the one of then, and why."""
SPANS = re.compile(r"(outage|degraded|peering|down_long|alert)_(since|over|wave|silent):timestamp_seconds$")
"""Rules that there were none of then: since when, and that it is over."""
SAID_AS_THEN = ("summary", "runbook_url", "dashboard_url", "what", "excluded", "examples")
"""Annotations that are still those of then; the others say more (`where`), or by name what they said by id."""
ENDS = re.compile(r"(:held(?:\{window=%q\})?) > 0")
"""In their queries: what has ended is told by 0 now."""

ADDED: Mapping[str, str] = {
    **dict.fromkeys(OF_START, START),
    **{f"vantage:{name}": START for name in ("scraped:timestamp_seconds", "resumed:timestamp_seconds", "blind:held")},
    "hotspot:priority_degraded:seconds": WOKEN,
    "HotspotDown, reason degraded": WOKEN,
    "hotspot:never_seen:held": NEVER,
    **{f"{level}:hotspot_probe_rtt_seconds_bucket:rate5m": ONCE for level in _LEVELS},
    **dict.fromkeys(
        (
            *("hotspot:fell:timestamp_seconds", "hotspot:hotspot_unheard:held"),
            "hotspot:hotspot_overdue:seconds",
            *(f"{level}:hotspots_unheard:count" for level in ("kecamatan_isp", "isp", "kecamatan", "city")),
            *(f"{level}:hotspots_down_possible:ratio" for level in ("isp", "kecamatan", "city")),
        ),
        HEARTBEATS,
    ),
    "calendar:month:days": "dashboards ask for the days of the city's own month",
    "uplink:hotspot_down:info": "who carries whom is read once for those that are down, and not three times",
    "AnchorOverdue": "a journal is anchored outside, which it was not",
}
"""Rules, by name, that there were not, and why."""
ADDED_FILES = {"agents.yml", "service.yml", "shift.yml", "sight.yml", "unseen.yml", "users.yml"}
"""What there was nothing of then: agents, what clients get, a shift and our own sight for dashboards, users, and points
that nobody would miss."""

Rule = Mapping[str, Any]


def structure(node: Any) -> Any:
    """A parsed expression as nested tuples: of each node its type and its fields; of one without fields its text."""
    if isinstance(node, list | tuple):
        return tuple(structure(one) for one in node)
    if type(node).__module__ != "promql_parser":
        return node
    fields = [name for name, kind in vars(type(node)).items() if isinstance(kind, types.GetSetDescriptorType)]
    if not fields:
        return (type(node).__name__, str(node))
    return (type(node).__name__, *((name, structure(getattr(node, name))) for name in sorted(fields)))


def groups(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The groups of each file by the file's name."""
    files = {path.name: yaml.safe_load(path.read_text("utf-8"))["groups"] for path in sorted(folder.glob("*.yml"))}
    return {name: content for name, content in files.items() if name not in ADDED_FILES}


def named(rule: Rule) -> str:
    """The name of what it records or alerts by; the one that came later with what tells it apart."""
    name = str(rule.get("record") or rule["alert"])
    added = name == "HotspotDown" and "reason" in rule["labels"]
    return f"{name}, reason {rule['labels']['reason']}" if added else name


def kept(rules: list[Rule]) -> list[Rule]:
    """The rules without those that came later."""
    return [rule for rule in rules if named(rule) not in ADDED and not SPANS.search(named(rule))]


def pairs() -> Iterator[tuple[Rule, Rule]]:
    """Each rule of then with its rule of now."""
    then, now = groups(REFERENCE), groups(RULES)
    for name, before in then.items():
        for old, new in zip(before, now[name], strict=True):
            yield from zip(old["rules"], kept(new["rules"]), strict=True)


def _but_expressions(rule: Rule) -> dict[str, Any]:
    texts = rule.get("annotations", {})
    said = {key: ENDS.sub(r"\1", texts[key]) if key in texts else None for key in SAID_AS_THEN}
    return {**{key: value for key, value in rule.items() if key != "expr"}, "annotations": said}


def test_the_reference_is_what_was_frozen() -> None:
    """Nobody has edited the files of then: their digest is the one that was written down."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(REFERENCE.glob("*.yml"))))
    assert digest.hexdigest() == DIGEST


def test_files_groups_intervals_and_order_are_the_same() -> None:
    """The same files with the same groups, evaluated as often, and in each the same names in the same order."""
    then, now = groups(REFERENCE), groups(RULES)
    assert list(now) == list(then)
    for name, before in then.items():
        assert [{**group, "rules": [named(rule) for rule in kept(group["rules"])]} for group in now[name]] == [
            {**group, "rules": [named(rule) for rule in group["rules"]]} for group in before
        ]


def test_what_came_later_is_there() -> None:
    """No name of the list is of a rule that is gone."""
    every = {named(rule) for file in groups(RULES).values() for group in file for rule in group["rules"]}
    assert set(ADDED) <= every


def test_all_but_the_expressions_is_the_same() -> None:
    """Labels, `for`, `keep_firing_for`, and to the letter the annotations that have not been mended: 176 rules."""
    both = list(pairs())
    assert len(both) == 176
    for old, new in both:
        assert _but_expressions(new) == _but_expressions(old), named(old)


def test_every_expression_parses_to_the_same_tree() -> None:
    """As promql-parser reads them; only what is named as changed differs."""
    different = {
        named(old)
        for old, new in pairs()
        if structure(promql_parser.parse(old["expr"])) != structure(promql_parser.parse(new["expr"]))
    }
    assert different == set(CHANGED)


ONE = 'sum by (isp) (a:b:c{x="1"} >= 0.6) unless on (isp) max_over_time(b[5m] offset 2m)'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("by (isp)", "by (kecamatan)"),
        ("by (isp)", "without (isp)"),
        ("sum by", "max by"),
        ("a:b:c", "a:b:d"),
        ('x="1"', 'x="2"'),
        ('x="1"', 'y="1"'),
        ('x="1"', 'x!="1"'),
        (">= 0.6", "> 0.6"),
        (">= 0.6", ">= 0.5"),
        (">= 0.6", ">= bool 0.6"),
        ('a:b:c{x="1"}', '(a:b:c{x="1"})'),
        ("unless on (isp)", "unless on (kecamatan)"),
        ("unless on (isp)", "unless ignoring (isp)"),
        ("unless on", "and on"),
        ("[5m]", "[6m]"),
        ("offset 2m", "offset 3m"),
        ("max_over_time", "min_over_time"),
    ],
)
def test_the_comparison_sees_each_part_of_an_expression(old: str, new: str) -> None:
    """Another label, name, matcher, operator, number, range, offset or function is another tree."""
    assert old in ONE
    assert structure(promql_parser.parse(ONE.replace(old, new, 1))) != structure(promql_parser.parse(ONE))


def test_the_comparison_does_not_see_layout() -> None:
    """Spaces, lines and remarks are none of the expression."""
    again = ONE.replace(" (isp) (", " ( isp )\n  (  ") + "  # outage_opens"
    assert structure(promql_parser.parse(again)) == structure(promql_parser.parse(ONE))
