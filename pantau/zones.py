"""A time zone as figures: how far it is from UTC, when that changes, and what people call it.

PromQL and Prometheus' templates know no zones. What is built for them (rules, dashboards) has the offset from here: one
figure where the clocks are never changed, and a table of the changes where they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 2024, 2045
"""What is built holds for these years: the same table whenever it is built, or `check` would find a difference."""
FIRST_SECOND = int(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())

INDONESIAN = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
"""The zones of Indonesia by the names that people there give them."""


@dataclass(frozen=True, slots=True)
class OffsetChange:
    """A moment at which the clocks of a zone are changed."""

    at: int
    """Unix time in seconds."""
    before: int
    """Seconds east of UTC."""
    after: int


@cache
def offset_changes(zone: ZoneInfo) -> tuple[OffsetChange, ...]:
    """Every change of the zone's offset from `FIRST_YEAR` to `LAST_YEAR`; none where the clocks stay as they are."""
    return tuple(_changes(zone))


def first_offset(zone: ZoneInfo) -> int:
    """Seconds east of UTC at the beginning of `FIRST_YEAR`."""
    return offset_at(zone, FIRST_SECOND)


def offset_at(zone: ZoneInfo, second: int) -> int:
    """Seconds east of UTC at a Unix time."""
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return int((offset or timedelta()).total_seconds())


def name_at(zone: ZoneInfo, second: int) -> str:
    """What people call the zone then: WITA, EDT; `UTC+4` where they have no name for it."""
    name = datetime.fromtimestamp(second, zone).tzname() or ""
    hours = offset_at(zone, second) / 3600
    return name if name.isalpha() else f"UTC{hours:+g}"


def promql_local(zone: ZoneInfo) -> str:
    """PromQL for the Unix time that the zone's clocks show, had they stood at UTC: `time() + 28800`.

    Where the clocks are changed each change counts from its moment on: right at whatever time it is evaluated.
    """
    first = first_offset(zone)
    text = "time()" + (f" {'-' if first < 0 else '+'} {abs(first)}" if first else "")
    for change in offset_changes(zone):
        step = change.after - change.before
        text += f" {'-' if step < 0 else '+'} {abs(step)} * (time() >= bool {change.at})"
    return text


def _changes(zone: ZoneInfo) -> Iterator[OffsetChange]:
    day, second = 86_400, FIRST_SECOND
    end = int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
    while second < end:
        if offset_at(zone, second) != offset_at(zone, second + day):
            yield _change_within(zone, second, second + day)
        second += day


def _change_within(zone: ZoneInfo, early: int, late: int) -> OffsetChange:
    before, after = offset_at(zone, early), offset_at(zone, late)
    while late - early > 1:
        middle = (early + late) // 2
        early, late = (early, middle) if offset_at(zone, middle) == after else (middle, late)
    return OffsetChange(late, before, after)
