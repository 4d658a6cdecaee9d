"""The real monitor over an in-memory network, in the time of a `ManualClock`: a city for tests."""

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np

from exporter.metrics.snapshot import HotspotLabels
from exporter.monitor import Monitor
from exporter.plan import Plan
from exporter.probing.batch import BatchEngine
from exporter.scheduling.slots import LATE_LIMIT_NS
from exporter.verdicts.machine import Policy
from exporter.verdicts.maintenance import PlannedWindow
from exporter.verdicts.quality import QualityPolicy
from exporter.verdicts.rounds import RoundPolicy
from pantau.clock import ManualClock
from pantau.inventory.calendar import Calendar
from pantau.states import State
from tests.network import MS, SECOND, Network

EPOCH_SECONDS = 1_700_000_000
"""The wall time at which a `ManualClock` begins."""
CANARY = "10.76.0.1"
TICK_NS = 20 * MS
POLICY = Policy(RoundPolicy(1, 3, SECOND), QualityPolicy(0.1, 500 * MS, 30), recover_after=2)


def plan_of(addresses: dict[str, str], canaries: tuple[str, ...] = (CANARY,), **changes: object) -> Plan:
    """A plan of hotspots by id, probed every 10 s with a timeout of 2 s."""
    plan = Plan(
        ids=tuple(addresses),
        addresses=tuple(addresses.values()),
        labels=tuple(HotspotLabels(name, "maesa", "telkom") for name in addresses),
        policy=POLICY,
        interval_ns=10 * SECOND,
        timeout_ns=2 * SECOND,
        packet_spacing_ns=100 * MS,
        canary_names=canaries,
        canary_addresses=canaries,
        canary_isps=("",) * len(canaries),
        quorum=1,
    )
    return dataclasses.replace(plan, **changes)  # type: ignore[arg-type]


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


class Watched:
    """A monitor, its network and its clock; `changes` are all transitions so far: (hotspot, before, after, at)."""

    def __init__(self, plan: Plan, late_limit_ns: int = LATE_LIMIT_NS) -> None:
        self.clock = ManualClock()
        self.network = Network(self.clock)
        self.engine = BatchEngine([self.network], self.clock, 0x0123_4567_89AB_CDEF)
        self.monitor = Monitor(plan, self.engine, self.clock, late_limit_ns)
        self.changes: list[tuple[str, State, State, int]] = []

    def run(self, nanoseconds: int) -> "Watched":
        """Let time pass in ticks."""
        for _ in range(nanoseconds // TICK_NS):
            self.clock.advance(TICK_NS)
            self.tick()
        return self

    def tick(self) -> None:
        """One tick, its transitions kept."""
        for moved in self.monitor.tick():
            rows = zip(moved.targets, moved.before, moved.after, moved.at_ns.tolist(), strict=True)
            ids = self.monitor.plan.ids
            self.changes += [(ids[target], State(before), State(after), at) for target, before, after, at in rows]

    def state(self, name: str) -> State:
        """The present state of a hotspot."""
        return State(self.monitor.machine.state[self.monitor.plan.ids.index(name)])

    def states(self) -> dict[State, int]:
        """How many hotspots are in which state."""
        values, counts = np.unique(self.monitor.machine.state, return_counts=True)
        return {State(value): int(count) for value, count in zip(values, counts, strict=True)}

    def went(self, state: State) -> set[str]:
        """The hotspots that have ever entered a state."""
        return {name for name, _, after, _ in self.changes if after == state}

    def seconds(self, state: State) -> np.ndarray:
        """Booked seconds of each hotspot in a state, up to now."""
        return self.monitor.snapshot().state_seconds[:, state]

    def requests_to(self, name: str) -> list[int]:
        """When the probes to a hotspot left."""
        address = self.monitor.plan.addresses[self.monitor.plan.ids.index(name)]
        return [request.at_ns for request in self.network.sent if request.address == address]
