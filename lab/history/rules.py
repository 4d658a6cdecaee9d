"""The rules of `config/rules/`, evaluated in virtual time over a Prometheus that does not evaluate them itself.

`promtool tsdb create-blocks-from rules` cannot do it: some rules read what they themselves recorded before (an outage
stays open until its lower bar), and it writes no stale markers, so that each fault would last 5 minutes too long.
Here a rule that reads itself, directly or through others, is asked step by step; all others are asked for many steps
at once, which gives the same answers for a twentieth of the work. A group that is due more often than the city is
scraped is evaluated once a scrape, for in between nothing changes, and a circle every other scrape. As in Prometheus
each group has an offset of its own, so that no two fall on the same instant: a sum over the twelve evaluations of an
hour would else have thirteen.
"""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from zlib import crc32

import numpy as np
import yaml

from lab.history.prometheus import Labels
from lab.history.remote_write import SAMPLE_BYTES, STALE, label_bytes, sample_rows, series
from pantau.inventory.durations import parse_duration

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*:[a-zA-Z0-9_:]+|\bALERTS(?:\{[^}]*\})?")
_ALERTNAME = re.compile(r'alertname="([^"]+)"')
_AFTER_A_STOP = re.compile(
    r"^ *(?:or 0 \* .*vantage:said_since:|unless timestamp.*vantage:evaluated:|unless on \(\) \(vantage:scraped:).*\n?",
    re.MULTILINE,
)
"""What a rule says for a time when Prometheus did not run: here it always runs, and ends are marked."""


@dataclass
class EvaluatedRule:
    """One rule, and what it answered last."""

    name: str
    """What it records; ``ALERTS{NAME}`` for an alert."""
    expression: str
    labels: dict[str, str]
    interval_ms: int
    offset_ms: int
    group: str
    alert: str | None = None
    for_seconds: float = 0.0
    reads: frozenset[str] = frozenset()
    before: set[Labels] = field(default_factory=set)
    """The series of the evaluation before."""
    since: dict[Labels, int] = field(default_factory=dict)
    """Since when each alert has been active."""


def load(
    folder: Path, scrape_seconds: int, circle_seconds: int = 30, default_seconds: int = 15
) -> list[list[EvaluatedRule]]:
    """All rules, in an order in which each may be evaluated; those that read each other in a circle come together.

    Such a circle is evaluated every `circle_seconds` at the most: it costs a question for each rule and step.
    """
    rules = []
    for path in sorted(folder.glob("*.yml")):
        for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]:
            interval = round(parse_duration(group["interval"])) if "interval" in group else default_seconds
            rules += [
                _rule(one, group["name"], max(interval, scrape_seconds), scrape_seconds) for one in group["rules"]
            ]
    names = {rule.name for rule in rules}
    for rule in rules:
        rule.reads = frozenset(_read(rule.expression, names))
    components = _ordered(rules)
    for component in components:
        if circular(component):
            for rule in component:
                rule.interval_ms = max(rule.interval_ms, circle_seconds * 1000)
    return components


def circular(component: Sequence[EvaluatedRule]) -> bool:
    """Whether its rules read themselves, alone or together."""
    return len(component) > 1 or component[0].name in component[0].reads


def _rule(written: dict[str, str | dict[str, str]], group: str, interval: int, scrape: int) -> EvaluatedRule:
    alert = written.get("alert")
    labels = {name: value for name, value in dict(written.get("labels", {})).items() if "{{" not in value}  # type: ignore[arg-type]
    return EvaluatedRule(
        name=f"ALERTS{{{alert}}}" if alert else str(written["record"]),
        expression=_AFTER_A_STOP.sub("", str(written["expr"])),
        labels=labels,
        interval_ms=interval * 1000,
        offset_ms=1 + crc32(group.encode()) % (scrape * 1000 - 1),
        group=group,
        alert=str(alert) if alert else None,
        for_seconds=parse_duration(str(written["for"])) if "for" in written else 0.0,
    )


def _read(expression: str, names: set[str]) -> Iterator[str]:
    text = "\n".join(line.partition("#")[0] if '"' not in line else line for line in expression.splitlines())
    for found in _NAME.findall(text):
        if not found.startswith("ALERTS"):
            if found in names:
                yield found
        elif alert := _ALERTNAME.search(found):
            yield f"ALERTS{{{alert[1]}}}"
        else:
            yield from (name for name in names if name.startswith("ALERTS{"))


def _ordered(rules: Sequence[EvaluatedRule]) -> list[list[EvaluatedRule]]:
    """Strongly connected components in the order of dependency (Tarjan's algorithm gives both)."""
    recorded: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        recorded.setdefault(rule.name, []).append(index)
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    components: list[list[EvaluatedRule]] = []

    def visit(index: int) -> None:
        order[index] = lowest[index] = len(order)
        stack.append(index)
        for other in (each for name in rules[index].reads for each in recorded.get(name, ())):
            if other not in order:
                visit(other)
            if other in stack:
                lowest[index] = min(lowest[index], lowest[other])
        if lowest[index] == order[index]:
            members = stack[stack.index(index) :]
            del stack[-len(members) :]
            components.append([rules[member] for member in sorted(members)])

    for index in range(len(rules)):
        if index not in order:
            visit(index)
    return components


class Queried(Protocol):
    """What an evaluation asks, and writes to: a `PrometheusServer`."""

    def over(
        self, expression: str, start_seconds: float, end_seconds: float, step_seconds: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """The answer from step to step, both ends included."""

    def instant(self, expression: str, at_seconds: float) -> list[tuple[Labels, float]]:
        """The answer at one moment."""

    def write(self, message: list[bytes]) -> None:
        """Take these series."""


class Evaluation:
    """Evaluates all rules span by span; spans follow each other without a gap."""

    def __init__(self, prometheus: Queried, rules: list[list[EvaluatedRule]]) -> None:
        self._prometheus = prometheus
        self._components = rules
        self._labels: dict[Labels, bytes] = {}
        self.group_seconds: dict[str, float] = {rule.group: 0.0 for part in rules for rule in part}
        """How long an evaluation of each group took, on the average of the last span."""
        self.fired = 0
        """Alerts that have begun to fire."""

    def span(self, from_seconds: int, until_seconds: int) -> None:
        """Evaluate whatever is due from the one time (Unix, seconds) up to, not including, the other."""
        spent = dict.fromkeys(self.group_seconds, 0.0)
        for component in self._components:
            rule = component[0]
            times = due(rule, from_seconds, until_seconds)
            if not times:
                continue
            began = time.perf_counter()
            if circular(component):
                self._step_by_step(component, from_seconds, until_seconds)
            else:
                self._at_once(rule, times)
            spent[rule.group] += (time.perf_counter() - began) / len(times)
        self.group_seconds |= {group: seconds for group, seconds in spent.items() if seconds}

    def _at_once(self, rule: EvaluatedRule, times: list[int]) -> None:
        answers: dict[int, list[tuple[Labels, float]]] = {at: [] for at in times}
        for labels, values in self._prometheus.over(
            rule.expression, times[0] / 1000, times[-1] / 1000, rule.interval_ms / 1000
        ):
            for at, value in values:
                answers[round(at * 1000)].append((labels, value))
        samples: dict[Labels, list[tuple[int, float]]] = {}
        for at in times:
            for labels, value in self._judged(rule, answers[at], at):
                samples.setdefault(labels, []).append((at, value))
        self._write(samples)

    def _step_by_step(self, component: list[EvaluatedRule], from_seconds: int, until_seconds: int) -> None:
        times = {rule.name + str(index): due(rule, from_seconds, until_seconds) for index, rule in enumerate(component)}
        for at in sorted({at for each in times.values() for at in each}):
            for index, rule in enumerate(component):
                if at in times[rule.name + str(index)]:
                    answer = self._prometheus.instant(rule.expression, at / 1000)
                    self._write({labels: [(at, value)] for labels, value in self._judged(rule, answer, at)})

    def _judged(
        self, rule: EvaluatedRule, answer: list[tuple[Labels, float]], at: int
    ) -> Iterator[tuple[Labels, float]]:
        """The samples of one evaluation: what is there, and stale markers for what is no more."""
        now: dict[Labels, float] = {}
        for labels, value in answer:
            if rule.alert is None:
                now[_named(labels, rule.name, rule.labels)] = value
            else:
                plain = _named(labels, "ALERTS", rule.labels | {"alertname": rule.alert})
                began = rule.since.setdefault(plain, at)
                state = "firing" if at - began >= rule.for_seconds * 1000 else "pending"
                now[tuple(sorted((*plain, ("alertstate", state))))] = 1.0
                now[_named(labels, "ALERTS_FOR_STATE", rule.labels | {"alertname": rule.alert})] = began / 1000
        if rule.alert is not None:
            active = {tuple(one for one in labels if one[0] != "alertstate") for labels in now}
            rule.since = {labels: began for labels, began in rule.since.items() if labels in active}
            self.fired += sum(("alertstate", "firing") in labels and labels not in rule.before for labels in now)
        yield from now.items()
        yield from ((labels, STALE) for labels in rule.before - now.keys())
        rule.before = set(now)

    def _write(self, samples: dict[Labels, list[tuple[int, float]]]) -> None:
        flat = [sample for values in samples.values() for sample in values]
        rows = sample_rows([at for at, _value in flat], np.array([value for _at, value in flat])).tobytes()
        message, start = [], 0
        for labels, values in samples.items():
            known = self._labels.get(labels)
            if known is None:
                known = self._labels[labels] = label_bytes(dict(labels))
            end = start + SAMPLE_BYTES * len(values)
            message.append(series(known, rows[start:end]))
            start = end
        self._prometheus.write(message)


def due(rule: EvaluatedRule, from_seconds: int, until_seconds: int) -> list[int]:
    """When the rule is evaluated from the one time (Unix, seconds) up to, not including, the other; in ms."""
    first = -((rule.offset_ms - from_seconds * 1000) // rule.interval_ms) * rule.interval_ms + rule.offset_ms
    return list(range(first, until_seconds * 1000, rule.interval_ms))


def _named(labels: Labels, name: str, added: dict[str, str]) -> Labels:
    return tuple(sorted((dict(labels) | {"__name__": name} | added).items()))
