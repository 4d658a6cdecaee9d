"""A recorded history: a scenario is replayed, Prometheus takes its scrapes, the rules are evaluated beside them.

Prometheus is written to in the order of time, some scrapes at a time. Beside the exporter stand the jobs `prometheus`,
which is the running one's own exposition, and `alertmanager`, of which there is only what the dashboards read: no
Alertmanager runs in virtual time, so an alert that begins to fire counts as one notification.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.exporter import Exporter
from exporter.metrics.exposition import EOF
from exporter.web.scrapes import Scrapes
from lab.history import rules
from lab.history.prometheus import PrometheusServer
from lab.history.scrapes import Batch
from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration
from pantau.simulator.replay import Change, Replay

RULES = Path(__file__).parents[2] / "config" / "rules"
BATCH_SECONDS = 600
"""So much is written and evaluated at a time: a sixth of what Prometheus allows one series to be behind another."""

_OWN = (b"process_", b"prometheus_tsdb_head_series", b"prometheus_notifications_alertmanagers_discovered")


@dataclass(frozen=True)
class HistoryPlan:
    """What is recorded: from `start_seconds` (Unix time, a multiple of the scrape interval) on, so many seconds."""

    configuration: Configuration
    scenario: Path
    start_seconds: int
    seconds: int
    scrape_seconds: int = 15
    step_seconds: float = 1.0
    """The step of the virtual clock: how late a probe may leave."""
    seed: int = 0
    rules: Path = RULES
    circle_seconds: int = 30
    """How often rules that read themselves are evaluated at the most."""

    @property
    def end_seconds(self) -> int:
        """The time of the last scrape."""
        return self.start_seconds + self.seconds


class RecordedHistory:
    """The history of a plan while it is recorded, and what the exporter decided in it."""

    def __init__(self, plan: HistoryPlan) -> None:
        self.plan = plan
        self.replay = Replay(
            plan.configuration, plan.scenario, plan.start_seconds * NANOSECONDS, plan.seed, plan.step_seconds
        )
        self.changes: list[Change] = []
        """Every change of state, as it was decided."""
        self._exporter = Exporter(plan.configuration, self.replay.monitor, self.replay.world, self.replay.clock)
        self._scrapes = Scrapes(self._exporter)
        self._jobs = {
            "pantau": Batch("pantau", "pantau:9810"),
            "prometheus": Batch("prometheus", "prometheus:9090"),
            "alertmanager": Batch("alertmanager", "alertmanager:9093"),
        }

    def write(self, prometheus: PrometheusServer) -> Iterator[int]:
        """Replay and record it; yields the Unix time up to which Prometheus knows all."""
        plan = self.plan
        evaluation = rules.Evaluation(prometheus, rules.load(plan.rules, plan.scrape_seconds, plan.circle_seconds))
        for start in range(plan.start_seconds, plan.end_seconds, BATCH_SECONDS):
            end = min(start + BATCH_SECONDS, plan.end_seconds)
            neighbours = self._of_prometheus(prometheus, evaluation)
            for at in range(start + plan.scrape_seconds, end + 1, plan.scrape_seconds):
                self._pass_until(at)
                self._scrape(at, neighbours, evaluation)
            for job in self._jobs.values():
                prometheus.write(job.take())
            evaluation.span(start, end)
            yield end

    def _pass_until(self, at: int) -> None:
        steps = round((at * NANOSECONDS - self.replay.clock.wall_ns()) / NANOSECONDS / self.plan.step_seconds)
        self.changes += self.replay.run(steps * self.plan.step_seconds)
        self._exporter.own.observe_loop_lag(0.0)  # nothing is late on a virtual clock

    def _scrape(self, at: int, neighbours: bytes, evaluation: rules.Evaluation) -> None:
        began = time.perf_counter()
        text = self._scrapes.exposition().removesuffix(EOF)
        spent = time.perf_counter() - began
        self._jobs["pantau"].add(at * 1000, text + f"up 1\nscrape_duration_seconds {spent}\n".encode())
        self._jobs["prometheus"].add(at * 1000, neighbours)
        self._jobs["alertmanager"].add_values(
            at * 1000,
            {
                b"up": 1.0,
                b"scrape_duration_seconds": 0.001,
                b'alertmanager_notifications_total{integration="webhook"}': float(evaluation.fired),
                b'alertmanager_notifications_failed_total{integration="webhook"}': 0.0,
            },
        )

    @staticmethod
    def _of_prometheus(prometheus: PrometheusServer, evaluation: rules.Evaluation) -> bytes:
        """What the running one says of itself, and how long it takes for the rules that it is asked for."""
        began = time.perf_counter()
        lines = [line for line in prometheus.metrics().split(b"\n") if line.startswith(_OWN)]
        lines += [b"up 1", f"scrape_duration_seconds {time.perf_counter() - began}".encode()]
        name = "prometheus_rule_group_last_duration_seconds"
        for group, seconds in evaluation.group_seconds.items():
            lines.append(f'{name}{{rule_group="config/rules;{group}"}} {seconds}'.encode())
            # A rule that fails ends the evaluation, and with it the making of this history.
            lines.append(f'prometheus_rule_evaluation_failures_total{{rule_group="config/rules;{group}"}} 0'.encode())
        return b"\n".join(lines)


def smaller(configuration: Configuration, part: int, least: int = 3) -> Configuration:
    """The same city with one of `part` hotspots of each ISP in each kecamatan, `least` at least; and their carriers."""
    inventory = configuration.inventory
    pairs: dict[tuple[str, str], list[str]] = {}
    for hotspot in inventory.active_hotspots:
        pairs.setdefault((hotspot.kecamatan, hotspot.isp), []).append(hotspot.id)
    chosen = {id_ for ids in pairs.values() for id_ in _spread(ids, max(least, len(ids) // part))}
    carriers = {hotspot.upstream for hotspot in inventory.hotspots if hotspot.id in chosen}
    kept = tuple(hotspot for hotspot in inventory.hotspots if hotspot.id in chosen | carriers)
    return replace(configuration, inventory=replace(inventory, hotspots=kept))


def _spread(ids: list[str], count: int) -> list[str]:
    return [ids[index * len(ids) // count] for index in range(min(count, len(ids)))]


def probed_every(seconds: float, configuration: Configuration) -> Configuration:
    """The same city with another probing interval."""
    probing = configuration.settings.probing.model_copy(update={"interval_seconds": seconds})
    settings = configuration.settings.model_copy(update={"probing": probing})
    return replace(configuration, settings=settings)
