"""Regular slots: each target once an interval, at a phase given by a stable hash of its id.

Slots are ``start + cycle * interval + phase``, so nothing drifts, and a target keeps its slot across restarts of the
inventory. All slots are numbered along the time axis, which makes "those due since the last look" a range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from pantau.clock import NEVER_NS

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]

LATE_LIMIT_NS = 200_000_000
"""A slot that is later than this is skipped: sending all that a pause has missed would be a burst."""


def phases_ns(ids: Sequence[str], interval_ns: int) -> Int64:
    """Where in the interval each id's slot lies: uniform, and the same on every machine and in every run."""
    hashes = b"".join(blake2b(name.encode(), digest_size=4).digest() for name in ids)
    fractions = np.frombuffer(hashes, ">u4").astype(np.float64) / 2**32
    return (fractions * interval_ns).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Where in an interval the slots of n targets lie, in the order of time."""

    interval_ns: int
    targets: Int32
    phases_ns: Int64

    @classmethod
    def of(cls, ids: Sequence[str], interval_ns: int, rows: Int32 | None = None) -> "Slots":
        """Those of `phases_ns`; of targets that share one, the first comes first.

        Target i is called ``rows[i]``, or i where there are none.
        """
        phases = phases_ns(ids, interval_ns)
        order = np.argsort(phases, kind="stable").astype(np.int32)
        found = cls(interval_ns, order if rows is None else rows[order], phases[order])
        for column in (found.targets, found.phases_ns):
            column.flags.writeable = False
        return found


@dataclass(frozen=True, slots=True)
class Due:
    """The slots to serve."""

    targets: Int32
    slot_ns: Int64
    """Monotonic time at which each should leave, or have left."""
    skipped: int
    """Slots that came due too long ago to be served."""


class SlotSchedule:
    """Hands out each slot once. `start_ns` is the monotonic time of cycle 0; slots before it do not exist."""

    def __init__(self, slots: Slots, start_ns: int, late_limit_ns: int = LATE_LIMIT_NS) -> None:
        self._order, self._phases, self._interval_ns = slots.targets, slots.phases_ns, slots.interval_ns
        self._start_ns = start_ns
        self._late_limit_ns = late_limit_ns
        self._served_ns = start_ns - 1

    @property
    def next_ns(self) -> int:
        """The first slot that has not been served; `NEVER_NS` without targets."""
        if not len(self._order):
            return NEVER_NS
        cycle, position = divmod(self._count_until(self._served_ns), len(self._order))
        return self._start_ns + cycle * self._interval_ns + int(self._phases[position])

    def resume(self, previous: "SlotSchedule") -> None:
        """Go on after the last slot that `previous` served: a reload loses no slot of a target that stays."""
        self._served_ns = max(self._served_ns, previous._served_ns)  # noqa: SLF001 - the same class

    def take(self, now_ns: int, until_ns: int | None = None) -> Due:
        """All slots since the last call up to `until_ns`, now if left out; the too late ones only as a number."""
        until_ns = now_ns if until_ns is None else until_ns
        first = self._count_until(self._served_ns)
        fresh = max(first, self._count_until(now_ns - self._late_limit_ns - 1))
        last = self._count_until(until_ns)
        self._served_ns = max(self._served_ns, until_ns)
        numbers = np.arange(fresh, max(last, fresh), dtype=np.int64)
        if not len(numbers):
            return Due(np.empty(0, np.int32), numbers, fresh - first)
        cycles, positions = np.divmod(numbers, len(self._order))
        slot_ns = self._start_ns + cycles * self._interval_ns + self._phases[positions]
        return Due(self._order[positions], slot_ns, fresh - first)

    def _count_until(self, time_ns: int) -> int:
        """How many slots there are up to and including `time_ns`."""
        if time_ns < self._start_ns:
            return 0
        cycle, offset = divmod(time_ns - self._start_ns, self._interval_ns)
        return int(cycle * len(self._order) + np.searchsorted(self._phases, offset, side="right"))
