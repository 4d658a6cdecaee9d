"""How well a hotspot answers while it answers: loss over its last probes, and smoothed RTT."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from exporter.columns import Column, Columns, one_of_each
from exporter.planning.policy import QualityLimits, QualityPolicy
from exporter.probing.outcome import CONCLUSIVE, NO_RTT, Bool, Int8, Int32, Observations, Outcome

WINDOW_LIMIT = 64
"""Bits of the history: the longest `QualityPolicy.window`."""
_ENOUGH = 10
"""Fewer probes than this say nothing of a ratio."""
_SMOOTHING = 1 / 8  # RFC 6298, 2.3
_LOSS_RELIEF, _RTT_RELIEF = 0.5, 0.8
_ONE, _REPLY = np.uint64(1), int(Outcome.REPLY)


class Limits:
    """Beyond which each of n targets is degraded: the policy's limits, or own ones by row."""

    def __init__(self, rows: int, policy: QualityPolicy, own: Mapping[int, QualityLimits]) -> None:
        self.window = policy.window
        self.loss_ratio: NDArray[np.float64] = np.full(rows, policy.loss_ratio)
        self.rtt_ns: NDArray[np.int64] = np.full(rows, policy.rtt_ns, np.int64)
        for row, limits in own.items():
            self.loss_ratio[row], self.rtt_ns[row] = limits.loss_ratio, limits.rtt_ns


class Quality(Columns):
    """The last outcomes of n hotspots as bits (1 lost), the newest lowest, and their smoothed RTT."""

    COLUMNS: ClassVar = {
        "history": Column(np.uint64, 0),
        "count": Column(np.int8, 0),
        "smoothed_rtt_ns": Column(np.float64, np.nan),
        "place": Column(np.int32, 0),
    }
    history: NDArray[np.uint64]
    count: Int8
    smoothed_rtt_ns: NDArray[np.float64]
    place: Int32
    """Scratch space of `one_of_each`."""

    def record(self, results: Observations) -> None:
        """Add conclusive results; several of one hotspot are added one after the other."""
        left = results.take(CONCLUSIVE[results.outcome])
        while len(left):
            now = one_of_each(left.target, self.place)
            target, rtt_ns = left.target[now], left.rtt_ns[now]
            lost = left.outcome[now] != _REPLY
            self.history[target] = (self.history[target] << _ONE) | lost.astype(np.uint64)
            self.count[target] = np.minimum(self.count[target] + 1, WINDOW_LIMIT)
            timed = rtt_ns != NO_RTT
            self._smooth(target[timed], rtt_ns[timed])
            left = left.take(~now)

    def reset(self, targets: Int32) -> None:
        """Forget: the loss of an outage does not make the time after it degraded."""
        self.history[targets] = 0
        self.count[targets] = 0
        self.smoothed_rtt_ns[targets] = np.nan

    def loss_ratio(self, targets: Int32, window: int) -> NDArray[np.float64]:
        """Lost probes among the last `window`, 0..1; nan where fewer than ten are known."""
        mask = np.uint64((1 << window) - 1)
        lost = np.bitwise_count(self.history[targets] & mask).astype(np.float64)
        known = np.minimum(self.count[targets], window).astype(np.float64)
        return np.where(known >= _ENOUGH, lost / np.maximum(known, 1), np.nan)

    def degraded(self, targets: Int32, already: Bool, limits: Limits) -> Bool:
        """Which targets are degraded now; those that are `already` must fall well below a limit to leave it."""
        loss_limit = limits.loss_ratio[targets] * np.where(already, _LOSS_RELIEF, 1.0)
        rtt_limit = limits.rtt_ns[targets] * np.where(already, _RTT_RELIEF, 1.0)
        loss, rtt = self.loss_ratio(targets, limits.window), self.smoothed_rtt_ns[targets]
        worse: Bool = (loss >= loss_limit) | (rtt >= rtt_limit)  # nan, unknown, is beyond no limit
        return worse

    def _smooth(self, targets: NDArray[np.int32], rtt_ns: NDArray[np.int64]) -> None:
        old = self.smoothed_rtt_ns[targets]
        self.smoothed_rtt_ns[targets] = np.where(np.isnan(old), rtt_ns, old + (rtt_ns - old) * _SMOOTHING)
