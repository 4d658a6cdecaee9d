"""What Prometheus has to offer, and whether a query asks for anything else. The only file that knows promql-parser.

A query that names a metric or a label that does not exist is no error to Prometheus: it answers nothing, for ever, and
a panel without an answer looks like a quiet city. So names and labels are followed through each expression here.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import promql_parser
import yaml

CATALOGUE = files("exporter.metrics") / "catalogue.yml"
RULES = Path("config/rules")

_ALERT = frozenset(
    {
        *("alertname", "severity", "scope", "reason", "step"),
        *("hotspot", "kecamatan", "isp", "uplink", "contract", "window"),
    }
)
"""The labels by which alerts are told apart."""

_FOREIGN = {
    "up": {"job", "instance"},
    "scrape_duration_seconds": {"job", "instance"},
    "ALERTS": {"alertstate", *_ALERT},
    "ALERTS_FOR_STATE": set(_ALERT),
    "prometheus_rule_group_last_duration_seconds": {"rule_group"},
    "prometheus_rule_group_iterations_missed_total": {"rule_group"},
    "prometheus_rule_evaluation_failures_total": {"rule_group"},
    "prometheus_tsdb_head_series": set[str](),
    "prometheus_notifications_alertmanagers_discovered": set[str](),
    "alertmanager_notifications_total": {"integration"},
    "alertmanager_notifications_failed_total": {"integration"},
}
"""What Prometheus and Alertmanager say of themselves and of scrapes: no part of our catalogue, but always there."""

SCRAPE_LABELS = frozenset({"job", "instance"})
LEVELS = {
    "city": frozenset[str](),
    "isp": frozenset({"isp"}),
    "kecamatan": frozenset({"kecamatan"}),
    "kecamatan_isp": frozenset({"kecamatan", "isp"}),
    "hotspot": frozenset({"hotspot", "kecamatan", "isp"}),
    "uplink": frozenset({"uplink"}),
    "uplink_kecamatan_isp": frozenset({"uplink", "kecamatan", "isp"}),
    "window": frozenset({"window", "scope", "target"}),
    "contract": frozenset({"contract", "kecamatan", "isp"}),
    "vantage": frozenset[str](),
    "calendar": frozenset[str](),
    "alert": _ALERT | {"job", "instance"},
}
"""The labels that the first part of a recorded name promises."""

_MORE = {
    "hotspot:hotspot_unseen:info": {"reason"},
    "hotspot:kelurahan_dark:timestamp_seconds": {"kelurahan"},
    "hotspot:kelurahan_down:timestamp_seconds": {"kelurahan"},
    **{
        f"{level}:outage_{what}": {"since"}
        for level in ("city", "isp", "kecamatan", "kecamatan_isp", "uplink")
        for what in ("began:timestamp_seconds", "lasted:seconds", "hit:count")
    },
    **{
        f"{level}:hotspot_traffic_bytes:rate5m": {"direction"}
        for level in ("city", "isp", "kecamatan", "kecamatan_isp", "hotspot")
    },
    "hotspot:maintenance_overrun:held": {"window"},
    "hotspot:outage_over:timestamp_seconds": {"severity", "reason"},
    "hotspot:unserved_over:timestamp_seconds": {"severity", "reason"},
    "hotspot:down_long_over:timestamp_seconds": {"step"},
    "uplink:hotspot_down:info": {"hotspot", "kecamatan", "isp"},
    "uplink:wider:info": {"wider"},
    "uplink:hotspots_beside:count": {"wider", "step"},
    "uplink:hotspots_down_beside:count": {"wider", "step"},
    "uplink:within_silent:info": {"wider", "step"},
    "uplink:within_lost:info": {"wider", "step"},
}
"""Labels that a recorded series has beyond those of its level."""

_GRAFANA_TIMES = re.compile(r"\$__(range|rate_interval|interval)\b|\$\{__(range|rate_interval|interval)\}")
_COMPARISONS = frozenset({"and", "unless"})
_NO_LABELS = frozenset({"vector", "scalar", "time", "pi", "absent", "absent_over_time"})


_TELLS_ITS_END = re.compile(r"or 0 \* \(timestamp\(([a-z_:0-9]+)\) <")
_NAME = re.compile(r"[a-zA-Z_:][\w:]*")
_BELIEVED_ABOVE = frozenset({">", ">="})


class UnknownSeriesError(ValueError):
    """The query asks for what is not there."""


def offered(catalogue: Traversable = CATALOGUE, rules: Path = RULES) -> dict[str, frozenset[str]]:
    """Every series that there can be, by name, with its labels: the catalogue's and the recorded ones."""
    series = dict(_exported(catalogue))
    series |= {name: SCRAPE_LABELS | labels for name, labels in _FOREIGN.items()}
    for path in sorted(rules.glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            for rule in group["rules"]:
                if "record" in rule:
                    series[rule["record"]] = _recorded(rule["record"], rule.get("labels", {}))
    return series


def ending(rules: Path = RULES) -> frozenset[str]:
    """The recorded series that tell their end by one sample of 0 (or -1): readers take what is above it."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(rules.glob("*.yml")))
    return frozenset(_TELLS_ITS_END.findall(text))


def believed_beyond_their_end(expression: str, ended: frozenset[str]) -> frozenset[str]:
    """Those of `ended` that `expression` reads without asking whether they are over; it must be PromQL."""
    return _unasked(parsed(expression), ended)


def _unasked(node: Any, ended: frozenset[str]) -> frozenset[str]:
    match type(node).__name__:
        case "VectorSelector":
            return ended & {node.name}
        case "MatrixSelector":
            return ended & {node.vector_selector.name}
        case "ParenExpr" | "UnaryExpr" | "SubqueryExpr" | "AggregateExpr":
            return _unasked(node.expr, ended)
        case "Call":
            return frozenset[str]().union(*(_unasked(argument, ended) for argument in node.args))
        case "BinaryExpr":
            if str(node.op) in _BELIEVED_ABOVE and type(node.rhs).__name__ == "NumberLiteral":
                return frozenset()
            left, right = _unasked(node.lhs, ended), _unasked(node.rhs, ended)
            if str(node.op) in {"or", "unless"}:
                return left | right
            # Both sides must be there: what one of them has asked need not be asked by the other.
            return (left - (_read(node.rhs, ended) - right)) | (right - (_read(node.lhs, ended) - left))
    return frozenset()


def _read(node: Any, ended: frozenset[str]) -> frozenset[str]:
    """Those of `ended` that are read at all; only names matter, so the text will do."""
    return ended.intersection(_NAME.findall(str(node)))


def _exported(catalogue: Traversable) -> Iterator[tuple[str, frozenset[str]]]:
    for metric in yaml.safe_load(catalogue.read_text(encoding="utf-8")):
        labels = frozenset(metric["labels"]) | SCRAPE_LABELS
        if metric["type"] == "histogram":
            yield f"{metric['name']}_bucket", labels | {"le"}
            yield f"{metric['name']}_sum", labels
            yield f"{metric['name']}_count", labels
        else:
            yield metric["name"], labels


def _recorded(name: str, added: Mapping[str, str]) -> frozenset[str]:
    level, metric, _operations = name.split(":")
    more = {"le"} if metric.endswith("_bucket") else {"state"} if metric == "hotspot_state" else set()
    return LEVELS[level] | frozenset(added) | more | _MORE.get(name, set())


@cache
def parsed(expression: str) -> Any:
    """The expression as promql-parser reads it, with some times for Grafana's; raises `ValueError`."""
    return promql_parser.parse(_GRAFANA_TIMES.sub("5m", expression.replace("$__range_s", "300")))


def labels_of(expression: str, series: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The labels of what `expression` answers; raises `UnknownSeriesError` if nobody offers what it asks for."""
    try:
        tree = parsed(expression)
    except ValueError as error:
        raise UnknownSeriesError(f"is no PromQL: {error}") from error
    return _Labels(series).of(tree)


class _Labels:
    """Follows labels from the selectors up to the answer."""

    def __init__(self, series: Mapping[str, frozenset[str]]) -> None:
        self._series = series

    def of(self, node: Any) -> frozenset[str]:
        match type(node).__name__:
            case "VectorSelector":
                return self._selector(node)
            case "MatrixSelector":
                return self._selector(node.vector_selector)
            case "ParenExpr" | "UnaryExpr" | "SubqueryExpr":
                return self.of(node.expr)
            case "AggregateExpr":
                return self._aggregate(node)
            case "BinaryExpr":
                return self._binary(node)
            case "Call":
                return self._call(node)
        return frozenset()

    def _selector(self, node: Any) -> frozenset[str]:
        if node.name not in self._series:
            raise UnknownSeriesError(f"asks for {node.name!r}, which is neither in the catalogue nor recorded")
        offered = self._series[node.name]
        self._exist({matcher.name for matcher in node.matchers.matchers}, offered, node.name)
        return offered

    def _exist(self, wanted: set[str], offered: frozenset[str], where: str) -> None:
        if missing := sorted(wanted - offered):
            raise UnknownSeriesError(f"uses the label {', '.join(missing)}, which {where} does not have")

    def _aggregate(self, node: Any) -> frozenset[str]:
        inner = self.of(node.expr)
        if node.modifier is None:
            keeps_all = str(node.op) in {"topk", "bottomk", "limitk"}
            return inner if keeps_all else frozenset()
        wanted = frozenset(node.modifier.labels)
        if node.modifier.type == promql_parser.AggModifierType.By:
            self._exist(set(wanted), inner, f"the argument of {node.op}")
            if str(node.op) == "count_values":
                return wanted | {str(node.param.val)}
            return inner if str(node.op) in {"topk", "bottomk", "limitk"} else wanted
        return inner - wanted

    def _binary(self, node: Any) -> frozenset[str]:
        left, right = self.of(node.lhs), self.of(node.rhs)
        operation, modifier = str(node.op), node.modifier
        if modifier is not None and modifier.matching is not None:
            self._exist(set(modifier.matching.labels), left, f"the left of {operation}")
            self._exist(set(modifier.matching.labels), right, f"the right of {operation}")
        if operation in _COMPARISONS:
            return left
        if operation == "or":
            return left | right
        if modifier is not None and modifier.group_labels:
            many, one = (left, right) if "ManyToOne" in str(modifier.card) else (right, left)
            self._exist(set(modifier.group_labels), one, f"the one side of {operation}")
            return many | frozenset(modifier.group_labels)
        return left | right

    def _call(self, node: Any) -> frozenset[str]:
        answers = [self.of(argument) for argument in node.args]
        name = node.func.name
        if name in _NO_LABELS:
            return frozenset()
        labels = frozenset[str]().union(*answers)
        if name in {"label_replace", "label_join"}:
            return labels | {str(node.args[1].val)}
        return labels - {"le"} if name == "histogram_quantile" else labels
