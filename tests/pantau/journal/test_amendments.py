"""What was told late, as the journal holds it: mending is for what was unknown alone, and proving names the rest."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.samples.journal import SECOND, Place, change, ns
from pantau.journal import Event, HotspotHour, Segment
from pantau.journal.amendments import Amendment, mended
from pantau.journal.entries import amend, hour, start
from pantau.states import State

UP, DOWN, BLIND, ISOLATED = State.UP, State.DOWN, State.UNKNOWN, State.ISOLATED
STATES = [UP, DOWN, BLIND, BLIND, State.INACTIVE, ISOLATED, State.NO_INTERNET]


def late(since: float, until: float, state: State = UP, received: float = 7000, recorded: float = 7120) -> Event:
    """What the agent of h1 told at some second of a span."""
    return amend("h1", (ns(since), ns(until)), state, "agent", ns(received), ns(recorded))


def findings(place: Place, amended: Sequence[Event]) -> list[str]:
    """What proving finds of a life of two hours, unknown from 3000 s to 3600 s and from 6000 s to 6600 s, with sums."""
    changes = [(1, BLIND, UP), (3000, UP, BLIND)], [(3600, BLIND, DOWN), (4000, DOWN, UP), (6000, UP, BLIND)]
    changes[1].append((6600, BLIND, UP))
    sums = {BLIND: 601, UP: 2999}, {DOWN: 400, UP: 2600, BLIND: 600}
    with place.store() as store:
        store.append([start(ns(0), ["h1"], [], {})])
        for until, moves, spent in zip((3600, 7200), changes, sums, strict=True):
            store.append([change("h1", at, before, after, int(after is not DOWN)) for at, before, after in moves])
            store.append(amended if until == 7200 else [])
            row = HotspotHour("h1", 1, 1, {int(state): 1000 * seconds for state, seconds in spent.items()})
            store.append([hour(ns(until - 3600), ns(until), [row])])
    return place.findings()


@pytest.mark.parametrize(
    ("amended", "found"),
    [
        ([late(3000, 3600), late(6000, 6300, ISOLATED), late(6300, 6600)], []),
        ([late(2900, 3600)], []),  # what was decided as it was mended is dated back by no more
        ([late(2600, 3600)], ["400 s that were judged, or in which it was not watched"]),
        ([late(3000, 6600)], ["2400 s that were judged, or in which it was not watched"]),
        ([late(4100, 4600, ISOLATED)], ["500 s that were judged, or in which it was not watched"]),
        ([late(3000, 3500), late(3100, 3600)], ["400 s a second time"]),
        ([late(3000, 3600, DOWN)], ["what nobody can tell: a state that is none, or a time that was not over"]),
        (
            [late(3000, 3600, State.MAINTENANCE)],
            ["what nobody can tell: a state that is none, or a time that was not over"],
        ),
        ([late(3600, 3000)], ["what nobody can tell: a state that is none, or a time that was not over"]),
        (
            [late(6000, 6600, received=6300)],
            ["what nobody can tell: a state that is none, or a time that was not over"],
        ),
        ([late(-9000, -8000)], []),  # of before anything was heard of it: nothing to hold it against
        ([late(-40 * 86_400, -9000)], ["what was more than a month ago"]),
    ],
)
def test_proving_names_what_claims_more_than_was_unknown(
    sqlite: Place, amended: Sequence[Event], found: list[str]
) -> None:
    """Sums of hours and transitions agree whatever is told late; an amendment is held against the transitions."""
    told = [finding.partition(": ")[2] for finding in findings(sqlite, amended)]
    assert told == [f"tells late of h1 {one}" for one in found]


Span = tuple[int, int]


@st.composite
def lives(draw: st.DrawFn) -> list[Segment]:
    """Segments without gaps."""
    edges = sorted({0, *draw(st.lists(st.integers(1, 99), max_size=8)), 100})
    states = [draw(st.sampled_from(STATES)) for _ in edges[1:]]
    numbers = [draw(st.integers(0, 5)) for _ in states]
    return [
        Segment(begin, end, state, state, 1, "x", number)
        for (begin, end), state, number in zip(pairwise(edges), states, numbers, strict=True)
    ]


AMENDED = st.lists(st.tuples(st.integers(-10, 110), st.integers(-10, 110), st.sampled_from(list(State))), max_size=6)


@given(lives(), AMENDED)
def test_mending_moves_unknown_time_alone(segments: list[Segment], told: list[tuple[int, int, State]]) -> None:
    """Instant by instant: what was judged or not watched stays, unknown is what the first sound word says."""
    amendments = [
        Amendment("h1", begin, end, state, "agent", 100, number)
        for number, (begin, end, state) in enumerate(told, start=10)
    ]
    found = list(mended(segments, amendments))
    assert (found[0].start_ns, found[-1].end_ns) == (0, 100)
    assert all(a.end_ns == b.start_ns for a, b in pairwise(found))
    for at_ns in range(100):
        (before,) = (one for one in segments if one.start_ns <= at_ns < one.end_ns)
        (after,) = (one for one in found if one.start_ns <= at_ns < one.end_ns)
        words = (one for one in amendments if one.start_ns <= at_ns < one.end_ns <= 100 and one.state.reached)
        first = next(words, None)
        if before.state is not BLIND or before.entry == 0 or first is None:
            assert (after.state, after.entry, after.amended) == (before.state, before.entry, False)
        else:
            assert (after.state, after.entry, after.amended, after.up) == (first.state, first.entry, True, before.up)


def test_the_outage_that_an_amendment_tells_of(sqlite: Place) -> None:
    """It has the amendment's number; one that tells of service, or nonsense, tells of no outage."""
    with sqlite.store() as store:
        store.append([start(ns(0), ["h1"], [], {}), late(3000, 3600, ISOLATED), late(4000, 4100)])
    with sqlite.reader() as reader:
        found = reader.outage(3)
        assert found is not None
        assert (found.number, found.down_ns, found.end_ns) == (3, 600 * SECOND, ns(3600))
        assert reader.outage(4) is None


def test_what_is_told_twice_counts_once(sqlite: Place) -> None:
    """The same of the same span, whenever it came: the first that was written holds; proving names the second."""
    told = [late(3000, 3600), late(3000, 3600, received=7050), late(3000, 3300), late(3000, 3600, ISOLATED)]
    assert findings(sqlite, told[:2]) == ["entry 11: tells late of h1 600 s a second time"]
    with sqlite.store() as store:
        store.append(told[2:])
    with sqlite.reader() as reader:
        found = reader.amendments(ns(0), ns(7200))["h1"]
    assert [(one.end_ns, one.state, one.received_ns) for one in found] == [
        (ns(3600), UP, ns(7000)),
        (ns(3300), UP, ns(7000)),
        (ns(3600), ISOLATED, ns(7000)),
    ]
