"""Outages that began together: one fault that many points show."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pantau.reports.causes.facts import OutageFact
from pantau.reports.causes.proposals import Pattern

TOGETHER_SECONDS = 300
"""Power and fibre fail at one moment; probes find it within rounds, so five minutes are together."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Outages of one group (an ISP, a kelurahan, an uplink) that began within `TOGETHER_SECONDS` of the first."""

    group: str
    outages: tuple[OutageFact, ...]

    @property
    def id(self) -> str:
        """The same in each report: the group and the first second."""
        return f"{self.group}@{self.outages[0].start}"

    @property
    def points(self) -> frozenset[str]:
        """The points that show it."""
        return frozenset(outage.point for outage in self.outages)


def incidents(grouped: Iterable[tuple[str, OutageFact]], together: int = TOGETHER_SECONDS) -> list[Incident]:
    """Every outage of every group, in incidents of one or more."""
    groups: defaultdict[str, list[OutageFact]] = defaultdict(list)
    for group, outage in grouped:
        groups[group].append(outage)
    return [Incident(group, part) for group, members in groups.items() for part in _split(members, together)]


def _split(members: Sequence[OutageFact], together: int) -> Iterable[tuple[OutageFact, ...]]:
    """Windows from the first outage that no window holds yet: no chain can grow over a whole busy day."""
    window: list[OutageFact] = []
    for outage in sorted(members, key=lambda outage: (outage.start, outage.id)):
        if window and outage.start > window[0].start + together:
            yield tuple(window)
            window = []
        window.append(outage)
    if window:
        yield tuple(window)


def together(incident: Incident, pattern: Pattern, facts: str) -> Iterator[tuple[OutageFact, Pattern, str, str, int]]:
    """Each outage of one fault, with what its proposal says of the fault: id, facts, how many points show it."""
    count = len(incident.points)
    for outage in incident.outages:
        yield outage, pattern, f"{pattern}:{incident.id}", facts, count
