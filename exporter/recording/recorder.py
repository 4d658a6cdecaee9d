"""Tells the journal what happens: transitions with their evidence, our own faults, reloads, sums, start and stop.

It turns events' times into UTC; where it all goes is the `Sink`'s affair.
"""

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np

from exporter.columns import inverse
from exporter.monitor import Monitor
from exporter.planning.plan import Plan
from exporter.probing.icmp.plan import KIND as ICMP
from exporter.probing.outcome import Int64
from exporter.probing.uptime.source import UptimeReading
from exporter.recording.hourly import HourlySums, Sums
from exporter.recording.kernel_clock import ClockState
from exporter.recording.transitions import kind_of, relapses, supports, transitions
from exporter.verdicts.events import Event as Happening
from exporter.verdicts.events import (
    MaintenanceChanged,
    PathChanged,
    Relapsed,
    Reloaded,
    StatesChanged,
    SupportChanged,
    TimeLost,
)
from exporter.verdicts.vouching import PEERING, VANTAGE
from pantau import __version__
from pantau.clock import NANOSECONDS, Clock
from pantau.journal.entries import (
    CHECKPOINT_NS,
    Event,
    Kind,
    added,
    checkpoint,
    clock_step,
    detail_of,
    inventory_taken,
    removed,
    start,
    uptime_told,
)

HEARTBEAT_SECONDS = 5.0
"""So often the lease is kept, and looked whether a sign of life has to be chained."""
_SILENT_NS = CHECKPOINT_NS - round((HEARTBEAT_SECONDS - 0.5) * NANOSECONDS)
"""At a beat, the chain has been silent for so long: at the next it would be for more than 10 s, or, by what a timer is
late, just about. After a kill the time that nobody can vouch for begins at most 10.5 s before it."""
_MILLISECOND_NS = 1_000_000
_HOUR_NS = 3600 * NANOSECONDS
_DAY_NS = 24 * _HOUR_NS
_ROUNDS = 4
"""The round that finds an outage, its confirmation, canaries that have to vouch, and one that was inconclusive."""
_STEP_NS = 50_000_000
"""More than NTP slews between two looks: the wall clock was stepped."""


class Sink(Protocol):
    """What takes the events; neither call may wait."""

    def put(self, events: Iterable[Event]) -> None:
        """Take events, in order."""

    def beat(self, at_ns: int) -> None:
        """The exporter lives, and has told everything up to now."""

    @property
    def waiting(self) -> bool:
        """Whether another exporter tells of this time, and what this one counts meanwhile is not to be added to it."""


class Recorder:
    """Listens to one monitor on behalf of a journal. The plan's digest names the configuration in force."""

    def __init__(
        self,
        monitor: Monitor,
        clock: Clock,
        sink: Sink,
        clock_state: Callable[[], ClockState | None] = lambda: None,
    ) -> None:
        self._monitor = monitor
        self._clock = clock
        self._sink = sink
        self._clock_state = clock_state
        self._synchronised: bool | None = None
        self._put_ns = 0
        """When the last event was recorded."""
        self._waited = False
        now_ns = clock.wall_ns()
        self._offset_ns = self._earlier_offset_ns = monitor.timeline.wall_offset_ns
        self._looked_ns = self._offset_since_ns = monitor.timeline.now_ns
        self._faults: dict[str, int] = {}
        """When each fault that lasts began, wall time."""
        plan = monitor.plan
        self._sums = HourlySums(plan.ids[: plan.hotspots], monitor.totals(), now_ns)
        facts = {
            "version": __version__,
            "digest": plan.digest,
            "settles_ms": _settles_ms(monitor),
            **self._clock_facts(),
        }
        watched = start(now_ns, plan.ids[: plan.hotspots], plan.ids[plan.hotspots :], facts)
        self._put([watched, *_inventory(now_ns, plan)])

    def hear(self, event: Happening) -> None:
        """See `Listener.hear`."""
        if isinstance(event, StatesChanged):
            self._states_changed(event)
        elif isinstance(event, Relapsed):
            self._relapsed(event)
        elif isinstance(event, SupportChanged):
            self.look()
            self._put(supports(event, self._wall_ns))
        elif isinstance(event, MaintenanceChanged):
            self._maintenance_changed(event)
        elif isinstance(event, PathChanged):
            self._path_changed(event)
        elif isinstance(event, TimeLost):
            self._time_lost(event)
        else:
            self._reloaded(event)

    def look(self) -> None:
        """Notice what no event tells: a step of the wall clock. Cheap."""
        timeline = self._monitor.timeline
        offset_ns = timeline.wall_offset_ns
        step_ns = offset_ns - self._offset_ns
        if abs(step_ns) > _STEP_NS:
            self._put([clock_step(self._clock.wall_ns(), step_ns, "set")])
            self._earlier_offset_ns, self._offset_since_ns = self._offset_ns, self._looked_ns
            self._offset_ns = offset_ns
        self._looked_ns = timeline.now_ns

    def beat(self) -> None:
        """A sign of life; one that is chained where the chain would be silent, and where NTP's state has changed."""
        self.look()
        now_ns, before = self._clock.wall_ns(), self._synchronised
        facts = self._clock_facts()
        if now_ns - self._put_ns >= _SILENT_NS or self._synchronised is not before:
            self._put([checkpoint(now_ns, facts)])
        self._begin_sums_anew()
        self._sink.beat(now_ns)

    def uptime_told(self, hotspot: str, address: str, evidence: str, reading: UptimeReading) -> None:
        """See `UptimeSink`."""
        now_ns = self._clock.wall_ns()
        self._put([uptime_told(hotspot, now_ns, reading.uptime_seconds, evidence, address or None, reading.facts)])

    def take_sums(self) -> Sums:
        """What was counted since the last time; it is to be given to `put_sums`, and may be made in a thread."""
        self._begin_sums_anew()
        return self._sums.take(self._monitor.totals(), self._clock.wall_ns())

    def put_sums(self, event: Event) -> None:
        """The event of `Sums.event`; once a day with the inventory in force: nobody has to look for it far back."""
        new_day = event.at_ns // _DAY_NS != event.since_ns // _DAY_NS
        told = [event, *(_inventory(event.at_ns, self._monitor.plan) if new_day else ())]
        now_ns = self._clock.wall_ns()
        self._put([one._replace(recorded_ns=now_ns) for one in told])

    def stop(self) -> None:
        """The exporter ends as it should."""
        sums = self.take_sums().event()
        now_ns = self._clock.wall_ns()
        self._put([sums, Event(Kind.STOP, now_ns, now_ns)])
        self._sink.beat(now_ns)

    def _put(self, events: Iterable[Event]) -> None:
        told = list(events)
        self._put_ns = max((event.recorded_ns for event in told), default=self._put_ns)
        self._sink.put(told)

    def _clock_facts(self) -> dict[str, object]:
        """NTP's state, for an entry; it holds until another is told."""
        state = self._clock_state()
        self._synchronised = None if state is None else state.synchronised
        return {} if state is None else {"clock": state.facts}

    def _begin_sums_anew(self) -> None:
        """While another exporter writes, it counts too: our sums begin when ours is the journal."""
        waiting = self._sink.waiting
        if waiting or self._waited:
            self._sums.take(self._monitor.totals(), self._clock.wall_ns())
        self._waited = waiting

    def _states_changed(self, event: StatesChanged) -> None:
        self.look()
        self._put(transitions(event, self._wall_ns))

    def _relapsed(self, event: Relapsed) -> None:
        self.look()
        self._put(relapses(event, self._wall_ns))

    def _path_changed(self, event: PathChanged) -> None:
        """We cannot see any more over a path, or see again."""
        subject = f"{PEERING}:{event.isp}" if event.isp else VANTAGE
        if event.kind != ICMP:
            subject = f"{event.kind}:{subject}"
        (at_ns,), now_ns = self._wall_ns(np.array([event.at_ns], np.int64)).tolist(), self._clock.wall_ns()
        if not event.up:
            self._faults[subject] = at_ns
            self._put([Event(Kind.FAULT_BEGIN, at_ns, now_ns, subject)])
            return
        since_ns = self._faults.pop(subject, at_ns)
        facts = detail_of({"since_ns": since_ns})
        self._put([Event(Kind.FAULT_END, max(at_ns, since_ns), now_ns, subject, detail=facts)])

    def _maintenance_changed(self, event: MaintenanceChanged) -> None:
        """Maintenance windows begin or cease to hide hotspots and uplinks."""
        (at_ns,), now_ns = self._wall_ns(np.array([event.at_ns], np.int64)).tolist(), self._clock.wall_ns()
        rows = zip(event.subjects, event.windows, event.hidden.tolist(), strict=True)
        self._put(
            [
                Event(
                    Kind.MAINTENANCE_BEGIN if hidden else Kind.MAINTENANCE_END,
                    at_ns,
                    now_ns,
                    subject.name,
                    detail=detail_of({"window": window}),
                )
                for subject, window, hidden in rows
            ]
        )

    def _time_lost(self, event: TimeLost) -> None:
        """Sums end where time was lost over the end of an hour: what was counted before is that hour's, and month's."""
        since_ns, until_ns = self._wall_ns(np.array([event.since_ns, event.until_ns], np.int64)).tolist()
        if since_ns > self._sums.since_ns and since_ns // _HOUR_NS != until_ns // _HOUR_NS:
            sums = self._sums.take(event.totals, since_ns).event()
            self._put([sums._replace(recorded_ns=self._clock.wall_ns())])

    def _reloaded(self, event: Reloaded) -> None:
        """Another configuration is in force: what it adds and removes begins and ends being watched."""
        now_ns = self._clock.wall_ns()
        before, after = event.before, event.after
        states = {before.subjects[row]: event.states[row] for row in np.flatnonzero(event.moved < 0).tolist()}
        came = inverse(event.moved, len(after.subjects)) < 0
        gone, new = sorted(states), sorted(after.subjects[row] for row in np.flatnonzero(came).tolist())
        # What goes to the journal is not taken back: all that can fail comes before it.
        names = {"added": [subject.name for subject in new], "removed": [subject.name for subject in gone]}
        settles = {"settles_ms": _settles_ms(self._monitor)}
        facts = detail_of({"version": __version__, "digest": after.digest, **settles, **names})
        self._sums.rearrange(after.ids[: after.hotspots], event.moved[: before.hotspots], event.totals)
        self._put(
            [
                Event(Kind.RELOAD, now_ns, now_ns, detail=facts),
                *(_inventory(now_ns, after) if after.inventory != before.inventory else ()),
                *(removed(subject.name, now_ns, now_ns, int(states[subject]), kind_of(subject)) for subject in gone),
                *(added(subject.name, now_ns, kind_of(subject)) for subject in new),
            ]
        )

    def _wall_ns(self, timeline_ns: Int64) -> Int64:
        """UTC of the timeline's times, to the millisecond: what was before the clock was set by the clock of then."""
        earlier = timeline_ns <= self._offset_since_ns
        offset_ns = np.where(earlier, self._earlier_offset_ns, self._offset_ns)
        wall_ns: Int64 = (timeline_ns + offset_ns) // _MILLISECOND_NS * _MILLISECOND_NS
        return wall_ns


def _settles_ms(monitor: Monitor) -> int:
    """So late the time of a hotspot is counted at most: a round, its confirmation, and the rounds of a recovery."""
    pings, *others = monitor.plan.kinds
    kinds = [pings, *(kind for kind in others if any(kind.watched))]
    rounds_ns = [kind.interval_ns * (kind.policy.recover_after + _ROUNDS) for kind in kinds]
    checks = (check for check in monitor.plan.checks if any(check.watched))
    checks_ns = [check.policy.grace_ns + check.policy.told_within_ns for check in checks]
    return max(*rounds_ns, *checks_ns, 0) // _MILLISECOND_NS


def _inventory(at_ns: int, plan: Plan) -> list[Event]:
    """What decides money from now on. A start says it in any case: it does not know what was chained before."""
    return [inventory_taken(at_ns, plan.inventory)] if plan.inventory else []
