"""A city of agents for tests: the real monitor and recorder, in the time of a clock that is moved by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import cast

from exporter import kinds
from exporter.monitor import Monitor
from exporter.probing.agent.beats import Beat, BeatSource, DoorPlan, HeardAgent, Minute
from exporter.probing.agent.page import KnownPage, PageSeen
from exporter.probing.agent.plan import AgentPlan
from exporter.probing.agent.prober import AgentProber
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.uptime.source import UptimeSource
from exporter.recording.recorder import Recorder
from exporter.verdicts.events import PathChanged
from pantau.clock import ManualClock
from pantau.inventory import Configuration, load
from pantau.journal import Event
from pantau.journal import Kind as EntryKind
from pantau.states import State
from tests.exporter.monitor.watched import NoNames
from tests.network import SECOND, Network, silent

MINUTE_NS = 60 * SECOND
SETTINGS = """
inventory: [inventory.yml]
vantage: {name: test, canaries: [CANARIES]}
agents: {key_files: [key], grace: 3m}
"""
CANARIES = "{name: gateway, address: 10.76.0.1}"
ISPS = ("telkom", "infotek", "starlink", "biznet")


class ScriptedBeats:
    """A `BeatSource`: agents that speak each minute, each at a second of its own, but those that are `silent`."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.silent: set[str] = set()
        self.minute = Minute()
        self.minutes: dict[str, Minute] = {}
        """What those say that say something else."""
        self.drift_ns: dict[str, int] = {}
        """By how much more than a minute each beat comes after the one before."""
        self.known_ns: dict[str, int] = {}
        self.plan: DoorPlan | None = None
        self.open = True
        self.counts: dict[str, int] = {}
        self.heard: dict[str, HeardAgent] = {}
        self._next_ns: dict[str, int] = {}

    def remember(self, known_ns: Mapping[str, int]) -> None:
        """See `BeatSource`."""
        self.known_ns |= known_ns

    def last_heard_ns(self, hotspot: str) -> int | None:
        """See `BeatSource`."""
        return self.known_ns.get(hotspot)

    def take_late(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        return ()

    def configure(self, plan: DoorPlan | None) -> None:
        """See `BeatSource`."""
        self.plan = plan
        for place, name in enumerate(() if plan is None else plan.points):
            self._next_ns.setdefault(name, self.clock.monotonic_ns() + (place * 7 % 60 + 1) * SECOND)

    def take(self) -> Sequence[Beat]:
        """See `BeatSource`."""
        now_ns, wall_ns = self.clock.monotonic_ns(), self.clock.wall_ns()
        found = []
        for name, due_ns in self._next_ns.items():
            if due_ns <= now_ns:
                self._next_ns[name] = due_ns + MINUTE_NS + self.drift_ns.get(name, 0)
                if name not in self.silent:
                    found.append(
                        Beat(name, due_ns, wall_ns - now_ns + due_ns, minute=self.minutes.get(name, self.minute))
                    )
        return found

    def next_ns(self, name: str) -> int:
        """When this agent speaks next, monotonic."""
        return self._next_ns[name]

    async def run(self) -> None:
        """See `BeatSource`."""


class ScriptedPage:
    """A `PageSource`: the page of the agents as it is from here, told `late_ns` after it was asked for."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.comes = self.resolves = True
        self.late_ns = 0
        self.asked: list[int] = []
        self._ends: list[PageSeen] = []

    def ask(self, page: KnownPage, at_ns: int) -> None:
        """See `PageSource`."""
        self.asked.append(at_ns)
        self._ends.append(PageSeen(at_ns, self.comes and self.resolves, self.resolves))

    def take(self) -> Sequence[PageSeen]:
        """See `PageSource`."""
        told_ns = self.clock.monotonic_ns() - self.late_ns
        told = [one for one in self._ends if one.asked_ns <= told_ns]
        self._ends = [one for one in self._ends if one.asked_ns > told_ns]
        return told

    async def run(self) -> None:
        """See `PageSource`."""


class AgentCity:
    """Hotspots by id, each with its ISP (the part before the dash) and further fields as YAML has them.

    `page` is a page that agents fetch, and that the settings name; None where they name none.
    """

    waiting = False

    def __init__(
        self,
        folder: Path,
        hotspots: Mapping[str, str],
        known_ns: Mapping[str, int] | None = None,
        page: str | None = None,
    ) -> None:
        self.folder, self.clock, self.page_url = folder, ManualClock(), page
        self.page = ScriptedPage(self.clock)
        # Where nobody is pinged there is little to look at between two heartbeats.
        self.tick_ns = SECOND // 2 if any("address" in more for more in hotspots.values()) else 2 * SECOND
        self.network = Network(self.clock)
        self.engine: Engine = BatchEngine([self.network], self.clock, 1)
        self.resolver: Resolver = NoNames()
        self.reach: Reach = ANYWHERE
        self.scripted = ScriptedBeats(self.clock)
        self.scripted.remember(known_ns or {})
        self.beats: BeatSource = self.scripted
        self.told: list[Event] = []
        self.paths: list[PathChanged] = []
        self.configuration = self.write(hotspots)
        plan = kinds.plan_of(self.configuration)
        probers = kinds.open_probers(plan, self, self.clock)
        of_agents = cast("AgentPlan", plan.kinds[-1])
        probers[-1] = self.agents = AgentProber(of_agents, self.beats, self.page, self.clock)
        self.monitor = Monitor(plan, probers, self.clock)
        self.recorder = Recorder(self.monitor, self.clock, self)

    def write(self, hotspots: Mapping[str, str]) -> Configuration:
        """An inventory of these hotspots."""
        rows = [
            f"  - {{id: {id_}, name: {id_}, kecamatan: maesa, isp: {id_.partition('-')[0]}, agent: true, {more}}}\n"
            for id_, more in hotspots.items()
        ]
        isps = ", ".join(f"{{id: {isp}, name: {isp}}}" for isp in ISPS)
        text = f"isps: [{isps}]\nkecamatan: [{{id: maesa, name: Maesa}}]\nhotspots:\n" + "".join(rows)
        (self.folder / "inventory.yml").write_text(text)
        canaries = CANARIES if self.tick_ns < SECOND else ""
        page = "" if self.page_url is None else f", portal_url: {self.page_url}"
        settings = SETTINGS.replace("CANARIES", canaries).replace("grace: 3m", f"grace: 3m{page}")
        (self.folder / "pantau.yml").write_text(settings)
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

    def run(self, seconds: float) -> "AgentCity":
        """Let time pass in ticks."""
        for _ in range(round(seconds * SECOND) // self.tick_ns):
            self.clock.advance(self.tick_ns)
            for event in self.monitor.tick(urgent=False):
                if isinstance(event, PathChanged):
                    self.paths.append(event)
                self.recorder.hear(event)
        return self

    def cut(self, *names: str) -> None:
        """Neither pings nor heartbeats come from these any more."""
        self.scripted.silent |= set(names)
        for name in names:
            address = self.configuration.inventory.hotspot_by_id[name].address
            if address:
                self.network.hosts[address] = silent

    def states(self) -> dict[str, State]:
        """What is shown of each hotspot."""
        shown = self.monitor.snapshot().state.tolist()
        return {labels.hotspot: State(state) for labels, state in zip(self.monitor.plan.labels, shown, strict=True)}

    def those(self, state: State) -> set[str]:
        """The hotspots in a state."""
        return {name for name, one in self.states().items() if one is state}

    def transitions(self, name: str) -> list[Event]:
        """What the journal was told of a hotspot's states."""
        return [event for event in self.told if event.subject == name and event.kind is EntryKind.TRANSITION]


UNPINGED = "ping: none"


def of_isps(each: int, *isps: str, more: str = UNPINGED) -> dict[str, str]:
    """So many hotspots of each ISP, that nobody pings."""
    return {f"{isp}-{n}": more for isp in isps or ISPS for n in range(each)}
