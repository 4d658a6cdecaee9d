"""What is absent is told as absent by something that is present: the principle, over every expression as it is parsed.

After a restart Prometheus marks nothing as ended that ended meanwhile, and believes it for five minutes more. Here each
rule that an alert rests on is held to the three ways out of that (docs/architecture-alerting.md; macros in promql.j2);
tests/stack/test_restarts.py shows that they are enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import promql_parser
import yaml

from dashboards.contract import CATALOGUE
from tests.rules.test_versions import nodes

EXPORTED_AT_TIMES = frozenset(
    metric["name"]
    for metric in yaml.safe_load(CATALOGUE.read_text("utf-8"))
    if any(word in metric["help"].lower() for word in ("present", "absent"))
    and not metric["name"].startswith("pantau_contract")  # read over an hour
)
"""What the exporter shows only while something is so, as the catalogue's help says."""
COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
SETS = frozenset({"and", "unless"})
REMEMBERED = {"hotspot:hotspot_down_since:timestamp_seconds": "drops of itself what its last evaluation did not write"}
"""Rules that tell an end in a way of their own, and which."""

Rule = Mapping[str, Any]


def kind(node: Any) -> str:
    """What the node is."""
    return type(node).__name__


def bare(node: Any) -> Any:
    """Without parentheses."""
    while kind(node) == "ParenExpr":
        node = node.expr
    return node


def operator(node: Any) -> str:
    """Of a binary expression; empty for all others."""
    return str(node.op) if kind(node) == "BinaryExpr" else ""


def stamp_of(node: Any) -> str:
    """`X` of `timestamp(X)`; empty for all others."""
    node = bare(node)
    return bare(node.args[0]).name if kind(node) == "Call" and node.func.name == "timestamp" else ""


def older_than(node: Any, witness: str) -> str:
    """`X` of `timestamp(X) < ... witness`, the comparison that tells an end.

    It may stand behind a coarser one of its kind, with the latest of all witnesses: that lets by whatever this would.
    """
    node = bare(node)
    names = {one.name for one in nodes(node.rhs) if kind(one) == "VectorSelector"} if operator(node) == "<" else set()
    if names != {witness}:
        return ""
    coarser = bare(node.lhs)
    if operator(coarser) == "<" and is_latest(coarser.rhs):
        return older_than(coarser, witness)
    return stamp_of(coarser)


def is_latest(node: Any) -> bool:
    """Whether it is `scalar(max(timestamp(X)))`."""
    node = bare(node)
    if kind(node) != "Call" or node.func.name != "scalar":
        return False
    inner = bare(node.args[0])
    return kind(inner) == "AggregateExpr" and str(inner.op) == "max" and stamp_of(inner.expr) != ""


def ended(node: Any) -> str:
    """`X` of `0 * (timestamp(X) < ... said_since ...)`, with or without a number less."""
    node = bare(node)
    if operator(node) == "-" and kind(bare(node.rhs)) == "NumberLiteral":
        node = bare(node.lhs)
    factor = operator(node) == "*" and kind(bare(node.lhs)) == "NumberLiteral"
    inner = bare(node.rhs) if factor else node
    while kind(inner) == "AggregateExpr":
        inner = bare(inner.expr)
    return older_than(inner, "vantage:said_since:timestamp_seconds") if factor else ""


def ways(node: Any) -> list[Any]:
    """The operands of `or`."""
    node = bare(node)
    return [*ways(node.lhs), *ways(node.rhs)] if operator(node) == "or" else [node]


def may_end(node: Any) -> bool:
    """Whether a series of it can be gone while what it is about is still there."""
    node = bare(node)
    match kind(node):
        case "VectorSelector":
            return node.name in EXPORTED_AT_TIMES
        case "BinaryExpr":
            if operator(node) == "or":
                return may_end(node.lhs) and may_end(node.rhs)
            if operator(node) == "unless" and older_than(node.rhs, "pantau_vantage_up"):
                return may_end(node.lhs)
            filters = operator(node) in SETS or (
                operator(node) in COMPARISONS and not (node.modifier and node.modifier.return_bool)
            )
            return filters or may_end(node.lhs) or may_end(node.rhs)
        case "AggregateExpr" | "UnaryExpr":
            return may_end(node.expr)
        case "Call":
            return any(may_end(argument) for argument in node.args)
    return False


def unseen(node: Any, guarded: frozenset[str] = frozenset()) -> Iterator[str]:
    """Series that the exporter shows only at times and that are believed though it has been scraped without them."""
    node = bare(node)
    if kind(node) == "MatrixSelector":
        return  # a window is about what was
    if kind(node) == "VectorSelector":
        if node.name in EXPORTED_AT_TIMES - guarded:
            yield node.name
        return
    if operator(node) == "unless" and (name := older_than(node.rhs, "pantau_vantage_up")):
        yield from unseen(node.lhs, guarded | {name})
        return
    for inner in children(node):
        yield from unseen(inner, guarded)


def unfiltered(node: Any, series: frozenset[str], counted: bool = False) -> Iterator[str]:
    """Of `series` those that are believed though their last sample may say that they have ended.

    `counted`: within a sum or a calculation, where the 0 that ends a count is its value.
    """
    node = bare(node)
    if kind(node) == "MatrixSelector" or ended(node) or older_than(node, "vantage:evaluated:timestamp_seconds"):
        return
    if kind(node) == "VectorSelector":
        if node.name in series and not (node.offset or (counted and node.name.endswith(":count"))):
            yield node.name
        return
    if operator(node) in COMPARISONS and kind(bare(node.lhs)) == "VectorSelector" and drops_the_end(node):
        return
    adds = operator(node) in {"+", "-", "*", "/"} or (kind(node) == "AggregateExpr" and str(node.op) == "sum")
    for inner in children(node):
        yield from unfiltered(inner, series, adds)


def drops_the_end(node: Any) -> bool:
    """Whether the comparison with a number leaves out the sample that ends a series: 0, or -1 where 0 is a value."""
    number = bare(node.rhs)
    if kind(number) != "NumberLiteral":
        return False
    end = -1.0 if operator(node) in (">=", "==", "!=") and number.val <= 0 else 0.0
    drops: dict[str, bool] = {
        ">": number.val >= end,
        ">=": number.val > end,
        "==": number.val != end,
        "!=": number.val == end,
    }
    return drops.get(operator(node), False)


def children(node: Any) -> Iterator[Any]:
    """What the node is made of."""
    for name in ("expr", "lhs", "rhs"):
        if (inner := getattr(node, name, None)) is not None:
            yield inner
    yield from getattr(node, "args", ())


def named(rule: Rule) -> str:
    """What it records, or its alert."""
    return str(rule.get("record") or rule["alert"])


def rested_on(rules: Sequence[Rule]) -> list[Rule]:
    """The alerts and all that they read, directly or through others."""
    recorded: dict[str, list[Rule]] = {}
    for rule in rules:
        recorded.setdefault(rule.get("record", ""), []).append(rule)
    found = {id(rule): rule for rule in rules if "alert" in rule}
    left = list(found.values())
    while left:
        for node in nodes(promql_parser.parse(left.pop()["expr"])):
            for rule in recorded.get(getattr(node, "name", None) or "-", ()):
                if id(rule) not in found:
                    found[id(rule)] = rule
                    left.append(rule)
    return list(found.values())


def alerts_asked_for(node: Any) -> Iterator[dict[str, str]]:
    """The labels by which the expression asks whether an alert fires now, but for those that it must not have."""
    for one in nodes(node):
        if kind(one) == "VectorSelector" and one.name == "ALERTS":
            labels = {
                matcher.name: matcher.value
                for matcher in one.matchers.matchers
                if matcher.op == promql_parser.MatchOp.Equal and matcher.value and matcher.name != "alertstate"
            }
            if "alertname" in labels:
                yield labels


def _tells_or_may_end(rule: Rule, expression: Any) -> bool:
    return "record" in rule and (any(map(ended, ways(expression))) or may_end(expression))


def problems(rules: Sequence[Rule]) -> list[str]:
    """Whatever is believed though it may be over, as sentences."""
    parsed = {id(rule): promql_parser.parse(rule["expr"]) for rule in rules}
    concerned = rested_on(rules)
    series = frozenset(
        named(rule) for rule in concerned if named(rule) not in REMEMBERED and _tells_or_may_end(rule, parsed[id(rule)])
    )
    asked = [wanted for rule in rules for wanted in alerts_asked_for(parsed[id(rule)])]
    found = []
    for rule in concerned:
        name, expression = named(rule), parsed[id(rule)]
        ends = {ended(way) for way in ways(expression)} - {""}
        found += [f"{name} believes {one} of an earlier scrape" for one in sorted(set(unseen(expression)))]
        found += [f"{name} does not see that {one} has ended" for one in sorted(set(unfiltered(expression, series)))]
        if "record" in rule and name not in REMEMBERED and may_end(expression) and name not in ends:
            found.append(f"{name} does not tell its end")
        own = {"alertname": rule.get("alert"), **rule.get("labels", {})}
        if any(wanted.items() <= own.items() for wanted in asked) and "ALERTS" not in ends:
            found.append(f"{name} is asked for by rules, and does not fire once more")
    return found
