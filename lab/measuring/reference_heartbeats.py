"""The families of what agents say, built by `prometheus_client`, hotspot by hotspot: what the exposition must equal."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from exporter.metrics import families
from exporter.verdicts.picture import HeartbeatFigures


def heartbeat_families(figures: HeartbeatFigures | None, keys: Sequence[Sequence[str]]) -> Iterator[Metric]:
    """In the order of a scrape; `keys` are the label values of each hotspot."""
    assert figures is not None
    traffic = CounterMetricFamily(families.TRAFFIC.name, families.TRAFFIC.help, labels=families.TRAFFIC.labels)
    _add_known(traffic, keys, figures.received_bytes, "receive")
    _add_known(traffic, keys, figures.transmitted_bytes, "transmit")
    yield _gauge(families.HEARTBEAT, keys, figures.heard_seconds)
    yield _gauge(families.BOOT, keys, figures.boot_seconds)
    yield _gauge(families.CLIENTS, keys, figures.clients)
    yield traffic
    yield _gauge(families.INTERNET_RTT, keys, figures.internet_rtt_seconds)


def _gauge(family: families.Family, keys: Sequence[Sequence[str]], column: NDArray[np.float64]) -> GaugeMetricFamily:
    unit = "seconds" if family.name.endswith("_seconds") else ""
    shown = GaugeMetricFamily(family.name, family.help, labels=family.labels, unit=unit)
    _add_known(shown, keys, column)
    return shown


def _add_known(
    shown: GaugeMetricFamily | CounterMetricFamily,
    keys: Sequence[Sequence[str]],
    column: NDArray[np.float64],
    *more: str,
) -> None:
    for key, value in zip(keys, column.tolist(), strict=True):
        if not np.isnan(value):
            shown.add_metric([*key, *more], value)
