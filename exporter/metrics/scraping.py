"""What a scrape tells of scrapes, under the names that Prometheus' Go library (promhttp) gives them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

_ALWAYS = (200, 500, 503)
"""Codes that are there from the start, so that the first of a kind is a rise."""


@dataclass(slots=True)
class ScrapeCounts:
    """How scrapes were answered. A counter that is read in a thread is copied first."""

    by_code: Counter[int] = field(default_factory=lambda: Counter(dict.fromkeys(_ALWAYS, 0)))
    in_flight: int = 0


def scrape_families(counts: ScrapeCounts) -> Iterable[Metric]:
    """Their families."""
    requests = CounterMetricFamily(
        "promhttp_metric_handler_requests_total", "Scrapes by the HTTP status of their answer.", labels=["code"]
    )
    for code, count in sorted(counts.by_code.copy().items()):
        requests.add_metric([str(code)], count)
    yield requests
    yield GaugeMetricFamily(
        "promhttp_metric_handler_requests_in_flight", "Scrapes that are being answered.", counts.in_flight
    )
