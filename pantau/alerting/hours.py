"""Alertmanager's time intervals: whether a moment lies in one, as its `timeinterval` package decides it."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

Interval = Mapping[str, Any]
"""One entry of a named interval: all that it names must hold, and of each list one entry."""


def named_intervals(configuration: Mapping[str, Any]) -> dict[str, list[Interval]]:
    """The intervals of a configuration by name, also those under the key of before 0.24."""
    entries = [*(configuration.get("time_intervals") or ()), *(configuration.get("mute_time_intervals") or ())]
    return {entry["name"]: list(entry.get("time_intervals") or ()) for entry in entries}


def holds(intervals: list[Interval], moment: datetime) -> bool:
    """Whether the moment lies in any of them. Their clock is UTC unless they name a location."""
    return any(_within(interval, moment) for interval in intervals)


def _within(interval: Interval, moment: datetime) -> bool:
    zone = interval.get("location")
    local = moment.astimezone(ZoneInfo(zone) if zone else UTC)
    last = monthrange(local.year, local.month)[1]
    checks: dict[str, Callable[[Any], bool]] = {
        "times": lambda entry: (
            _minutes(entry["start_time"]) <= local.hour * 60 + local.minute < _minutes(entry["end_time"])
        ),
        "weekdays": lambda entry: _in_range(entry, local.isoweekday() % 7, _DAYS.index),
        "days_of_month": lambda entry: _in_range(entry, local.day, lambda day: _day(int(day), last)),
        "months": lambda entry: _in_range(entry, local.month, lambda month: _month(month)),
        "years": lambda entry: _in_range(entry, local.year, int),
    }
    return all(any(map(check, interval[key])) for key, check in checks.items() if interval.get(key))


def _in_range(entry: Any, value: int, number: Callable[[str], int]) -> bool:
    first, _, last = str(entry).lower().partition(":")
    return number(first) <= value <= number(last or first)


def _day(day: int, last: int) -> int:
    """Negative days count from the month's end: -1 is its last."""
    return day if day > 0 else last + 1 + day


def _month(month: str) -> int:
    return int(month) if month.isdigit() else _MONTHS.index(month) + 1


def _minutes(time: str | int) -> int:
    """Of the day. YAML 1.1 reads an unquoted 16:00 as the number 960, which is what it means."""
    if isinstance(time, int):
        return time
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)
