"""When a maintenance window is open: once, or each week within its bounds. Pure arithmetic on Unix nanoseconds.

People write local times; a zone turns them into Unix time here and nowhere else, so that a day on which clocks are
moved is right too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_NANOSECONDS = 1_000_000_000
_DAY_SECONDS = 86_400
_LOOK_BACK, _LOOK_AHEAD = timedelta(days=1), timedelta(days=8)
"""An occurrence lasts a day at most, and comes again within a week."""


class Occurrence(NamedTuple):
    """From `start_ns` up to, not including, `end_ns`; Unix time."""

    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Week:
    """The same hours on some days of each week."""

    days: frozenset[int]
    """0 is Monday."""
    from_seconds: int
    """Since midnight."""
    to_seconds: int
    """Since midnight, up to 24 h; not after `from_seconds` means the next day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """From `start` up to, not including, `end` (local times), or the hours of each `week` between the two."""

    start: datetime
    end: datetime
    week: Week | None
    zone: tzinfo

    def occurrence(self, at_ns: int) -> Occurrence | None:
        """The occurrence that is open at `at_ns`, or else the next; `None` when all is over."""
        bounds = Occurrence(_ns(self.start, self.zone), _ns(self.end, self.zone))
        if bounds.end_ns <= max(at_ns, bounds.start_ns):
            return None
        if self.week is None:
            return bounds
        begin = max(self.start, datetime.fromtimestamp(at_ns // _NANOSECONDS, self.zone).replace(tzinfo=None))
        first = begin.date() - _LOOK_BACK
        return next(self._weekly(self.week, bounds, first, first + _LOOK_AHEAD, at_ns), None)

    def next_change_ns(self, at_ns: int) -> int | None:
        """When it next opens or closes, after `at_ns`; `None` if never again."""
        occurrence = self.occurrence(at_ns)
        if occurrence is None:
            return None
        return occurrence.start_ns if occurrence.start_ns > at_ns else occurrence.end_ns

    def last(self) -> Occurrence | None:
        """The last occurrence of all; `None` if there is none."""
        if self.week is None:
            return self.occurrence(_ns(self.start, self.zone))
        bounds = Occurrence(_ns(self.start, self.zone), _ns(self.end, self.zone))
        first = max(self.start, self.end - _LOOK_AHEAD).date() - _LOOK_BACK
        return max(self._weekly(self.week, bounds, first, self.end.date(), bounds.start_ns), default=None)

    def _weekly(self, week: Week, bounds: Occurrence, first: date, last: date, at_ns: int) -> Iterator[Occurrence]:
        """The occurrences that begin on the days from `first` to `last` and end after `at_ns`, ascending."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day.weekday() not in week.days:
                continue
            to_seconds = week.to_seconds + (_DAY_SECONDS if week.to_seconds <= week.from_seconds else 0)
            start_ns = max(bounds.start_ns, _ns(_at(day, week.from_seconds), self.zone))
            end_ns = min(bounds.end_ns, _ns(_at(day, to_seconds), self.zone))
            if max(start_ns, at_ns) < end_ns:
                yield Occurrence(start_ns, end_ns)


def _at(day: date, seconds: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def _ns(local: datetime, zone: tzinfo) -> int:
    return int(local.replace(tzinfo=zone).timestamp()) * _NANOSECONDS
