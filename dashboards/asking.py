"""What Grafana asks Prometheus when it shows a dashboard: every target with times, steps and variables filled in.

Grafana itself is not needed for it. Its rules, as of 9.4: a panel's step is its time range by its width in pixels,
rounded to what people count in and never below the scrape interval; `$__rate_interval` is four scrapes at least;
instant questions are asked at the end of the range.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.extra import ALL

Panel = Mapping[str, Any]
Dashboard = Mapping[str, Any]

WIDTH_PIXELS, COLUMNS = 1920, 24
SCRAPE_SECONDS = 15
"""`timeInterval` of the provisioned data source."""

_EVERY, _ANY = (ALL, "All"), ".*"
"""How Grafana says that all are chosen, in itself and in an address, and what stands for them."""

_STEPS = (15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800)
_SPAN = re.compile(r"now-([0-9]+)([smhdwMy])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 30 * 86400, "y": 365 * 86400}
_VARIABLE = re.compile(r"\$\{?([a-z_]+)(?::pipe)?\}?")


@dataclass(frozen=True)
class Question:
    """One target of one panel, ready to be asked. Times are Unix seconds."""

    panel: int
    title: str
    ref: str
    expression: str
    start_seconds: float
    end_seconds: float
    step_seconds: int | None
    """`None`: asked at `end_seconds` alone."""

    @property
    def name(self) -> str:
        """For people: which it is."""
        return f"panel {self.panel} ({self.title}) {self.ref}"


def questions(
    dashboard: Dashboard, end_seconds: float, variables: Mapping[str, str], time_from: str | None = None
) -> Iterator[Question]:
    """Every question of the dashboard at `end_seconds`, over its own default range or that of `time_from`."""
    zone = ZoneInfo(dashboard["timezone"])
    for panel in dashboard["panels"]:
        start = begins(panel.get("timeFrom") or time_from or dashboard["time"]["from"], end_seconds, zone)
        step = step_seconds(panel, end_seconds - start)
        for target in panel.get("targets", ()):
            expression = filled(target["expr"], end_seconds - start, step, variables)
            yield Question(
                panel["id"],
                panel["title"],
                target["refId"],
                expression,
                start,
                end_seconds,
                None if target["instant"] else step,
            )


def begins(written: str, end_seconds: float, zone: ZoneInfo) -> float:
    """When a range that ends at `end_seconds` begins, as Grafana writes it: ``now-24h``, ``now/M``."""
    if written == "now/M":
        now = datetime.fromtimestamp(end_seconds, zone)
        return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0).timestamp()
    span = _SPAN.fullmatch(written)
    if span is None:
        raise ValueError(f"{written!r} is no range that is known here; write now/M or one such as now-24h")
    return end_seconds - timedelta(seconds=int(span[1]) * _SECONDS[span[2]]).total_seconds()


def step_seconds(panel: Panel, range_seconds: float) -> int:
    """How far apart the points of a graph are."""
    pixels = panel["gridPos"]["w"] * WIDTH_PIXELS / COLUMNS
    least = SCRAPE_SECONDS if not panel.get("interval") else round(_span_seconds(panel["interval"]))
    return counted_in(max(range_seconds / pixels, least))


def counted_in(seconds: float) -> int:
    """The step that people count in, at least so long."""
    return next((step for step in _STEPS if step >= seconds), _STEPS[-1])


def filled(expression: str, range_seconds: float, step: int, variables: Mapping[str, str]) -> str:
    """The expression with Grafana's times and the variables in it; ``$__all`` as what matches all."""
    seconds = round(range_seconds)
    for name, value in (
        ("__range_s", str(seconds)),
        ("__range_ms", str(seconds * 1000)),
        ("__range", f"{seconds}s"),
        ("__rate_interval", f"{max(step + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS)}s"),
        ("__interval", f"{step}s"),
    ):
        expression = expression.replace(f"${{{name}}}", value).replace(f"${name}", value)
    return _VARIABLE.sub(lambda found: _ANY if variables[found[1]] in _EVERY else variables[found[1]], expression)


def defaults(dashboard: Dashboard) -> dict[str, str]:
    """What the variables are when the dashboard is opened; those that Prometheus is asked for are left out."""
    return {
        variable["name"]: chosen if isinstance(chosen := variable["current"]["value"], str) else "|".join(chosen)
        for variable in dashboard["templating"]["list"]
        if variable["type"] in {"custom", "datasource"}
    }


def _span_seconds(written: str) -> float:
    return int(written[:-1]) * _SECONDS[written[-1]]
