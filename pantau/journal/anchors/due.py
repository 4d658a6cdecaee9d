"""When the next anchor is due: once a day, at a local time. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_NS = 1_000_000_000


def last_due_ns(now_ns: int, time_of_day: time, zone: ZoneInfo) -> int:
    """The latest moment at or before `now_ns` at which an anchor was due."""
    now = datetime.fromtimestamp(now_ns // _NS, zone)
    due = datetime.combine(now.date(), time_of_day, zone)
    if due > now:
        due = datetime.combine(now.date() - timedelta(days=1), time_of_day, zone)
    return int(due.timestamp()) * _NS


def is_due(last_ns: int, now_ns: int, time_of_day: time, zone: ZoneInfo) -> bool:
    """Whether none was taken since; `last_ns` is when the last one was, 0 where there is none.

    One that lies in the future was taken while the clock was wrong, and counts for nothing.
    """
    return not last_due_ns(now_ns, time_of_day, zone) <= last_ns <= now_ns
