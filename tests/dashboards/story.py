"""A past with its end: what a panel answers, and what the script says it should."""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dashboards.asking import Question, defaults, questions
from exporter.clock import NANOSECONDS
from exporter.probing.outcome import Outcome
from history.past import RULES, Past
from history.prometheus import Labels, Prometheus
from history.rules import due, load
from simulator.truth import Interval, Truth

Answer = list[tuple[Labels, float]]


class Story:
    """`past` has run to its end and lies in `prometheus`."""

    def __init__(self, past: Past, prometheus: Prometheus) -> None:
        self.past = past
        self.prometheus = prometheus
        self.start, self.end = past.course.start_seconds, past.course.end_seconds
        self._rules = load(RULES, past.course.scrape_seconds)
        self.hotspots = past.replay.monitor.plan.labels

    # ---- what the dashboards say

    def ask(self, question: Question) -> list[float]:
        """The numbers of the answer."""
        if question.step_seconds is None:
            values = [value for _labels, value in self.prometheus.instant(question.expression, question.end_seconds)]
        else:
            # Grafana asks at whole steps.
            step = question.step_seconds
            first, last = (math.floor(at / step) * step for at in (question.start_seconds, question.end_seconds))
            answer = self.prometheus.over(question.expression, first, last, step)
            values = [value for _labels, points in answer for _at, value in points]
        return [value for value in values if not math.isnan(value)]

    def rows(self, dashboard: Mapping[str, Any], panel: int, ref: str = "A", **variables: str) -> Answer:
        """The answer of one target, with these variables."""
        asked = questions(dashboard, self.end, defaults(dashboard) | variables)
        question = next(one for one in asked if (one.panel, one.ref) == (panel, ref))
        return self.prometheus.instant(question.expression, self.end)

    def evaluations(self, series: str) -> list[float]:
        """When a recorded series was evaluated, up to the end."""
        rule = next(one for component in self._rules for one in component if one.name == series)
        return [at / 1000 for at in due(rule, self.start, self.end)]

    def number(self, dashboard: Mapping[str, Any], panel: int, ref: str = "A", **variables: str) -> float:
        """The one number that a target answers."""
        ((_labels, value),) = self.rows(dashboard, panel, ref, **variables)
        return value

    # ---- what the script says

    @cached_property
    def truth(self) -> Truth:
        """Of the whole course."""
        return self.until(self.end)

    def until(self, seconds: float) -> Truth:
        """From the start to that time."""
        return self.past.replay.city.truth(self.start * NANOSECONDS, round(seconds * NANOSECONDS))

    def where(self, **labels: str) -> list[int]:
        """The rows of the hotspots with these labels."""
        return [
            row
            for row, one in enumerate(self.hotspots)
            if all(getattr(one, name) == value for name, value in labels.items())
        ]

    def down_now(self, rows: list[int]) -> list[int]:
        """Those that are down at the end."""
        state = self.past.replay.city.state(self.end * NANOSECONDS - 1)
        return [row for row in rows if state[row] != Outcome.REPLY]

    def availability(self, rows: list[int], until: float | None = None) -> float:
        """Time up of the time that can be judged, of these hotspots together."""
        truth = self.truth if until is None else self.until(until)
        judged = down = 0
        for row in rows:
            judged += truth.to_ns - truth.from_ns - sum(end - start for start, end in truth.blind)
            down += sum(_seen(interval, truth.blind) for interval in truth.down[row])
        return 1 - down / judged

    def outages(self, rows: list[int]) -> int:
        """How many there were, those that last included."""
        return sum(len(self.truth.down[row]) for row in rows)


def _seen(interval: Interval, blind: tuple[Interval, ...]) -> int:
    hidden = sum(max(0, min(interval.end_ns, o.end_ns) - max(interval.start_ns, o.start_ns)) for o in blind)
    return interval.end_ns - interval.start_ns - hidden
