"""What maintenance windows hide: state, since, changes, booked time, and who overran."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.planning.policy import Policy, RoundPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.verdicts.events import StatesChanged
from exporter.verdicts.overlay import NO_WINDOW
from pantau.states import State
from tests.exporter.verdicts.judged import Judged

POLICY = Policy(RoundPolicy(1, 0, 1), recover_after=1)


class Town:
    """A judge whose rounds end when the test says so; `hide` opens and closes window 0 over its rows."""

    def __init__(self, rows: int = 1) -> None:
        self.judged = Judged(rows, POLICY, 0)
        self.judged.states.overlay.number("w")

    def round(self, at: int, now: int, *outcomes: Outcome) -> StatesChanged:
        """A round of every row that began at `at` and ends at `now`."""
        targets = np.arange(len(outcomes), dtype=np.int32)
        self.judged.begin(targets, at)
        results = Observations(
            targets,
            self.judged.machine.rounds.number[targets],
            np.array(outcomes, np.int8),
            np.full(len(targets), at, np.int64),
            np.full(len(targets), NO_RTT, np.int64),
        )
        return self.judged.absorb(results, now)[0]

    def hide(self, at: int, *hidden: bool) -> None:
        """From `at` on these rows are under the window."""
        self.judged.states.hide(np.where(hidden, 0, NO_WINDOW).astype(np.int32), at)

    def shown(self) -> tuple[State, int]:
        """State and since of row 0 as the world sees them."""
        states = self.judged.states
        return State(states.shown()[0]), int(states.shown_since_ns()[0])

    def booked(self, until: int) -> dict[State, int]:
        """Row 0's time by state."""
        self.judged.book(until)
        return {State(state): int(spent) for state, spent in enumerate(self.judged.spent_ns[0]) if spent}


UP, LOST, BLURRED = Outcome.REPLY, Outcome.TIMEOUT, Outcome.INCONCLUSIVE


def test_in_a_window_the_state_is_maintenance_and_the_verdict_goes_on() -> None:
    """An outage within it is seen beneath and by nobody above; its time is maintenance; nobody overran."""
    town = Town()
    town.round(10, 11, UP)
    town.hide(100, True)
    assert town.shown() == (State.MAINTENANCE, 100)
    moved = town.round(120, 125, LOST)
    assert (moved.after.tolist(), moved.at_ns.tolist(), moved.hidden.tolist()) == ([State.DOWN], [120], [True])
    assert (town.shown(), town.judged.verdict[0]) == ((State.MAINTENANCE, 100), 0)
    town.round(150, 151, UP)
    town.hide(200, False)
    assert town.shown() == (State.UP, 200)
    assert town.judged.states.overlay.overruns() == []
    assert town.booked(300) == {State.UNKNOWN: 10, State.UP: 90 + 100, State.MAINTENANCE: 100}


def test_the_changes_are_those_that_the_world_sees() -> None:
    """Into the window and out of it; what happens within is none."""
    town = Town()
    town.round(10, 11, UP)
    before = int(town.judged.states.changes[0])
    town.hide(100, True)
    for at in range(110, 200, 20):
        town.round(at, at + 1, LOST)
        town.round(at + 10, at + 11, UP)
    town.hide(200, False)
    assert town.judged.states.changes[0] == before + 2


def test_an_outage_that_outlasts_its_window_is_down_since_its_end() -> None:
    """And has overrun it until it comes up."""
    town = Town()
    town.round(10, 11, UP)
    town.hide(100, True)
    town.round(120, 125, LOST)
    town.hide(200, False)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.DOWN, 200), [(0, "w")])
    town.round(210, 211, LOST)
    assert town.judged.states.overlay.overruns() == [(0, "w")]
    town.round(220, 221, UP)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.UP, 220), [])
    assert town.booked(300) == {State.UNKNOWN: 10, State.UP: 90 + 80, State.MAINTENANCE: 100, State.DOWN: 20}


def test_an_outage_that_began_in_the_window_and_is_known_after_it_overran_too() -> None:
    """Its first unanswered probe left in the window: down since the end, not since that probe."""
    town = Town()
    town.round(10, 11, UP)
    town.hide(100, True)
    town.judged.begin(np.array([0], np.int32), 198)
    town.hide(200, False)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.UP, 200), [])
    town.round(198, 205, LOST)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.DOWN, 200), [(0, "w")])
    assert town.booked(300) == {State.UNKNOWN: 10, State.UP: 90, State.MAINTENANCE: 100, State.DOWN: 100}


def test_an_outage_that_begins_after_the_window_did_not_overrun_it() -> None:
    """Not even one that begins with its end."""
    town = Town()
    town.round(10, 11, UP)
    town.hide(100, True)
    town.hide(200, False)
    town.round(200, 201, LOST)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.DOWN, 200), [])


def test_an_outage_that_is_known_in_the_window_and_began_before_it() -> None:
    """The time before the window is down, as if there were no window."""
    town = Town()
    town.round(10, 11, UP)
    town.judged.begin(np.array([0], np.int32), 95)
    town.hide(100, True)
    town.round(95, 105, LOST)
    assert town.shown() == (State.MAINTENANCE, 100)
    assert town.booked(150) == {State.UNKNOWN: 10, State.UP: 85, State.DOWN: 5, State.MAINTENANCE: 50}


def test_a_hotspot_that_we_cannot_see_at_the_end_but_was_down_overran() -> None:
    """Its last verdict counts, as `hotspot_up` does."""
    town = Town()
    town.hide(100, True)
    town.round(120, 125, LOST)
    town.round(140, 141, BLURRED)
    town.hide(200, False)
    assert (town.shown(), town.judged.states.overlay.overruns()) == ((State.UNKNOWN, 200), [(0, "w")])


def test_a_next_window_takes_the_overrun_back() -> None:
    """What is down in a window is maintenance again."""
    town = Town()
    town.hide(100, True)
    town.round(120, 125, LOST)
    town.hide(200, False)
    town.hide(300, True)
    assert town.judged.states.overlay.overruns() == []
    town.hide(400, False)
    assert town.judged.states.overlay.overruns() == [(0, "w")]


def test_rows_keep_their_cover_over_a_reload() -> None:
    """The window goes on over the one that stays; the new one begins uncovered, with nothing booked."""
    town = Town(3)
    town.round(10, 11, UP, UP, UP)
    town.hide(100, False, True, False)
    town.judged.book(150)
    town.judged.rearrange(np.array([1, -1, 0], np.int32), 150)
    assert town.judged.states.overlay.hidden.tolist() == [True, False, False]
    town.round(160, 161, UP, UP, UP)
    town.judged.book(200)
    assert town.judged.spent_ns[:, State.MAINTENANCE].tolist() == [100, 0, 0]
    assert town.judged.spent_ns.sum(axis=1).tolist() == [200, 50, 200]


def test_all_rows_may_go() -> None:
    """In the middle of a window, and come back."""
    town = Town(2)
    town.hide(100, True, True)
    town.judged.rearrange(np.empty(0, np.int32), 110)
    town.judged.book(120)
    town.judged.rearrange(np.full(2, -1, np.int32), 130)
    town.judged.book(140)
    assert town.judged.spent_ns.sum(axis=1).tolist() == [10, 10]


@settings(deadline=None, derandomize=True, max_examples=80)
@given(st.integers(0, 2**32), st.integers(1, 4))
def test_every_second_is_in_exactly_one_state_with_windows_too(seed: int, rows: int) -> None:
    """Random rounds, windows and scrapes: each booked nanosecond is maintenance if a window was open over it,

    else it is what the probes say of it; what was booked once is never taken back.
    """
    random, town = Random(seed), Town(rows)
    judged, now = town.judged, 0
    probed: list[list[tuple[int, State]]] = [[(0, State.UNKNOWN)] for _ in range(rows)]
    covers: list[tuple[int, list[bool]]] = [(0, [False] * rows)]
    horizon, booked = 0, judged.spent_ns.copy()
    for _ in range(40):
        start, now = now, now + random.randint(1, 30)
        if random.random() < 0.4:
            covers.append((start, [random.random() < 0.5 for _ in range(rows)]))
            town.hide(start, *covers[-1][1])
        moved = town.round(start, now, *(random.choice([UP, LOST, BLURRED]) for _ in range(rows)))
        for target, after, at in zip(moved.targets.tolist(), moved.after.tolist(), moved.at_ns.tolist(), strict=True):
            probed[target].append((at, State(after)))
        if random.random() < 0.5:
            horizon = random.randint(horizon, now)
            judged.book(horizon)
            assert (judged.spent_ns >= booked).all()
            booked = judged.spent_ns.copy()
    judged.book(now)
    assert judged.states.ledger.booked_until_ns.tolist() == [now] * rows
    for row in range(rows):
        expected = dict.fromkeys(State, 0)
        for moment in range(now):
            state = next(state for at, state in reversed(probed[row]) if at <= moment)
            hidden = next(hidden[row] for at, hidden in reversed(covers) if at <= moment)
            expected[State.MAINTENANCE if hidden else state] += 1
        assert judged.spent_ns[row].tolist() == list(expected.values())


@pytest.mark.parametrize("scrapes", [1, 50])
def test_what_is_booked_of_windows_long_past_is_forgotten(scrapes: int) -> None:
    """A weekly window over years leaves nothing behind that each booking would have to look at."""
    town = Town()
    for start, end in pairwise(range(0, 100 * scrapes, 50)):
        town.hide(start, (start // 50) % 2 == 0)
        town.round(end - 1, end, UP)
        town.judged.book(end)
    assert len(town.judged.states.overlay._stretches) <= 1
