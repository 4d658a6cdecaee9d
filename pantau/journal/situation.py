"""What an exporter keeps of what it saw while another one writes the journal for the same source. No thread, no I/O.

The journal has the other's word up to its last chained sign of life, so nothing of ours up to there may be written:
of that time is kept only what holds (`Situation`), and the events after it wait (`Held`). When the lease comes to us
the journal goes on, without a gap, at that sign of life: with a start, what held then, and our own events since.
"""

from collections import deque
from collections.abc import Iterable, Iterator

from pantau.journal.entries import ADDED, REMOVED, Event, Kind, detail_of
from pantau.states import State

_ENDED_BY = {Kind.FAULT_END: Kind.FAULT_BEGIN, Kind.MAINTENANCE_END: Kind.MAINTENANCE_BEGIN}


class Situation:
    """What holds, from events in their order: what is watched, each verdict, open faults and windows, the inventory."""

    def __init__(self) -> None:
        self._start: Event | None = None
        self._facts: dict[str, object] = {}
        self._watched: dict[str, Kind] = {}
        self._latest: dict[str, Event] = {}
        self._lasting: dict[tuple[Kind, str], Event] = {}

    @property
    def has_begun(self) -> bool:
        """Whether a start is among the events."""
        return self._start is not None

    def hear(self, event: Event) -> None:
        """The next event."""
        match event.kind:
            case Kind.START:
                self._start, self._facts = event, event.facts
                names = (("hotspots", Kind.TRANSITION), ("uplinks", Kind.UPLINK))
                self._watched = {name: kind for field, kind in names for name in event.facts[field]}
                self._latest = {name: one for name, one in self._latest.items() if name in self._watched}
            case Kind.RELOAD:
                self._facts |= {name: event.facts[name] for name in ("version", "digest") if name in event.facts}
            case Kind.TRANSITION | Kind.UPLINK if event.after == State.INACTIVE and event.reason == REMOVED:
                self._watched.pop(event.subject, None)
                self._latest.pop(event.subject, None)
            case Kind.TRANSITION | Kind.UPLINK:
                self._watched[event.subject] = event.kind
                self._latest[event.subject] = event
            case Kind.FAULT_BEGIN | Kind.MAINTENANCE_BEGIN | Kind.INVENTORY:
                self._lasting[event.kind, event.subject] = event
            case Kind.FAULT_END | Kind.MAINTENANCE_END:
                self._lasting.pop((_ENDED_BY[event.kind], event.subject), None)
            case _:
                pass

    def told_at(self, at_ns: int) -> Iterator[Event]:
        """A start at that moment, and what held then; the evidence is that of the rounds that had decided it."""
        by_kind: dict[Kind, list[str]] = {Kind.TRANSITION: [], Kind.UPLINK: []}
        for name, kind in sorted(self._watched.items()):
            by_kind[kind].append(name)
        watched = {"hotspots": by_kind[Kind.TRANSITION], "uplinks": by_kind[Kind.UPLINK]}
        yield Event(Kind.START, at_ns, at_ns, detail=detail_of({**self._facts, **watched}))
        for event in self._latest.values():
            if event.reason != ADDED:
                # What was answered before is the other one's to tell.
                yield event._replace(before=int(State.UNKNOWN), at_ns=at_ns, recorded_ns=at_ns, answered_ns=None)
        for event in self._lasting.values():
            yield event._replace(at_ns=at_ns, recorded_ns=at_ns)


class Held:
    """Events that wait for the lease, at most `limit`: of older ones only what holds is kept."""

    def __init__(self, situation: Situation, limit: int) -> None:
        self._situation = situation
        self._limit = limit
        self._events: deque[Event] = deque()
        self._since_ns = 0
        """Up to here our own events are folded, whatever the other one told."""

    def add(self, events: Iterable[Event]) -> None:
        """Take events in."""
        self._events.extend(events)
        while len(self._events) > self._limit:
            self._since_ns = max(self._since_ns, self._events[0].recorded_ns)
            self._situation.hear(self._events.popleft())

    def fold(self, life_ns: int) -> None:
        """The other one has told of all up to here."""
        while self._events and self._events[0].recorded_ns <= life_ns:
            self._situation.hear(self._events.popleft())

    def released(self, life_ns: int) -> list[Event]:
        """What is to be written, where the chain's last sign of life is that."""
        self.fold(life_ns)
        at_ns = max(life_ns, self._since_ns)
        begun = list(self._situation.told_at(at_ns)) if self._situation.has_begun else []
        return begun + [_since(event, at_ns) for event in self._events if not _reaches_back(event, at_ns)]


def _reaches_back(event: Event, at_ns: int) -> bool:
    """Whether it counts what the other one has counted too."""
    return event.kind is Kind.HOUR and event.since_ns < at_ns


def _since(event: Event, at_ns: int) -> Event:
    """A fault that began while the other one wrote is ours from then on."""
    if event.kind is Kind.FAULT_END and event.since_ns < at_ns:
        return event._replace(detail=detail_of({**event.facts, "since_ns": at_ns}))
    return event
