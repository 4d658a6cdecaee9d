"""What is due between two slots, a silence to be noticed or a confirmation to be sent, is not kept for the next one."""

import asyncio
import contextlib
import time
from statistics import median

from exporter.app import _tick
from exporter.clock import NANOSECONDS
from exporter.metrics.own import OwnMetrics
from exporter.verdicts.machine import Transitions

LOOKS, SLOT_NS = 20, 40_000_000


class Diary:
    """A monitor that always has something due 15 ms after a slot, and notes how late it is asked."""

    recorder, grain_ns = None, SLOT_NS

    def __init__(self) -> None:
        self.monitor = self
        self.own = OwnMetrics()
        self.started_ns = time.monotonic_ns()
        self.next_due_ns = self.started_ns + 15_000_000
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


async def _watch(diary: Diary) -> None:
    task = asyncio.create_task(_tick(diary))  # type: ignore[arg-type]
    try:
        async with asyncio.timeout(30):
            await diary.enough.wait()
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_what_is_due_between_two_slots_waits_for_milliseconds() -> None:
    """The slot after it would come 25 ms later. The slots are served as well, and nothing spins."""
    diary = Diary()
    asyncio.run(_watch(diary))
    assert median(diary.late_seconds) < 0.010
    assert LOOKS <= diary.ticks <= 3 * (time.monotonic_ns() - diary.started_ns) / SLOT_NS
