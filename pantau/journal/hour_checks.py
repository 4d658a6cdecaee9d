"""Holds the sums of hours against the transitions: two accounts of the same time, kept apart, that have to agree.

Transitions are dated back, sums never: time is counted only when no open round, confirmation or recovery can change
its state any more. So an hour lacks some of its last moments and has those of the hour before, by at most what a
verdict takes (`settles_ms` of the start, from the settings). The next hour makes up for it. Therefore all hours of a
run are held against all its transitions together: a hotspot may be off by that much in all, not each hour anew. A wall
clock that was set, a gap between two hours, or lost events begin the account anew. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator

from pantau.journal.entries import ADDED, REMOVED, Entry, Kind, facts_of
from pantau.journal.sums import read_sums
from pantau.states import State

_LEAST_NS = 300_000_000_000
"""The least that is tolerated: rounds that wait for a token, a doubtful path, and a machine that is busy."""
_MS = 1_000_000
Finding = tuple[int, str]


class _Hotspot:
    """One hotspot's account: its state, since when, and by how much the sums exceed the transitions."""

    __slots__ = ("excess_ns", "hidden", "since_ns", "state", "whole")

    def __init__(self, state: int, since_ns: int, *, whole: bool) -> None:
        self.state = state
        self.since_ns = since_ns
        self.whole = whole
        """Whether the account has seen all that the next sums tell of."""
        self.hidden = False
        self.excess_ns: defaultdict[int, int] = defaultdict(int)

    def move(self, at_ns: int, begun_ns: int) -> None:
        """Its state holds up to then, as far as the account reaches; a change that is dated back takes time back."""
        shown = int(State.MAINTENANCE if self.hidden else self.state)
        self.excess_ns[shown] -= max(at_ns, begun_ns) - max(self.since_ns, begun_ns)
        self.since_ns = at_ns


class HourChecks:
    """The chain of one exporter, entry by entry."""

    def __init__(self) -> None:
        self._hotspots: dict[str, _Hotspot] = {}
        self._tolerance_ns = _LEAST_NS
        self._begun_ns = self._ended_ns = 0
        """The account reaches from the one to the other; 0: it begins with the end of the next hour."""

    def hear(self, entry: Entry, text: bytes | None) -> Iterator[Finding]:
        """The next entry, and of an hour the text of its sums."""
        event = entry.event
        match event.kind:
            case Kind.TRANSITION:
                self._changed(entry)
            case Kind.MAINTENANCE_BEGIN | Kind.MAINTENANCE_END:
                hotspot = self._hotspots.get(event.subject)
                if hotspot is not None:
                    hotspot.move(event.at_ns, self._begun_ns)
                    hotspot.hidden = event.kind is Kind.MAINTENANCE_BEGIN
            case Kind.START | Kind.RELOAD:
                settles_ms = facts_of(entry).get("settles_ms")
                self._tolerance_ns = max(_LEAST_NS, settles_ms * _MS if isinstance(settles_ms, int) else 0)
                if event.kind is Kind.START:
                    self._begin(event.at_ns)
                    for one in self._hotspots.values():
                        one.hidden = False
            case Kind.LOSS | Kind.CLOCK_STEP:
                self._begun_ns = 0
            case Kind.HOUR if text is not None:
                yield from self._hour(entry, text)
            case _:
                pass

    def _changed(self, entry: Entry) -> None:
        event = entry.event
        hotspot = self._hotspots.get(event.subject)
        if event.reason == REMOVED:
            self._hotspots.pop(event.subject, None)
        elif hotspot is None:
            whole = event.reason == ADDED or event.at_ns <= self._begun_ns
            self._hotspots[event.subject] = _Hotspot(event.after or 0, event.at_ns, whole=whole)
        else:
            hotspot.move(event.at_ns, self._begun_ns)
            hotspot.state = event.after or 0

    def _hour(self, entry: Entry, text: bytes) -> Iterator[Finding]:
        since_ns, at_ns = entry.event.since_ns, entry.event.at_ns
        if not self._begun_ns or since_ns != self._ended_ns:
            self._begin(at_ns)
            return
        self._ended_ns = at_ns
        try:
            sums = {row.hotspot: row.state_ms for row in read_sums(text)}
        except (ValueError, TypeError):
            return  # its digest tells
        for name, hotspot in self._hotspots.items():
            hotspot.move(at_ns, self._begun_ns)
            excess_ns = hotspot.excess_ns
            for state, ms in sums.get(name, {}).items():
                excess_ns[state] += ms * _MS
            worst = max(excess_ns, key=lambda one: abs(excess_ns[one]))
            if hotspot.whole and abs(excess_ns[worst]) > self._tolerance_ns:
                yield entry.number, _told(name, worst, excess_ns[worst] / 1e9)
                hotspot.whole = False
            if not hotspot.whole:
                hotspot.whole = True
                excess_ns.clear()

    def _begin(self, at_ns: int) -> None:
        """Keep the account from then on."""
        self._begun_ns = self._ended_ns = at_ns
        for hotspot in self._hotspots.values():
            hotspot.excess_ns.clear()
            hotspot.whole = True
            if hotspot.since_ns < at_ns:
                hotspot.since_ns = at_ns


def _told(name: str, state: int, seconds: float) -> str:
    label = next((one.label for one in State if one == state), str(state))
    more = "more" if seconds > 0 else "less"
    return f"its sums have {abs(seconds):.0f} s {more} {label} of {name} than the transitions up to it"
