"""A history with its end: what a panel answers, and what the script says it should."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from dashboards.asking import Question, defaults, questions
from exporter.probing.outcome import Outcome
from lab.history.prometheus import Labels, PrometheusServer
from lab.history.recorded import RULES, RecordedHistory
from lab.history.rules import due, load
from pantau.clock import NANOSECONDS
from pantau.simulator.truth import Interval, Truth

Answer = list[tuple[Labels, float]]


class Story:
    """`history` has run to its end and lies in `prometheus`."""

    def __init__(
        self, history: RecordedHistory, prometheus: PrometheusServer, unjudged: Mapping[str, Interval]
    ) -> None:
        self.history = history
        self.unjudged = unjudged
        self.prometheus = prometheus
        self.start, self.end = history.plan.start_seconds, history.plan.end_seconds
        self._rules = load(RULES, history.plan.scrape_seconds)
        self.hotspots = history.replay.monitor.plan.labels

    @property
    def of_many(self) -> float:
        """How far an availability may be off: 0.05 points, and a scrape.

        A sum of `increase` over 5 minutes knows an outage's begin and end to one scrape: of a day that is 0.02 points.
        """
        return 0.0005 + self.history.plan.scrape_seconds / self.history.plan.seconds

    @property
    def of_one(self) -> float:
        """And that of a single hotspot, whose outages are known to a probing interval."""
        probing = self.history.plan.configuration.settings.probing
        return self.of_many + 2 * probing.interval_seconds / self.history.plan.seconds

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
        """Of the whole plan."""
        return self.until(self.end)

    def until(self, seconds: float) -> Truth:
        """From the start to that time."""
        return self.history.replay.city.truth(self.start * NANOSECONDS, round(seconds * NANOSECONDS))

    def where(self, **labels: str) -> list[int]:
        """The rows of the hotspots with these labels."""
        return [
            row
            for row, one in enumerate(self.hotspots)
            if all(getattr(one, name) == value for name, value in labels.items())
        ]

    def judged_now(self, rows: list[int]) -> list[int]:
        """Those of which can be said at the end whether they are down."""
        until = {row: self.unjudged[self.hotspots[row].hotspot].end_ns for row in rows if self._is_excused(row)}
        return [row for row in rows if until.get(row, 0) < self.end * NANOSECONDS]

    def down_now(self, rows: list[int]) -> list[int]:
        """Those that are down at the end."""
        state = self.history.replay.city.state(self.end * NANOSECONDS - 1)
        return [row for row in self.judged_now(rows) if state[row] != Outcome.REPLY]

    def availability(self, rows: list[int], until: float | None = None) -> float:
        """Time up of the time that can be judged, of these hotspots together."""
        judged, down = self._times(rows, self.truth if until is None else self.until(until))
        return 1 - down / judged

    def lost_hours(self, rows: list[int], until: float) -> float:
        """Hours that these hotspots were down and could be judged, of all of them together."""
        return self._times(rows, self.until(until))[1] / 3600 / NANOSECONDS

    def _times(self, rows: list[int], truth: Truth) -> tuple[int, int]:
        """Nanoseconds that could be judged, and of them those of being down."""
        judged = down = 0
        for row in rows:
            hidden = [*truth.blind, *self._excused(row)]
            judged += _seen(Interval(truth.from_ns, truth.to_ns), hidden)
            down += sum(_seen(interval, hidden) for interval in truth.down[row])
        return judged, down

    def outages(self, rows: list[int]) -> int:
        """How many there were, those that last included, but for those that lie wholly in time that is nobody's."""
        return sum(_seen(one, self._excused(row)) > 0 for row in rows for one in self.truth.down[row])

    def _is_excused(self, row: int) -> bool:
        return self.hotspots[row].hotspot in self.unjudged

    def _excused(self, row: int) -> list[Interval]:
        return [self.unjudged[self.hotspots[row].hotspot]] if self._is_excused(row) else []


def _seen(interval: Interval, blind: Sequence[Interval]) -> int:
    hidden = sum(max(0, min(interval.end_ns, o.end_ns) - max(interval.start_ns, o.start_ns)) for o in blind)
    return interval.end_ns - interval.start_ns - hidden
