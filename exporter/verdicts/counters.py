"""What is counted of each hotspot's probes: requests, replies, failures by reason, and the RTT histogram."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns
from exporter.probing.outcome import CONCLUSIVE, NO_RTT, REASONS, Int64, Observations, Outcome

RTT_BUCKETS_SECONDS: tuple[float, ...] = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Upper bounds of `hotspot_probe_rtt_seconds`; with +Inf twelve buckets."""
UNSENT = (Outcome.RESOLVE, Outcome.SEND)
"""The reasons why a probe never leaves."""
_REPLY = int(Outcome.REPLY)
_BOUNDS_NS = np.array([round(bound * 1e9) for bound in RTT_BUCKETS_SECONDS], np.int64)


class ProbeCounters(Columns):
    """The counters of n hotspots. A probe counts as a request when it comes to a conclusive end."""

    COLUMNS: ClassVar = {
        "requests": Column(np.int64, 0),
        "replies": Column(np.int64, 0),
        "failures": Column(np.int64, 0, width=len(REASONS)),
        "rtt_buckets": Column(np.int64, 0, width=len(RTT_BUCKETS_SECONDS) + 1),
        "rtt_sum_ns": Column(np.int64, 0),
        "last_reply_ns": Column(np.int64, -1),
    }
    requests: Int64
    replies: Int64
    failures: NDArray[np.int64]
    """n x 8, by `REASONS`."""
    rtt_buckets: NDArray[np.int64]
    """n x 12, not cumulative; a reply without an RTT is in none."""
    rtt_sum_ns: Int64
    last_reply_ns: Int64
    """Monotonic time at which the last answered probe left; -1 when there is none."""

    def __init__(self, rows: int) -> None:
        super().__init__(rows)
        self.unsent = dict.fromkeys(UNSENT, 0)
        """Of all hotspots that there ever were: probes that never left, by reason."""

    def record(self, results: Observations) -> None:
        """Count results, any number a hotspot."""
        target, outcome = results.target, results.outcome
        np.add.at(self.requests, target[CONCLUSIVE[outcome]], 1)
        failed = outcome != _REPLY
        if failed.any():
            for reason in UNSENT:
                self.unsent[reason] += int(np.count_nonzero(outcome == reason))
            np.add.at(self.failures, (target[failed], outcome[failed].astype(np.intp) - 1), 1)
        replied = target[~failed]
        np.add.at(self.replies, replied, 1)
        np.maximum.at(self.last_reply_ns, replied, results.sent_ns[~failed])
        timed = results.rtt_ns != NO_RTT
        rtt_ns = results.rtt_ns[timed]
        np.add.at(self.rtt_buckets, (target[timed], np.searchsorted(_BOUNDS_NS, rtt_ns)), 1)
        np.add.at(self.rtt_sum_ns, target[timed], rtt_ns)
