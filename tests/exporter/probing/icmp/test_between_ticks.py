"""Between two ticks pings leave by an alarm, which is set to what a tick has planned."""

import asyncio
from pathlib import Path
from typing import cast

from exporter.probing.icmp.prober import IcmpProber
from pantau.clock import NEVER_NS
from tests.exporter.probing.agent.city import AgentCity, of_isps


async def test_a_tick_sets_the_alarm_to_what_it_has_planned(tmp_path: Path) -> None:
    """It rings in time for the first of them; at the start it would never ring."""
    city = AgentCity(tmp_path, {name: f"address: 10.77.0.{n}" for n, name in enumerate(of_isps(15), 1)})
    outbox = cast("IcmpProber", city.monitor.probers[0]).outbox
    running = asyncio.create_task(outbox.run())
    await asyncio.sleep(0)
    assert outbox._alarm._at_ns == NEVER_NS
    set_to = []
    for _ in range(60):
        city.run(0.5)
        if outbox.waiting.next_ns != NEVER_NS:
            set_to.append(outbox._alarm._at_ns - outbox.waiting.next_ns)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert len(set_to) > 10
    assert max(set_to) <= 0
