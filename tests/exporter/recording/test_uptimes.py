"""Who comes back is asked how long its device has been running; nobody waits for the answer."""

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from exporter.planning.labels import TargetName
from exporter.probing.uptime.heard import HeardUptime, HeardUptimes
from exporter.probing.uptime.source import UptimeReading, UptimeResult
from exporter.recording import uptimes
from exporter.recording.uptimes import RecoveryUptimes
from exporter.verdicts.events import StatesChanged
from pantau.clock import NANOSECONDS, ManualClock
from pantau.journal import Kind
from pantau.states import State
from tests.exporter.monitor.watched import hotspots, plan_of
from tests.exporter.recording.heard import Heard
from tests.network import SECOND, silent

TOLD = UptimeReading(UptimeResult.TOLD, 77, {"sysUpTime": 77})


class Devices:
    """An `UptimeSource` whose answers are given; silent where there are none left."""

    evidence = "snmp"

    def __init__(self, *answers: UptimeReading | Exception, knows: Sequence[str] = ("h0", "h1")) -> None:
        self.answers, self.knows = list(answers), set(knows)
        self.asked: list[tuple[str, str, float]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.at_once = 0

    def asks(self, hotspot: str) -> bool:
        """See `UptimeSource`."""
        return hotspot in self.knows

    async def ask(self, hotspot: str, address: str, down_seconds: float) -> UptimeReading:
        """See `UptimeSource`."""
        self.asked.append((hotspot, address, down_seconds))
        self.at_once += 1
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        answer = self.answers.pop(0) if self.answers else UptimeReading(UptimeResult.NO_ANSWER)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Told:
    """An `UptimeSink`."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, str, int | None]] = []

    def uptime_told(self, hotspot: str, address: str, evidence: str, reading: UptimeReading) -> None:
        """See `UptimeSink`."""
        self.told.append((hotspot, address, evidence, reading.uptime_seconds))


def change(names: Sequence[str], verdict: int, at_seconds: float, *, uplink: bool = False) -> StatesChanged:
    """They go down, or come back."""
    count = len(names)
    at_ns = np.full(count, round(at_seconds * NANOSECONDS), np.int64)
    after = State.UP if verdict else State.DOWN
    return StatesChanged(
        kind="icmp",
        targets=np.arange(count, dtype=np.int32),
        subjects=tuple(TargetName(name, uplink) for name in names),
        before=np.full(count, State.UNKNOWN, np.int8),
        after=np.full(count, after, np.int8),
        verdict=np.full(count, verdict, np.int8),
        at_ns=at_ns,
        detected_ns=int(at_ns[0]),
        outcome=np.zeros(count, np.int8),
        faults=("",) * count,
        hidden=np.zeros(count, np.bool_),
        first_ns=at_ns,
        unanswered=np.zeros(count, np.int64),
        addresses=tuple(f"10.77.0.{number}" for number in range(count)),
    )


class Scene:
    """Recoveries, asked without pauses."""

    def __init__(self, devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uptimes, "GROWTH", 1)
        self.clock, self.sink, self.devices = ManualClock(), Told(), devices
        self.asker = RecoveryUptimes([devices], self.sink, self.clock, lambda: 3, first_seconds=0.001)

    def at(self, seconds: float, names: Sequence[str], verdict: int, *, uplink: bool = False) -> None:
        """A change, heard as it happens."""
        self.clock.advance(max(0, round(seconds * NANOSECONDS) - self.clock.monotonic_ns()))
        self.asker.hear(change(names, verdict, seconds, uplink=uplink))

    async def run(self, seconds: float = 0.08) -> None:
        """Let it work for a while, and stop it as the app does."""
        running = asyncio.create_task(self.asker.run())
        await asyncio.sleep(seconds)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running


async def test_a_recovery_is_asked_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its address, and with how long it may have been silent: the outage, up to now, and the margin."""
    scene = Scene(Devices(TOLD), monkeypatch)
    scene.at(1000, ["h0"], 0)
    scene.at(1600, ["h0"], 1)
    await scene.run()
    assert scene.devices.asked == [("h0", "10.77.0.0", 600 + uptimes.MARGIN_SECONDS)]
    assert scene.sink.told == [("h0", "10.77.0.0", "snmp", 77)]
    assert scene.asker.results[UptimeResult.TOLD] == 1


async def test_only_who_was_down_and_can_be_asked_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not who is seen for the first time, not who is up again after unknown, no uplink, none without a way."""
    scene = Scene(Devices(TOLD), monkeypatch)
    scene.at(1000, ["h0"], 1)
    scene.at(1000, ["h1"], 0, uplink=True)
    scene.at(1010, ["h1"], 1, uplink=True)
    scene.at(1020, ["h9"], 0)
    scene.at(1030, ["h9"], 1)
    await scene.run(0.02)
    assert scene.devices.asked == []


async def test_who_was_down_before_a_restart_of_ours_is_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal knows it was down; since when is not known here, so a restart of a month ago may be meant."""
    scene = Scene(Devices(TOLD), monkeypatch)
    scene.asker.remember_down(["h0"], 1000 * NANOSECONDS)
    scene.at(1060, ["h0"], 1)
    await scene.run()
    ((_, _, down_seconds),) = scene.devices.asked
    assert down_seconds == 31 * 86_400 + 60 + uptimes.MARGIN_SECONDS


async def test_silence_is_asked_again_and_an_unclear_answer_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """So often as is set; an answer, also one that leaves it open, is told and asked no more."""
    unclear = UptimeReading(UptimeResult.UNCLEAR, None, {"why": "its clock was set"})
    scene = Scene(Devices(UptimeReading(UptimeResult.NO_ANSWER), RuntimeError("a bug"), unclear), monkeypatch)
    scene.at(1000, ["h0"], 0)
    scene.at(1010, ["h0"], 1)
    await scene.run()
    assert scene.sink.told == [("h0", "10.77.0.0", "snmp", None)]
    assert {result.value: count for result, count in scene.asker.results.items() if count} == {
        "no_answer": 1,
        "failed": 1,
        "unclear": 1,
    }
    scene.at(2000, ["h0"], 0)
    scene.at(2010, ["h0"], 1)
    await scene.run()
    assert len(scene.devices.asked) == 6
    assert len(scene.sink.told) == 1


async def test_an_answer_of_before_the_next_outage_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has fallen again while it was asked."""
    scene = Scene(Devices(TOLD), monkeypatch)
    scene.devices.gate.clear()
    scene.at(1000, ["h0"], 0)
    scene.at(1010, ["h0"], 1)
    running = asyncio.create_task(scene.asker.run())
    await asyncio.sleep(0.02)
    scene.at(1020, ["h0"], 0)
    scene.devices.gate.set()
    await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.wait([running])
    assert (len(scene.devices.asked), scene.sink.told) == (1, [])


async def test_a_city_that_comes_back_is_asked_and_left_at_a_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """200 at once; a device that hangs holds up no stop."""
    names = [f"p{number}" for number in range(200)]
    scene = Scene(Devices(*[TOLD] * 200, knows=names), monkeypatch)
    scene.at(1000, names, 0)
    scene.at(1600, names, 1)
    await scene.run(0.4)
    assert len(scene.sink.told) == 200
    scene.devices.gate.clear()
    scene.at(2000, names, 0)
    scene.at(2600, names, 1)
    await asyncio.wait_for(scene.run(0.05), 1)
    assert (len(scene.sink.told), scene.devices.at_once) == (200, 0)


async def test_the_journal_has_it_behind_the_recovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over real rounds: down, up, and then an entry of its own with the address and what the device said."""
    city = Heard(plan_of(hotspots(1)))
    asker = RecoveryUptimes([Devices(TOLD)], city.recorder, city.clock, first_seconds=0.001)
    hear = city.hear

    def heard_by_both(events: object) -> None:
        listed = list(events)  # type: ignore[call-overload]
        for event in listed:
            asker.hear(event)
        hear(listed)

    monkeypatch.setattr(city, "hear", heard_by_both)
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(20 * SECOND)
    del city.network.hosts["10.77.0.1"]
    city.run(30 * SECOND)
    running = asyncio.create_task(asker.run())
    await asyncio.sleep(0.05)
    running.cancel()
    await asyncio.wait([running])
    _, _, up, told = city.of(Kind.TRANSITION, Kind.UPTIME)
    assert (up.kind, up.after, up.uptime_seconds) == (Kind.TRANSITION, State.UP, None)
    assert (told.kind, told.subject, told.uptime_seconds, told.evidence) == (Kind.UPTIME, "h0", 77, "snmp")
    assert (told.address, told.facts, told.at_ns) == ("10.77.0.1", {"sysUpTime": 77}, told.recorded_ns)


async def test_each_way_that_leads_there_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device by SNMP and its agent's heartbeat: where they disagree the report leaves it open."""
    heard = {"h0": HeardUptime(0, 7)}
    scene = Scene(Devices(TOLD), monkeypatch)
    clock = ManualClock()
    agents = HeardUptimes(heard.get, clock, patience_seconds=0.05, look_seconds=0.005)
    asker = RecoveryUptimes([agents, scene.devices], scene.sink, scene.clock, lambda: 1, first_seconds=0.001)
    for verdict in (0, 1):
        asker.hear(change(["h0", "h1"], verdict, 1000 + verdict))
    running = asyncio.create_task(asker.run())
    await asyncio.sleep(0.02)
    heard["h0"] = HeardUptime(clock.wall_ns(), 4000)
    clock.advance(2 * NANOSECONDS)
    await asyncio.sleep(0.04)
    running.cancel()
    await asyncio.wait([running])
    assert sorted(scene.sink.told) == [("h0", "10.77.0.0", "agent", 4002), ("h0", "10.77.0.0", "snmp", 77)]


async def test_an_agent_that_stays_silent_tells_nothing() -> None:
    """What it said before the outage is not taken for what it says after it."""
    clock = ManualClock()
    before = HeardUptime(clock.wall_ns() - 1, 9000)
    agents = HeardUptimes({"h0": before}.get, clock, patience_seconds=0.02, look_seconds=0.005)
    assert (agents.asks("h0"), agents.asks("h1")) == (True, False)
    assert (await agents.ask("h0", "", 60)).result is UptimeResult.NO_ANSWER
