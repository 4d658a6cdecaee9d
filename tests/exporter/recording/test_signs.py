"""What the recorder chains of itself: signs of life, NTP's state, and a wall clock that is set."""

from itertools import pairwise

import pytest

from exporter.recording import kernel_clock
from exporter.recording.kernel_clock import ClockState
from exporter.recording.recorder import HEARTBEAT_SECONDS, Recorder
from pantau.journal import Kind
from tests.exporter.monitor.watched import hotspots, plan_of
from tests.exporter.recording.heard import Heard
from tests.network import SECOND

BEAT_NS = round(HEARTBEAT_SECONDS * SECOND)


def beating(city: Heard, seconds: float) -> None:
    """It lives for so long, with its beats."""
    for _ in range(round(seconds / HEARTBEAT_SECONDS)):
        city.run(BEAT_NS)
        city.recorder.beat()


def test_no_more_than_ten_seconds_are_silent() -> None:
    """A checkpoint where nothing else was told, and none where something was."""
    city = Heard(plan_of(hotspots(1)))
    beating(city, 40)
    times = [event.recorded_ns for event in city.told]
    assert max(after - before for before, after in pairwise(times)) <= 10.5 * SECOND
    assert 3 <= len(city.of(Kind.CHECKPOINT)) <= 4
    assert len(city.beats) == 8


def test_the_state_of_the_clock_is_told_when_it_changes() -> None:
    """At the start, with each checkpoint, and at the next beat where NTP has lost or found it."""
    city, state = Heard(plan_of(hotspots(1))), [ClockState(synchronised=True, max_error_seconds=0.027)]
    city.told.clear()
    city.recorder = Recorder(city.monitor, city.clock, city, lambda: state[0])
    assert city.told[0].facts["clock"] == {"synchronised": True, "max_error_ms": 27}
    city.recorder.beat()
    assert city.of(Kind.CHECKPOINT) == []
    state[0] = ClockState(synchronised=False, max_error_seconds=16.0)
    city.recorder.beat()
    (told,) = city.of(Kind.CHECKPOINT)
    assert told.facts == {"clock": {"synchronised": False, "max_error_ms": 16_000}}
    city.recorder.beat()
    assert len(city.of(Kind.CHECKPOINT)) == 1


@pytest.mark.parametrize("step", [-3600, -1, 5])
def test_a_clock_that_is_set_is_told_before_what_it_puts_out_of_order(step: int) -> None:
    """By how much, and that it was set; then signs of life go on by the new time."""
    city = Heard(plan_of(hotspots(1)))
    beating(city, 30)
    city.clock.step_wall(step * SECOND)
    beating(city, 30)
    (told,) = city.of(Kind.CLOCK_STEP)
    assert (told.facts["why"], round(told.facts["step_ns"] / SECOND)) == ("set", step)
    after = city.told[city.told.index(told) :]
    assert sorted(event.recorded_ns for event in after) == [event.recorded_ns for event in after]
    assert len([event for event in after if event.kind is Kind.CHECKPOINT]) >= 2


def test_sums_that_another_exporter_tells_are_not_told_again() -> None:
    """They begin when the journal is ours."""
    city = Heard(plan_of(hotspots(1)))
    city.waiting = True
    beating(city, 60)
    city.waiting = False
    beating(city, 10)
    city.run(20 * SECOND)
    sums = city.recorder.take_sums()
    assert 60 <= city.seconds_since_start(sums.since_ns) <= 70
    assert sums.gains[0, 0] <= 4


def test_the_kernel_is_asked_for_its_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure that can be: at most 16 s, as the kernel has it; and nothing where there is no such call."""
    state = kernel_clock.kernel_clock()
    assert state is None or 0 <= state.max_error_seconds <= 16

    def no_library(*_: object, **__: object) -> object:
        raise OSError("no libc")

    monkeypatch.setattr("ctypes.CDLL", no_library)
    assert kernel_clock.kernel_clock() is None
