"""How long the dashboards' questions take: 1000 hotspots, a day of all series, a month of the recorded ones.

An hour of the whole city is simulated and evaluated, and played 24 times; before these, 29 days of those recorded
series that dashboards read over long ranges. A Prometheus is started over these files, which the kernel has been told
to forget, and each dashboard is asked, one question after the other: `cold` the first time, then once more.
"""

import math
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards.asking import Question, defaults, questions
from lab.history import rules
from lab.history.prometheus import PrometheusServer, prometheus
from lab.history.recorded import RULES, HistoryPlan, RecordedHistory
from lab.history.recording import SeriesRecording, replay, thinned
from pantau.inventory import Configuration
from pantau.simulator.scenario import find_scenario

HOUR, DAY_HOURS, MONTH_HOURS = 3600, 24, 30 * 24
LONG = ("pantau-kecamatan", "pantau-isp", "pantau-sla", "pantau-eksekutif")
"""The dashboards that are about a month, and are asked for one as well."""
_RECORDED = re.compile(r"[a-z_]+:[a-z0-9_]+:[a-z0-9_]+")

Dashboard = Mapping[str, Any]


@dataclass(frozen=True)
class Timing:
    """What one dashboard took, in seconds."""

    uid: str
    range: str
    questions: int
    points: int
    """Values in all answers: a dashboard that is fast because it has nothing to say is not fast."""
    cold_seconds: float
    warm_seconds: float
    cpu_seconds: float
    """Of Prometheus, the mean of both: what a busy machine cannot make longer."""
    slowest: str
    slowest_seconds: float


def make(configuration: Configuration, directory: Path, end_seconds: int, drawn: Mapping[str, Dashboard]) -> None:
    """Fill `directory` with a day that ends at `end_seconds`, and with the month before it."""
    start = end_seconds - (DAY_HOURS + 1) * HOUR
    # The second hour is played again: in the first nothing is known yet, and what is recorded by the hour is absent.
    plan = HistoryPlan(configuration, find_scenario("hour"), start, 2 * HOUR, step_seconds=2.0, circle_seconds=60)
    with prometheus(directory / "hour") as running:
        recording = SeriesRecording(running.port, running.directory)
        for until in RecordedHistory(plan).write(recording):
            if until == start + HOUR:
                recording.clear()
        recording.close()
        recorded = list(recording.recorded())
    with prometheus(directory / "month") as running:
        old = list(thinned(recorded, _steps(drawn)))
        for hour in range(DAY_HOURS - MONTH_HOURS, 0):
            replay(running, old, hour, pieces=1)
        for hour in range(DAY_HOURS):
            replay(running, recorded, hour)


def measure(
    directory: Path, end_seconds: int, drawn: Mapping[str, Dashboard], variables: Mapping[str, Mapping[str, str]]
) -> Iterator[Timing]:
    """The time of each dashboard over its own range, and over 30 days where it is about a month."""
    _forget(directory / "month")
    with prometheus(directory / "month") as running:
        for uid, dashboard in drawn.items():
            for span in (None, "now-30d") if uid in LONG else (None,):
                asked = list(questions(dashboard, end_seconds, {**defaults(dashboard), **variables.get(uid, {})}, span))
                spent = _cpu_seconds(running)
                cold = [_asked(running, question) for question in asked]
                warm = [_asked(running, question) for question in asked]
                spent = _cpu_seconds(running) - spent
                slowest = max(range(len(asked)), key=cold.__getitem__)
                yield Timing(
                    uid=uid,
                    range=span or dashboard["time"]["from"],
                    questions=len(asked),
                    points=sum(points for _seconds, points in cold),
                    cold_seconds=sum(seconds for seconds, _points in cold),
                    warm_seconds=sum(seconds for seconds, _points in warm),
                    cpu_seconds=spent / 2,
                    slowest=asked[slowest].name,
                    slowest_seconds=cold[slowest][0],
                )


def table(timings: list[Timing]) -> str:
    """For docs/dashboards.md."""
    lines = ["| dashboard | range | questions | values | cold | again | CPU |", "|---|---|---|---|---|---|---|"]
    lines += [
        f"| `{one.uid}` | {one.range} | {one.questions} | {one.points} | {one.cold_seconds:.2f} s | "
        f"{one.warm_seconds:.2f} s | {one.cpu_seconds:.2f} s |"
        for one in timings
    ]
    return "\n".join(lines)


def _asked(running: PrometheusServer, question: Question) -> tuple[float, int]:
    """How long the answer took, in seconds, and how many values it had."""
    began = time.perf_counter()
    if question.step_seconds is None:
        points = len(running.instant(question.expression, question.end_seconds))
    else:
        step = question.step_seconds
        first, last = (math.floor(at / step) * step for at in (question.start_seconds, question.end_seconds))
        points = sum(len(values) for _labels, values in running.over(question.expression, first, last, step))
    return time.perf_counter() - began, points


def _cpu_seconds(running: PrometheusServer) -> float:
    """What it has taken of the processors since it was started."""
    name = b"process_cpu_seconds_total "
    return next(float(line.removeprefix(name)) for line in running.metrics().split(b"\n") if line.startswith(name))


def _steps(drawn: Mapping[str, Dashboard]) -> dict[str, int]:
    """The recorded series that are asked for over a range, and how far apart their samples are: 5 minutes at least."""
    names: set[str] = set()
    for dashboard in drawn.values():
        for panel in dashboard["panels"]:
            for target in panel.get("targets", ()):
                if not target["instant"] or "[$__range" in target["expr"] or "[7d]" in target["expr"]:
                    names |= set(_RECORDED.findall(target["expr"]))
    intervals = {rule.name: rule.interval_ms // 1000 for component in rules.load(RULES, 15) for rule in component}
    return {name: max(300, intervals[name]) for name in names if name in intervals}


def _forget(directory: Path) -> None:
    """Have the kernel drop the files from its cache."""
    for path in directory.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
