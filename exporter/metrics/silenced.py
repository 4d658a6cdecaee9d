"""Which alerts somebody has taken up, as metrics: the silences that Alertmanager knows, each with its comment.

The page of faults tells by them what is new from what is known. Alertmanager itself tells numbers only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter.metrics.literals import encodable

ALERT_LABELS = (
    "alertname",
    "severity",
    "scope",
    "reason",
    "step",
    "hotspot",
    "kecamatan",
    "isp",
    "uplink",
    "contract",
    "window",
)
"""The labels by which the rules tell alerts apart; empty where an alert has none of that name."""


@dataclass(frozen=True, slots=True)
class SilencedAlert:
    """One alert that fires, and the silence that keeps it quiet."""

    labels: Mapping[str, str]
    since_seconds: float
    """Unix time at which the silence began."""
    author: str
    comment: str
    """Empty where its author gave none: then it is quiet, and nobody has said that it is in hand."""
    ticket: str
    """The number that the comment names behind a #; empty for none."""


class SilenceStatus(Protocol):
    """What a scrape tells of Alertmanager's silences."""

    @property
    def alertmanager_up(self) -> bool:
        """Whether Alertmanager has answered the last time."""

    @property
    def silenced(self) -> Sequence[SilencedAlert]:
        """Those of its alerts that are silenced; none while it does not answer."""


def silence_families(status: SilenceStatus) -> Iterable[Metric]:
    """Whether Alertmanager answers, and each silenced alert with since when, by whom, why and under which ticket."""
    yield GaugeMetricFamily(
        "pantau_alertmanager_up",
        "Whether Alertmanager answered when it was asked for its silences the last time.",
        float(status.alertmanager_up),
    )
    since = GaugeMetricFamily(
        "pantau_alert_silenced_since_timestamp_seconds",
        "Unix time since which a silence keeps an alert quiet; with a comment it is acknowledged.",
        labels=[*ALERT_LABELS, "ticket", "author", "comment"],
        unit="seconds",
    )
    for one in status.silenced:
        said = (one.ticket, one.author, one.comment)
        texts = [*(one.labels.get(name, "") for name in ALERT_LABELS), *said]
        since.add_metric([encodable(text) for text in texts], one.since_seconds)
    yield since
