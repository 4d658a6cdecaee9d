"""The loop wakes when something is due, a slot, a silence to notice or a confirmation to send, and rests between."""

import asyncio
import time
from statistics import median
from typing import cast

from exporter.app import _tick
from exporter.exporter import Exporter
from exporter.metrics.own import OwnMetrics
from exporter.verdicts.events import Event
from pantau.clock import NANOSECONDS, NEVER_NS
from tests.patience import PATIENCE_SECONDS

SLOT_NS = 40_000_000


class Diary:
    """A monitor that has something due every 40 ms, or never, and notes how late it is asked."""

    def __init__(self, first_ns: int, looks: int) -> None:
        self.monitor = self
        self.own = OwnMetrics()
        self.started_ns = time.monotonic_ns()
        self.next_due_ns = first_ns
        self.late_seconds: list[float] = []
        self.looks, self.ticks = looks, 0
        self.enough = asyncio.Event()

    def tick(self, *, urgent: bool) -> list[Event]:
        """Served; the next one is due in a slot's time."""
        assert not urgent
        self.ticks += 1
        now_ns = time.monotonic_ns()
        if now_ns >= self.next_due_ns:
            self.late_seconds.append((now_ns - self.next_due_ns) / NANOSECONDS)
            passed = now_ns - self.next_due_ns
            self.next_due_ns += (passed // SLOT_NS + 1) * SLOT_NS
        if self.ticks == self.looks:
            self.enough.set()
        return []

    def publish(self, events: list[Event]) -> None:
        """Nothing ever happens."""
        assert events == []


async def _watch(diary: Diary) -> None:
    exporter = cast("Exporter", diary)  # all that the loop asks of one is what a diary has
    async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as tasks:
        ticking = tasks.create_task(_tick(exporter, None))
        await diary.enough.wait()
        ticking.cancel()


def test_what_is_due_waits_for_milliseconds_and_nothing_spins() -> None:
    """One look for each thing that is due."""
    diary = Diary(time.monotonic_ns() + 15_000_000, looks=20)
    asyncio.run(_watch(diary))
    assert len(diary.late_seconds) == diary.ticks
    assert median(diary.late_seconds) < 0.010


def test_where_nothing_is_due_windows_are_looked_at_all_the_same() -> None:
    """An empty city neither spins nor sleeps for ever."""
    diary = Diary(NEVER_NS, looks=3)
    asyncio.run(_watch(diary))
    assert time.monotonic_ns() - diary.started_ns >= 1.4 * NANOSECONDS
