"""What Pantau adds up itself, over the hotspots of one ISP in one kecamatan under one contract: a group.

Rates of a thousand histograms are the dearest thing that rules can ask Prometheus for; those of thirty are nothing. A
group's counter is a counter: when a hotspot leaves, what it had counted stays, and one that joins brings nothing along.
"""

import numpy as np
from numpy.typing import NDArray

from exporter.planning.labels import Grouping
from exporter.verdicts.picture import GroupFigures
from pantau.states import State

_NANOSECONDS = 1e9
_REQUESTS, _REPLIES, _RTT_SUM = 0, 1, 2
_SECONDS = slice(3, 3 + len(State))
_BUCKETS = slice(3 + len(State), None)

Counts = NDArray[np.int64]


def counts_of(requests: Counts, replies: Counts, rtt_sum_ns: Counts, spent_ns: Counts, rtt_buckets: Counts) -> Counts:
    """The counters of n hotspots side by side, as `GroupCounters` takes them."""
    return np.column_stack([requests, replies, rtt_sum_ns, spent_ns, rtt_buckets])


class GroupCounters:
    """The groups' counters: those of the hotspots that are in the group, and what others have left behind."""

    def __init__(self, grouping: Grouping, left: Counts | None = None) -> None:
        self.grouping = grouping
        self._left = left

    def totals(self, counts: Counts) -> Counts:
        """g x k, from the hotspots' counts as they are now."""
        sums = self.grouping.sums(counts)
        return sums if self._left is None else sums + self._left

    def regrouped(self, grouping: Grouping, totals: Counts, counts: Counts) -> "GroupCounters":
        """After a reload: `totals` as they were, `counts` of the hotspots that there are now. New groups begin at 0."""
        before = dict(zip(self.grouping.labels, totals, strict=True))
        none = np.zeros(counts.shape[1], np.int64)
        goal = np.array([before.get(labels, none) for labels in grouping.labels], np.int64).reshape(-1, counts.shape[1])
        return GroupCounters(grouping, goal - grouping.sums(counts))

    def figures(self, counts: Counts, state: NDArray[np.int8]) -> GroupFigures:
        """What a scrape shows."""
        totals, grouping = self.totals(counts), self.grouping
        cells = len(grouping.labels) * len(State)
        hotspots = np.bincount(grouping.of_row * len(State) + state, minlength=cells).reshape(-1, len(State))
        return GroupFigures(
            labels=grouping.labels,
            hotspots=hotspots,
            state_seconds=totals[:, _SECONDS] / _NANOSECONDS,
            requests=totals[:, _REQUESTS],
            replies=totals[:, _REPLIES],
            rtt_buckets=totals[:, _BUCKETS],
            rtt_sum_seconds=totals[:, _RTT_SUM] / _NANOSECONDS,
        )
