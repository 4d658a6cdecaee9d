"""What hotspots' devices told of their uptime after they came back. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pantau.journal.entries import Entry, facts_of


class ToldUptime(NamedTuple):
    """How long a hotspot's device had been running at `at_ns`, as it said; None where that was not clear."""

    at_ns: int
    uptime_seconds: int | None
    evidence: str
    """The way by which it told, such as ``snmp``."""
    entry: int
    mains_failed_ns: int | None = None
    """When a sensor of the mains first said that there was none, in that outage; of a device of the city alone."""


def uptimes_of(entries: Iterable[Entry]) -> dict[str, list[ToldUptime]]:
    """By hotspot, in the order of time, what entries of `Kind.UPTIME` hold."""
    told: dict[str, list[ToldUptime]] = {}
    for entry in sorted(entries, key=lambda one: (one.event.at_ns, one.number)):
        event = entry.event
        mains = mains_failed_ns(facts_of(entry))
        one = ToldUptime(event.at_ns, event.uptime_seconds, event.evidence or "", entry.number, mains)
        told.setdefault(event.subject, []).append(one)
    return told


def mains_failed_ns(facts: Mapping[str, object]) -> int | None:
    """When the mains failed, as an entry has it; None where nobody says so but the one who would gain by it."""
    since_ns = facts.get("mains_absent_from_ns")
    return since_ns if isinstance(since_ns, int) and facts.get("custody") == "city" else None
