"""What a scrape tells of the door that agents' heartbeats come in by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric


@dataclass(frozen=True, slots=True)
class DoorFigures:
    """How the door for agents' heartbeats is."""

    up: bool
    counts: Mapping[str, int]
    """Requests, by what became of them."""
    page_up: bool = True
    """Whether the page that agents fetch comes."""
    unbelieved: Mapping[str, int] = field(default_factory=dict)
    """What agents have said of the service and was not believed, by check."""


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
    yield GaugeMetricFamily(
        "pantau_agents_page_up",
        "Whether the page that agents fetch comes: 0 while it does not come here, or hardly any agent gets it.",
        float(door.page_up),
    )
    unbelieved = CounterMetricFamily(
        "pantau_agents_unbelieved_total",
        "What agents have said of the service and was not believed, for the page itself may have been what failed.",
        labels=["check"],
    )
    for check, count in door.unbelieved.items():
        unbelieved.add_metric([check], count)
    yield unbelieved
