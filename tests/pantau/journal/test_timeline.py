"""Property: whatever the transitions and the span, every nanosecond lies in exactly one segment, and outages agree."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pantau.journal.timeline import NumberedChange, Segment, outages_of, segments_of
from pantau.states import State

STATES = st.sampled_from([(State.UP, 1), (State.DOWN, 0), (State.UNKNOWN, 0), (State.UNKNOWN, 1), (State.DEGRADED, 1)])


@st.composite
def lives(draw: st.DrawFn) -> list[NumberedChange]:
    """Transitions of one hotspot, in order; some at the same instant."""
    steps = draw(st.lists(st.tuples(st.integers(0, 30), STATES), max_size=12))
    changes, at_ns = [], 0
    for number, (step, (state, verdict)) in enumerate(steps, 1):
        at_ns += step
        changes.append(NumberedChange(number, at_ns, state, verdict, "x"))
    return changes


def state_at(changes: list[NumberedChange], at_ns: int, known_ns: int) -> tuple[State, int]:
    """The same said in the simplest way: the last transition that is not later; unknown where nothing lived."""
    before = [change for change in changes if change.at_ns <= at_ns]
    if not before:
        return State.UNKNOWN, 0
    return (State.UNKNOWN if at_ns >= known_ns else State(before[-1].after)), before[-1].number


@given(lives(), st.integers(0, 200), st.integers(1, 200), st.integers(0, 400))
def test_every_instant_lies_in_one_segment_with_its_state(
    changes: list[NumberedChange], start_ns: int, length_ns: int, lived_on_ns: int
) -> None:
    """Contiguous from start to end, never empty, and at each instant what the transitions say."""
    end_ns = start_ns + length_ns
    known_ns = lived_on_ns + (changes[-1].at_ns if changes else 0)
    segments = list(segments_of(changes, start_ns, end_ns, known_ns))
    assert segments[0].start_ns == start_ns
    assert segments[-1].end_ns == end_ns
    assert all(a.end_ns == b.start_ns for a, b in pairwise(segments))
    for segment in segments:
        assert segment.length_ns > 0
        for at_ns in range(segment.start_ns, segment.end_ns):
            assert (segment.state, segment.entry) == state_at(changes, at_ns, known_ns)


@given(lives(), st.lists(st.integers(1, 399), max_size=5))
def test_cutting_a_span_anywhere_changes_no_sum(changes: list[NumberedChange], cuts: list[int]) -> None:
    """The time of each state is the same, however the span is divided."""
    edges = [0, *sorted(set(cuts)), 400]
    whole = list(segments_of(changes, 0, 400, 300))
    parts = [s for a, b in pairwise(edges) for s in segments_of(changes, a, b, 300)]
    assert {state: sums(parts, state) for state in State} == {state: sums(whole, state) for state in State}


@given(lives())
def test_outages_hold_all_that_is_down_and_nothing_else(changes: list[NumberedChange]) -> None:
    """Their down time adds up to that of the segments; between two of them lies an instant of another verdict."""
    segments = list(segments_of(changes, 0, 400, 380))
    outages = list(outages_of("h1", segments, 380))
    assert sum(outage.down_ns for outage in outages) == sums(segments, State.DOWN)
    for outage in outages:
        assert outage.segments[0].state is State.DOWN
        assert all(segment.up == 0 for segment in outage.segments)
        if outage.end_ns is not None:
            assert next(segment for segment in segments if segment.start_ns == outage.end_ns).up != 0


def sums(segments: list[Segment], state: State) -> int:
    """Nanoseconds in a state."""
    return sum(segment.length_ns for segment in segments if segment.state is state)
