"""Part 4: the outages by cause, and the faults behind them; one fault may silence many points."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reports.statement.rows import EventRow

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
class Incident:
    """One fault: since when, on how many points, and their downtime in seconds."""

    name: str
    cause: str
    start: int
    points: set[str] = field(default_factory=set)
    seconds: int = 0


def causes(events: Iterable[EventRow]) -> list[CauseSum]:
    """The causes, the longest first."""
    found: dict[str, CauseSum] = {}
    for row in events:
        one = found.setdefault(row.cause, CauseSum(row.cause))
        one.faults.add(row.incident)
        one.charged += row.charged_seconds
        one.excluded += row.excluded_seconds
    return sorted(found.values(), key=lambda one: (-one.seconds, one.cause))


def incidents(events: Iterable[EventRow]) -> list[Incident]:
    """The faults with most downtime here, the greatest first."""
    found: dict[str, Incident] = {}
    for row in events:
        one = found.setdefault(row.incident, Incident(row.incident, row.cause, row.start))
        one.start = min(one.start, row.start)
        one.points.add(row.point)
        one.seconds += row.down_seconds
    return sorted(found.values(), key=lambda one: (-one.seconds, one.start, one.name))[:MOST]
