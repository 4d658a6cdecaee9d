"""What was told late of time that had been unknown, as entries of `Kind.AMEND` hold it. Pure.

An amendment is believed only of what was unknown: whatever it claims, what was judged stays as it was judged. Of two
that speak of one time the first that was written holds. Here nobody knows contracts: into a month that has a FINAL
none may reach, and that is for reports to see to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pantau.journal.entries import Entry
from pantau.journal.timeline import Outage, Segment
from pantau.states import NOT_SERVING, State

MENDS = tuple(state for state in State if state.reached)
"""What may be told late: whoever can tell anything was reached."""
_STATES = {state.value: state for state in State}


class Amendment(NamedTuple):
    """A half-open span of one hotspot that had been unknown, and was in truth this. UTC nanoseconds."""

    hotspot: str
    start_ns: int
    end_ns: int
    state: State
    evidence: str
    """Who told: the kind of prober, such as ``agent``."""
    received_ns: int
    entry: int

    @property
    def is_sound(self) -> bool:
        """Whether it can be what it says: a span that was over when it was told, and a state that can be told late."""
        return self.start_ns < self.end_ns <= self.received_ns and self.state in MENDS

    @property
    def outage(self) -> Outage | None:
        """Where nobody had seen that the hotspot did not serve: the outage that this alone tells of."""
        if not self.is_sound or self.state not in NOT_SERVING:
            return None
        return Outage(self.hotspot, self.start_ns, self.end_ns, (self._over(self.start_ns, self.end_ns, 1),))

    def _over(self, start_ns: int, end_ns: int, up: int) -> Segment:
        told = self.state, self.state, up, "", self.entry
        return Segment(start_ns, end_ns, *told, evidence=self.evidence, amended=True)

    def mends(self, segment: Segment) -> Segment | None:
        """What of a segment it mends, as it was in truth; None where it mends nothing of it."""
        start_ns, end_ns = max(self.start_ns, segment.start_ns), min(self.end_ns, segment.end_ns)
        if start_ns >= end_ns or not can_be_mended(segment):
            return None
        return self._over(start_ns, end_ns, segment.up)


def can_be_mended(segment: Segment) -> bool:
    """Whether it is time of a hotspot that was watched, and that we could not see."""
    return segment.state is State.UNKNOWN and segment.entry > 0


def amendments_of(entries: Iterable[Entry]) -> dict[str, list[Amendment]]:
    """By hotspot, in the order in which they were written, what entries of `Kind.AMEND` hold.

    The same told again, of the same span by the same kind of prober, is told once: by the first.
    """
    found: dict[str, list[Amendment]] = {}
    told = set[tuple[object, ...]]()
    for entry in sorted(entries):
        event = entry.event
        state = _STATES.get(-1 if event.after is None else event.after, State.UNKNOWN)
        span_ns = event.at_ns, event.until_ns or event.at_ns
        one = Amendment(event.subject, *span_ns, state, event.evidence or "", event.received_ns or 0, entry.number)
        said = one.hotspot, one.start_ns, one.end_ns, one.state, one.evidence
        if said not in told:
            told.add(said)
            found.setdefault(event.subject, []).append(one)
    return found


def mended(segments: Iterable[Segment], amendments: Sequence[Amendment]) -> Iterator[Segment]:
    """The segments, with what was unknown divided where somebody told late what it was.

    `amendments` are the hotspot's, in the order in which they were written.
    """
    sound = [one for one in amendments if one.is_sound]
    for segment in segments:
        pieces = [segment]
        for one in sound if can_be_mended(segment) else ():
            pieces = [part for piece in pieces for part in _divided(piece, one)]
        yield from pieces


def _divided(segment: Segment, amendment: Amendment) -> Iterator[Segment]:
    found = amendment.mends(segment)
    if found is None:
        yield segment
        return
    if segment.start_ns < found.start_ns:
        yield segment._replace(end_ns=found.start_ns)
    yield found
    if found.end_ns < segment.end_ns:
        yield segment._replace(start_ns=found.end_ns)


NO_AMENDMENTS: Mapping[str, Sequence[Amendment]] = {}
