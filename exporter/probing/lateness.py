"""How late probes leave, and which slots were given up: what a prober counts of its own punctuality."""

import numpy as np

from exporter.probing.outcome import Int64
from pantau.clock import NANOSECONDS

LATENESS_BOUNDS_SECONDS: tuple[float, ...] = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
"""Upper bounds of `pantau_probe_lateness_seconds` and `pantau_event_loop_lag_seconds`; with +Inf twelve buckets."""
_BOUNDS_NS = np.array([round(bound * NANOSECONDS) for bound in LATENESS_BOUNDS_SECONDS], np.int64)


class DepartureLateness:
    """Departures by `LATENESS_BOUNDS_SECONDS` since the last `take`, and skipped slots since the start."""

    def __init__(self) -> None:
        self._counts: Int64 = np.zeros(len(_BOUNDS_NS) + 1, np.int64)
        self._sum_ns = 0
        self.skipped_slots = 0
        self.unsent = 0
        """Probes that waited so long for their turn that they were not sent at all."""
        self.policed = 0
        """Lost probes of which somebody on the way may be to blame, who drops what comes too fast."""

    def observe(self, late_ns: Int64) -> None:
        """Count departures, each so much after its planned time."""
        np.add.at(self._counts, np.searchsorted(_BOUNDS_NS, late_ns), 1)
        self._sum_ns += int(late_ns.sum())

    def take(self) -> tuple[Int64, float]:
        """Departures by bucket, and their sum in seconds, since the last call."""
        counts, sum_ns = self._counts, self._sum_ns
        self._counts, self._sum_ns = np.zeros_like(counts), 0
        return counts, sum_ns / NANOSECONDS
