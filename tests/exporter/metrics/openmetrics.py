"""OpenMetrics as `prometheus_client` writes and reads it, with the types that it gives to its older format alone."""

from collections.abc import Callable, Iterable

from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import exposition, parser
from prometheus_client.registry import Collector

generate_openmetrics: Callable[[Collector], bytes] = exposition.generate_latest
"""The whole text of what a registry collects, its end mark too."""
parse_openmetrics: Callable[[str], Iterable[Metric]] = parser.text_string_to_metric_families
"""The families of a text, in its order; `ValueError` where it is not OpenMetrics."""
