"""What a start means for each hotspot, from what the journal knew before. Pure.

The time between the last sign of life and the start is unknown. The last verdict stays, so that an outage that was
under way goes on: its hotspot is unknown, not up, until the first round tells.
"""

from collections.abc import Iterator, Mapping

from pantau.journal.entries import NO_VERDICT, NOT_RUNNING, Event, Kind, added, detail_of, moved, removed
from pantau.states import State


def resumed(start: Event, last: Mapping[str, Event], alive_ns: int) -> Iterator[Event]:
    """The events that a `Kind.START` becomes. `last` has the latest transition of each hotspot in the journal.

    `alive_ns` is the last sign of life of the exporter before; 0 if there was none.
    """
    facts = start.facts
    watched = dict.fromkeys(facts["hotspots"], Kind.TRANSITION) | dict.fromkeys(facts["uplinks"], Kind.UPLINK)
    alive_ns = min(alive_ns or start.at_ns, start.at_ns)
    yield start._replace(detail=detail_of({**facts, "since_ns": alive_ns}))
    for name, kind in watched.items():
        before = last.get(name)
        if before is None or before.after == State.INACTIVE or before.kind is not kind:
            yield added(name, start.at_ns, kind)
        else:
            up = NO_VERDICT if before.up is None else before.up
            yield moved(name, alive_ns, start.at_ns, before.after or 0, State.UNKNOWN, up, NOT_RUNNING, kind)
    for name in sorted(last.keys() - watched.keys()):
        before = last[name]
        if before.after != State.INACTIVE:
            yield removed(name, alive_ns, start.at_ns, before.after or 0, before.kind)
