"""The probes that wait for their time to leave: rounds and canaries as planned, re-probes in what room is left.

Pure: rows and times go in, and come out when they may leave. What is planned beforehand is gathered into groups, for a
wake-up costs as much as several packets, and leaves at the regular rate. Re-probes have no time of their own: they wait
their turn, and take what the rounds leave of the token bucket.
"""

from collections import deque
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from exporter.scheduling.pacing import WINDOW_NS, Pace, ReprobeShare, TokenBucket
from exporter.scheduling.reprobes import FIRST_NS, Reprobes
from exporter.scheduling.rows import NO_ROWS, Bool, Int32, Int64, ProbeGroup, ProbeRows
from pantau.clock import NANOSECONDS, NEVER_NS

_PRESSURE_NS, _PRESSURE_SHARE = 3 * NANOSECONDS, 0.35
"""Re-probes over so long that take more than this share of their room can have filled what a policer lets through."""
_PUT_OFF_NS = NANOSECONDS // 2
"""Re-probes that have waited so long leave as fast as they may."""
_HURRY_NS = NANOSECONDS // 10
"""At a dense pace, rounds later than this leave as fast as all may; if it is elastic, several bursts at once. A
machine that is too busy to wake us each 10 ms would else send less than is due, and what is not sent is unknown."""
_AT_ONCE = 8
_BEHIND_NS = 3 * NANOSECONDS
"""Re-probes that have waited so long for their turn, longer than a canary's loss takes to show, leave faster."""


def _unprepared(_: ProbeRows) -> None:
    """Nothing is prepared."""


class DepartureQueue:
    """What waits, and when it leaves. All times are monotonic and never go back."""

    def __init__(self, pace: Pace, now_ns: int, seed: int = 0) -> None:
        self._pace = pace
        self._share = ReprobeShare()
        self._plan = TokenBucket(pace.planned, pace.burst, now_ns)
        """What has been planned; the two below are what has left."""
        self._regular = TokenBucket(pace.planned, pace.depth, now_ns)
        self._rate = pace.total()
        self._total = TokenBucket(self._rate, pace.burst, now_ns)
        self._planned_ns, self._now_ns = 0, now_ns
        self._groups: deque[ProbeGroup] = deque()
        self._ready_ns: int | None = None
        """When the next group may leave, once that has been found."""
        self._left: deque[tuple[int, int]] = deque()
        """When how many left, over the last `WINDOW_NS`."""
        self._reprobed: deque[tuple[int, int]] = deque()
        """When how many of them were re-probes, over the last `_PRESSURE_NS`."""
        self._random = np.random.default_rng(seed)
        self.reprobes = Reprobes(self._random)

    def __len__(self) -> int:
        return sum(group.size for group in self._groups) + len(self.reprobes)

    def adopt(self, pace: Pace, now_ns: int) -> None:
        """Go on at another pace, after a reload."""
        self._pace = pace
        self._plan.become(pace.planned, pace.burst, now_ns)
        self._regular.become(pace.planned, pace.depth, now_ns)
        self._rate = pace.total(self._share.at(now_ns))
        self._total.become(self._rate, pace.burst, now_ns)
        groups, self._groups = self._groups, deque()
        if groups:
            self.add(ProbeRows.joined([group.rows for group in groups]))
        self._ready_ns = None

    def policed(self, now_ns: int) -> None:
        """A sign that somebody drops what comes too fast: re-probes leave more slowly, if there were many at all."""
        if self.pressing(now_ns) or self.reprobes.waited_ns(now_ns) > _PUT_OFF_NS:
            self._share.cut(now_ns)

    def pressing(self, now_ns: int) -> bool:
        """Whether many re-probes have left of late: for all that we know, too many for the way."""
        recent = sum(count for left_ns, count in self._reprobed if left_ns > now_ns - _PRESSURE_NS)
        room = self._pace.total() - self._pace.regular
        return recent * NANOSECONDS > _PRESSURE_SHARE * room * _PRESSURE_NS

    def plan(self, slot_ns: Int64) -> Int64:
        """When probes with these slots, in their order, are to leave: in groups, and at the regular rate.

        A group leaves at the slot of its first probe, or later while too many slots lie close together.
        """
        departs_ns, start = np.empty(len(slot_ns), np.int64), 0
        while start < len(slot_ns):
            first_ns = max(int(slot_ns[start]), self._planned_ns)
            last_ns = max(int(slot_ns[start]) + self._pace.span_ns, first_ns)
            end = min(int(np.searchsorted(slot_ns, last_ns, side="right")), start + self._pace.group)
            self._planned_ns = self._plan.ready_ns(end - start, first_ns)
            self._plan.take(end - start, self._planned_ns)
            departs_ns[start:end] = self._planned_ns
            start = end
        return departs_ns

    def add(
        self, rows: ProbeRows, last: Bool | None = None, prepare: Callable[[ProbeRows], int | None] = _unprepared
    ) -> None:
        """Let planned probes wait. Their order within a group is drawn, but for those that are `last` in it.

        Who comes last in a burst is lost first, where somebody drops what is too much. `prepare` gets all of them in
        the order in which they will leave, and gives the number of the first.
        """
        if not len(rows.targets):
            return
        drawn = self._random.random(len(rows.targets))
        rows = rows.take(np.lexsort((drawn if last is None else drawn + last, rows.at_ns)))
        number, times_ns = prepare(rows), rows.at_ns.tolist()
        edges = (np.flatnonzero(np.diff(rows.at_ns)) + 1).tolist()
        for start, end in pairwise([0, *edges, len(times_ns)]):
            for first in range(start, end, self._pace.group):
                behind = min(first + self._pace.group, end)
                of_first = None if number is None else number + first
                self._groups.append(ProbeGroup(times_ns[first], behind - first, rows, first, of_first))
        self._ready_ns = None

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload; what is for -1 no longer leaves."""
        groups = (group.rows.retargeted(new_index) for group in self._groups)
        self._groups = deque(
            ProbeGroup(int(rows.at_ns[0]), len(rows.targets), rows, 0) for rows in groups if len(rows.targets)
        )
        self.reprobes.retarget(new_index)
        self._ready_ns = None

    @property
    def next_ns(self) -> int:
        """When something may leave; `NEVER_NS` where nothing waits."""
        regular_ns = self._group_ready_ns()
        if not self.reprobes.rows.targets.size:
            return regular_ns
        due_ns = max(self.reprobes.next_ns, self._now_ns)
        waiting = self.reprobes.due(due_ns)
        ready_ns = self._window_ready_ns(1, self._total.ready_ns(min(waiting, self._pace.chunk), due_ns))
        return ready_ns if ready_ns < regular_ns and self._room(ready_ns) >= 1 else regular_ns

    def drop_before(self, at_ns: int) -> list[ProbeGroup]:
        """The planned probes that should have left before that: they wait no more."""
        dropped = list[ProbeGroup]()
        while self._groups and self._groups[0].at_ns < at_ns:
            dropped.append(self._groups.popleft())
            self._ready_ns = None
        return dropped

    def take(self, now_ns: int) -> tuple[list[ProbeGroup], ProbeRows]:
        """What leaves now: groups of planned probes, and re-probes."""
        if now_ns > self._now_ns:
            self._now_ns = now_ns
        while self._left and self._left[0][0] <= now_ns - WINDOW_NS:
            self._left.popleft()
        leaving, left = list[ProbeGroup](), 0
        while left < _AT_ONCE * self._pace.burst and self._group_ready_ns() <= now_ns:
            group = self._groups.popleft()
            leaving.append(group)
            left += group.size
            self._regular.take(group.size, now_ns)
            self._count(group.size, now_ns)
        return leaving, self._take_reprobes(now_ns) if self.reprobes.rows.targets.size else NO_ROWS

    def _take_reprobes(self, now_ns: int) -> ProbeRows:
        waited_ns = self.reprobes.waited_ns(now_ns)
        self._rate = self._pace.total(self._share.at(now_ns, behind=waited_ns > _BEHIND_NS))
        self._total.become(self._rate, self._pace.burst, now_ns)
        self._ready_ns = None
        extra = self.reprobes.take(now_ns, self._room(now_ns))
        if count := len(extra.targets):
            self._count(count, now_ns)
            self._reprobed.append((now_ns, int(np.count_nonzero(extra.at_ns != FIRST_NS))))
            self._share.use(now_ns, pressing=self.reprobes.waited_ns(now_ns) > _PUT_OFF_NS)
        while self._reprobed and self._reprobed[0][0] <= now_ns - _PRESSURE_NS:
            self._reprobed.popleft()
        return extra

    def _count(self, count: int, now_ns: int) -> None:
        self._ready_ns = None
        self._left.append((now_ns, count))
        self._total.take(count, now_ns)

    def _group_ready_ns(self) -> int:
        """When the next group may leave; it is asked for several times each time that something leaves."""
        if self._ready_ns is None:
            self._ready_ns = NEVER_NS
            if self._groups:
                group = self._groups[0]
                size, planned_ns = group.size, max(group.at_ns, self._now_ns)
                late = self._pace.dense and self._now_ns - group.at_ns > _HURRY_NS
                if late and self._pace.elastic:
                    self._ready_ns = planned_ns
                    return planned_ns
                allowed_ns = self._total.ready_ns(
                    size, planned_ns if late else self._regular.ready_ns(size, planned_ns)
                )
                self._ready_ns = self._window_ready_ns(size, allowed_ns)
        return self._ready_ns

    def _window_ready_ns(self, count: int, from_ns: int) -> int:
        """The first time from which on so many more make no window of `WINDOW_NS` hold more than a burst."""
        if not self._left or self._left[-1][0] <= from_ns - WINDOW_NS:
            return from_ns  # as nearly always: what left last is out of the window by then
        held = sum(number for left_ns, number in self._left if left_ns > from_ns - WINDOW_NS)
        for left_ns, number in self._left:
            if held + count <= self._pace.burst:
                break
            if left_ns > from_ns - WINDOW_NS:
                held, from_ns = held - number, left_ns + WINDOW_NS
        return from_ns

    def _room(self, at_ns: int) -> int:
        """How many re-probes may leave at a time, so that the next group finds what it needs when it is due."""
        tokens = self._total.level(at_ns)
        if self._groups:
            gained = max(self._groups[0].at_ns - at_ns, 0) * self._rate / NANOSECONDS
            tokens -= max(self._groups[0].size - gained, 0.0)
        held = sum(number for left_ns, number in self._left if left_ns > at_ns - WINDOW_NS)
        return max(min(int(tokens + 1e-6), self._pace.burst - held), 0)
