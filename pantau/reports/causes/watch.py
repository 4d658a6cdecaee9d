"""How many points were watched at a moment: the whole that a share is a share of.

A point that was retired does not count, nor one that came later: what is added today changes no past month.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from itertools import accumulate

from pantau.reports.accounting import Spans


class Watch:
    """When each point was watched; one that is not named never was. Without any knowledge all always are."""

    def __init__(self, watched: Mapping[str, Spans] | None = None) -> None:
        self._watched = watched

    def over(self, points: Collection[str]) -> Callable[[int], int]:
        """How many of these points were watched, by the second. Made once for a group, and then cheap to ask."""
        if self._watched is None:
            count = len(points)
            return lambda _: count
        spans = [span for point in points for span in self._watched.get(point, ())]
        edges = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
        seconds = [second for second, _ in edges]
        counts = [0, *accumulate(step for _, step in edges)]
        return lambda second: counts[bisect_right(seconds, second)]
