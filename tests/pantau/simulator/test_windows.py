"""Recurring windows of time: open and closed by arithmetic alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pantau.simulator.windows import FOREVER_NS, RecurringWindow, RecurringWindows


def _open(window: RecurringWindow, times: range) -> list[int]:
    windows = RecurringWindows([window])
    return [time for time in times if windows.open_at(time)[0]]


def test_single_window_is_open_once() -> None:
    """Half-open: the first moment belongs to it, the last does not."""
    assert _open(RecurringWindow(10, 3), range(40)) == [10, 11, 12]


def test_periodic_window_opens_again() -> None:
    """It comes back each period, and not before its start."""
    assert _open(RecurringWindow(10, 3, 10), range(35)) == [10, 11, 12, 20, 21, 22, 30, 31, 32]


def test_endless_window_stays_open() -> None:
    """Without a duration it does not close."""
    assert _open(RecurringWindow(10), range(8, 14)) == [10, 11, 12, 13]
    assert RecurringWindows([RecurringWindow(10)]).open_at(10**18).tolist() == [True]


def test_cycling_window_begins_each_cycle_closed() -> None:
    """Of each cycle of 5 the first 3 are closed, and the window's end cuts the last cycle short."""
    assert _open(RecurringWindow(10, 14, FOREVER_NS, 5, 3), range(40)) == [13, 14, 18, 19, 23]


def test_shift_puts_a_cycle_forward() -> None:
    """A shift of 3 starts in the open part of the cycle."""
    assert _open(RecurringWindow(10, 8, FOREVER_NS, 5, 3, 3), range(40)) == [10, 11, 15, 16]


def test_no_windows_never_change() -> None:
    """An empty script has its next change beyond any horizon."""
    assert RecurringWindows([]).next_change_ns(7) == 7 + FOREVER_NS
    assert RecurringWindows([]).any_open(np.arange(3)).tolist() == [False, False, False]


_small = st.integers(1, 30)


@st.composite
def _windows(draw: st.DrawFn) -> RecurringWindow:
    period = draw(_small)
    cycle = draw(_small)
    duration = draw(st.integers(1, period))
    return RecurringWindow(
        draw(st.integers(0, 50)), duration, period, cycle, draw(st.integers(0, cycle)), draw(st.integers(0, 40))
    )


@given(st.lists(_windows(), min_size=1, max_size=4))
def test_nothing_changes_before_the_next_change(many: list[RecurringWindow]) -> None:
    """Between a time and its next change every window stays as it is, and any_open agrees with open_at throughout."""
    windows = RecurringWindows(many)
    states = [windows.open_at(time).tolist() for time in range(120)]
    assert windows.any_open(np.arange(120)).tolist() == [any(state) for state in states]
    for time in range(100):
        change = windows.next_change_ns(time)
        assert change > time
        assert all(states[later] == states[time] for later in range(time, min(change, 120)))
