"""What Pantau adds up itself, over the hotspots of one ISP in one kecamatan under one contract: a group.

Rates of a thousand histograms are the dearest thing that rules can ask Prometheus for; those of thirty are nothing. A
group's counter is a counter: when a hotspot leaves, what it had counted stays, and one that joins brings nothing along.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exporter.metrics.snapshot import GroupFigures, GroupLabels, HotspotLabels
from pantau.states import State

_NANOSECONDS = 1e9
_REQUESTS, _REPLIES, _RTT_SUM = 0, 1, 2
_SECONDS = slice(3, 3 + len(State))
_BUCKETS = slice(3 + len(State), None)

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each hotspot belongs to."""

    labels: tuple[GroupLabels, ...]
    of_row: NDArray[np.intp]

    @classmethod
    def of(cls, hotspots: Sequence[HotspotLabels]) -> "Grouping":
        """The groups in the order in which the inventory first names them."""
        numbers: dict[GroupLabels, int] = {}
        rows = [numbers.setdefault(GroupLabels(row.kecamatan, row.isp, row.contract), len(numbers)) for row in hotspots]
        return cls(tuple(numbers), np.array(rows, np.intp))

    def sums(self, counts: Counts) -> Counts:
        """The rows' counts, n x k, added up by group: g x k. Column by column, which numpy does three times as fast."""
        found = np.zeros((counts.shape[1], len(self.labels)), np.int64)
        for total, column in zip(found, counts.T, strict=True):
            np.add.at(total, self.of_row, column)
        return found.T


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
