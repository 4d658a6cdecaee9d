"""The real monitor over an in-memory network, in the time of a `ManualClock`: a city for tests."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from exporter.monitor import Monitor
from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import Plan, PlannedWindow, References, Role
from exporter.planning.policy import Policy, QualityPolicy, RoundPolicy
from exporter.probing.addresses import Family
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.plan import KIND, IcmpPlan
from exporter.probing.icmp.prober import IcmpProber
from exporter.probing.names.resolver import Absent, Answer
from exporter.scheduling.slots import LATE_LIMIT_NS
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.events import Event, MaintenanceChanged, PathChanged, StatesChanged
from exporter.verdicts.judge import Judge
from exporter.verdicts.machine import KindMachine
from exporter.verdicts.references import ReferenceQuorum
from exporter.verdicts.rounds import Stage
from pantau.clock import ManualClock
from pantau.inventory.calendar import Calendar
from pantau.states import State
from tests.network import MS, SECOND, Network

EPOCH_SECONDS = 1_700_000_000
"""The wall time at which a `ManualClock` begins."""
CANARY = "10.76.0.1"
TICK_NS = 20 * MS
POLICY = Policy(RoundPolicy(1, 3, SECOND), QualityPolicy(0.1, 500 * MS, 30), recover_after=2)


def plan_of(addresses: Mapping[str, str | None], canaries: tuple[str, ...] = (CANARY,), **changes: Any) -> Plan:
    """A plan of hotspots by id, pinged every 10 s with a timeout of 2 s.

    `changes` are fields of it or of its pings, by name; it takes no other.
    """
    uplinks = changes.get("uplinks", ())
    beside = {uplink.uplink for uplink in uplinks} if isinstance(uplinks, tuple) else set()
    labels = tuple(HotspotLabels(name, "maesa", "telkom") for name in addresses if name not in beside)
    pings = IcmpPlan(
        kind=KIND,
        role=Role.REACHABILITY,
        ids=tuple(addresses),
        addresses=tuple(addresses.values()),
        watched=tuple(address is not None for address in addresses.values()),
        policy=POLICY,
        interval_ns=10 * SECOND,
        timeout_ns=2 * SECOND,
        packet_spacing_ns=100 * MS,
        references=References(canaries, ("",) * len(canaries), 1),
        canary_addresses=canaries,
    )
    of_pings = {name: change for name, change in changes.items() if hasattr(pings, name)}
    of_plan = {name: change for name, change in changes.items() if name not in of_pings}
    pings = dataclasses.replace(pings, **of_pings)
    of_plan = {"labels": labels, "kinds": (pings,), **of_plan}
    return Plan(**of_plan)


def hotspots(count: int) -> dict[str, str]:
    """`count` hotspots h0, h1, ... with an address each."""
    return {f"h{n}": f"10.77.{n // 250}.{n % 250 + 1}" for n in range(count)}


def window_of(name: str, rows: Iterable[int], start_seconds: float, end_seconds: float) -> PlannedWindow:
    """A window over these rows, from and to so many seconds after the start of `Watched`."""
    start, end = (
        datetime.fromtimestamp(EPOCH_SECONDS + seconds, UTC).replace(tzinfo=None)
        for seconds in (start_seconds, end_seconds)
    )
    return PlannedWindow(name, "isp", "telkom", Calendar(start, end, None, UTC), tuple(rows))


class NoNames:
    """A resolver that knows no name."""

    async def resolve(self, name: str, family: Family) -> Answer:
        """See `Resolver`."""
        return Absent(f"{name} is not known", whole_name=True)


class Watched:
    """A monitor, its network and its clock; `changes` are all transitions so far: (hotspot, before, after, at)."""

    def __init__(self, plan: Plan, late_limit_ns: int = LATE_LIMIT_NS, grain_ns: int | None = 1) -> None:
        self.clock = ManualClock()
        self.network = Network(self.clock)
        self.engine = BatchEngine([self.network], self.clock, 0x0123_4567_89AB_CDEF)
        pings = plan.kinds[0]
        assert isinstance(pings, IcmpPlan)
        self.prober = IcmpProber(pings, self.engine, NoNames(), self.clock, late_limit_ns, grain_ns)
        self.monitor = Monitor(plan, [self.prober], self.clock)
        self.changes: list[tuple[str, State, State, int]] = []
        self.events: list[Event] = []
        """All that happened, in order."""

    @property
    def judge(self) -> Judge:
        """What the monitor judges by."""
        return self.monitor.judge

    @property
    def states(self) -> CombinedStates:
        """The states of the rows."""
        return self.judge.states

    @property
    def machine(self) -> KindMachine:
        """What the pings say."""
        return self.judge.primary.machine

    @property
    def vantage(self) -> ReferenceQuorum:
        """The general canaries' verdict."""
        return self.judge.primary.vouching.vantage

    def sees(self) -> bool:
        """What `vantage` says now. A call, for a type checker takes an attribute once asserted to stay as it is."""
        return self.vantage.up

    def calm(self) -> "Watched":
        """Run until no hotspot waits for a probe: within an interval, unless one is stuck."""
        for _ in range(10 * SECOND // TICK_NS):
            if (self.machine.rounds.stage == Stage.IDLE).all():
                return self
            self.run(TICK_NS)
        raise AssertionError("a round never ends")

    def run(self, nanoseconds: int) -> "Watched":
        """Let time pass in ticks."""
        for _ in range(nanoseconds // TICK_NS):
            self.clock.advance(TICK_NS)
            self.tick()
        return self

    def tick(self) -> None:
        """One tick, its events kept."""
        self.hear(self.monitor.tick())

    def reload(self, plan: Plan) -> None:
        """Swap the plan."""
        self.hear(self.monitor.reload(plan))

    def hear(self, events: Iterable[Event]) -> None:
        """Keep events, and their transitions."""
        for event in events:
            self.events.append(event)
            if isinstance(event, StatesChanged):
                rows = zip(event.subjects, event.before, event.after, event.at_ns.tolist(), strict=True)
                self.changes += [(subject.name, State(before), State(after), at) for subject, before, after, at in rows]

    def paths(self) -> list[PathChanged]:
        """The faults of paths that have begun or ended so far."""
        return [event for event in self.events if isinstance(event, PathChanged)]

    def maintenance(self) -> list[MaintenanceChanged]:
        """The beginnings and ends of windows so far."""
        return [event for event in self.events if isinstance(event, MaintenanceChanged)]

    def row(self, name: str) -> int:
        """The row of a hotspot or uplink."""
        return self.monitor.plan.ids.index(name)

    def state_of(self, name: str) -> State:
        """The present state of a hotspot."""
        return State(self.states.state[self.row(name)])

    def count(self) -> dict[State, int]:
        """How many hotspots are in which state."""
        values, counts = np.unique(self.states.state, return_counts=True)
        return {State(value): int(count) for value, count in zip(values, counts, strict=True)}

    def went(self, state: State) -> set[str]:
        """The hotspots that have ever entered a state."""
        return {name for name, _, after, _ in self.changes if after == state}

    def seconds(self, state: State) -> np.ndarray:
        """Booked seconds of each hotspot in a state, up to now."""
        return self.monitor.snapshot().state_seconds[:, state]

    def requests_to(self, name: str) -> list[int]:
        """When the probes to a hotspot left."""
        address = self.prober.plan.addresses[self.row(name)]
        return [request.at_ns for request in self.network.sent if request.address == address]
