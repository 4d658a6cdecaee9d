"""Many outages that are each too short to be charged: the line "ketidakstabilan" of a report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from pantau.reports.accounting.calendar import WITA, local_day
from pantau.reports.accounting.spans import NO_TIME, Spans
from pantau.reports.accounting.terms import Instability


@dataclass(frozen=True, slots=True)
class Flapping:
    """The short outages of one segment."""

    episodes: int = 0
    seconds: int = 0
    worst_day: date | None = None
    worst_day_episodes: int = 0
    unstable: bool = False
    """Whether they are more than the contract (or the product) calls stable."""
    charged: Spans = NO_TIME
    """The seconds that are charged for it: none unless the contract says so."""


def flapping(short: Iterable[Spans], limits: Instability, zone: ZoneInfo = WITA) -> Flapping:
    """`short` are the seconds of each outage within the threshold; it counts on the day on which it begins."""
    episodes = [spans for spans in short if spans]
    if not episodes:
        return Flapping()
    per_day = Counter(local_day(spans.spans[0][0], zone) for spans in episodes)
    worst_day, most = min(per_day.items(), key=lambda item: (-item[1], item[0]))
    seconds = sum(spans.seconds for spans in episodes)
    too_long = seconds > limits.seconds
    charged = NO_TIME
    if limits.charged:
        bad = {day for day, count in per_day.items() if too_long or count > limits.per_day}
        charged = Spans.of(span for spans in episodes if local_day(spans.spans[0][0], zone) in bad for span in spans)
    return Flapping(len(episodes), seconds, worst_day, most, too_long or most > limits.per_day, charged)
