"""What a scrape tells of the door that agents' heartbeats come in by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric


@dataclass(frozen=True, slots=True)
class DoorFigures:
    """How the door for agents' heartbeats is."""

    up: bool
    counts: Mapping[str, int]
    """Requests, by what became of them."""


def door_families(door: DoorFigures) -> Iterable[Metric]:
    """Its families."""
    yield GaugeMetricFamily(
        "pantau_agents_door_up",
        "Whether heartbeats come in: 0 while the door is closed, or hardly any agent is heard of those that were.",
        float(door.up),
    )
    heartbeats = CounterMetricFamily(
        "pantau_heartbeats_total", "Requests at the agents' door, by what became of them.", labels=["result"]
    )
    for result, count in door.counts.items():
        heartbeats.add_metric([result], count)
    yield heartbeats
