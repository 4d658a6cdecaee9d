"""An exporter over an in-memory network, in the time of a clock moved by hand; a script answers its checks."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from exporter import kinds
from exporter.exporter import Exporter
from exporter.monitor import Monitor
from exporter.probing.agent.beats import BeatSource, NoBeats
from exporter.probing.checking.questions import Answered, Asked
from exporter.probing.checking.reaching import Reaching
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.service import Result
from exporter.probing.uptime.source import UptimeSource
from exporter.recording.opening import last_unserved, last_verdicts
from exporter.recording.recorder import Recorder
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from pantau.journal import Event
from pantau.journal import Kind as EntryKind
from pantau.states import State
from tests.exporter.monitor.watched import NoNames
from tests.network import MS, SECOND, Network, silent

TICK_NS = 250 * MS
INVENTORY = """
isps: [{id: telkom, name: Telkom}, {id: indosat, name: Indosat}]
kecamatan: [{id: maesa, name: Maesa}]
hotspots:
  - {id: h0, name: H0, address: 10.77.0.1, kecamatan: maesa, isp: telkom, category: sekolah_sd}
  - {id: h1, name: H1, address: 10.77.0.2, kecamatan: maesa, isp: indosat, category: sekolah_sd}
"""
SETTINGS = """
inventory: [inventory.yml]
vantage:
  name: test
  canaries: [{name: gateway, address: 10.76.0.1}]
"""
REFERENCES = "  references: [{name: known, kind: http, url: 'http://10.76.0.2/'}]\n"
CHECK = """
checks:
  - {name: portal-check, kind: http, url: 'http://{address}/', interval: 10s, timeout: 2s, for: {isps: [telkom]}}
"""
CLIENT_PATH = CHECK.replace("timeout: 2s", "timeout: 2s, proves: client_path")


class Script:
    """What pages answer, by host of the URL; yes where nothing is said. The time an answer takes, in seconds."""

    def __init__(self, clock: ManualClock) -> None:
        self.says: dict[str, Result] = {}
        self.takes: dict[str, float] = {}
        self.asked: list[str] = []
        self._clock = clock

    async def ask(self, asked: Asked, reaching: Reaching) -> Answered:
        """As an asker."""
        del reaching
        host = asked.url.removeprefix("http://").removesuffix("/")
        self.asked.append(host)
        until_ns = self._clock.monotonic_ns() + round(self.takes.get(host, 0.05) * SECOND)
        while self._clock.monotonic_ns() < until_ns:  # noqa: ASYNC110 - the clock is moved by hand
            await asyncio.sleep(0)
        return Answered(self.says.get(host, Result.YES))


class CheckedCity:
    """The world of two hotspots, of which h0 is checked."""

    waiting = False

    def __init__(self, folder: Path, settings: str, known: dict[str, Event] | None = None) -> None:
        self.folder, self.clock = folder, ManualClock()
        self.script = Script(self.clock)
        self.network = Network(self.clock)
        self.engine: Engine = BatchEngine([self.network], self.clock, 1)
        self.resolver: Resolver = NoNames()
        self.beats: BeatSource = NoBeats()
        self.reach: Reach = ANYWHERE
        self.told: list[Event] = []
        configuration = self.write(settings)
        plan = kinds.plan_of(configuration, kinds=self.kinds)
        slots = kinds.SlotPolicy(late_limit_ns=2 * TICK_NS)
        self.monitor = Monitor(plan, kinds.open_probers(plan, self, self.clock, slots, self.kinds), self.clock)
        if known is not None:
            self.monitor.restore(last_verdicts(known), last_unserved(known))
        self.exporter = Exporter(
            configuration, self.monitor, self, self.clock, [Recorder(self.monitor, self.clock, self)]
        )

    @property
    def kinds(self) -> list[kinds.ProbeKind]:
        """Pings, and checks of pages that the script answers."""
        return [kinds.KINDS[0], kinds.of_checks("http", lambda: self.script.ask)]

    def write(self, settings: str) -> Configuration:
        """The configuration with these settings."""
        (self.folder / "inventory.yml").write_text(INVENTORY)
        (self.folder / "pantau.yml").write_text(SETTINGS + settings)
        return load(self.folder / "pantau.yml")

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """No device can be asked."""
        return ()

    def end_asking(self) -> None:
        """Nobody was."""

    def adapt(self, configuration: Configuration) -> Configuration:
        """As a `World`."""
        return configuration

    def put(self, events: Iterable[Event]) -> None:
        """As the journal."""
        self.told += events

    def beat(self, at_ns: int) -> None:
        """As the journal."""

    def cut(self, address: str = "10.77.0.1") -> None:
        """It answers no ping any more."""
        self.network.hosts[address] = silent

    def mend(self, address: str = "10.77.0.1") -> None:
        """It answers again."""
        self.network.hosts.pop(address, None)

    @asynccontextmanager
    async def running(self) -> Any:
        """The probers run beside the body, as tasks of the app's group."""
        async with asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(prober.run()) for prober in self.monitor.probers]
            yield self
            for task in running:
                task.cancel()

    async def run(self, seconds: float) -> None:
        """Let time pass in ticks, as the app would."""
        for _ in range(round(seconds * SECOND) // TICK_NS):
            self.clock.advance(TICK_NS)
            self.exporter.publish(self.monitor.tick(urgent=False))
            for _ in range(8):
                await asyncio.sleep(0)

    def state(self, name: str = "h0") -> State:
        """What is shown."""
        shown = self.monitor.snapshot().state.tolist()
        return State(shown[self.monitor.plan.ids.index(name)])

    def transitions(self, name: str = "h0") -> list[tuple[State, str | None, str | None, int | None]]:
        """What the journal was told: after, why, by which kind, and `up`."""
        return [
            (State(event.after), event.reason, event.evidence, event.up)
            for event in self.told
            if event.subject == name and event.kind is EntryKind.TRANSITION and event.after is not None
        ]


MakeCity = Callable[..., CheckedCity]


@pytest.fixture
def make_city(tmp_path: Path) -> MakeCity:
    """A city with these further settings."""
    return lambda settings, known=None: CheckedCity(tmp_path, settings, known)
