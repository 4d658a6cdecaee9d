"""What minutes that were told late say of time that was unknown: spans of one state. Pure.

A late minute proves service only where the agent looked at it: that the device was on says nothing of its line, which
may have been what kept the minute from being told. What was judged stays as it was judged, whatever is told later. That
clients got nothing is believed as `exporter.recording.late_witnesses` has it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from exporter.probing.agent.beats import Beat, Minute
from pantau.clock import NANOSECONDS
from pantau.states import State

_LIFTS = (State.UP,)
"""What the device of an ISP says of itself: for payment it never lifts a point that could be seen without it."""


class LateSpan(NamedTuple):
    """A half-open span of one hotspot, as its agent told it late. UTC nanoseconds."""

    start_ns: int
    end_ns: int
    state: State
    received_ns: int


Spans = Sequence[tuple[int, int]]


def state_of(minute: Minute) -> State | None:
    """What a client had in that minute; None where the agent does not say."""
    if minute.portal == "isolir":
        return State.ISOLATED
    if minute.portal == "fail" or minute.dns == "fail":
        return State.NO_INTERNET
    return State.UP if minute.portal is not None else None


def late_spans(
    beats: Iterable[Beat],
    interval_ns: int,
    *,
    hearsay: bool,
    judged: Callable[[Minute, int], State | None] = lambda minute, _: state_of(minute),
) -> list[LateSpan]:
    """The spans that late minutes of one hotspot tell of, each minute the one before it was measured.

    `judged` tells what clients had in a minute that ended at a time, as far as that can be believed.
    The first that told of a time is believed, and what follows at once in the same state goes into one span.
    """
    told = [
        LateSpan(at_ns - interval_ns, at_ns, state, beat.wall_ns)
        for beat in beats
        for late in beat.late
        for at_ns in (beat.wall_ns - round(late.age_seconds * NANOSECONDS),)
        if (state := judged(late.minute, at_ns)) is not None and not (hearsay and state in _LIFTS)
    ]
    joined: list[LateSpan] = []
    for span in sorted(told):
        last = joined[-1] if joined else None
        start_ns = span.start_ns if last is None else max(span.start_ns, last.end_ns)
        # A device that measures a little late leaves no gap between two minutes.
        near = last is not None and start_ns - last.end_ns < interval_ns // 2
        if last is not None and near and span.state is last.state:
            joined[-1] = last._replace(end_ns=max(span.end_ns, last.end_ns))
        elif start_ns < span.end_ns:
            joined.append(span._replace(start_ns=start_ns))
    return joined


def mended(spans: Iterable[LateSpan], unknown: Spans, mended_before: Spans) -> Iterator[LateSpan]:
    """What of the spans was unknown, and nobody has mended before. The others are in the order of time, apart."""
    for span in spans:
        for start_ns, end_ns in unknown:
            start_ns, end_ns = max(start_ns, span.start_ns), min(end_ns, span.end_ns)
            for other_start_ns, other_end_ns in mended_before:
                if other_end_ns <= start_ns or other_start_ns >= end_ns:
                    continue
                if other_start_ns > start_ns:
                    yield span._replace(start_ns=start_ns, end_ns=other_start_ns)
                start_ns = other_end_ns
            if start_ns < end_ns:
                yield span._replace(start_ns=start_ns, end_ns=end_ns)
