"""A kind of probe that the product does not know, added in this one file: judged, counted, shown and journaled.

It is asynchronous (a task answers, late at times), watches hotspots that have no address, goes on over a reload, and is
blinded by a reference of its own. Nothing of the product is touched: the kind is registered where kinds are listed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address
from pathlib import Path

import numpy as np
import pytest

from exporter import kinds
from exporter.exporter import Exporter
from exporter.metrics.exposition import HotspotExposition
from exporter.monitor import Monitor
from exporter.planning.plan import KindPlan, References, Role, Watched
from exporter.planning.policy import Policy, QualityPolicy, RoundPolicy
from exporter.probing.addresses import ProbedAddress
from exporter.probing.agent.beats import BeatSource, NoBeats
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.engine import Engine
from exporter.probing.lateness import DepartureLateness
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Int32, Observations, Outcome
from exporter.probing.prober import Prober, RoundKeeper
from exporter.probing.service import ServiceResults
from exporter.probing.uptime.source import UptimeSource
from exporter.recording.recorder import Recorder
from exporter.scheduling.slots import Slots, SlotSchedule
from exporter.verdicts.events import PathChanged, StatesChanged
from exporter.world import World
from pantau.clock import Clock, ManualClock
from pantau.inventory import Configuration, load
from pantau.journal import Event
from pantau.journal import Kind as EntryKind
from pantau.states import State
from tests.exporter.monitor.watched import NoNames
from tests.network import MS, SECOND, Network, silent

KIND = "beacon"
TICK_NS = 100 * MS
INTERVAL_NS, PATIENCE_NS, GRACE_NS, RTT_NS = 5 * SECOND, 2 * SECOND, 30 * SECOND, 30 * MS
_DTYPES = (np.int32, np.int64, np.int8, np.int64, np.int64)


class Air:
    """What is out there: which beacons are silent or slow, by hotspot, and whether the mast answers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.silent: set[str] = set()
        self.slow_ns: dict[str, int] = {}
        self.mast_answers = True

    async def ask(self, name: str) -> tuple[Outcome, int]:
        """The end of one probe and its RTT, in the time of the clock."""
        asked_ns = self.clock.monotonic_ns()
        reached = self.mast_answers if name == "mast" else name not in self.silent
        wait_ns = self.slow_ns.get(name, RTT_NS if reached else PATIENCE_NS)
        while self.clock.monotonic_ns() - asked_ns < wait_ns:  # noqa: ASYNC110 - the clock is moved by hand
            await asyncio.sleep(0)
        return (Outcome.REPLY, wait_ns) if reached else (Outcome.TIMEOUT, NO_RTT)


class BeaconProber:
    """Asks each beacon in a task of its own. `names` are those of the plan's rows."""

    kind = KIND

    def __init__(self, plan: KindPlan, air: Air, names: Callable[[], tuple[str, ...]]) -> None:
        self.lateness = DepartureLateness()
        self._air, self._names = air, names
        self._started_ns = self._mast_due_ns = air.clock.monotonic_ns()
        self._wanted: asyncio.Queue[tuple[str, int, int, int]] = asyncio.Queue()
        self._ended: list[tuple[int, int, int, int, int]] = []
        self._moves: list[Int32] = []
        """The renamings of all reloads: an answer under way goes through those that came after it was asked."""
        self._schedule(plan)

    @property
    def next_due_ns(self) -> int:
        """A slot, or the mast."""
        return min(self._slots.next_ns, self._mast_due_ns)

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """Ask those whose slot has come, those to be confirmed, and the mast each half second."""
        due = self._rows[self._slots.take(now_ns).targets]
        begun = due[keeper.begin(due, now_ns)]
        again = keeper.take_confirmations()
        wanted = keeper.wants(again.targets, again.rounds)
        targets = np.concatenate([begun, again.targets[wanted]])
        rounds = np.concatenate([keeper.numbers(begun), again.rounds[wanted]])
        for target, number in zip(targets.tolist(), rounds.tolist(), strict=True):
            self._wanted.put_nowait((self._names()[target], target, number, len(self._moves)))
        if now_ns >= self._mast_due_ns:
            self._mast_due_ns = now_ns + SECOND // 2
            keeper.references_leave(np.zeros(1, np.int32), now_ns)
            self._wanted.put_nowait(("mast", REFERENCE_BASE, now_ns, len(self._moves)))

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """What the tasks have found out."""
        if not (self._ended or urgent):
            return None
        columns = list(zip(*self._ended, strict=True)) or [()] * len(_DTYPES)
        self._ended = []
        return Observations(*(np.array(column, dtype) for column, dtype in zip(columns, _DTYPES, strict=True)))

    def service(self) -> ServiceResults | None:
        """A beacon is there or not."""
        return None

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """Answers under way go by the new rows."""
        self._moves.append(moved)
        self._ended = [row for old in self._ended if (row := self._renamed(old, len(self._moves) - 1)) is not None]
        self._schedule(plan)
        return moved

    def address_of(self, row: int) -> ProbedAddress:
        """Beacons have none."""
        return ProbedAddress(None)

    async def resolve_names(self) -> None:
        """Beacons have no names that anybody would resolve."""

    async def run(self) -> None:
        """Ask what is wanted, all at once, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._ask(*await self._wanted.get()))

    async def _ask(self, name: str, target: int, number: int, moves: int) -> None:
        asked_ns = self._air.clock.monotonic_ns()
        outcome, rtt_ns = await self._air.ask(name)
        row = self._renamed((target, number, outcome, asked_ns, rtt_ns), moves)
        if row is not None:
            self._ended.append(row)

    def _renamed(self, row: tuple[int, ...], moves: int) -> tuple[int, int, int, int, int] | None:
        target, number, outcome, asked_ns, rtt_ns = row
        for moved in self._moves[moves:] if target < REFERENCE_BASE else ():
            target = int(moved[target])
            if target < 0:
                return None
        return target, number, outcome, asked_ns, rtt_ns

    def _schedule(self, plan: KindPlan) -> None:
        self._rows = np.flatnonzero(np.array(plan.watched, np.bool_)).astype(np.int32)
        ids = [f"{KIND}{row}" for row in self._rows.tolist()]
        self._slots = SlotSchedule(
            Slots.of(ids, plan.interval_ns), self._started_ns, late_limit_ns=plan.interval_ns - 1
        )


def plan_beacons(_: Configuration, watched: Watched) -> KindPlan:
    """Every hotspot whose name says so, whatever its address."""
    mine = tuple("beacon" in it.name for it in watched)
    policy = Policy(RoundPolicy(1, 1, SECOND, PATIENCE_NS), QualityPolicy(0.5, 60 * SECOND), 1, GRACE_NS)
    return KindPlan(KIND, Role.REACHABILITY, INTERVAL_NS, mine, policy, References(("mast",), ("",), 1))


SETTINGS = "inventory: [inventory.yml]\nvantage: {name: test, canaries: [{name: gateway, address: 10.76.0.1}]}\n"
INVENTORY = """
isps: [{id: telkom, name: Telkom}]
kecamatan: [{id: maesa, name: Maesa}]
hotspots:
"""
HOTSPOTS = {"ping": "ping", "starlink": "beacon, no address", "both": "ping and beacon"}


class City:
    """An exporter over an in-memory network and beacons, in the time of a clock that is moved by hand."""

    waiting = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock()
        self.network, self.air = Network(self.clock), Air(self.clock)
        self.engine: Engine = BatchEngine([self.network], self.clock, 1)
        self.resolver: Resolver = NoNames()
        self.reach: Reach = ANYWHERE
        self.beats: BeatSource = NoBeats()
        self.told: list[Event] = []
        self.events: list[object] = []
        configuration = self.adapt(self.write(HOTSPOTS))
        plan = kinds.plan_of(configuration)
        self.monitor = Monitor(plan, kinds.open_probers(plan, self, self.clock), self.clock)
        recorder = Recorder(self.monitor, self.clock, self)
        self.exporter = Exporter(configuration, self.monitor, self, self.clock, [recorder, self])

    def write(self, hotspots: dict[str, str]) -> Configuration:
        """An inventory of these hotspots, by id and name."""
        first = IPv4Address("10.77.0.1")
        rows = [
            f"  - {{id: {id_}, name: '{name}', address: {first + n}, kecamatan: maesa, isp: telkom}}\n"
            for n, (id_, name) in enumerate(hotspots.items())
        ]
        (self.folder / "inventory.yml").write_text(INVENTORY + "".join(rows))
        (self.folder / "pantau.yml").write_text(SETTINGS)
        return load(self.folder / "pantau.yml")

    def uptime_sources(self, configuration: Callable[[], Configuration]) -> Sequence[UptimeSource]:
        """No device can be asked."""
        return ()

    def end_asking(self) -> None:
        """Nobody was."""

    def adapt(self, configuration: Configuration) -> Configuration:
        """As a `World`: what says that it has no address, has none."""
        inventory = configuration.inventory
        hotspots = tuple(
            it.model_copy(update={"address": None}) if "no address" in it.name else it for it in inventory.hotspots
        )
        object.__setattr__(inventory, "hotspots", hotspots)
        return configuration

    def put(self, events: Iterable[Event]) -> None:
        """As the journal."""
        self.told += events

    def beat(self, at_ns: int) -> None:
        """As the journal."""

    def hear(self, event: object) -> None:
        """As a listener."""
        self.events.append(event)

    async def run(self, seconds: float) -> None:
        """Let time pass in ticks, as the app would, with all tasks of the probers."""
        for _ in range(round(seconds * SECOND) // TICK_NS):
            self.clock.advance(TICK_NS)
            self.exporter.publish(self.monitor.tick(urgent=False))
            for _ in range(20):
                await asyncio.sleep(0)

    def states(self) -> dict[str, State]:
        """What is shown of each hotspot."""
        shown = self.monitor.snapshot().state.tolist()
        return {labels.hotspot: State(state) for labels, state in zip(self.monitor.plan.labels, shown, strict=True)}

    def transitions(self, name: str) -> list[tuple[State, State, str | None]]:
        """What the journal was told of a hotspot's states: before, after, and why."""
        told = []
        for event in self.told:
            if event.subject == name and event.kind is EntryKind.TRANSITION:
                assert event.before is not None
                assert event.after is not None
                told.append((State(event.before), State(event.after), event.reason))
        return told


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """The kind is registered: one line where kinds are listed."""

    def open_beacons(plan: KindPlan, world: World, clock: Clock, slots: kinds.SlotPolicy) -> Prober:
        assert isinstance(world, City)
        return BeaconProber(plan, world.air, lambda: world.monitor.plan.ids)

    monkeypatch.setattr(kinds, "KINDS", [*kinds.KINDS, kinds.ProbeKind(plan_beacons, open_beacons)])
    return City(tmp_path)


async def with_probers(city: City, story: Callable[[], Awaitable[None]]) -> None:
    """Run a story while the probers run beside it, as tasks of the app's group."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(prober.run()) for prober in city.monitor.probers]
        await story()
        for task in running:
            task.cancel()


async def test_it_is_judged_beside_the_pings(city: City) -> None:
    """Down where no kind reaches; up where one does; each outage dated back to the first probe that was lost."""

    async def story() -> None:
        await city.run(15)
        assert city.states() == {"ping": State.UP, "starlink": State.UP, "both": State.UP}
        city.air.silent |= {"starlink", "both"}
        silent_ns = city.clock.monotonic_ns()
        await city.run(20)
        assert city.states() == {"ping": State.UP, "starlink": State.DOWN, "both": State.UP}
        (down,) = [it for it in city.events if isinstance(it, StatesChanged) and it.after.tolist() == [State.DOWN]]
        assert (down.kind, [subject.name for subject in down.subjects]) == (KIND, ["starlink"])
        assert 0 <= down.at_ns[0] - silent_ns <= INTERVAL_NS
        city.network.hosts["10.77.0.3"] = silent
        await city.run(20)
        assert city.states()["both"] == State.DOWN
        city.air.silent.clear()
        await city.run(10)
        assert city.states() == {"ping": State.UP, "starlink": State.UP, "both": State.UP}

    await with_probers(city, story)
    assert city.transitions("starlink") == [
        (State.UNKNOWN, State.UP, "reply"),
        (State.UP, State.DOWN, "timeout"),
        (State.DOWN, State.UP, "reply"),
    ]
    evidence = {event.subject: event.evidence for event in city.told if event.kind is EntryKind.TRANSITION}
    assert evidence == {"ping": "icmp", "starlink": KIND, "both": KIND}
    assert city.monitor.snapshot().state_seconds.sum(axis=1) == pytest.approx([65] * 3, abs=11)


async def test_a_late_answer_expires_and_then_counts(city: City) -> None:
    """An answer of 45 s: what was said holds for the grace of 30 s, is unknown after it, and up again when it comes."""

    async def story() -> None:
        await city.run(15)
        city.air.slow_ns["starlink"] = 45 * SECOND
        await city.run(40)
        assert city.states() == {"ping": State.UP, "starlink": State.UNKNOWN, "both": State.UP}
        city.air.slow_ns.clear()
        await city.run(15)
        assert city.states()["starlink"] == State.UP

    await with_probers(city, story)
    assert [after for _, after, _ in city.transitions("starlink")] == [State.UP, State.UNKNOWN, State.UP]


async def test_its_own_reference_blinds_it_and_nobody_else(city: City) -> None:
    """The mast and a beacon are silent: the beacon's hotspot is unknown, not down; pings go on being believed."""

    async def story() -> None:
        await city.run(15)
        city.air.mast_answers = False
        city.air.silent |= {"starlink"}
        city.network.hosts["10.77.0.1"] = silent
        await city.run(25)
        assert city.states() == {"ping": State.DOWN, "starlink": State.UNKNOWN, "both": State.UP}
        city.air.mast_answers = True
        city.air.silent.clear()
        await city.run(15)
        assert city.states() == {"ping": State.DOWN, "starlink": State.UP, "both": State.UP}

    await with_probers(city, story)
    paths = [(event.kind, event.isp, event.up) for event in city.events if isinstance(event, PathChanged)]
    assert paths == [(KIND, "", False), (KIND, "", True)]
    faults = [(it.kind, it.subject) for it in city.told if it.kind in {EntryKind.FAULT_BEGIN, EntryKind.FAULT_END}]
    assert faults == [(EntryKind.FAULT_BEGIN, "beacon:vantage"), (EntryKind.FAULT_END, "beacon:vantage")]
    assert city.transitions("starlink")[1] == (State.UP, State.UNKNOWN, "vantage")


async def test_it_goes_on_over_a_reload(city: City) -> None:
    """Rows move, with probes under way; the dead stay dead, counters go on, who comes is watched too."""

    async def story() -> None:
        city.air.silent |= {"starlink"}
        await city.run(25.3)
        before = city.monitor.snapshot().checks[0]
        city.write({"new": "beacon, no address", **HOTSPOTS})
        assert await city.exporter.reload() == []
        assert city.states()["starlink"] == State.DOWN
        after = city.monitor.snapshot().checks[0]
        assert after.requests.tolist() == [0, *before.requests.tolist()]
        await city.run(15)
        assert city.states() == {"new": State.UP, "ping": State.UP, "starlink": State.DOWN, "both": State.UP}

    await with_probers(city, story)
    assert [after for _, after, _ in city.transitions("starlink")] == [State.DOWN]


async def test_it_is_counted_and_shown(city: City) -> None:
    """In a scrape, in the hotspot's JSON, and in figures of its own; a hotspot without an address is never pinged."""

    async def story() -> None:
        await city.run(21)

    await with_probers(city, story)
    snapshot = city.exporter.snapshot()
    assert snapshot.requests[1] == 0
    assert {request.address for request in city.network.sent} == {"10.76.0.1", "10.77.0.1", "10.77.0.3"}
    (figures,) = snapshot.checks
    assert (figures.check, figures.up.tolist()) == (KIND, [-1, 1, 1])
    assert figures.requests.tolist() == figures.replies.tolist()
    assert figures.replies[0] == 0
    assert figures.replies[1:].min() >= 4
    text = b"".join(HotspotExposition().render(snapshot, openmetrics=False)).decode()
    labels = 'hotspot="starlink",kecamatan="maesa",isp="telkom"'
    assert f"hotspot_state{{{labels}}} 1\n" in text
    assert f'hotspot_check_duration_seconds{{{labels},check="beacon"}} 0.' in text
    assert city.exporter.ready()
    known = city.exporter.hotspot("starlink")
    assert known is not None
    assert (known["address"], known["state"], known["checks"]) == (None, "up", {KIND: "up"})
    assert (known["address_in_use"], known["other_addresses"], known["address_problem"]) == (None, [], None)
    plain = city.exporter.hotspot("ping")
    assert plain is not None
    assert "checks" not in plain
    assert plain["address_in_use"] == plain["address"] == "10.77.0.1"
