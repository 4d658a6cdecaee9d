"""Months and days as people in the contract's time zone mean them, in Unix seconds.

A month begins at 00:00 local time; cut at midnight UTC it would be eight hours wrong at UTC+8. Whose time that is, the
caller says: no zone is usual.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pantau.reports.accounting.spans import Span, Spans

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])\Z")


def midnight(day: date, zone: ZoneInfo) -> int:
    """The Unix second at which `day` begins."""
    return int(datetime.combine(day, time(), zone).timestamp())


def local_day(second: int, zone: ZoneInfo) -> date:
    """The day to which a Unix second belongs."""
    return datetime.fromtimestamp(second, zone).date()


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month that `text` (``2024-04``) names; `ValueError` with the cure otherwise."""
        match = _MONTH.match(text)
        if match is None:
            raise ValueError(f"'{text[:40]}' is not a month; write year-month, as in 2024-04")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def span(self, zone: ZoneInfo) -> Span:
        """From its first midnight to the next month's."""
        return midnight(self.first_day, zone), midnight(self.next.first_day, zone)


def days(span: Span, zone: ZoneInfo) -> Iterator[tuple[date, Span]]:
    """The days that `span` touches, each with the part of `span` that falls into it."""
    day = local_day(span[0], zone)
    while (start := midnight(day, zone)) < span[1]:
        after = day + timedelta(days=1)
        part = max(start, span[0]), min(midnight(after, zone), span[1])
        if part[0] < part[1]:
            yield day, part
        day = after


def daily(span: Span, opens: time, closes: time, zone: ZoneInfo) -> Spans:
    """The seconds of `span` between two times of each day; over midnight where `closes` is not after `opens`."""
    found = []
    first = local_day(span[0], zone) - timedelta(days=1)
    for number in range((local_day(span[1], zone) - first).days + 1):
        day = first + timedelta(days=number)
        ends = day if closes > opens else day + timedelta(days=1)
        start = int(datetime.combine(day, opens, zone).timestamp())
        end = int(datetime.combine(ends, closes, zone).timestamp())
        found.append((max(start, span[0]), min(end, span[1])))
    return Spans.of(found)


def local_clock(second: int, zone: ZoneInfo) -> int:
    """Seconds since midnight on the clocks of `zone`."""
    clock = datetime.fromtimestamp(second, zone).time()
    return clock.hour * 3600 + clock.minute * 60 + clock.second
