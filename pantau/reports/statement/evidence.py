"""What a statement rests on: what was observed, and what people said about it. The journal is one source of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from pantau.journal import History, Reader, Segment
from pantau.journal.amendments import NO_AMENDMENTS, Amendment, mended
from pantau.journal.editions import issued_editions
from pantau.journal.uptimes import ToldUptime
from pantau.people import PeopleHistory
from pantau.reports.accounting import Condition, HeldSettlement, Span, Stretch
from pantau.reports.causes import OutageDecision
from pantau.reports.statement.decided import decisions_in
from pantau.reports.statement.edges import known_span, read_beyond
from pantau.reports.statement.held_money import settlements_in
from pantau.states import JUDGED, State

NEVER_MONITORED = "never_monitored"
"""The journal has no word of the point: it was not added, it never was there."""
MAINTENANCE = State.MAINTENANCE.label
CONDITION_OF: Mapping[State, Condition] = {state: Condition(state.label) for state in JUDGED}
"""A state that is judged needs a condition of its name, and does not load without; all other states are unseen."""
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class MonitorFault:
    """A fault of our own, as the journal tells it."""

    what: str
    start: int
    end: int | None
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeviceUptime:
    """At `at` (Unix seconds) a point's device said that it had been running for so long; None: not clearly."""

    at: int
    uptime: int | None
    evidence: str = ""
    """The way by which it told: ``snmp`` or ``agent``."""
    mains_failed: int | None = None
    """When a sensor of the mains, on a device of the city, first said that there was none in the outage before."""


Amendments = Mapping[str, Sequence[Amendment]]
"""By point, in the order in which they were written."""


class Evidence(Protocol):
    """A source of evidence. Times are Unix seconds."""

    def stretches(
        self, points: Collection[str], span: Span, amendments: Amendments = NO_AMENDMENTS
    ) -> Iterator[tuple[str, list[Stretch]]]:
        """Each point (or uplink) with what was observed of it over `span`, outages that cross its edges whole.

        What was unknown is what `amendments` say of it, as far as they do.
        """

    def amendments(self, span: Span) -> Amendments:
        """By point, what was told late of time that touches `span`, believed or not."""

    def finals(self) -> Mapping[tuple[str, str], int]:
        """By contract and month (``2024-04``), the entry that says that a FINAL was issued first."""

    def faults(self, span: Span) -> Sequence[MonitorFault]:
        """Our own faults that touch `span`."""

    def decisions(self, span: Span, people: PeopleHistory, zone: ZoneInfo) -> Sequence[OutageDecision]:
        """What people decided about outages that began in `span`, in whatever order."""

    def replies(self, span: Span) -> Mapping[str, tuple[int, int]]:
        """Requests and replies of each point."""

    def uptimes(self, span: Span) -> Mapping[str, Sequence[DeviceUptime]]:
        """By point, what devices told in `span` of how long they had been running."""

    def settlements(self, people: PeopleHistory, zone: ZoneInfo) -> Sequence[HeldSettlement]:
        """What two people settled of held money, of all months."""

    def seal(self, second: int) -> tuple[int, str] | None:
        """Number and digest of the last entry from before `second`: what nobody could know earlier."""


class JournalEvidence:
    """Evidence from a journal."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def stretches(
        self, points: Collection[str], span: Span, amendments: Amendments = NO_AMENDMENTS
    ) -> Iterator[tuple[str, list[Stretch]]]:
        """See `Evidence`."""
        found = {history.hotspot: stretches_of(history, span) for history in self._histories(points, span, amendments)}
        read_beyond(found, span, known_span(self._reader), partial(self._within, amendments))
        yield from found.items()

    def _within(
        self, amendments: Amendments, points: Collection[str], span: Span
    ) -> Iterator[tuple[str, list[Stretch]]]:
        """What was observed within a span, and no outage beyond it."""
        for history in self._histories(points, span, amendments):
            yield history.hotspot, [_stretch(segment) for segment in history.segments]

    def _histories(self, points: Collection[str], span: Span, amendments: Amendments) -> Iterator[History]:
        for history in self._reader.histories(span[0] * _NS, span[1] * _NS, points):
            told = amendments.get(history.hotspot)
            if not told:
                yield history
                continue
            outages = (one._replace(segments=tuple(mended(one.segments, told))) for one in history.outages)
            yield history._replace(segments=tuple(mended(history.segments, told)), outages=tuple(outages))

    def amendments(self, span: Span) -> Amendments:
        """See `Evidence`."""
        return self._reader.amendments(span[0] * _NS, span[1] * _NS)

    def finals(self) -> Mapping[tuple[str, str], int]:
        """See `Evidence`."""
        return {(one.contract, one.month): one.entry for one in reversed(issued_editions(self._reader))}

    def faults(self, span: Span) -> Sequence[MonitorFault]:
        """See `Evidence`."""
        return [
            MonitorFault(
                fault.what,
                seconds(fault.start_ns),
                None if fault.end_ns is None else seconds(fault.end_ns),
                fault.entries,
            )
            for fault in self._reader.faults(span[0] * _NS, span[1] * _NS)
        ]

    def decisions(self, span: Span, people: PeopleHistory, zone: ZoneInfo) -> Sequence[OutageDecision]:
        """See `Evidence`."""
        return list(decisions_in(self._reader, span, people, zone))

    def replies(self, span: Span) -> Mapping[str, tuple[int, int]]:
        """See `Evidence`."""
        return self._reader.answered(span[0] * _NS, span[1] * _NS)

    def uptimes(self, span: Span) -> Mapping[str, Sequence[DeviceUptime]]:
        """See `Evidence`."""
        return {
            point: [device_uptime(one) for one in told]
            for point, told in self._reader.uptimes(span[0] * _NS, span[1] * _NS).items()
        }

    def settlements(self, people: PeopleHistory, zone: ZoneInfo) -> Sequence[HeldSettlement]:
        """See `Evidence`."""
        return list(settlements_in(self._reader, people, zone))

    def seal(self, second: int) -> tuple[int, str] | None:
        """See `Evidence`; of a journal that began later, its first entry."""
        entry = self._reader.last_before(second * _NS)
        return None if entry is None else (entry.number, entry.digest.hex())


def stretches_of(history: History, span: Span) -> list[Stretch]:
    """A history's segments, and of outages that cross the edges of `span` what lies beyond."""
    found = [_stretch(segment) for segment in history.segments]
    start_ns, end_ns = span[0] * _NS, span[1] * _NS
    for outage in history.outages:
        if outage.start_ns < start_ns:
            found += [
                _stretch(part._replace(end_ns=min(part.end_ns, start_ns)))
                for part in outage.segments
                if part.start_ns < start_ns
            ]
        if outage.end_ns is None or outage.end_ns > end_ns:
            found += [
                _stretch(part._replace(start_ns=max(part.start_ns, end_ns)))
                for part in outage.segments
                if part.end_ns > end_ns
            ]
    return found


def seconds(nanoseconds: int) -> int:
    """The nearest second: what ends and what begins at one moment still meet."""
    return (nanoseconds + _NS // 2) // _NS


def _stretch(segment: Segment) -> Stretch:
    in_maintenance = segment.state is State.MAINTENANCE
    state = segment.beneath if in_maintenance else segment.state
    condition = CONDITION_OF.get(state, Condition.UNSEEN)
    if segment.answered:
        condition = Condition.UP
    return Stretch(
        start=seconds(segment.start_ns),
        end=seconds(segment.end_ns),
        condition=condition,
        entries=(segment.answered or segment.entry,) if segment.entry else (),
        reason=_why(segment, state) if condition is Condition.UNSEEN else MAINTENANCE * in_maintenance,
        within=segment.answered > 0,
        amended=segment.amended,
        evidence=segment.evidence,
        hidden=in_maintenance,
    )


def _why(segment: Segment, state: State) -> str:
    """Why it was unseen."""
    return segment.reason or state.label if segment.entry else NEVER_MONITORED


def device_uptime(told: ToldUptime) -> DeviceUptime:
    """As reports have it."""
    mains = None if told.mains_failed_ns is None else seconds(told.mains_failed_ns)
    return DeviceUptime(seconds(told.at_ns), told.uptime_seconds, told.evidence, mains)
