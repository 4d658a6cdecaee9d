"""Rules in virtual time, against a Prometheus that answers what the test says."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from lab.history.prometheus import Labels
from lab.history.remote_write import STALE, label_bytes
from lab.history.rules import Evaluation, load

START = 1_711_900_800
RULES = """
groups:
  - name: late
    interval: 30s
    rules:
      - {record: "city:b:sum", expr: "sum(isp:a:sum)"}
      - {alert: CityLow, expr: "city:b:sum < 1", for: 30s, labels: {severity: page, what: "{{ $value }}"}}
  - name: first
    rules:
      - {record: "isp:a:sum", expr: "sum by (isp) (up)"}
      - {record: "isp:held:sum", expr: "isp:a:sum or isp:held:sum"}
      - {record: "isp:ping:sum", expr: "isp:pong:sum"}
      - {record: "isp:pong:sum", expr: "isp:ping:sum"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The rules above, as files."""
    (tmp_path / "rules.yml").write_text(RULES, encoding="utf-8")
    return tmp_path


class Answers:
    """Has an answer for each expression and time, and keeps what is written."""

    def __init__(self, answers: Mapping[str, Mapping[Labels, Sequence[float | None]]]) -> None:
        self._answers = answers
        self.written: list[bytes] = []
        self.asked: list[tuple[str, str]] = []

    def over(
        self, expression: str, start_seconds: float, end_seconds: float, step_seconds: float
    ) -> list[tuple[Labels, list[tuple[float, float]]]]:
        """From step to step."""
        self.asked.append(("over", expression))
        steps = range(round((end_seconds - start_seconds) / step_seconds) + 1)
        times = [start_seconds + step_seconds * count for count in steps]
        given = self._answers.get(expression, {})
        return [
            (labels, [(at, value) for at, value in zip(times, values, strict=False) if value is not None])
            for labels, values in given.items()
        ]

    def instant(self, expression: str, at_seconds: float) -> list[tuple[Labels, float]]:
        """At one moment."""
        self.asked.append(("instant", expression))
        return []

    def write(self, message: list[bytes]) -> None:
        """Take it."""
        self.written += message

    def samples(self, **labels: str) -> list[float]:
        """The values written to one series."""
        mark = label_bytes({name.replace("name_", "__name__"): value for name, value in labels.items()})
        values: list[float] = []
        for one in self.written:
            if mark in one:
                samples = one[one.index(mark) + len(mark) :]
                values += [struct.unpack("<d", samples[at + 3 : at + 11])[0] for at in range(0, len(samples), 18)]
        return values


def test_what_is_read_comes_first_and_circles_together(folder: Path) -> None:
    """Files and groups may stand in any order; rules that read each other are one component."""
    components = [[rule.name for rule in component] for component in load(folder, 15)]
    assert components == [
        ["isp:a:sum"],
        ["city:b:sum"],
        ["ALERTS{CityLow}"],
        ["isp:held:sum"],
        ["isp:ping:sum", "isp:pong:sum"],
    ]


def test_groups_keep_their_interval_and_their_own_offset(folder: Path) -> None:
    """No finer than the scrapes, and never at the same instant as another group."""
    rules = {rule.name: rule for component in load(folder, 15) for rule in component}
    assert rules["city:b:sum"].interval_ms == 30_000
    assert rules["isp:a:sum"].interval_ms == 15_000
    assert rules["isp:a:sum"].offset_ms != rules["city:b:sum"].offset_ms
    assert {rule.interval_ms for component in load(folder, 60) for rule in component} == {60_000}


def test_only_what_reads_itself_is_asked_step_by_step(folder: Path) -> None:
    """All else is asked once for the whole span."""
    prometheus = Answers({})
    Evaluation(prometheus, load(folder, 15)).span(START, START + 60)
    asked = prometheus.asked
    assert asked.count(("over", "sum by (isp) (up)")) == 1
    assert asked.count(("instant", "isp:a:sum or isp:held:sum")) == 2
    assert asked.count(("instant", "isp:ping:sum")) == 2
    assert ("instant", "sum by (isp) (up)") not in asked


def test_a_series_that_ends_is_marked_stale(folder: Path) -> None:
    """Its absence is known at the next evaluation, not five minutes later."""
    prometheus = Answers({"sum by (isp) (up)": {(("isp", "x"),): [1.0, 2.0, None, None]}})
    Evaluation(prometheus, load(folder, 15)).span(START, START + 60)
    first, second, stale = prometheus.samples(name_="isp:a:sum", isp="x")
    assert (first, second) == (1.0, 2.0)
    assert struct.pack("<d", stale) == struct.pack("<d", STALE)


def test_an_alert_is_pending_before_it_fires(folder: Path) -> None:
    """`for` is kept over spans; a label that is a template is left out."""
    prometheus = Answers({"city:b:sum < 1": {(): [0.0, 0.0, 0.0]}})
    evaluation = Evaluation(prometheus, load(folder, 15))
    evaluation.span(START, START + 30)
    alert = {"name_": "ALERTS", "alertname": "CityLow", "severity": "page"}
    assert prometheus.samples(**alert, alertstate="pending") == [1.0]
    assert evaluation.fired == 0
    evaluation.span(START + 30, START + 60)
    assert prometheus.samples(**alert, alertstate="firing") == [1.0]
    assert evaluation.fired == 1
