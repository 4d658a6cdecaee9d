"""What a scrape tells of the web server's own configuration: whether what its files say now is in force."""

from collections.abc import Iterable
from typing import Protocol

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric


class WebConfigStatus(Protocol):
    """How the web configuration is."""

    @property
    def reload_successful(self) -> bool:
        """Whether the last load succeeded."""

    @property
    def reload_success_timestamp_seconds(self) -> float | None:
        """Unix time of the last load that succeeded; None where there is no such file."""


def web_config_families(status: WebConfigStatus) -> Iterable[Metric]:
    """Its families; none where there is no file, for then nothing can be refused."""
    if (loaded := status.reload_success_timestamp_seconds) is None:
        return
    yield GaugeMetricFamily(
        "pantau_web_config_last_reload_successful",
        "Whether the last load of the web configuration and its certificates succeeded; else the old one holds.",
        float(status.reload_successful),
    )
    yield GaugeMetricFamily(
        "pantau_web_config_last_reload_success_timestamp_seconds",
        "Unix time of the last load of the web configuration that succeeded.",
        loaded,
        unit="seconds",
    )
