"""Many outages that are each too short to be charged: the line "ketidakstabilan" of a report.

An outage that answers now and then, without recovering, is as unstable: each time that it does counts as a short one.
What is too much is said of a day and of a month, so the judgement is of a point's whole month under its contract: an
addendum, a change of the fee or of the objective within the month makes two segments, and neither two months nor two
limits of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from pantau.reports.accounting.calendar import local_day
from pantau.reports.accounting.spans import NO_TIME, Spans
from pantau.reports.accounting.terms import Instability


@dataclass(frozen=True, slots=True)
class ShortPart:
    """What of one short outage, or of one that was answered now and then, falls into one segment."""

    outage: str
    down: Spans
    """Of an outage within the threshold: what is charged if the contract charges instability."""
    answered: Spans = NO_TIME
    """Within the outage, short or long: each time that it answered and was lost again. Never charged."""


@dataclass(frozen=True, slots=True)
class Flapping:
    """The short outages of one segment, and how the point's month is judged by all of them."""

    episodes: int = 0
    """Those that begin in this segment: an outage over its edge counts once in the month."""
    seconds: int = 0
    """Of short outages in this segment."""
    worst_day: date | None = None
    """Of the month, as are the next two."""
    worst_day_episodes: int = 0
    unstable: bool = False
    """Whether they are more than the contract (or the product) calls stable."""
    charged: Spans = NO_TIME
    """The seconds of this segment that are charged for it: none unless the contract says so."""
    relapses: int = 0
    """How often it answered within an outage and was lost again, in this segment."""
    answered: int = 0
    """The seconds of that: they are no downtime."""


def flapping(segments: Sequence[tuple[Sequence[ShortPart], Instability]], zone: ZoneInfo) -> Iterator[Flapping]:
    """Of each segment of one point's month its own part; an outage or answer counts on the day on which it begins."""
    begins = _begins(segments)
    answers = [start for parts, _ in segments for part in parts for start, _ in part.answered]
    per_day = Counter(local_day(second, zone) for second in (*begins.values(), *answers))
    seconds = sum(part.down.seconds for parts, _ in segments for part in parts)
    worst_day, most = min(per_day.items(), key=lambda item: (-item[1], item[0]), default=(None, 0))
    counted: set[str] = set()
    for parts, limits in segments:
        short = [part for part in parts if part.down]
        too_long = seconds > limits.seconds
        bad = {day for day, count in per_day.items() if too_long or count > limits.per_day}
        of_bad_days = [part for part in short if local_day(begins[part.outage], zone) in bad]
        own = {part.outage for part in short} - counted
        counted |= own
        yield Flapping(
            episodes=len(own),
            seconds=sum(part.down.seconds for part in short),
            worst_day=worst_day,
            worst_day_episodes=most,
            unstable=too_long or most > limits.per_day,
            charged=Spans.of(span for part in of_bad_days for span in part.down) if limits.charged else NO_TIME,
            relapses=sum(len(part.answered.spans) for part in parts),
            answered=sum(part.answered.seconds for part in parts),
        )


def _begins(segments: Sequence[tuple[Sequence[ShortPart], Instability]]) -> Mapping[str, int]:
    """The first second of each short outage within the month's segments."""
    found: dict[str, int] = {}
    for parts, _ in segments:
        for part in parts:
            if part.down:
                first = part.down.spans[0][0]
                found[part.outage] = min(first, found.get(part.outage, first))
    return found
