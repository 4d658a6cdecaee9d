"""The alarm rings at its time, earlier if it is brought forward, and never fails in silence."""

import asyncio
import time
from itertools import pairwise

import pytest

from exporter.scheduling.alarm import Alarm
from pantau.clock import NEVER_NS
from tests.network import MS, SECOND


async def _run(alarm: Alarm, seconds: float) -> None:
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(alarm.run())
        await asyncio.sleep(seconds)
        running.cancel()


def test_it_rings_when_it_said_it_would() -> None:
    """At once for the first time, then by what each ring returns; not after it was cancelled."""
    rings: list[int] = []

    def ring() -> int:
        rings.append(time.monotonic_ns())
        return rings[-1] + 20 * MS if len(rings) < 4 else NEVER_NS

    alarm = Alarm(ring)
    asyncio.run(_run(alarm, 0.3))
    assert len(rings) == 4
    assert min(after - before for before, after in pairwise(rings)) >= 19 * MS
    assert not alarm.running


def test_it_can_be_brought_forward_but_not_put_off() -> None:
    """A later time changes nothing; while nobody runs it, nothing does."""
    rings: list[int] = []

    def ring() -> int:
        rings.append(time.monotonic_ns())
        return NEVER_NS

    async def story(alarm: Alarm) -> None:
        async with asyncio.TaskGroup() as tasks:
            running = tasks.create_task(alarm.run())
            await asyncio.sleep(0)
            alarm.bring_forward(time.monotonic_ns() + 10 * MS)
            alarm.bring_forward(time.monotonic_ns() + SECOND)
            await asyncio.sleep(0.2)
            running.cancel()

    alarm = Alarm(ring)
    alarm.bring_forward(0)
    asyncio.run(story(alarm))
    assert len(rings) == 2


def test_a_ring_that_fails_ends_the_run() -> None:
    """Else nothing would be sent any more, and nobody would know."""
    told: list[object] = []

    def ring() -> int:
        if told:
            raise OSError("no socket")
        told.append("rang")
        return time.monotonic_ns() + MS

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))
        await Alarm(ring).run()

    with pytest.raises(RuntimeError, match="has failed"):
        asyncio.run(story())
    assert [str(one) for one in told] == ["rang", "no socket"]
