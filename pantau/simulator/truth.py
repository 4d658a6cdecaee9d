"""What the script says was so, for tests to hold verdicts against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from exporter.probing.outcome import Int64


class Interval(NamedTuple):
    """From `start_ns` up to, not including, `end_ns`; wall time."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Truth:
    """The scripted down times between `from_ns` and `to_ns`. Packets lost on the way are chance, and not in it."""

    from_ns: int
    to_ns: int
    down: tuple[tuple[Interval, ...], ...]
    """Of each hotspot, by its row: when it was silent or an ICMP error spoke for it; ascending, never touching."""
    powerless: tuple[tuple[Interval, ...], ...]
    """Of each hotspot: when its device was without electricity; a part of when it was down."""
    blind: tuple[Interval, ...]
    """When we could not see: cut off, unable to send, or dropping what came. Hotspots may be up or down meanwhile."""

    def down_ns(self) -> Int64:
        """Of each hotspot, how long it was down."""
        return np.array([total(intervals) for intervals in self.down], np.int64)

    def is_down(self, hotspot: int, time_ns: int) -> bool:
        """Whether a hotspot, by its row, was down at `time_ns`."""
        return any(start <= time_ns < end for start, end in self.down[hotspot])


def total(intervals: Sequence[Interval]) -> int:
    """Their length together, in nanoseconds."""
    return sum(end - start for start, end in intervals)
