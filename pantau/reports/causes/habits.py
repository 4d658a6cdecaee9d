"""What happens to a point at the same time of day, again and again: somebody, or a clock, switches it off."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pantau.reports.accounting import local_clock, local_day
from pantau.reports.causes.facts import OutageFact

HABIT_DAYS, HABIT_SECONDS = 3, 1800
"""Down on three days at the same time of day, to half an hour."""


def habits(own: Sequence[OutageFact], zone: ZoneInfo) -> set[str]:
    """The outages of one point that began, on as many days as a habit takes, at about the same time of day."""
    clocks = sorted((local_clock(outage.start, zone), local_day(outage.start, zone), outage.id) for outage in own)
    found: set[str] = set()
    low = 0
    for high, (clock, _, _) in enumerate(clocks):
        while clock - clocks[low][0] > HABIT_SECONDS:
            low += 1
        window = clocks[low : high + 1]
        if len(window) >= HABIT_DAYS and len({day for _, day, _ in window}) >= HABIT_DAYS:
            found.update(name for _, _, name in window)
    return found
