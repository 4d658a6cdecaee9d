"""Prometheus' answers as the data frames in which Grafana's backend hands them to the frontend."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.asking import SCRAPE_SECONDS, counted_in, filled
from lab.history.prometheus import Labels, PrometheusServer

Json = dict[str, Any]
Points = Sequence[tuple[float, float]]
_LABEL = re.compile(r"\{\{\s*(.+?)\s*\}\}")


def answered(prometheus: PrometheusServer, query: Mapping[str, Any], from_ms: int, to_ms: int) -> list[Json]:
    """The frames of one query of a panel, as the frontend has sent it."""
    seconds = (to_ms - from_ms) / 1000
    least = max(query.get("intervalMs", 0) / 1000, SCRAPE_SECONDS)
    step = counted_in(max(least, seconds / (query.get("maxDataPoints") or 1500)))
    expression = filled(query["expr"], seconds, step, {})
    if query.get("instant"):
        found = [(labels, [(to_ms / 1000, value)]) for labels, value in prometheus.instant(expression, to_ms / 1000)]
    else:
        offset = query.get("utcOffsetSec", 0)
        first, last = (math.floor((at / 1000 + offset) / step) * step - offset for at in (from_ms, to_ms))
        found = prometheus.over(expression, first, last, step)
    return [_frame(query, labels, points, step) for labels, points in found]


def _frame(query: Mapping[str, Any], labels: Labels, points: Points, step: int) -> Json:
    values = [value if math.isfinite(value) else None for _at, value in points]
    value: Json = {
        "name": "Value",
        "labels": dict(labels),
        "type": "number",
        "typeInfo": {"frame": "float64"},
        "config": {"displayNameFromDS": _legend(query, dict(labels))},
    }
    time = {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}, "config": {"interval": step * 1000}}
    kind = "vector" if query.get("instant") else "matrix"
    meta = {"type": "timeseries-multi", "typeVersion": [0, 1], "custom": {"resultType": kind}}
    schema = {
        "refId": query["refId"],
        "name": value["config"]["displayNameFromDS"],
        "meta": meta,
        "fields": [time, value],
    }
    return {"schema": schema, "data": {"values": [[round(at * 1000) for at, _value in points], values]}}


def _legend(query: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """The name of a series: its legend, else its labels, else the query itself."""
    legend = query.get("legendFormat")
    if legend and legend != "__auto":
        return _LABEL.sub(lambda found: labels.get(found[1], ""), legend)
    pairs = ", ".join(f"{name}={json.dumps(one)}" for name, one in sorted(labels.items()) if name != "__name__")
    return f"{labels.get('__name__', '')}{{{pairs}}}" if labels else str(query["expr"])
