"""The two clocks, real and moved by hand."""

import time

import pytest

from pantau.clock import NANOSECONDS, ManualClock, SystemClock


def test_the_system_s_clocks_are_the_machine_s() -> None:
    """Each reading lies between two of the standard library's."""
    clock = SystemClock()
    assert time.monotonic_ns() <= clock.monotonic_ns() <= time.monotonic_ns()
    before_ns, read_ns, after_ns = time.time_ns(), clock.wall_ns(), time.time_ns()
    assert before_ns <= read_ns <= after_ns


def test_a_manual_clock_stands_still_until_it_is_moved() -> None:
    """Both clocks go together."""
    clock = ManualClock(wall_ns=5 * NANOSECONDS, monotonic_ns=7)
    assert [(clock.wall_ns(), clock.monotonic_ns()) for _ in range(2)] == [(5 * NANOSECONDS, 7)] * 2
    clock.advance(3)
    assert (clock.wall_ns(), clock.monotonic_ns()) == (5 * NANOSECONDS + 3, 10)


@pytest.mark.parametrize("step_ns", [3600 * NANOSECONDS, -3600 * NANOSECONDS])
def test_a_step_moves_the_wall_clock_alone(step_ns: int) -> None:
    """As an operator or NTP does it, forwards and backwards."""
    clock = ManualClock(wall_ns=9000 * NANOSECONDS, monotonic_ns=7)
    clock.step_wall(step_ns)
    assert (clock.wall_ns(), clock.monotonic_ns()) == (9000 * NANOSECONDS + step_ns, 7)


def test_time_does_not_run_backwards() -> None:
    """A test that tries is told how to step the wall clock."""
    with pytest.raises(ValueError, match="use step_wall"):
        ManualClock().advance(-1)
