"""What a start means for each hotspot, from what the journal knew before. Pure.

The time between the last sign of life and the start is unknown. The last verdict stays, so that an outage that was
under way goes on: its hotspot is unknown, not up, until the first round tells.
"""

from collections.abc import Iterator, Mapping

from exporter.verdicts.states import State
from journal.entries import NO_VERDICT, NOT_RUNNING, REMOVED, Event, Kind, added, detail_of, moved


def resumed(start: Event, last: Mapping[str, Event], alive_ns: int) -> Iterator[Event]:
    """The events that a `Kind.START` becomes. `last` has the latest transition of each hotspot in the journal.

    `alive_ns` is the last sign of life of the exporter before; 0 if there was none.
    """
    facts = start.facts
    watched = facts["hotspots"]
    alive_ns = min(alive_ns or start.at_ns, start.at_ns)
    yield start._replace(detail=detail_of({**facts, "since_ns": alive_ns}))
    for hotspot in watched:
        before = last.get(hotspot)
        if before is None or before.after == State.INACTIVE:
            yield added(hotspot, start.at_ns)
        else:
            yield _unknown(before, alive_ns, start)
    for hotspot in sorted(last.keys() - set(watched)):
        before = last[hotspot]
        if before.after != State.INACTIVE and before.kind is Kind.TRANSITION:
            gone = moved(hotspot, alive_ns, start.at_ns, before.after or 0, State.INACTIVE, NO_VERDICT, REMOVED)
            yield gone


def _unknown(before: Event, alive_ns: int, start: Event) -> Event:
    up = NO_VERDICT if before.up is None else before.up
    return moved(before.subject, alive_ns, start.at_ns, before.after or 0, State.UNKNOWN, up, NOT_RUNNING)
