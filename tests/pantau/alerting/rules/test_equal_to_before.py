"""What is built means what was written by hand before there was a builder: the files of then, frozen, are compared.

A rule that is changed on purpose after that is named in `CHANGED`, with the reason.
"""

import hashlib
import re
import types
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from tests.rules.checking import RULES

REFERENCE = Path(__file__).parent / "reference"
DIGEST = "8cf5ed35822de218708cf52276c7ebec4ca595fa8df93300952a55912d1740a6"
EDGE = "a window over a recorded series lacks its far edge, which Prometheus 2 counts and 3 does not"
BEHIND = "what was recorded one interval of 5 minutes ago is beyond the look-back of Prometheus 3"
ONCE_MORE = "the alert is evaluated once more after its end, to say how it ended"
CHANGED: Mapping[str, str] = {
    **{f"contract:{side}available_seconds:sum1h": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:sum1d": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:hourly": EDGE for side in ("", "un")},
    **{f"contract:{side}available_seconds:sum30d": EDGE for side in ("", "un")},
    **{f"contract:budget_burn:ratio{window}": EDGE for window in ("30m", "1h", "6h", "3d")},
    "hotspot:hotspot_probe_rtt_seconds:habit7d": EDGE,
    "isp:hotspots_down_habit:ratio": BEHIND,
    "isp:hotspots_down_beyond_habit:ratio": BEHIND,
    **dict.fromkeys(("CityOutage", "KecamatanOutage", "IspOutage", "IspKecamatanOutage", "UplinkDown"), ONCE_MORE),
    **dict.fromkeys(("IspDegraded", "HotspotDown", "HotspotDownLong", "VantageDown", "PeeringDown"), ONCE_MORE),
}
"""Rules, by name, whose expression is no longer the one of then, and why."""
ADDED = re.compile(r"(outage|degraded|peering|down_long|alert)_(since|over|wave|silent):timestamp_seconds$")
"""Rules that there were none of then: since when, and that it is over."""
SAID_AS_THEN = ("summary", "runbook_url", "dashboard_url", "what", "excluded", "examples")
"""Annotations that are still those of then; the others say more (`where`), or by name what they said by id."""

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
    """The groups of each file by the file's name, without what has been added since."""
    files = {path.name: yaml.safe_load(path.read_text("utf-8"))["groups"] for path in sorted(folder.glob("*.yml"))}
    for group in chain.from_iterable(files.values()):
        group["rules"] = [rule for rule in group["rules"] if not ADDED.search(named(rule))]
    return files


def pairs() -> Iterator[tuple[Rule, Rule]]:
    """Each rule of then with its rule of now."""
    then, now = groups(REFERENCE), groups(RULES)
    for name, before in then.items():
        for old, new in zip(before, now[name], strict=True):
            yield from zip(old["rules"], new["rules"], strict=True)


def named(rule: Rule) -> str:
    """The name of what it records or alerts by."""
    return str(rule.get("record") or rule["alert"])


def _but_expressions(rule: Rule) -> dict[str, Any]:
    said = {key: rule.get("annotations", {}).get(key) for key in SAID_AS_THEN}
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
        assert [{**group, "rules": [named(rule) for rule in group["rules"]]} for group in now[name]] == [
            {**group, "rules": [named(rule) for rule in group["rules"]]} for group in before
        ]


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
