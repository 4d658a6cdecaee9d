"""The timeline: what the monotonic clock misses is found once, of its exact length; what is no lost time is not."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.timeline import NOTHING, ClockLook, Timeline
from pantau.clock import ManualClock, SystemClock
from tests.network import MS, SECOND
from tests.patience import PATIENCE_SECONDS
from tests.programs import cannot_run

HOUR = 3600 * SECOND
ROOT = Path(__file__).parents[2]


def on_a_guest() -> tuple[ManualClock, Timeline]:
    """The clocks of a virtual machine, and their timeline."""
    clock = ManualClock(may_be_paused=True)
    return clock, Timeline(clock)


@pytest.mark.parametrize("asleep_ns", [6 * MS, 300 * MS, 10 * SECOND, 2 * HOUR, 40 * 24 * HOUR])
@pytest.mark.parametrize("virtual", [False, True])
def test_a_suspend_is_lost_time_of_its_length(asleep_ns: int, virtual: bool) -> None:
    """Told once, on a real machine and on a virtual one; the wall clock has gone on and has not leapt."""
    clock = ManualClock(may_be_paused=virtual)
    timeline = Timeline(clock)
    clock.advance(SECOND)
    clock.suspend(asleep_ns)
    clock.advance(20 * MS)
    assert [timeline.look(), timeline.look()] == [ClockLook(asleep_ns, False), NOTHING]
    assert timeline.now_ns == clock.boottime_ns()


@pytest.mark.parametrize("paused_ns", [SECOND, 20 * SECOND, 2 * HOUR, 40 * 24 * HOUR])
def test_a_pause_of_a_virtual_machine_is_lost_time(paused_ns: int) -> None:
    """No clock of its own has moved, but for the wall clock that was set right."""
    clock, timeline = on_a_guest()
    clock.step_wall(paused_ns)
    clock.advance(20 * MS)
    assert [timeline.look(), timeline.look()] == [ClockLook(paused_ns, True), NOTHING]


@pytest.mark.parametrize("step_ns", [SECOND, 2 * HOUR, 40 * 24 * HOUR])
def test_a_clock_that_is_set_forward_on_a_real_machine_is_no_lost_time(step_ns: int) -> None:
    """Nobody can have paused it: the clock was wrong, as on a board without a battery."""
    clock = ManualClock()
    timeline = Timeline(clock)
    clock.step_wall(step_ns)
    assert timeline.look() == ClockLook(0, True)


@pytest.mark.parametrize("virtual", [False, True])
@pytest.mark.parametrize("step_ns", [-SECOND, -HOUR, -40 * 24 * HOUR])
def test_a_clock_that_is_set_back_is_never_lost_time(step_ns: int, virtual: bool) -> None:
    """Wall time repeats itself; ours goes on."""
    clock = ManualClock(may_be_paused=virtual)
    timeline = Timeline(clock)
    clock.step_wall(step_ns)
    assert timeline.look() == ClockLook(0, True)
    assert timeline.now_ns == clock.monotonic_ns()


@pytest.mark.parametrize("step_ns", [SECOND - 1, -SECOND + 1, 128 * MS, -128 * MS, 1])
def test_corrections_below_a_second_are_nothing(step_ns: int) -> None:
    """NTP's, also many of them."""
    clock, timeline = on_a_guest()
    for _ in range(50):
        clock.step_wall(step_ns)
        assert timeline.look() == NOTHING


def test_a_clock_that_is_set_back_and_forth_makes_no_time() -> None:
    """A mistake of an hour and its correction, again and again; what goes beyond it is lost."""
    clock, timeline = on_a_guest()
    for _ in range(5):
        clock.step_wall(-HOUR)
        assert timeline.look().lost_ns == 0
        clock.advance(SECOND)
        assert timeline.look().lost_ns == 0
        clock.step_wall(HOUR)
        assert timeline.look().lost_ns == 0
    clock.step_wall(-60 * SECOND)
    timeline.look()
    clock.step_wall(90 * SECOND)
    assert timeline.look().lost_ns == 30 * SECOND


def test_a_pause_is_seen_once_the_clock_has_passed_where_it_was_set_back_from() -> None:
    """A correction of a minute, that minute, and then a pause of ten seconds, and another."""
    clock, timeline = on_a_guest()
    clock.step_wall(-60 * SECOND)
    timeline.look()
    clock.advance(61 * SECOND)
    timeline.look()
    for _ in range(2):
        clock.step_wall(10 * SECOND)
        assert timeline.look().lost_ns == 10 * SECOND


def test_a_suspend_and_a_clock_that_is_set_meanwhile_are_told_apart() -> None:
    """Asleep for two hours, and set back by a minute, or forward by two."""
    clock, timeline = on_a_guest()
    clock.suspend(2 * HOUR)
    clock.step_wall(-60 * SECOND)
    assert timeline.look() == ClockLook(2 * HOUR, True)
    clock.suspend(2 * HOUR)
    clock.step_wall(120 * SECOND)
    assert timeline.look() == ClockLook(2 * HOUR + 120 * SECOND, True)


def test_what_was_lost_before_the_start_is_none_of_ours() -> None:
    """A machine that has slept since it booted, or a time namespace that begins ahead."""
    clock = ManualClock()
    clock.suspend(2 * HOUR)
    timeline = Timeline(clock)
    clock.advance(SECOND)
    assert (timeline.look(), timeline.lost_ns) == (NOTHING, 0)


def test_times_of_before_a_loss_stay_what_they_were() -> None:
    """Each monotonic time goes by what had been lost by then."""
    clock = ManualClock(monotonic_ns=0)
    timeline = Timeline(clock)
    for _ in range(3):
        clock.advance(10 * SECOND)
        clock.suspend(HOUR)
        timeline.look()
    clock.advance(10 * SECOND)
    monotonic = np.array([0, 9, 10, 19, 20, 29, 30, 40], np.int64) * SECOND
    lost = np.array([0, 0, 1, 1, 2, 2, 3, 3], np.int64) * HOUR
    assert (timeline.of(monotonic) - monotonic).tolist() == lost.tolist()
    assert timeline.before_loss(monotonic).tolist() == [True] * 6 + [False] * 2


def test_lost_time_leaves_the_distance_to_the_wall_clock() -> None:
    """So what was before it is shown at the same moment as before."""
    clock, timeline = on_a_guest()
    before_ns = timeline.wall_offset_ns
    clock.suspend(2 * HOUR)
    clock.step_wall(HOUR)
    timeline.look()
    assert timeline.wall_offset_ns == before_ns


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pass", "suspend", "pause", "back"]),
        st.integers(SECOND, 100 * HOUR),
    ),
    max_size=20,
)


@given(STEPS)
def test_the_timeline_has_every_second_of_the_wall_clock_at_least_once(steps: list[tuple[str, int]]) -> None:
    """Exactly once while nobody sets the clock back, whatever order sleeps, pauses and looks come in."""
    clock, timeline = on_a_guest()
    began_ns, began_wall_ns, latest_wall_ns = timeline.now_ns, clock.wall_ns(), clock.wall_ns()
    set_back = False
    for what, length_ns in steps:
        match what:
            case "pass":
                clock.advance(length_ns)
            case "suspend":
                clock.suspend(length_ns)
            case "pause":
                clock.step_wall(length_ns)
            case _:
                clock.step_wall(-length_ns)
                set_back = True
        timeline.look()
        latest_wall_ns = max(latest_wall_ns, clock.wall_ns())
        assert timeline.now_ns - began_ns >= latest_wall_ns - began_wall_ns
    if not set_back:
        assert timeline.now_ns - began_ns == clock.wall_ns() - began_wall_ns


def test_the_machine_s_own_clocks_lose_nothing_while_it_runs() -> None:
    """A thousand looks."""
    timeline = Timeline(SystemClock())
    lost = sum(timeline.look().lost_ns for _ in range(1000))
    assert lost == 0


def test_a_process_whose_clocks_jump_as_in_a_suspend_counts_every_second() -> None:
    """The kernel's own clocks: BOOTTIME goes ahead by two hours between two looks."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.exporter.suspended"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
    )
    if "PermissionError" in done.stderr:
        cannot_run("no time namespace can be made here")
    assert (done.stdout.split(), done.stderr) == (["7200", "0", "7200"], "")
