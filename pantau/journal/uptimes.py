"""What hotspots' devices told of their uptime after they came back. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from pantau.journal.entries import Entry


class ToldUptime(NamedTuple):
    """How long a hotspot's device had been running at `at_ns`, as it said; None where that was not clear."""

    at_ns: int
    uptime_seconds: int | None
    evidence: str
    """The way by which it told, such as ``snmp``."""
    entry: int


def uptimes_of(entries: Iterable[Entry]) -> dict[str, list[ToldUptime]]:
    """By hotspot, in the order of time, what entries of `Kind.UPTIME` hold."""
    told: dict[str, list[ToldUptime]] = {}
    for number, event, *_ in sorted(entries, key=lambda one: (one.event.at_ns, one.number)):
        one = ToldUptime(event.at_ns, event.uptime_seconds, event.evidence or "", number)
        told.setdefault(event.subject, []).append(one)
    return told
