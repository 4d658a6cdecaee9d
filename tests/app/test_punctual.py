"""The loop wakes when something is due, a slot, a silence to notice or a confirmation to send, and rests between."""

import asyncio
import contextlib
import time
from statistics import median

import pytest

from exporter.app import _tick
from exporter.clock import NANOSECONDS, NEVER_NS
from exporter.metrics.own import OwnMetrics
from exporter.verdicts.machine import Transitions

LOOKS, SLOT_NS = 20, 40_000_000


class Diary:
    """A monitor that has something due every 40 ms, or never, and notes how late it is asked."""

    recorder = None

    def __init__(self, first_ns: int) -> None:
        self.monitor = self
        self.own = OwnMetrics()
        self.started_ns = time.monotonic_ns()
        self.next_due_ns = first_ns
        self.late_seconds: list[float] = []
        self.ticks = 0
        self.enough = asyncio.Event()

    def tick_lightly(self) -> list[Transitions]:
        """Served; the next one is due in a slot's time."""
        self.ticks += 1
        now_ns = time.monotonic_ns()
        if now_ns >= self.next_due_ns:
            self.late_seconds.append((now_ns - self.next_due_ns) / NANOSECONDS)
            passed = now_ns - self.next_due_ns
            self.next_due_ns += (passed // SLOT_NS + 1) * SLOT_NS
            if len(self.late_seconds) == LOOKS:
                self.enough.set()
        return []

    def take_path_changes(self) -> list[object]:
        """None."""
        return []

    def take_cover_changes(self) -> list[object]:
        """None."""
        return []


async def _watch(diary: Diary, seconds: float) -> None:
    task = asyncio.create_task(_tick(diary))  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(seconds):
            await diary.enough.wait()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_what_is_due_waits_for_milliseconds_and_nothing_spins() -> None:
    """One look for each thing that is due."""
    diary = Diary(time.monotonic_ns() + 15_000_000)
    asyncio.run(_watch(diary, 30))
    assert median(diary.late_seconds) < 0.010
    assert diary.ticks == LOOKS


def test_where_nothing_is_due_windows_are_looked_at_twice_a_second() -> None:
    """Nor does an empty city sleep for ever."""
    diary = Diary(NEVER_NS)
    with pytest.raises(TimeoutError):
        asyncio.run(_watch(diary, 1.25))
    assert diary.ticks == 2
