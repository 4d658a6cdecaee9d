"""A histogram that takes a thousand observations as one addition, for collectors of `prometheus_client`."""

from bisect import bisect_left
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from prometheus_client.core import HistogramMetricFamily

from exporter.metrics.literals import go_float


class BulkHistogram:
    """Counts in seconds, by the upper bounds `bounds_seconds` (inclusive, rising) and beyond.

    One thread observes while another collects: sum and counts always belong together.
    """

    def __init__(self, name: str, help_text: str, bounds_seconds: Sequence[float]) -> None:
        self._name = name
        self._help = help_text
        self._bounds = tuple(bounds_seconds)
        self._texts = [go_float(bound) for bound in (*self._bounds, float("inf"))]
        self._lock = Lock()
        self._counts: NDArray[np.int64] = np.zeros(len(self._bounds) + 1, np.int64)
        self._sum_seconds = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        with self._lock:
            self._counts[bisect_left(self._bounds, seconds)] += 1
            self._sum_seconds += seconds

    def add(self, counts: NDArray[np.int64], sum_seconds: float) -> None:
        """Count many: `counts` has one element a bucket, the last beyond all bounds, and is not cumulative."""
        with self._lock:
            self._counts += counts
            self._sum_seconds += sum_seconds

    def family(self) -> HistogramMetricFamily:
        """The figures of now."""
        with self._lock:
            cumulative = self._counts.cumsum().tolist()
            sum_seconds = self._sum_seconds
        buckets = list(zip(self._texts, cumulative, strict=True))
        return HistogramMetricFamily(self._name, self._help, buckets=buckets, sum_value=sum_seconds, unit="seconds")
