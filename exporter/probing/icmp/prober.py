"""The prober of pings: it plans when slots, further packets, re-probes and canaries leave; replies come in in bulk.

It owns the schedule and the addresses. What it plans a few hundred milliseconds ahead waits in the `Outbox`, which
sends it a burst at a time. Reading the socket is cheaper for many probes at once, and replies carry the kernel's time
of arrival, so it is left unread until it is worth the work.
"""

import asyncio

import numpy as np

from exporter.planning.plan import KindPlan
from exporter.probing.addresses import ProbedAddress
from exporter.probing.icmp.canaries import CanaryProbes
from exporter.probing.icmp.engine import Engine
from exporter.probing.icmp.outbox import Outbox
from exporter.probing.icmp.plan import KIND, IcmpPlan
from exporter.probing.icmp.policing import PolicerWatch
from exporter.probing.names.address_book import AddressBook, numbers_of
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.outcome import REFERENCE_BASE, Int32, Int64, Observations
from exporter.probing.prober import RoundKeeper
from exporter.probing.service import ServiceResults
from exporter.scheduling.appointments import Appointments
from exporter.scheduling.pacing import WINDOW_NS
from exporter.scheduling.rows import NO_ROWS, ProbeRows
from exporter.scheduling.slots import LATE_LIMIT_NS, SlotSchedule
from pantau.clock import Clock

_READ_AFTER_NS = 200_000_000
"""The first tick after so long reads the socket, however little has come. A recovery is back-dated."""
_TOGETHER_NS = 100_000_000
"""Silences are noticed together that end within so long, or within a grain."""
_LEAD_NS = 20_000_000
"""Probes are planned so much before the first of them is due, or a quarter of a grain: a tick may come late."""
_PATIENCE_INTERVALS = 2
"""After so long a re-probe that found no turn is given up: were everybody to fall silent, all would have had theirs."""


class IcmpProber:
    """Pings the targets of a plan through an `Engine`. Slots later than `late_limit_ns` are skipped.

    What is due within `grain_ns` is planned together; the plan's own if it is None. Who calls but each `window_ns`
    has as much sent at once as falls due in between.
    """

    kind = KIND

    def __init__(
        self,
        plan: IcmpPlan,
        engine: Engine,
        resolver: Resolver,
        clock: Clock,
        late_limit_ns: int = LATE_LIMIT_NS,
        grain_ns: int | None = None,
        window_ns: int = WINDOW_NS,
        reach: Reach = ANYWHERE,
    ) -> None:
        now_ns = clock.monotonic_ns()
        self.engine = engine
        self.plan = plan
        self.grain_ns = plan.grain_ns(engine.room) if grain_ns is None else grain_ns
        self._clock, self._reach = clock, reach
        self.book = self._book_of(plan, None)
        self.canaries = CanaryProbes(plan, clock, reach=reach)
        self._lookups = (
            Lookups(lambda: self.book, resolver, reach),
            Lookups(lambda: self.canaries.book, resolver, reach),
        )
        self.outbox = Outbox(engine, clock, plan.pace(window_ns), plan.timeout_ns, late_limit_ns, self.depart)
        self.policing = _watch_of(plan)
        self.lateness = self.outbox.lateness
        self._late_limit_ns, self._window_ns, self._started_ns = late_limit_ns, window_ns, now_ns
        self._slots = SlotSchedule(plan.slots, now_ns, late_limit_ns)
        self._packets = Appointments()
        """The further echo requests of rounds: all leave, for loss is counted over all of them."""
        self._unsent: list[Observations] = []
        self._read_ns = now_ns

    @property
    def next_due_ns(self) -> int:
        """See `Prober.next_due_ns`."""
        silence_ns = max(self.engine.next_deadline_ns, self._read_ns + min(_TOGETHER_NS, self.grain_ns))
        return min(self._planned_ns - self._lead_ns, silence_ns, self.outbox.next_due_ns)

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """See `Prober.collect`: read when the receive buffer may be full, a deadline has passed, or long enough."""
        worth_it = self.outbox.unread >= self.engine.room or now_ns >= self.engine.next_deadline_ns
        if not (urgent or worth_it or now_ns - self._read_ns >= _READ_AFTER_NS):
            return None
        self.outbox.unread, self._read_ns = 0, now_ns
        ended = self.canaries.book.hear(self.book.hear(self.engine.collect()), REFERENCE_BASE)
        results = self.policing.sift(Observations.concatenate([ended, *self._unsent]), now_ns)
        self._unsent = []
        self.lateness.policed = self.policing.voided
        if self.policing.suspected(now_ns):
            self.outbox.waiting.policed(now_ns)
        return results

    def service(self) -> ServiceResults | None:
        """See `Prober.service`: pings tell of reachability alone."""
        return None

    def address_of(self, row: int) -> ProbedAddress:
        """See `Prober.address_of`."""
        return self.book.address_of(row)

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """See `Prober.send_due`: what is due within a grain is planned, and what may leave by now leaves."""
        self._take_reprobes(now_ns, keeper)
        if self._planned_ns - self._lead_ns <= now_ns:
            self._plan_ahead(now_ns, keeper)
        self.depart()
        self.outbox.set_alarm()
        self.outbox.count_lateness()

    def depart(self) -> None:
        """Send what may leave by now."""
        self._unsent += self.outbox.depart(self.book, self.canaries)

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """See `Prober.reload`. A target with a new address begins a new round; canaries keep what their names were."""
        if not isinstance(plan, IcmpPlan):
            raise TypeError(f"the ICMP prober needs a plan of its own, not {type(plan).__name__}")
        kept = np.flatnonzero(moved >= 0)
        changed = self.plan.written.texts[kept] != plan.written.texts[moved[kept]]
        new_index = moved.astype(np.int32)
        new_index[kept[changed]] = -1
        self.engine.retarget(new_index)
        self.outbox.retarget(new_index)
        self.outbox.adopt(plan.pace(self._window_ns), plan.timeout_ns)
        self._packets.retarget(new_index)
        self._unsent = [part.retargeted(new_index) for part in self._unsent]
        self.book = self._book_of(plan, self.book)
        self.canaries = CanaryProbes(plan, self._clock, previous=self.canaries, reach=self._reach)
        for lookups in self._lookups:
            lookups.notice()
        if not plan.proves_like(self.plan):
            voided, self.policing = self.policing.voided, _watch_of(plan)
            self.policing.voided = voided
        self.grain_ns = min(self.grain_ns, plan.grain_ns(self.engine.room))
        served = self._slots
        self._slots = SlotSchedule(plan.slots, self._started_ns, self._late_limit_ns)
        self._slots.resume(served)
        self.plan = plan
        return new_index

    async def run(self) -> None:
        """Look names up as they come due, send what leaves between two ticks, and let the engine do its own."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.engine.run())
            for lookups in self._lookups:
                tasks.create_task(lookups.run())
            tasks.create_task(self.outbox.run())

    async def resolve_names(self) -> None:
        """Look up every name that is due now, and return when all have been tried."""
        for lookups in self._lookups:
            await lookups.refresh()

    def _book_of(self, plan: IcmpPlan, previous: AddressBook | None) -> AddressBook:
        of_round = plan.policy.round
        return AddressBook(
            plan.written,
            self._clock,
            previous,
            self._reach,
            packets=of_round.packets,
            attempts=of_round.confirm_attempts,
        )

    @property
    def _planned_ns(self) -> int:
        """Up to when everything is planned."""
        return min(self._slots.next_ns, self._packets.next_ns, self.canaries.next_due_ns)

    @property
    def _lead_ns(self) -> int:
        return min(_LEAD_NS, self.grain_ns // 4)

    def _take_reprobes(self, now_ns: int, keeper: RoundKeeper) -> None:
        """Let confirmations and canaries that are asked wait their turn, and drop those that nobody wants any more."""
        waiting = self.outbox.waiting
        if len(waiting.reprobes):
            targets, rounds = waiting.reprobes.rows.targets, waiting.reprobes.rows.rounds
            wanted = targets >= REFERENCE_BASE
            wanted[~wanted] = keeper.wants(targets[~wanted], rounds[~wanted])
            self._unsent += self.outbox.keep_reprobes(wanted, now_ns, _PATIENCE_INTERVALS * self.plan.interval_ns)
        noted = self.engine.take_noted()
        of_targets = noted.targets < REFERENCE_BASE
        if of_targets.any():
            keeper.hasten(noted.targets[of_targets], numbers_of(noted.rounds[of_targets]), now_ns)
        new = keeper.take_confirmations()
        hurried = waiting.reprobes.hurried
        asked = NO_ROWS if hurried else self.canaries.asked(now_ns, keeper, busy=waiting.pressing(now_ns))
        if len(new.targets) or len(asked.targets):
            waiting.reprobes.add(ProbeRows.joined([asked, ProbeRows(new.at_ns, new.targets, new.rounds)]))

    def _plan_ahead(self, now_ns: int, keeper: RoundKeeper) -> None:
        """Begin the rounds whose slots lie within a grain, and say when they, further packets and canaries leave.

        All are planned together in the order of their slots, so that canaries ride in the hotspots' bursts.
        """
        until_ns = now_ns + self.grain_ns - 1
        canaries, unsent = self.canaries.due(now_ns, until_ns, keeper)
        if unsent is not None:
            self._unsent.append(unsent)
        packets = ProbeRows(*self._packets.take(until_ns)) if len(self._packets) else NO_ROWS
        due = self._slots.take(now_ns, until_ns)
        self.lateness.skipped_slots += due.skipped
        slots = ProbeRows(due.slot_ns, due.targets, np.zeros(len(due.targets), np.int64))
        counts = [len(part.targets) for part in (slots, packets, canaries)]
        together = ProbeRows.joined([slots, packets, canaries])
        order = np.argsort(together.at_ns, kind="stable")
        departs_ns = np.empty(len(order), np.int64)
        departs_ns[order] = self.outbox.waiting.plan(together.at_ns[order])
        of_slots, of_packets, of_canaries = np.split(departs_ns, np.cumsum(counts)[:-1])
        rounds = self._start_rounds(slots.targets, of_slots, now_ns, keeper)
        planned = [rounds, packets._replace(at_ns=of_packets)] if len(packets.targets) else [rounds]
        if len(canaries.targets):
            named = canaries._replace(at_ns=np.maximum(of_canaries, now_ns))
            planned.append(self.canaries.leave(named, keeper)._replace(at_ns=of_canaries))
        self.outbox.add(ProbeRows.joined(planned), self.book, self.canaries)

    def _start_rounds(self, targets: Int32, departs_ns: Int64, now_ns: int, keeper: RoundKeeper) -> ProbeRows:
        leaves_ns = np.maximum(departs_ns, now_ns)
        begun = keeper.begin(targets, leaves_ns)
        started = targets[begun]
        rounds = keeper.numbers(started)
        for packet in range(1, self.plan.policy.round.packets):
            self._packets.add(leaves_ns[begun] + packet * self.plan.packet_spacing_ns, started, rounds)
        return ProbeRows(departs_ns[begun], started, rounds)


def _watch_of(plan: IcmpPlan) -> PolicerWatch:
    return PolicerWatch(plan.references.isps, plan.references.quorum)
