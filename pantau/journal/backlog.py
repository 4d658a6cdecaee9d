"""What waits to be written: bounded, in order, and honest about what did not fit. No thread, no I/O.

Once it is full, of each hotspot only the latest transition is kept, and the others are counted; when there is room
again the time between becomes unknown, and the hotspot goes on in its latest state. Of inventories too the latest is
kept. Nothing is made up.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pantau.journal.entries import LOST, NO_VERDICT, Event, Kind, detail_of, moved
from pantau.states import State

_OF_HOTSPOTS = (Kind.TRANSITION, Kind.UPLINK)


class Waiting(NamedTuple):
    """An event and its number in this run."""

    number: int
    event: Event


class Backlog:
    """At most `limit` events."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._events: deque[Waiting] = deque()
        self._number = 0
        self._missed: dict[str, tuple[Event, Event]] = {}
        """Of each hotspot the first and the latest transition that found no room."""
        self._missed_inventory: Event | None = None
        """The latest inventory that found no room: what decides money from then on must not be lost."""
        self._missed_since_ns = 0
        self._missed_until_ns = 0
        self._missed_count = 0
        self._lost_before = 0
        self.lost = 0
        """Events that are not, and will not be, in the journal; since the beginning."""

    def __len__(self) -> int:
        return len(self._events) + len(self._missed) + (self._missed_inventory is not None)

    def add(self, events: Iterable[Event]) -> None:
        """Take events in; never fails."""
        for event in events:
            if self._missed_count or len(self._events) >= self._limit:
                self._miss(event)
            else:
                self._append(event)

    def first(self, count: int) -> list[Waiting]:
        """The oldest, up to so many."""
        return [self._events[index] for index in range(min(count, len(self._events)))]

    def drained(self) -> Iterator[Event]:
        """All that waits, in order; nothing is left."""
        while len(self):
            yield from [one.event for one in self._events]
            self.drop(len(self._events))

    def drop(self, count: int) -> None:
        """They are safe elsewhere. What had found no room follows when all before it has gone."""
        for _ in range(min(count, len(self._events))):  # at the end two may take the same
            self._events.popleft()
        if self._missed_count and not self._events:
            missed = list(self._told_of_missed())
            self._missed.clear()
            self._missed_inventory = None
            self._missed_count = 0
            for event in missed:
                self._append(event)

    def _append(self, event: Event) -> None:
        self._number += 1
        self._events.append(Waiting(self._number, event))

    def _miss(self, event: Event) -> None:
        if not self._missed_count:
            self._missed_since_ns = self._missed_until_ns = event.at_ns
            self._lost_before = self.lost
        self._missed_count += 1
        self._missed_since_ns = min(self._missed_since_ns, event.at_ns)
        self._missed_until_ns = max(self._missed_until_ns, event.recorded_ns)
        if event.kind in _OF_HOTSPOTS:
            first, _ = self._missed.get(event.subject, (event, event))
            self.lost += event.subject in self._missed
            self._missed[event.subject] = (first, event)
        elif event.kind is Kind.INVENTORY:
            self.lost += self._missed_inventory is not None
            self._missed_inventory = event
        else:
            self.lost += 1

    def _told_of_missed(self) -> Iterator[Event]:
        if self.lost > self._lost_before:
            facts = {"since_ns": self._missed_since_ns, "events": self.lost - self._lost_before}
            yield Event(Kind.LOSS, self._missed_until_ns, self._missed_until_ns, detail=detail_of(facts))
        for first, last in self._missed.values():
            if first is not last:
                up = NO_VERDICT if first.up is None else first.up
                before = first.before or 0
                yield moved(first.subject, first.at_ns, first.recorded_ns, before, State.UNKNOWN, up, LOST, first.kind)
                last = last._replace(before=int(State.UNKNOWN))
            yield last
        if self._missed_inventory is not None:
            yield self._missed_inventory
