"""Tells the journal what happens: transitions with their evidence, our own faults, reloads, sums, start and stop.

It turns the monitor's rows and monotonic times into hotspots' ids and UTC; where it all goes is the `Sink`'s affair.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from exporter.monitor import Monitor
from exporter.plan import Plan
from exporter.probing.outcome import Int64, Outcome
from exporter.recording.hourly import HourlySums, Sums
from exporter.verdicts.cover import CoverChange
from exporter.verdicts.machine import Transitions
from exporter.verdicts.paths import OWN, PathChange
from exporter.verdicts.vantage import Vantage
from pantau import __version__
from pantau.clock import Clock
from pantau.journal.entries import Event, Kind, added, detail_of, removed, start
from pantau.states import State

HEARTBEAT_SECONDS = 5.0
"""After a kill the time that nobody can vouch for begins at most so long before it."""
_MILLISECOND_NS = 1_000_000
_STEP_NS = 50_000_000
"""More than NTP slews between two looks: the wall clock was stepped."""
_ANSWERS = (State.UP, State.DEGRADED)
VANTAGE, PEERING = "vantage", "peering"
"""What failed, in the journal: our own path, or that to an ISP."""


class Sink(Protocol):
    """What takes the events; neither call may wait."""

    def put(self, events: Iterable[Event]) -> None:
        """Take events, in order."""

    def beat(self, at_ns: int) -> None:
        """The exporter lives, and has told everything up to now."""


def digest_of(files: Iterable[Path]) -> str:
    """SHA-256 of a configuration: over ``NAME SHA-256`` of each of its files, a line each, sorted. Reads the disk."""
    lines = sorted(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Before:
    """What a reload is about to rearrange."""

    states: dict[tuple[str, Kind], int]
    totals: Int64


class Recorder:
    """Watches one monitor on behalf of a journal. `digest` names the configuration that it starts with."""

    def __init__(self, monitor: Monitor, clock: Clock, sink: Sink, digest: str) -> None:
        self._monitor = monitor
        self._clock = clock
        self._sink = sink
        now_ns = clock.wall_ns()
        self._offset_ns = self._earlier_offset_ns = now_ns - clock.monotonic_ns()
        self._looked_ns = self._offset_since_ns = clock.monotonic_ns()
        self._faults: dict[str, int] = {}
        """When each fault that lasts began, wall time."""
        plan = monitor.plan
        self._sums = HourlySums(plan.ids[: plan.hotspots], monitor.totals(), now_ns)
        facts = {"version": __version__, "digest": digest}
        sink.put([start(now_ns, plan.ids[: plan.hotspots], plan.ids[plan.hotspots :], facts)])

    def tell(self, transitions: Transitions) -> None:
        """Changes of state, as the monitor hands them out."""
        self.look()
        at_ns, first_ns = self._wall_ns(transitions.at_ns), self._wall_ns(transitions.first_ns)
        detected_ns = int(self._wall_ns(np.array([transitions.detected_ns], np.int64))[0])
        targets = transitions.targets.tolist()
        reasons = map(self._reason, targets, transitions.reason.tolist(), transitions.at_ns.tolist())
        rows = zip(
            targets, transitions.before.tolist(), transitions.after.tolist(), at_ns.tolist(),
            first_ns.tolist(), transitions.unanswered.tolist(), reasons, strict=True,
        )  # fmt: skip
        plan, verdict = self._monitor.plan, self._monitor.machine.verdict
        self._sink.put(
            Event(
                _kind(plan, target), at, detected_ns, plan.ids[target], before, after, int(verdict[target]),
                reason, unanswered + (after in _ANSWERS), unanswered, first,
            )
            for target, before, after, at, first, unanswered, reason in rows
        )  # fmt: skip

    def tell_path(self, change: PathChange) -> None:
        """We cannot see any more over a path, or see again."""
        subject = f"{PEERING}:{change.isp}" if change.isp else VANTAGE
        (at_ns,), now_ns = self._wall_ns(np.array([change.at_ns], np.int64)).tolist(), self._clock.wall_ns()
        if not change.up:
            self._faults[subject] = at_ns
            self._sink.put([Event(Kind.FAULT_BEGIN, at_ns, now_ns, subject)])
            return
        since_ns = self._faults.pop(subject, at_ns)
        facts = detail_of({"since_ns": since_ns})
        self._sink.put([Event(Kind.FAULT_END, max(at_ns, since_ns), now_ns, subject, detail=facts)])

    def tell_cover(self, change: CoverChange) -> None:
        """Maintenance windows begin or cease to hide hotspots and uplinks."""
        ids, names = self._monitor.plan.ids, self._monitor.machine.cover.names
        at_ns = int(self._wall_ns(np.array([change.at_ns], np.int64))[0])
        now_ns = self._clock.wall_ns()
        self._sink.put([
            Event(Kind.MAINTENANCE_BEGIN if hidden else Kind.MAINTENANCE_END, at_ns, now_ns, ids[target],
                  detail=detail_of({"window": names[window]}))
            for target, window, hidden in zip(
                change.targets.tolist(), change.windows.tolist(), change.hidden.tolist(), strict=True)
        ])  # fmt: skip

    def look(self) -> None:
        """Notice what nobody tells: a step of the wall clock. Cheap."""
        now_ns = self._clock.monotonic_ns()
        offset_ns = self._clock.wall_ns() - now_ns
        if abs(offset_ns - self._offset_ns) > _STEP_NS:
            self._earlier_offset_ns, self._offset_since_ns = self._offset_ns, self._looked_ns
            self._offset_ns = offset_ns
        self._looked_ns = now_ns

    def beat(self) -> None:
        """A sign of life."""
        self._sink.beat(self._clock.wall_ns())

    def before_reload(self) -> Before:
        """What the monitor knows before it takes a new configuration."""
        monitor = self._monitor
        states = dict(zip(_watched(monitor.plan), monitor.machine.state.tolist(), strict=True))
        return Before(states, monitor.totals())

    def reloaded(self, before: Before, digest: str) -> None:
        """The monitor has taken a new configuration."""
        now_ns, plan = self._clock.wall_ns(), self._monitor.plan
        watched = set(_watched(plan))
        new, gone = sorted(watched - before.states.keys()), sorted(before.states.keys() - watched)
        names = {"added": [name for name, _ in new], "removed": [name for name, _ in gone]}
        self._sink.put([
            Event(Kind.RELOAD, now_ns, now_ns, detail=detail_of({"version": __version__, "digest": digest, **names})),
            *(removed(name, now_ns, now_ns, before.states[name, kind], kind) for name, kind in gone),
            *(added(name, now_ns, kind) for name, kind in new),
        ])  # fmt: skip
        self._sums.rearrange(plan.ids[: plan.hotspots], before.totals)

    def take_sums(self) -> Sums:
        """What was counted since the last time; it is to be given to `put_sums`, and may be made in a thread."""
        return self._sums.take(self._monitor.totals(), self._clock.wall_ns())

    def put_sums(self, event: Event) -> None:
        """The event of `Sums.event`."""
        self._sink.put([event])

    def stop(self) -> None:
        """The exporter ends as it should."""
        sums = self.take_sums().event()
        now_ns = self._clock.wall_ns()
        self._sink.put([sums, Event(Kind.STOP, now_ns, now_ns)])
        self._sink.beat(now_ns)

    def _reason(self, target: int, outcome: int, at_ns: int) -> str:
        """The outcome's label; what was inconclusive in a fault of our path, or of the ISP's, is called by that."""
        sight = self._monitor.sight
        if outcome == Outcome.INCONCLUSIVE:
            if _in_fault(sight.vantage, at_ns):
                return VANTAGE
            path = int(sight.path_of[target])
            if path != OWN and _in_fault(sight.paths.peerings[path - 1], at_ns):
                return PEERING
        return Outcome(outcome).label

    def _wall_ns(self, monotonic_ns: Int64) -> Int64:
        """UTC of monotonic times, to the millisecond: what was before a step of the wall clock by the clock of then."""
        earlier = monotonic_ns <= self._offset_since_ns
        offset_ns = np.where(earlier, self._earlier_offset_ns, self._offset_ns)
        wall_ns: Int64 = (monotonic_ns + offset_ns) // _MILLISECOND_NS * _MILLISECOND_NS
        return wall_ns


def _kind(plan: Plan, target: int) -> Kind:
    return Kind.TRANSITION if target < plan.hotspots else Kind.UPLINK


def _watched(plan: Plan) -> Iterator[tuple[str, Kind]]:
    return ((name, _kind(plan, target)) for target, name in enumerate(plan.ids))


def _in_fault(vantage: Vantage, at_ns: int) -> bool:
    return not vantage.up or at_ns <= vantage.fault_ended_ns
