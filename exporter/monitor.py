"""Joins probers and judge: one `tick` collects what the probes brought, judges, and sends what is due.

Synchronous, no own I/O. Who calls `tick` decides what time is: the app every few milliseconds of real time, a replay in
large steps of a simulated day.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from exporter.planning.plan import Plan
from exporter.prober_clock import MonotonicKeeper, on_timeline, service_on_timeline
from exporter.probing.addresses import ProbedAddress
from exporter.probing.outcome import Int32, Int64
from exporter.probing.prober import Prober
from exporter.timeline import ClockLook, Timeline
from exporter.verdicts.events import Event, Relapsed, StatesChanged, TimeLost
from exporter.verdicts.judge import Judge
from exporter.verdicts.kind import JudgedKind, judged_kinds
from exporter.verdicts.picture import Snapshot
from exporter.verdicts.recent import BookedPart, PastHour, compact
from exporter.verdicts.snapshotting import take_snapshot
from exporter.walltime import WallTime
from pantau.clock import NEVER_NS, Clock
from pantau.states import State

_DOUBT_NS = 40_000_000
"""While failures are held for the references' word, it is looked for so often."""


@dataclass(frozen=True, slots=True)
class PreparedReload:
    """What a reload needs, and nothing that happens can change: it may be made in a thread, while probes leave."""

    plan: Plan
    moved: Int32
    """For each row of the plan before the row that it becomes, -1 where it goes."""
    kinds: Mapping[str, JudgedKind]

    @classmethod
    def of(cls, before: Plan, after: Plan) -> "PreparedReload":
        """From the plan in force to another."""
        row_of = {subject: row for row, subject in enumerate(after.subjects)}
        rows = (row_of.get(subject, -1) for subject in before.subjects)
        return cls(after, np.fromiter(rows, np.int32, len(before.subjects)), judged_kinds(after))


class Monitor:
    """Watches the targets of a `Plan` through probers, one for each of the plan's kinds and in their order.

    Probers live by CLOCK_MONOTONIC, the judge and all that it tells by the `Timeline`.
    """

    def __init__(self, plan: Plan, probers: Sequence[Prober], clock: Clock) -> None:
        if [prober.kind for prober in probers] != [kind.kind for kind in plan.kinds]:
            raise ValueError("each kind of the plan needs its prober")
        self._clock = clock
        self.timeline = Timeline(clock)
        self.probers = tuple(probers)
        self.started_ns = self._last_tick_ns = self.timeline.now_ns
        self.wall = WallTime(self.timeline)
        self.judge = Judge(plan, self.started_ns)
        self._pending = self._watch_windows(self.started_ns)
        """Events of before the first tick."""

    @property
    def plan(self) -> Plan:
        """What is watched."""
        return self.judge.plan

    @property
    def ready(self) -> bool:
        """Whether a round of every target has ended."""
        return self.judge.ready

    @property
    def next_due_ns(self) -> int:
        """When `tick` has something to do: a probe to send, to confirm or to give up. It may be early."""
        last_tick_ns = self._last_tick_ns - self.timeline.lost_ns
        doubt_ns = last_tick_ns + _DOUBT_NS if self.judge.in_doubt else NEVER_NS
        return min(doubt_ns, *(prober.next_due_ns for prober in self.probers))

    def tick(self, *, urgent: bool = True) -> list[Event]:
        """Collect, judge, send. Returns what happened, in the order in which it was decided.

        Unless it is `urgent`, what has come in waits until it is worth the work.
        """
        monotonic_ns, now_ns, events = self._look()
        urgent = urgent or self.judge.in_doubt
        collected = [(prober.kind, prober.collect(monotonic_ns, urgent=urgent)) for prober in self.probers]
        for kind, results in collected:
            if results is not None:
                events += self.judge.take(kind, on_timeline(results, self.timeline), now_ns)
        for prober in self.probers:
            said = prober.service()
            told = None if said is None else service_on_timeline(said, self.timeline)
            events += self.judge.take_service(prober.kind, told, now_ns)
        events += self.judge.expire(now_ns)
        self.judge.advance(now_ns)
        for prober in self.probers:
            prober.send_due(monotonic_ns, MonotonicKeeper(self.judge.kinds[prober.kind], self.timeline))
        return self._addressed(events)

    def reload(self, after: Plan | PreparedReload) -> list[Event]:
        """Swap the plan; the kinds stay those of the start. Hotspots that stay keep counters and verdicts."""
        _, now_ns, events = self._look()
        to = after if isinstance(after, PreparedReload) else PreparedReload.of(self.plan, after)
        kinds = zip(self.probers, to.plan.kinds, strict=True)
        renamed = {prober.kind: prober.reload(kind, to.moved) for prober, kind in kinds}
        offset_ns = self.wall.offset_ns
        return events + self._addressed(self.judge.reload(to.plan, renamed, to.moved, now_ns, offset_ns, to.kinds))

    def address_of(self, row: int) -> ProbedAddress:
        """Where the pings of a row go now."""
        return self.probers[0].address_of(row)

    def snapshot(self) -> Snapshot:
        """A consistent copy of everything that is shown."""
        return take_snapshot(self.judge, self.timeline.now_ns, self.wall.seconds)

    def booked_until_ns(self) -> Int64:
        """Of each hotspot, up to when its time is booked, wall time."""
        return self.judge.states.ledger.booked_until_ns[: self.plan.hotspots] + self.wall.offset_ns

    def totals(self) -> Int64:
        """`Judge.totals`, with time booked up to now."""
        self.judge.book(self.timeline.now_ns)
        return self.judge.totals()

    def restore(
        self,
        verdicts: Mapping[str, int],
        unserved: Mapping[str, State] | None = None,
        unscraped: Mapping[str, tuple[State, int]] | None = None,
    ) -> None:
        """Take up what the journal knows from before a restart, by hotspot.

        That is the last verdict of reachability, of those without service the state that they were in, and the time
        of the run before that no scrape has shown: the state, and nanoseconds.
        """
        self.judge.restore(verdicts, unserved or {}, self.timeline.now_ns)
        self.judge.carry_over(unscraped or {})

    def remember_answered(self, names: Collection[str]) -> None:
        """These have answered before this exporter began, as the journal knows."""
        self.judge.remember_answered(names)

    def remember(self, hours: Iterable[PastHour]) -> None:
        """Take up what the journal knows of the last day, in the order of time."""
        offset_ns = self.wall.offset_ns
        parts = []
        for hour in hours:
            gains = np.array([hour.judged_ms.get(name, (0, 0)) for name in self.plan.ids], np.int64).reshape(-1, 2)
            parts.append(BookedPart(hour.ended_ns - offset_ns, compact(gains)))
        self.judge.remember(parts)

    def _addressed(self, events: list[Event]) -> list[Event]:
        """The events, each change of state with the addresses that were probed: names lead elsewhere tomorrow."""
        prober_of = {prober.kind: prober for prober in self.probers}
        return [
            dataclasses.replace(
                event, addresses=tuple(prober_of[event.kind].address_of(row).in_use for row in event.targets.tolist())
            )
            if isinstance(event, StatesChanged | Relapsed)
            else event
            for event in events
        ]

    def _watch_windows(self, now_ns: int) -> list[Event]:
        return self.judge.watch_windows(now_ns, self.wall.offset_ns)

    def _look(self) -> tuple[int, int, list[Event]]:
        """What time it is, for probers and on the timeline, and what has happened since the last look by time alone."""
        seen = self.timeline.look()
        monotonic_ns = self._clock.monotonic_ns()
        now_ns = monotonic_ns + self.timeline.lost_ns
        events, self._pending = self._pending, []
        if seen.lost_ns:
            self.judge.book(self._last_tick_ns)
            events.append(TimeLost(self._last_tick_ns, self._last_tick_ns + seen.lost_ns, self.judge.totals()))
        events += self._watch_windows(now_ns) + self._notice_blindness(now_ns, seen)
        self._last_tick_ns = now_ns
        return monotonic_ns, now_ns, events

    def _notice_blindness(self, now_ns: int, seen: ClockLook) -> list[Event]:
        """After a pause longer than a kind's interval nothing that it saw can be vouched for.

        After time that was lost, or a large step of the wall clock, that is so of every kind.
        """
        doubtful = seen.leapt or seen.lost_ns > 0
        pause_ns = now_ns - self._last_tick_ns
        blind = [kind.kind for kind in self.plan.kinds if doubtful or pause_ns > kind.interval_ns]
        return self.judge.blind(blind, self._last_tick_ns, now_ns) if blind else []
