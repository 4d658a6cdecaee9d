"""Part 4: the outages by cause, and the faults behind them; one fault may silence many points."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

from pantau.reports.statement.rows import EventRow
from pantau.reports.words import Words
from pantau.texts import mark

MOST = 5
"""How many of the greatest faults are named."""


@dataclass(slots=True)
class CauseSum:
    """All downtime of one cause."""

    cause: str
    faults: set[str] = field(default_factory=set)
    charged: int = 0
    excluded: int = 0

    @property
    def seconds(self) -> int:
        """Charged and excluded."""
        return self.charged + self.excluded


@dataclass(slots=True)
class FaultSum:
    """One fault: since when, on how many points, and their downtime in seconds."""

    name: str
    cause: str
    start: int
    points: set[str] = field(default_factory=set)
    seconds: int = 0


class CauseGrounds:
    """What causes rest on, each sentence once and by number: a thousand outages need a dozen of them."""

    def __init__(self, events: Iterable[EventRow], words: Words) -> None:
        self._words = words
        self._numbers: dict[str, int] = {}
        for row in events:
            self._numbers.setdefault(self._sentence(row), len(self._numbers) + 1)

    @property
    def sentences(self) -> list[str]:
        """In the order of their numbers, from 1."""
        return list(self._numbers)

    def number(self, row: EventRow) -> int:
        """Which sentence an outage's cause rests on."""
        return self._numbers[self._sentence(row)]

    def _sentence(self, row: EventRow) -> str:
        if row.decided_by is not None:
            return self._words.say(mark("decided by a person, as said there"))
        if not row.proposed:
            return self._words.say(mark("nothing is known about it"))
        return f"{self._words.facts(row)} ({self._words['strength'](row.strength)})"


def by_point(events: Iterable[EventRow]) -> list[tuple[str, list[EventRow]]]:
    """The outages of each point, points by their ids, outages by time."""
    rows = sorted(events, key=lambda row: (row.point, row.start))
    return [(point, list(own)) for point, own in groupby(rows, key=lambda row: row.point)]


def causes(events: Iterable[EventRow]) -> list[CauseSum]:
    """The causes, the longest first."""
    found: dict[str, CauseSum] = {}
    for row in events:
        one = found.setdefault(row.cause, CauseSum(row.cause))
        one.faults.add(row.incident)
        one.charged += row.charged_seconds
        one.excluded += row.excluded_seconds
    return sorted(found.values(), key=lambda one: (-one.seconds, one.cause))


def incidents(events: Iterable[EventRow]) -> list[FaultSum]:
    """The faults with most downtime here, the greatest first."""
    found: dict[str, FaultSum] = {}
    for row in events:
        one = found.setdefault(row.incident, FaultSum(row.incident, row.cause, row.start))
        one.start = min(one.start, row.start)
        one.points.add(row.point)
        one.seconds += row.down_seconds
    return sorted(found.values(), key=lambda one: (-one.seconds, one.start, one.name))[:MOST]
