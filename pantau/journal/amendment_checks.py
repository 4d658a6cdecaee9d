"""Holds what was told late against the transitions: it mends what was unknown, and claims nothing that was judged.

A report believes an amendment of unknown time alone; one that claims more is named here all the same, for the exporter
writes none: somebody has. Hours and counters are as they were, so `hour_checks` knows nothing of amendments. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pantau.journal.amendments import Amendment, amendments_of
from pantau.journal.entries import Entry, Kind
from pantau.states import State

_KEPT_NS = 32 * 86_400 * 1_000_000_000
"""What was unknown is remembered for so long: an agent keeps its minutes for a day."""
_TOLERANCE_NS = 300_000_000_000
"""What the exporter decides as it mends is dated back by so much: a report passes over it, and it is no forgery."""
Finding = tuple[int, str]
_Spans = list[tuple[int, int]]


@dataclass(slots=True)
class _Hotspot:
    """What a chain has told of one hotspot."""

    known_ns: int
    """From when on its transitions have been heard."""
    state: int
    since_ns: int
    unknown: _Spans = field(default_factory=list)
    """When it could not be seen, in order of time; what lasts is not among it."""
    mended: _Spans = field(default_factory=list)

    def move(self, at_ns: int, state: int) -> None:
        """Its state is another one from then on."""
        if self.state == State.UNKNOWN and at_ns > self.since_ns:
            self.unknown.append((self.since_ns, at_ns))
        self.state, self.since_ns = state, at_ns

    def forget(self, before_ns: int) -> None:
        """Nobody speaks of that any more."""
        for spans in (self.unknown, self.mended):
            while spans and spans[0][1] < before_ns:
                spans.pop(0)
        self.known_ns = max(self.known_ns, before_ns)


class AmendmentChecks:
    """The chain of one exporter, entry by entry."""

    def __init__(self) -> None:
        self._hotspots: dict[str, _Hotspot] = {}

    def hear(self, entry: Entry) -> Iterator[Finding]:
        """The next entry."""
        event = entry.event
        if event.kind is Kind.TRANSITION:
            hotspot = self._hotspots.get(event.subject)
            if hotspot is None:
                self._hotspots[event.subject] = _Hotspot(event.at_ns, event.after or 0, event.at_ns)
            else:
                hotspot.move(event.at_ns, event.after or 0)
        elif event.kind is Kind.AMEND:
            ((told,),) = amendments_of([entry]).values()
            for why in self._wrong(told, event.recorded_ns):
                yield entry.number, f"tells late of {told.hotspot} {why}"

    def _wrong(self, told: Amendment, recorded_ns: int) -> Iterator[str]:
        if not told.is_sound or told.received_ns > recorded_ns:
            yield "what nobody can tell: a state that is none, or a time that was not over"
            return
        hotspot = self._hotspots.get(told.hotspot)
        if hotspot is None:
            return  # of before what is proved this time
        hotspot.forget(recorded_ns - _KEPT_NS)
        if told.start_ns < hotspot.known_ns:
            if recorded_ns - told.start_ns > _KEPT_NS:
                yield "what was more than a month ago"
            return
        lasting = [(hotspot.since_ns, recorded_ns)] if hotspot.state == State.UNKNOWN else []
        unknown = _shared([*hotspot.unknown, *lasting], told)
        if (beyond := told.end_ns - told.start_ns - unknown) > _TOLERANCE_NS:
            yield f"{beyond / 1e9:.0f} s that were judged, or in which it was not watched"
        if (again := _shared(hotspot.mended, told)) > _TOLERANCE_NS:
            yield f"{again / 1e9:.0f} s a second time"
        hotspot.mended.append((told.start_ns, told.end_ns))
        hotspot.mended.sort()


def _shared(spans: _Spans, told: Amendment) -> int:
    return sum(max(0, min(end, told.end_ns) - max(start, told.start_ns)) for start, end in spans)
