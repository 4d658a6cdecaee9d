"""A hotspot's life as segments without gaps, and its outages as a whole. Pure: transitions in, intervals out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pantau.journal.entries import ADDED, NO_VERDICT, NOT_RUNNING
from pantau.states import NOT_SERVING, SERVING, State


class Segment(NamedTuple):
    """A half-open span of one state. Times are UTC nanoseconds."""

    start_ns: int
    end_ns: int
    state: State
    beneath: State
    """What the probes show, also under a maintenance window: down, up, degraded, unknown or inactive."""
    up: int
    """The last verdict: 1, 0, or -1 before the first."""
    reason: str
    """Why this state; of unknown: ``not_running``, ``vantage``, ``peering``, ``journal_lost``, ``added``, ``resolve``,
    ``send`` or ``inconclusive``."""
    entry: int
    """The number of the transition that `beneath` rests on; 0 where the journal knows nothing of this time."""
    window: str = ""
    """The maintenance window that hides it: then `state` is maintenance."""
    answered: int = 0
    """Of a part of an outage in which probes were answered all the same: the number of the entry that says so."""
    evidence: str = ""
    """The kind of prober that decided, such as ``icmp`` or ``agent``; empty where none did, or nothing tells."""
    amended: bool = False
    """Whether it had been unknown, and somebody told late what it was; `entry` is the one that says so."""

    @property
    def length_ns(self) -> int:
        """Its duration."""
        return self.end_ns - self.start_ns


class Outage(NamedTuple):
    """A hotspot's time without service as a whole: down, isolated, or without internet, in whatever order.

    It goes on until the hotspot is seen to serve, or is retired, never cut by a month or a restart. What of it was
    unknown lies in `segments` too, with its state: only what was seen not to serve was an outage.
    """

    hotspot: str
    start_ns: int
    end_ns: int | None
    """None while it lasts."""
    segments: tuple[Segment, ...]
    """Of an outage that lasts, the last one ends where the journal ends."""

    @property
    def number(self) -> int:
        """The entry that began it: the name by which people speak of it."""
        return self.segments[0].entry

    @property
    def down_ns(self) -> int:
        """The time in it in which the hotspot was known not to serve, inside maintenance windows too; not answered."""
        dead = (one for one in self.segments if one.beneath in NOT_SERVING and not one.answered)
        return sum(segment.length_ns for segment in dead)

    @property
    def entries(self) -> tuple[int, ...]:
        """The numbers of all entries that it rests on."""
        return tuple(dict.fromkeys(segment.entry for segment in self.segments))


class History(NamedTuple):
    """One hotspot over [start, end)."""

    hotspot: str
    segments: tuple[Segment, ...]
    """They cover [start, end) without gap or overlap."""
    outages: tuple[Outage, ...]
    """Those that touch [start, end), each as a whole."""


class MaintenanceSpan(NamedTuple):
    """A half-open span in which a maintenance window hid a hotspot."""

    start_ns: int
    end_ns: int
    window: str


class NumberedChange(NamedTuple):
    """A transition as the reader hands it over: the columns that matter, and the entry's number."""

    number: int
    at_ns: int
    after: int
    up: int
    reason: str
    answered_ns: int = 0
    """See `Event.answered_ns`."""
    evidence: str = ""

    @property
    def ends_outage(self) -> bool:
        """Whether no outage goes on after it: the hotspot serves, or nobody watches it, or nothing is known of it yet.

        Unknown alone ends none.
        """
        return self.after in SERVING or self.after == State.INACTIVE or self.up == NO_VERDICT


_STATES = {state.value: state for state in State}
_BEFORE_ALL = NumberedChange(0, 0, State.UNKNOWN, NO_VERDICT, ADDED)


def segments_of(changes: Iterable[NumberedChange], start_ns: int, end_ns: int, known_ns: int) -> Iterator[Segment]:
    """The segments of [start, end) from a hotspot's transitions in the order of the journal.

    The first may lie before `start_ns`; without one that does, the time is unknown. Nothing is known from `known_ns`
    on, the journal's last sign of life.
    """
    present = _BEFORE_ALL
    clear_ns = min(end_ns, known_ns)
    for change in changes:
        if change.at_ns > start_ns:
            yield from _answered(change, _piece(present, start_ns, min(change.at_ns, clear_ns)))
            start_ns = min(change.at_ns, clear_ns)
        present = change
    yield from _piece(present, start_ns, clear_ns)
    blind = present._replace(after=State.UNKNOWN, reason=NOT_RUNNING)
    if present.after != State.INACTIVE:
        yield from _piece(blind, max(start_ns, clear_ns), end_ns)
    else:
        yield from _piece(present, max(start_ns, clear_ns), end_ns)


def clipped(segments: Iterable[Segment], start_ns: int, end_ns: int) -> Iterator[Segment]:
    """What of the segments lies in [start, end)."""
    for segment in segments:
        if segment.start_ns >= start_ns and segment.end_ns <= end_ns:
            yield segment
        elif segment.end_ns > start_ns and segment.start_ns < end_ns:
            yield segment._replace(start_ns=max(segment.start_ns, start_ns), end_ns=min(segment.end_ns, end_ns))


def hidden_by(spans: Sequence[MaintenanceSpan], segments: Iterable[Segment]) -> Iterator[Segment]:
    """The segments, divided where a window begins or ends to hide them. Spans follow one another without overlap."""
    if not spans:
        yield from segments
        return
    for whole in segments:
        rest = whole
        for span in spans:
            if span.end_ns <= rest.start_ns or span.start_ns >= rest.end_ns:
                continue
            if span.start_ns > rest.start_ns:
                yield rest._replace(end_ns=span.start_ns)
            end_ns = min(span.end_ns, rest.end_ns)
            start_ns = max(span.start_ns, rest.start_ns)
            yield rest._replace(start_ns=start_ns, end_ns=end_ns, state=State.MAINTENANCE, window=span.window)
            rest = rest._replace(start_ns=end_ns)
        if rest.length_ns:
            yield rest


def outages_of(hotspot: str, segments: Iterable[Segment], known_ns: int) -> Iterator[Outage]:
    """The outages in a hotspot's segments; `segments` must hold the whole of those that are wanted."""
    run: list[Segment] = []
    for segment in segments:
        if segment.start_ns >= known_ns:
            break
        if segment.beneath in NOT_SERVING or (run and _goes_on(run[-1], segment)):
            run.append(segment)
        elif run:
            yield Outage(hotspot, run[0].start_ns, segment.start_ns, tuple(run))
            run = []
    if run:
        yield Outage(hotspot, run[0].start_ns, None, tuple(run))


def _goes_on(outage: Segment, segment: Segment) -> bool:
    """Whether an outage goes on in what follows: we did not see, and what was told late is no verdict."""
    return segment.up == outage.up and (segment.beneath is State.UNKNOWN or segment.amended)


def _answered(change: NumberedChange, piece: Iterable[Segment]) -> Iterator[Segment]:
    """A piece that `change` ends, divided where the answers began that it tells of."""
    for segment in piece:
        since_ns = max(segment.start_ns, change.at_ns - change.answered_ns)
        if segment.state in NOT_SERVING and since_ns < segment.end_ns and change.answered_ns:
            if segment.start_ns < since_ns:
                yield segment._replace(end_ns=since_ns)
            yield segment._replace(start_ns=since_ns, answered=change.number)
        else:
            yield segment


def _piece(change: NumberedChange, start_ns: int, end_ns: int) -> Iterator[Segment]:
    if start_ns < end_ns:
        state = _STATES[change.after]
        told = change.up, change.reason, change.number
        yield Segment(start_ns, end_ns, state, state, *told, evidence=change.evidence)
