"""When we could not see, or were not there: intervals from the entries that tell of them. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pantau.journal.entries import LOST, NOT_RUNNING, Entry, Kind

FAULT_KINDS = (Kind.START, Kind.FAULT_BEGIN, Kind.FAULT_END, Kind.LOSS)


class MonitoringGap(NamedTuple):
    """A half-open span in which we could not see, by a fault of our own. Times are UTC nanoseconds."""

    what: str
    """``not_running``, ``journal_lost``, ``vantage``, or ``peering:`` and the id of the ISP whose path it was."""
    start_ns: int
    end_ns: int | None
    """None while it lasts."""
    entries: tuple[int, ...]
    """The entries that tell of it."""


def faults_of(entries: Iterable[Entry]) -> Iterator[MonitoringGap]:
    """The faults that these entries, in the order of the journal, tell of. A start ends what a crash left open."""
    begun: dict[str, Entry] = {}
    for entry in entries:
        event = entry.event
        since_ns = event.since_ns
        match event.kind:
            case Kind.FAULT_BEGIN:
                begun[event.subject] = entry
            case Kind.FAULT_END:
                first = begun.pop(event.subject, None)
                numbers = (first.number, entry.number) if first else (entry.number,)
                yield MonitoringGap(event.subject, since_ns, event.at_ns, numbers)
            case Kind.START:
                for what, first in begun.items():
                    yield MonitoringGap(what, first.event.at_ns, since_ns, (first.number, entry.number))
                begun.clear()
                if since_ns < event.at_ns:
                    yield MonitoringGap(NOT_RUNNING, since_ns, event.at_ns, (entry.number,))
            case Kind.LOSS:
                yield MonitoringGap(LOST, since_ns, event.at_ns, (entry.number,))
            case _:
                pass
    for what, first in begun.items():
        yield MonitoringGap(what, first.event.at_ns, None, (first.number,))
