"""Whether somebody on the way drops what comes too fast, told by the canaries, which ride in the hotspots' own bursts.

A policer below our rate drops hotspots' probes and canaries' alike, a few of each. The canaries are then not silent,
which would be a fault of our path; nor do they prove that a lost probe was the hotspot's fault.
"""

from collections import deque
from collections.abc import Sequence

import numpy as np

from exporter.probing.outcome import REFERENCE_BASE, Bool, Observations, Outcome
from pantau.clock import NANOSECONDS

_SUSPECTED, _SUSPECTED_NS = 2, 4 * NANOSECONDS
"""So many signs within so long: re-probes leave more slowly, for theirs may be the packets that are too many."""
_POLICED, _POLICED_NS, _LASTS_NS = 3, 12 * NANOSECONDS, 3 * NANOSECONDS
"""So many signs within so long, the last not longer ago than this: silence proves nothing. A blackout of our own path
gives one sign a canary; one lost packet in a hundred gives a sign each 20 s to two canaries."""


class PolicerWatch:
    """Hears what became of the probes of the canaries that prove our own path; `quorum` of them vouch for it.

    A sign is a lost probe of a canary whose last one was answered: a dead canary gives none.
    """

    def __init__(self, isps: Sequence[str], quorum: int) -> None:
        self._own: Bool = np.array([not isp for isp in isps], np.bool_)
        self._needed = max(int(self._own.sum()) - quorum + 1, 1)
        """Different canaries that must have lost some: as long as a quorum has not, our path is fine."""
        self._answered: Bool = np.zeros(len(isps), np.bool_)
        self._signs: deque[tuple[int, int]] = deque()
        """When which canary gave one, over the last `_POLICED_NS`."""
        self._policed_ns = -1
        """When probes were last known to be policed."""
        self.voided = 0
        """Lost probes of hotspots that so proved nothing."""

    def suspected(self, now_ns: int) -> bool:
        """Whether so many packets as have left may be too many for the way."""
        return self._enough(now_ns, _SUSPECTED, _SUSPECTED_NS)

    def sift(self, results: Observations, now_ns: int) -> Observations:
        """The results, in which silence is inconclusive if probes were policed while it lasted."""
        silent = results.outcome == Outcome.TIMEOUT
        of_canaries = results.target >= REFERENCE_BASE
        if of_canaries.any():
            self._hear(results.take(of_canaries), now_ns)
        if not silent.any():
            return results
        if self._signs and now_ns - self._signs[-1][0] <= _LASTS_NS and self._enough(now_ns, _POLICED, _POLICED_NS):
            self._policed_ns = now_ns
        void = silent & ~of_canaries & (results.sent_ns <= self._policed_ns)
        results.outcome[void] = Outcome.INCONCLUSIVE
        self.voided += int(np.count_nonzero(void))
        return results

    def _hear(self, heard: Observations, now_ns: int) -> None:
        rows = (heard.target - REFERENCE_BASE).tolist()
        for row, outcome in zip(rows, heard.outcome.tolist(), strict=True):
            if row < len(self._own) and self._own[row]:
                if self._answered[row] and outcome == Outcome.TIMEOUT:
                    self._signs.append((now_ns, row))
                self._answered[row] = outcome == Outcome.REPLY
        while self._signs and self._signs[0][0] <= now_ns - _POLICED_NS:
            self._signs.popleft()

    def _enough(self, now_ns: int, count: int, within_ns: int) -> bool:
        rows = [row for at_ns, row in self._signs if at_ns > now_ns - within_ns]
        return len(rows) >= count and len(set(rows)) >= self._needed
