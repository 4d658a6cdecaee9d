"""The heart: one `tick` takes in what the probes brought, judges, and sends what is due. Synchronous, no own I/O.

It owns the state of all hotspots and probed uplinks, which are rows behind the hotspots and fare as they do,
and is the only writer. Who calls `tick` decides what time is: the app every few milliseconds of real time, a replay in
large steps of a simulated day.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from exporter.metrics.counters import ProbeCounters
from exporter.metrics.groups import GroupCounters, counts_of
from exporter.metrics.own import LATENESS_BOUNDS_SECONDS
from exporter.metrics.snapshot import Snapshot, UplinkFigures
from exporter.plan import Plan
from exporter.probing.addressbook import AddressBook
from exporter.probing.engine import NO_PROBES, Engine, Probes
from exporter.probing.outcome import Bool, Int32, Int64, Outcome, Results
from exporter.scheduling.appointments import Appointments
from exporter.scheduling.slots import LATE_LIMIT_NS, SlotSchedule
from exporter.sight import Sight
from exporter.verdicts.cover import CoverChange
from exporter.verdicts.machine import Machine, Transitions
from exporter.verdicts.maintenance import Maintenance
from exporter.verdicts.paths import PathChange, Paths
from exporter.verdicts.recent import Part, PastHour, RecentAvailability, compact
from exporter.verdicts.rounds import Reprobes
from exporter.verdicts.vantage import Vantage
from pantau.clock import NANOSECONDS, NEVER_NS, Clock

BLINDING_STEP_NS = NANOSECONDS
"""A step of the wall clock of a second or more: what we saw around it has no trustworthy time."""
_READ_AFTER_NS = 200_000_000
"""Reading is cheaper for many probes at once: the first tick after so long does it. A recovery is back-dated."""
_DOUBT_NS = 40_000_000
"""While failures are held for the canaries' word, it is looked for so often."""
_REANCHOR_NS = 50_000_000
_MILLISECOND_NS = 1_000_000
_BOUNDS_NS = np.array([round(bound * NANOSECONDS) for bound in LATENESS_BOUNDS_SECONDS], np.int64)


class Monitor:
    """Watches the hotspots of a `Plan` through an `Engine`. Slots later than `late_limit_ns` are skipped.

    They lie on a grid of `grain_ns`, so that many are due together.
    """

    def __init__(
        self, plan: Plan, engine: Engine, clock: Clock, late_limit_ns: int = LATE_LIMIT_NS, grain_ns: int = 1
    ) -> None:
        now_ns = clock.monotonic_ns()
        self._clock = clock
        self._late_limit_ns, self.grain_ns = late_limit_ns, grain_ns
        self.engine = engine
        self.plan = plan
        self.book = AddressBook(plan.addresses, clock)
        self.machine = Machine(len(plan.ids), plan.policy, now_ns)
        self.counters = ProbeCounters(len(plan.ids))
        self.groups = GroupCounters(plan.grouping)
        self.recent = RecentAvailability(len(plan.ids), now_ns)
        self.sight = self._make_sight(plan, None, now_ns)
        self._paths: list[PathChange] = []
        self.started_ns = now_ns
        self._slots = SlotSchedule(plan.ids, plan.interval_ns, now_ns, late_limit_ns, grain_ns)
        self._packets = Appointments()
        """The further echo requests of rounds: all leave, for loss is counted over all of them."""
        self._reprobes = Appointments()
        self._unsent: list[Results] = []
        self._last_tick_ns = now_ns
        self._stepped_ns = 0
        self._wall_offset_ns = clock.wall_ns() - now_ns
        self.maintenance = Maintenance(plan.windows, self.machine)
        self._covers = self.maintenance.advance(now_ns, self._wall_offset_ns)
        self._read_ns = now_ns
        self.unread = 0
        """Probes sent since the engine was last read."""
        self.skipped_slots = 0
        self.lateness_counts: Int64 = np.zeros(len(_BOUNDS_NS) + 1, np.int64)
        """Departures by `LATENESS_BOUNDS_SECONDS` since the last `take_lateness`."""
        self.lateness_sum_ns = 0

    @property
    def vantage(self) -> Vantage:
        """The canaries' verdict about our own path."""
        return self.sight.vantage

    @property
    def ready(self) -> bool:
        """Whether a round of every hotspot has ended."""
        return bool(self.machine.judged.all())

    @property
    def next_due_ns(self) -> int:
        """When `tick` has something to do: a slot, a canary, a probe to send again or to give up. It may be early."""
        doubt_ns = self._last_tick_ns + _DOUBT_NS if self.sight.in_doubt else NEVER_NS
        sending_ns = min(self._slots.next_ns, self._packets.next_ns, self._reprobes.next_ns, self.sight.next_due_ns)
        return min(sending_ns, self.engine.next_deadline_ns, doubt_ns)

    def tick(self) -> list[Transitions]:
        """Take in, judge, send. Returns the changes of state in the order in which they were decided."""
        now_ns = self._clock.monotonic_ns()
        self._watch_windows(now_ns)
        changes = self._take_in(now_ns)
        if self.recent.due(now_ns):
            self._book(now_ns)
            self.recent.advance(self.machine.ledger.spent_ns, now_ns)
        self._send_due(now_ns)
        self._last_tick_ns = now_ns
        return changes

    def tick_lightly(self) -> list[Transitions]:
        """`tick`, but what has come in waits until it is worth the work: replies carry the time of their arrival."""
        now_ns = self._clock.monotonic_ns()
        many = self.unread >= self.engine.room
        awaited = self.sight.in_doubt or now_ns >= self.engine.next_deadline_ns
        if many or awaited or now_ns - self._read_ns >= _READ_AFTER_NS:
            return self.tick()
        self._watch_windows(now_ns)
        self._send_due(now_ns)
        self._last_tick_ns = now_ns
        return []

    def take_path_changes(self) -> list[PathChange]:
        """Where we have ceased to see, our own path or that to an ISP, or see again, since the last call."""
        paths, self._paths = self._paths, []
        return paths

    def take_cover_changes(self) -> list[CoverChange]:
        """Where maintenance windows have opened or closed since the last call; tell them before the tick's transitions.

        Windows are numbered as in `machine.cover.names`; rows are those of the present plan.
        """
        covers, self._covers = self._covers, []
        return covers

    def _take_in(self, now_ns: int) -> list[Transitions]:
        self.unread, self._read_ns = 0, now_ns
        results = Results.concatenate([self.engine.collect(), *self._unsent])
        self._unsent = []
        changes = self._notice_blindness(now_ns)
        results, paths = self.sight.sift(results, now_ns)
        for change in paths:
            if not change.up:
                self.machine.suspect(change.at_ns, self.sight.seen_over(change.path))
        self._paths += paths
        if len(results):
            self.counters.record(results)
            moved, reprobes = self.machine.absorb(results, now_ns)
            changes.append(moved)
            self._arrange(reprobes)
        return [change for change in changes if len(change)]

    def reload(self, plan: Plan) -> None:
        """Swap the plan. Hotspots that stay keep counters and verdicts; one with a new address starts a new round."""
        now_ns = self._clock.monotonic_ns()
        self._watch_windows(now_ns)
        self._book(now_ns)
        groups = self.groups.totals(self._counts())
        source, stays = self._matches(plan)
        moved = _inverse(source, source >= 0, len(self.plan.ids))
        new_index = _inverse(source, stays, len(self.plan.ids))

        self.machine.policy = plan.policy
        self.machine.rearrange(source, now_ns)
        self.machine.rounds.abandon(np.flatnonzero(~stays))
        self.counters.rearrange(source)
        self.recent.rearrange(source)
        self.engine.retarget(new_index)
        self._packets.retarget(new_index)
        self._reprobes.retarget(new_index)
        self._unsent = [part.retargeted(new_index) for part in self._unsent]
        self.maintenance = Maintenance(plan.windows, self.machine)
        self._covers = [change.retargeted(moved) for change in self._covers]
        self._covers += self.maintenance.advance(now_ns, self._offset_ns(now_ns))
        self.book = AddressBook(plan.addresses, self._clock, previous=self.book)
        sight = self._make_sight(plan, self.sight, now_ns)
        sight.take_over(self.sight, new_index)
        self.sight = sight
        # Never coarser: a slot could then lie before what has been served. Finer may probe a hotspot once more.
        self.grain_ns = min(self.grain_ns, plan.grain_ns(self.engine.room))
        slots = SlotSchedule(plan.ids, plan.interval_ns, self.started_ns, self._late_limit_ns, self.grain_ns)
        slots.resume(self._slots)
        self._slots = slots
        self.plan = plan
        self.groups = self.groups.regrouped(plan.grouping, groups, self._counts())

    def snapshot(self) -> Snapshot:
        """A consistent copy of everything that a scrape shows."""
        machine, counters = self.machine, self.counters
        self._book(self._clock.monotonic_ns())
        hotspots, uplinks = slice(self.plan.hotspots), slice(self.plan.hotspots, None)
        state = machine.cover.shown(machine.state)
        since_seconds = self.wall_seconds(machine.cover.shown_since_ns(machine.since_ns))
        last_ns = counters.last_reply_ns[hotspots]
        return Snapshot(
            labels=self.plan.labels,
            up=machine.verdict[hotspots].copy(),
            state=state[hotspots],
            state_seconds=machine.ledger.spent_ns[hotspots] / NANOSECONDS,
            state_changes=machine.changes[hotspots].copy(),
            state_since_seconds=since_seconds[hotspots],
            requests=counters.requests[hotspots].copy(),
            replies=counters.replies[hotspots].copy(),
            failures=counters.failures[hotspots].copy(),
            rtt_buckets=counters.rtt_buckets[hotspots].copy(),
            rtt_sum_seconds=counters.rtt_sum_ns[hotspots] / NANOSECONDS,
            last_reply_seconds=np.where(last_ns < 0, 0.0, self.wall_seconds(last_ns)),
            down_since_seconds=self.wall_seconds(machine.cover.shown_since_ns(machine.fell_ns)[hotspots]),
            availability_day=self.recent.ratio(machine.ledger.spent_ns)[hotspots],
            loss=machine.loss_ratio()[hotspots],
            smoothed_rtt_seconds=np.round(machine.smoothed_rtt_ns()[hotspots] / NANOSECONDS, 6),
            overruns=[(row, window) for row, window in machine.cover.overruns() if row < self.plan.hotspots],
            uplinks=UplinkFigures(
                self.plan.uplinks,
                machine.verdict[uplinks].copy(),
                state[uplinks],
                since_seconds[uplinks],
            ),
            groups=self.groups.figures(self._counts(), state[hotspots]),
            facts=self.plan.facts,
        )

    def restore(self, verdicts: Mapping[str, int]) -> None:
        """Take up the last verdicts, by hotspot, that the journal knows from before a restart."""
        rows = [(row, verdicts[name]) for row, name in enumerate(self.plan.ids) if name in verdicts]
        targets = np.array([row for row, _ in rows], np.int32)
        self.machine.restore(targets, np.array([verdict for _, verdict in rows], np.int8))

    def remember(self, hours: Iterable[PastHour]) -> None:
        """Take up what the journal knows of the last day, in the order of time."""
        now_ns = self._clock.monotonic_ns()
        offset_ns = self._offset_ns(now_ns)
        parts = []
        for hour in hours:
            gains = np.array([hour.judged_ms.get(name, (0, 0)) for name in self.plan.ids], np.int64).reshape(-1, 2)
            parts.append(Part(hour.ended_ns - offset_ns, compact(gains)))
        self.recent.remember(parts)

    def totals(self) -> Int64:
        """Of each hotspot a copy of its requests, replies and milliseconds booked to each `State`: n x 9."""
        self._book(self._clock.monotonic_ns())
        counters, spent_ms = self.counters, self.machine.ledger.spent_ns // _MILLISECOND_NS
        return np.column_stack([counters.requests, counters.replies, spent_ms])[: self.plan.hotspots]

    def _counts(self) -> Int64:
        """The hotspots' counters as their groups add them up, as far as time is booked."""
        counters, hotspots = self.counters, slice(self.plan.hotspots)
        return counts_of(
            counters.requests[hotspots], counters.replies[hotspots], counters.rtt_sum_ns[hotspots],
            self.machine.ledger.spent_ns[hotspots], counters.rtt_buckets[hotspots],
        )  # fmt: skip

    def take_lateness(self) -> tuple[Int64, float]:
        """Departures by lateness bucket, and their sum in seconds, since the last call."""
        counts, sum_ns = self.lateness_counts, self.lateness_sum_ns
        self.lateness_counts, self.lateness_sum_ns = np.zeros_like(counts), 0
        return counts, sum_ns / NANOSECONDS

    def wall_seconds(self, monotonic_ns: Int64) -> NDArray[np.float64]:
        """Unix time of monotonic times, to the millisecond.

        The distance between the clocks is held still while it moves by no more than NTP slews, so that a timestamp in
        the metrics does not tremble from scrape to scrape.
        """
        return (monotonic_ns + self._offset_ns(self._clock.monotonic_ns())) // _MILLISECOND_NS / 1000

    def _offset_ns(self, now_ns: int) -> int:
        """Wall time less monotonic time."""
        offset_ns = self._clock.wall_ns() - now_ns
        if abs(offset_ns - self._wall_offset_ns) > _REANCHOR_NS:
            self._wall_offset_ns = offset_ns
        return self._wall_offset_ns

    def _watch_windows(self, now_ns: int) -> None:
        self._covers += self.maintenance.advance(now_ns, self._offset_ns(now_ns))

    def _book(self, now_ns: int) -> None:
        """Book time as far as our sight is decided and the windows are known."""
        self.machine.book(np.minimum(self.sight.decided_until_ns(now_ns), self.maintenance.checked_ns))

    def _matches(self, plan: Plan) -> tuple[Int32, Bool]:
        """For each row of a new plan its present row (-1 if new), and whether its address stays too."""
        row_of = {key: row for row, key in enumerate(_keys(self.plan))}
        source = np.fromiter((row_of.get(key, -1) for key in _keys(plan)), np.int32, len(plan.ids))
        same_address = (
            row >= 0 and self.plan.addresses[row] == address
            for row, address in zip(source.tolist(), plan.addresses, strict=True)
        )
        return source, np.fromiter(same_address, np.bool_, len(plan.ids))

    def _make_sight(self, plan: Plan, previous: Sight | None, now_ns: int) -> Sight:
        paths = Paths(plan.canary_names, plan.canary_isps, plan.quorum)
        if previous is not None and _canaries(plan) == _canaries(self.plan):
            paths = previous.paths
        elif previous is not None:
            self._paths += paths.take_over(previous.paths, now_ns)
        path_of = np.array([paths.number(isp) for isp in plan.isps], np.int64)
        book = AddressBook(plan.canary_addresses, self._clock, previous=previous.book if previous else None)
        return Sight(paths, path_of, book, plan.canary_interval_ns, plan.canary_timeout_ns, now_ns)

    def _notice_blindness(self, now_ns: int) -> list[Transitions]:
        """After a pause longer than an interval, or a large step of the wall clock, nothing seen can be vouched for."""
        stepped_ns = self.engine.statistics.stepped_ns - self._stepped_ns
        self._stepped_ns += stepped_ns
        paused = now_ns - self._last_tick_ns > self.plan.interval_ns
        if paused or stepped_ns >= BLINDING_STEP_NS:
            return [self.machine.blind(self._last_tick_ns, now_ns)]
        return []

    def _arrange(self, reprobes: Reprobes) -> None:
        if len(reprobes.targets):
            self._reprobes.add(reprobes.at_ns, reprobes.targets, reprobes.rounds)

    def _send_due(self, now_ns: int) -> None:
        probes = [self.sight.due_canaries(now_ns)]
        if len(self._packets):
            at_ns, targets, rounds = self._packets.take(now_ns)
            probes.append(self._prepare(targets, rounds, at_ns, now_ns))
        if len(self._reprobes):
            at_ns, targets, rounds = self._reprobes.take(now_ns)
            wanted = self.machine.rounds.wants(targets, rounds)
            probes.append(self._prepare(targets[wanted], rounds[wanted], at_ns[wanted], now_ns))
        due = self._slots.take(now_ns)
        self.skipped_slots += due.skipped
        if len(due.targets):
            probes.append(self._start_rounds(due.targets, due.slot_ns, now_ns))
        leaving = Probes.concatenate(probes)
        if len(leaving):
            self.engine.submit(leaving.targets, leaving.rounds, leaving.addresses, leaving.timeout_ns)
            self.unread += len(leaving)

    def _start_rounds(self, targets: Int32, slot_ns: Int64, now_ns: int) -> Probes:
        begun = self.machine.begin(targets, now_ns)
        started = targets[begun]
        rounds = self.machine.rounds.number[started]
        for packet in range(1, self.plan.policy.round.packets):
            at_ns = np.full(len(started), now_ns + packet * self.plan.packet_spacing_ns, np.int64)
            self._packets.add(at_ns, started, rounds)
        return self._prepare(started, rounds, slot_ns[begun], now_ns)

    def _prepare(self, targets: Int32, rounds: Int64, planned_ns: Int64, now_ns: int) -> Probes:
        """Look up the addresses; the targets that have none yet end here."""
        if not len(targets):
            return NO_PROBES
        late_ns = now_ns - planned_ns
        np.add.at(self.lateness_counts, np.searchsorted(_BOUNDS_NS, late_ns), 1)
        self.lateness_sum_ns += int(late_ns.sum())
        known = self.book.known[targets]
        if not known.all():
            self._unsent.append(Results.unsent(targets[~known], rounds[~known], Outcome.RESOLVE, now_ns))
            targets, rounds = targets[known], rounds[known]
        timeout_ns = np.full(len(targets), self.plan.timeout_ns, np.int64)
        return Probes(targets, rounds, self.book.words[targets], timeout_ns)


def _keys(plan: Plan) -> Iterator[tuple[bool, str]]:
    """What a row is known by over reloads: a hotspot that becomes an uplink begins anew."""
    return ((row < plan.hotspots, name) for row, name in enumerate(plan.ids))


def _canaries(plan: Plan) -> tuple[object, ...]:
    """All that decides what canaries prove."""
    return plan.canary_names, plan.canary_addresses, plan.canary_isps, plan.quorum


def _inverse(source: Int32, chosen: Bool, rows: int) -> Int32:
    """For each of the old rows the new one that it has become, -1 where it is not one of the chosen."""
    new_index = np.full(rows, -1, np.int32)
    new_index[source[chosen]] = np.flatnonzero(chosen)
    return new_index
