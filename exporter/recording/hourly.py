"""Sums of an hour: what each hotspot's counters have gained since the last time, also of one that a reload removed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from exporter.probing.outcome import Int32, Int64
from pantau.journal.entries import Event, hour
from pantau.journal.sums import HotspotHour, state_map


@dataclass(frozen=True, slots=True)
class Sums:
    """Gains of n hotspots from `since_ns` to `at_ns`, wall time."""

    since_ns: int
    at_ns: int
    ids: Sequence[str]
    gains: Int64
    """n x (2 + states): requests, replies, milliseconds in each `State`."""

    def event(self) -> Event:
        """As the journal takes it: a Python object a hotspot, some milliseconds for a thousand. Call it in a thread."""
        return hour(self.since_ns, self.at_ns, self._rows())

    def _rows(self) -> Iterator[HotspotHour]:
        for name, (requests, replies, *state_ms) in zip(self.ids, self.gains.tolist(), strict=True):
            yield HotspotHour(name, requests, replies, state_map(state_ms))


@dataclass(slots=True)
class HourlySums:
    """Remembers the counters of the last time. `totals` are those of `Monitor.totals`, one row for each of `ids`."""

    ids: Sequence[str]
    totals: Int64
    since_ns: int
    _gone: dict[str, Int64] = field(default_factory=dict)
    """What hotspots gained before a reload removed them."""

    def rearrange(self, ids: Sequence[str], moved: Int32, totals_before: Int64) -> None:
        """A reload: `ids` are watched from now on, and row i of the old ones is ``moved[i]`` of them, -1 if it is gone.

        `totals_before` are the old ones', taken just before it.
        """
        for row in np.flatnonzero(moved < 0).tolist():
            name = self.ids[row]
            self._gone[name] = self._gone.get(name, 0) + totals_before[row] - self.totals[row]
        totals = np.zeros((len(ids), totals_before.shape[1]), np.int64)  # a new hotspot's counters begin at 0
        kept = moved >= 0
        totals[moved[kept]] = self.totals[kept]
        self.ids, self.totals = ids, totals

    def take(self, totals: Int64, now_ns: int) -> Sums:
        """What was gained since the last time; begins the next."""
        gains = totals - self.totals
        row_of = {name: row for row, name in enumerate(self.ids)}
        names, extra = list(self.ids), []
        for name, gain in self._gone.items():
            if name in row_of:  # removed, and added again within the hour
                gains[row_of[name]] += gain
            else:
                names.append(name)
                extra.append(gain)
        sums = Sums(self.since_ns, now_ns, names, np.vstack([gains, *extra]))
        self.totals, self.since_ns, self._gone = totals, now_ns, {}
        return sums
