"""Replays a simulated city through the real monitor on a virtual clock: a day in seconds.

Nothing is faked but time and the network: inventory, schedule, engine, verdicts and counters are those of the exporter.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exporter.kinds import SlotPolicy, open_probers, plan_of
from exporter.monitor import Monitor
from exporter.scheduling.slots import LATE_LIMIT_NS
from exporter.verdicts.events import StatesChanged
from pantau.clock import NANOSECONDS, ManualClock
from pantau.inventory import Configuration
from pantau.simulator.city import City
from pantau.simulator.world import SimulatedWorld


@dataclass(frozen=True, slots=True)
class Change:
    """One transition, with names and Unix times in nanoseconds instead of rows and monotonic times."""

    hotspot: str
    before: int
    after: int
    at_ns: int
    detected_ns: int


class Replay:
    """A monitor over `configuration` and the scenario in `scenario`, beginning at the wall time `start_ns`.

    Time passes in steps of `step_seconds`: a probe leaves up to a step late, and a step costs the same however long.
    """

    def __init__(
        self, configuration: Configuration, scenario: Path, start_ns: int, seed: int = 0, step_seconds: float = 0.1
    ) -> None:
        self._step_ns = round(step_seconds * NANOSECONDS)
        self.clock = ManualClock(wall_ns=start_ns)
        self._offset_ns = start_ns - self.clock.monotonic_ns()
        self.world = SimulatedWorld(configuration, self.clock, scenario, seed)
        plan = plan_of(self.world.adapt(configuration))
        late_limit_ns = max(2 * self._step_ns, LATE_LIMIT_NS)
        slots = SlotPolicy(late_limit_ns, grain_ns=1, window_ns=self._step_ns)
        probers = open_probers(plan, self.world, self.clock, slots)
        self.monitor = Monitor(plan, probers, self.clock)
        for prober in probers:
            asyncio.run(prober.resolve_names())

    @property
    def city(self) -> City:
        """The city and its truth."""
        return self.world.city

    def run(self, seconds: float) -> Iterator[Change]:
        """Let so much time pass, and yield the changes of state as they are decided."""
        for _ in range(round(seconds * NANOSECONDS) // self._step_ns):
            self.clock.advance(self._step_ns)
            for event in self.monitor.tick():
                if isinstance(event, StatesChanged):
                    yield from self._changes(event)

    def _changes(self, event: StatesChanged) -> Iterator[Change]:
        rows = zip(event.subjects, event.before.tolist(), event.after.tolist(), event.at_ns.tolist(), strict=True)
        for subject, before, after, at_ns in rows:
            yield Change(
                hotspot=subject.name,
                before=before,
                after=after,
                at_ns=at_ns + self._offset_ns,
                detected_ns=event.detected_ns + self._offset_ns,
            )
