"""The rules mean the same under Prometheus 2, whose windows and look-back hold their far edge, and under 3."""

from collections.abc import Iterator, Mapping
from typing import Any

import promql_parser
import pytest
import yaml

from pantau.alerting.rules.windows import half_open
from tests.rules.checking import RULES
from tests.rules.test_budget import SECONDS

LOOK_BACK_SECONDS = 300
UNITS = {**SECONDS, "h": 3600}
COUNTING = frozenset({"sum_over_time", "avg_over_time", "count_over_time"})
"""What a sample more or less changes."""

Groups = Mapping[str, tuple[int, list[dict[str, Any]]]]


def shipped() -> Groups:
    """Interval in seconds and rules of each group, by its name."""
    files = (yaml.safe_load(path.read_text("utf-8")) for path in sorted(RULES.glob("*.yml")))
    return {
        group["name"]: (seconds(group.get("interval", "10s")), group["rules"])
        for file in files
        for group in file["groups"]
    }


def seconds(text: str) -> int:
    """A duration of one unit."""
    return int(text[:-1]) * UNITS[text[-1]]


def nodes(node: Any) -> Iterator[Any]:
    """An expression and all that is in it."""
    yield node
    for name in ("expr", "lhs", "rhs"):
        if (inner := getattr(node, name, None)) is not None:
            yield from nodes(inner)
    for inner in getattr(node, "args", ()):
        yield from nodes(inner)


def wrong(groups: Groups) -> list[str]:
    """Rules that read themselves beyond the look-back, just at a window's far edge, or count a sample on it."""
    every = {rule["record"]: interval for interval, rules in groups.values() for rule in rules if "record" in rule}
    found = []
    for interval, rules in groups.values():
        for rule in rules:
            name = rule.get("record") or rule["alert"]
            inside = list(nodes(promql_parser.parse(rule["expr"])))
            selectors = [node for node in inside if type(node).__name__ == "VectorSelector"]
            if interval >= LOOK_BACK_SECONDS and any(one.name == name for one in selectors):
                found.append(f"{name} reads itself without a window")
            for call in inside:
                window_of_itself = type(call).__name__ == "MatrixSelector" and call.vector_selector.name == name
                if window_of_itself and call.range.total_seconds() <= interval:
                    found.append(f"{name} does not reach its own last sample")
                if type(call).__name__ == "Call" and call.func.name in COUNTING:
                    (window,) = (one for one in call.args if type(one).__name__ == "MatrixSelector")
                    recorded = every.get(window.vector_selector.name)
                    if recorded and window.range.total_seconds() % recorded == 0:
                        found.append(f"{name} counts the far edge of its window")
    return found


def test_no_rule_depends_on_a_far_edge() -> None:
    """Neither of a window's nor of the look-back's."""
    groups = shipped()
    assert sum(interval >= LOOK_BACK_SECONDS for interval, _ in groups.values()) == 7
    assert wrong(groups) == []


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("a:b:c and on () x", "a:b:c reads itself without a window"),
        ("last_over_time(a:b:c[10m]) and on () x", None),
        ("last_over_time(a:b:c[5m]) and on () x", "a:b:c does not reach its own last sample"),
        ("last_over_time(a:b:c[5m1s]) and on () x", None),
        ("sum_over_time(a:b:c[1h])", "a:b:c counts the far edge of its window"),
        ("1 + avg_over_time(a:b:c[59m59s999ms])", None),
        ("max_over_time(a:b:c[1h])", None),
    ],
)
def test_a_rule_that_depends_on_one_is_found(expression: str, problem: str | None) -> None:
    """The check can fail."""
    found = wrong({"g": (300, [{"record": "a:b:c", "expr": expression}])})
    assert found == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("window", "shorter"),
    [
        ("1h", "59m59s999ms"),
        ("1d", "23h59m59s999ms"),
        ("30d", "29d23h59m59s999ms"),
        ("5m", "4m59s999ms"),
        ("1s", "999ms"),
    ],
)
def test_a_window_without_its_edge_is_shorter_by_a_millisecond(window: str, shorter: str) -> None:
    """Samples are dated to the millisecond."""
    assert half_open(window) == shorter
