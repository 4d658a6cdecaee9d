"""Many outages that are each too short to be charged: the line "ketidakstabilan" of a report.

An outage that answers now and then, without recovering, is as unstable: each time that it does counts as a short one.
"""

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
    relapses: int = 0
    """How often it answered within an outage and was lost again."""
    answered: int = 0
    """The seconds of that: they are no downtime."""


def flapping(
    short: Iterable[Spans], limits: Instability, zone: ZoneInfo = WITA, answered: Iterable[Spans] = ()
) -> Flapping:
    """`short` are the seconds of each outage within the threshold, `answered` those of answers within outages.

    Each counts on the day on which it begins.
    """
    episodes, answers = [spans for spans in short if spans], [span for spans in answered for span in spans]
    if not episodes and not answers:
        return Flapping()
    begun = [*(spans.spans[0][0] for spans in episodes), *(start for start, _ in answers)]
    per_day = Counter(local_day(start, zone) for start in begun)
    worst_day, most = min(per_day.items(), key=lambda item: (-item[1], item[0]))
    seconds = sum(spans.seconds for spans in episodes)
    too_long = seconds > limits.seconds
    charged = NO_TIME
    if limits.charged:
        bad = {day for day, count in per_day.items() if too_long or count > limits.per_day}
        charged = Spans.of(span for spans in episodes if local_day(spans.spans[0][0], zone) in bad for span in spans)
    return Flapping(
        episodes=len(episodes),
        seconds=seconds,
        worst_day=worst_day,
        worst_day_episodes=most,
        unstable=too_long or most > limits.per_day,
        charged=charged,
        relapses=len(answers),
        answered=sum(end - start for start, end in answers),
    )
