"""Steps of the wall clock are noticed once, with their size; slewing and the passing of time are not steps."""

from collections.abc import Iterator

import pytest

from exporter.clockwatch import STEP_NS, ClockWatch
from pantau.clock import ManualClock
from tests.network import MS, SECOND


class Interrupted(ManualClock):
    """A clock whose reader is interrupted for `pause_ns` at each reading of the wall clock."""

    pause_ns = 0

    def wall_ns(self) -> int:
        """Time passes while it is read."""
        self.advance(self.pause_ns)
        return super().wall_ns()


class Jumpy(ManualClock):
    """A clock whose reader is interrupted in the first readings only."""

    pauses: Iterator[int] = iter(())

    def wall_ns(self) -> int:
        """Time passes while it is read."""
        self.advance(next(self.pauses, 0))
        return super().wall_ns()


@pytest.mark.parametrize("step_ns", [STEP_NS + 1, -STEP_NS - 1, 3600 * SECOND, -3600 * SECOND])
def test_a_step_is_told_once_with_its_sign(step_ns: int) -> None:
    """The next look finds nothing new."""
    clock = ManualClock()
    watch = ClockWatch(clock)
    clock.advance(20 * MS)
    clock.step_wall(step_ns)
    assert [watch.check(), watch.check()] == [step_ns, 0]


@pytest.mark.parametrize("step_ns", [STEP_NS, -STEP_NS, 1, 0])
def test_small_changes_are_slewing(step_ns: int) -> None:
    """NTP slews by at most 500 ppm."""
    clock = ManualClock()
    watch = ClockWatch(clock)
    clock.step_wall(step_ns)
    assert watch.check() == 0


def test_small_changes_do_not_add_up_to_a_step() -> None:
    """Each look compares with the one before."""
    clock = ManualClock()
    watch = ClockWatch(clock)
    for _ in range(100):
        clock.step_wall(STEP_NS)
        assert watch.check() == 0


def test_the_passing_of_time_is_no_step() -> None:
    """However much passes between two looks."""
    clock = ManualClock()
    watch = ClockWatch(clock)
    clock.advance(3600 * SECOND)
    assert watch.check() == 0


def test_an_interruption_between_the_two_readings_is_no_step() -> None:
    """It is read again until both readings belong together."""
    clock = Jumpy()
    watch = ClockWatch(clock)
    clock.pauses = iter([50 * MS, 50 * MS])
    assert watch.check() == 0


def test_a_step_is_still_found_after_a_look_that_was_always_interrupted() -> None:
    """Such a look says nothing, and the next one compares with the last that could be trusted."""
    clock = Interrupted()
    watch = ClockWatch(clock)
    clock.pause_ns = 2 * MS
    clock.step_wall(SECOND)
    assert watch.check() == 0
    clock.pause_ns = 0
    assert watch.check() == SECOND


def test_a_watch_that_was_interrupted_from_the_start_begins_with_its_first_trusted_look() -> None:
    """No step is invented against a distance that was never known."""
    clock = Interrupted()
    clock.pause_ns = 2 * MS
    watch = ClockWatch(clock)
    clock.pause_ns = 0
    assert watch.check() == 0
    clock.step_wall(-SECOND)
    assert watch.check() == -SECOND
