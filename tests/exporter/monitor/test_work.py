"""What a city costs, counted and not timed: how often somebody wakes, reads and sends, and who is walked through."""

import asyncio
import itertools
import selectors
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, cast

import numpy as np
import pytest

from exporter import kinds
from exporter.app import _tick
from exporter.exporter import Exporter
from exporter.metrics.own import OwnMetrics
from exporter.monitor import Monitor
from exporter.planning.checks import CheckPolicy, PlannedCheck
from exporter.probing.agent.beat_waits import BeatWaits
from exporter.probing.agent.beats import BeatSource
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.outcome import NO_RTT
from exporter.probing.service import Result, ServiceResults
from exporter.probing.uptime.source import UptimeSource
from exporter.verdicts.checks import CheckMachine
from exporter.verdicts.events import Event
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from pantau.states import State
from tests.exporter.monitor.watched import NoNames
from tests.exporter.probing.agent.city import AgentCity, ScriptedBeats, of_isps
from tests.network import MS, SECOND, Network

HOTSPOTS, INTERVAL_SECONDS = 300, 5


class Sleeps(selectors.DefaultSelector):
    """Sleeping moves the clock, and takes no time; how often it was."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self._clock, self.count = clock, 0

    def select(self, timeout: float | None = None) -> list[Any]:
        """See `selectors`."""
        assert timeout is not None, "nothing will ever happen"
        if timeout > 0:
            self.count += 1
            self._clock.advance(max(round(timeout * SECOND), 1))
        return super().select(0)


class PingedCity:
    """A whole monitor, with every kind of probe, over a city that is pinged and nothing more; a `World`."""

    def __init__(self, folder: Path) -> None:
        (folder / "pantau.yml").write_text(
            f"inventory: [inventory.yml]\nvantage: {{name: test}}\nprobing: {{interval: {INTERVAL_SECONDS}s}}\n"
        )
        points = "".join(
            f"  - {{id: h{n}, name: h{n}, kecamatan: maesa, isp: telkom, address: 10.77.{n // 250}.{n % 250 + 1}}}\n"
            for n in range(HOTSPOTS)
        )
        places = "isps: [{id: telkom, name: telkom}]\nkecamatan: [{id: maesa, name: Maesa}]\n"
        (folder / "inventory.yml").write_text(f"{places}hotspots:\n{points}")
        self.clock = ManualClock()
        self.network = Network(self.clock)
        self.engine: Engine = BatchEngine([self.network], self.clock, 1)
        self.resolver: Resolver = NoNames()
        self.reach: Reach = ANYWHERE
        self.beats: BeatSource = ScriptedBeats(self.clock)
        plan = kinds.plan_of(load(folder / "pantau.yml"))
        self.monitor = Monitor(plan, kinds.open_probers(plan, self, self.clock), self.clock)
        self.own = OwnMetrics()

    def publish(self, events: Sequence[Event]) -> None:
        """As an `Exporter`."""

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """No device can be asked."""
        return ()

    def adapt(self, configuration: Configuration) -> Configuration:
        """As a `World`."""
        return configuration

    def end_asking(self) -> None:
        """Nobody was."""

    def live(self, seconds: int, begin: Callable[[], object]) -> int:
        """Run as the app does; how often somebody woke, after a first interval at whose end `begin` is called."""
        sleeps = Sleeps(self.clock)
        loop = asyncio.SelectorEventLoop(sleeps)
        loop.time = lambda: self.clock.monotonic_ns() / SECOND  # type: ignore[method-assign]

        async def watch() -> None:
            async with asyncio.TaskGroup() as tasks:
                ticking = _tick(cast("Exporter", self), None)  # all that it asks of one is here
                running = [tasks.create_task(one) for one in (ticking, *(it.run() for it in self.monitor.probers))]
                await asyncio.sleep(INTERVAL_SECONDS)
                begin()
                sleeps.count = 0
                await asyncio.sleep(seconds)
                for task in running:
                    task.cancel()

        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(watch())
        return sleeps.count


def test_a_city_of_pings_wakes_for_its_pings_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six bursts a second leave, two plans are made and two readings; that there could be agents costs nothing."""
    city, seconds, calls = PingedCity(tmp_path), 20, {"read": 0, "sent": 0}
    received = city.network.receive
    monkeypatch.setattr(city.network, "receive", lambda: calls.update(read=calls["read"] + 1) or received())
    city.network.on_send = lambda: calls.update(sent=calls["sent"] + 1)
    wakes = city.live(seconds, lambda: calls.update(read=0, sent=0))
    assert len(city.network.sent) >= seconds * HOTSPOTS // INTERVAL_SECONDS
    assert (city.monitor.snapshot().state == State.UP).all()
    assert calls["read"] <= 2.2 * seconds
    assert calls["sent"] <= 6.5 * seconds
    assert wakes <= 9 * seconds


def test_what_is_called_for_a_probe_is_counted(tmp_path: Path) -> None:
    """Functions of ours and what they call, but for the packets themselves: 29 a probe where sixty leave a second.

    It was twice as much while each tick looked for agents and checks that there are not.
    """
    city, calls = PingedCity(tmp_path), itertools.count()

    def count(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event in ("call", "c_call") and "/exporter/" in file and "/tests/" not in file:
            next(calls)

    def begin() -> None:
        city.network.sent.clear()
        sys.setprofile(count)

    try:
        city.live(5, begin)
    finally:
        sys.setprofile(None)
    assert next(calls) <= 33 * len(city.network.sent)


def test_waits_are_walked_through_when_one_begins_or_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two agents that speak each minute, three minutes long: not at each of a thousand ticks."""
    walked, due_ns = itertools.count(), BeatWaits._due_ns
    monkeypatch.setattr(BeatWaits, "_due_ns", lambda waits: (next(walked), due_ns(waits))[1])
    city = AgentCity(tmp_path, of_isps(1, "telkom", "infotek"))
    city.tick_ns = SECOND // 5
    city.run(180)
    assert len(city.those(State.UP)) == 2
    assert next(walked) <= 40


def test_graces_are_walked_through_when_one_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of a thousand hotspots that have said yes costs nothing until the first of them has to say so again."""
    rows, grace_ns = 1000, 60 * SECOND
    machine = CheckMachine(PlannedCheck("web", (True,) * rows, policy=CheckPolicy(grace_ns=grace_ns)), rows)
    everyone = np.arange(rows, dtype=np.int32)
    yes, no_time = np.full(rows, Result.YES, np.int8), np.full(rows, NO_RTT, np.int64)
    said = ServiceResults(np.zeros(rows, np.int32), everyone, yes, np.arange(rows) * MS, no_time)
    assert [len(change.targets) for change in machine.absorb(said)] == [rows]
    walked, expires_ns = itertools.count(), machine._expires_ns
    monkeypatch.setattr(machine, "_expires_ns", lambda: (next(walked), expires_ns())[1])
    ends = [machine.expire(at_ns) for at_ns in range(0, grace_ns, SECOND // 10)]
    assert sum(len(one.targets) for one in ends) == 0
    assert machine.expire(grace_ns + 10 * MS + 1).at_ns.tolist() == [grace_ns + n * MS for n in range(11)]
    assert machine.expire(grace_ns + 10 * MS + 2).targets.tolist() == []
    assert next(walked) == 2
