"""The prober of pings: slots, further packets, confirmations and canaries go out in one batch; replies come in in bulk.

It owns the schedule, the addresses and the engine. Reading the socket is cheaper for many probes at once, and replies
carry the kernel's time of arrival, so it is left unread until it is worth the work.
"""

import asyncio

import numpy as np

from exporter.planning.plan import KindPlan
from exporter.probing.addresses import ProbedAddress
from exporter.probing.icmp.canaries import CanaryProbes
from exporter.probing.icmp.engine import NO_PROBES, Engine, Probes
from exporter.probing.icmp.plan import KIND, IcmpPlan
from exporter.probing.lateness import DepartureLateness
from exporter.probing.names.address_book import AddressBook, numbers_of
from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.names.resolver import Resolver
from exporter.probing.outcome import REFERENCE_BASE, Int32, Int64, Observations, Outcome
from exporter.probing.prober import RoundKeeper
from exporter.scheduling.appointments import Appointments
from exporter.scheduling.slots import LATE_LIMIT_NS, SlotSchedule
from pantau.clock import Clock

_READ_AFTER_NS = 200_000_000
"""The first tick after so long reads the socket, however little has come. A recovery is back-dated."""


class IcmpProber:
    """Pings the targets of a plan through an `Engine`. Slots later than `late_limit_ns` are skipped.

    They lie on a grid of `grain_ns`, so that many are due together; the plan's own if it is None.
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
        reach: Reach = ANYWHERE,
    ) -> None:
        now_ns = clock.monotonic_ns()
        self.engine = engine
        self.plan = plan
        self.lateness = DepartureLateness()
        self.grain_ns = plan.grain_ns(engine.room) if grain_ns is None else grain_ns
        self._clock, self._reach = clock, reach
        self.book = self._book_of(plan, None)
        self.canaries = CanaryProbes(plan, clock, reach=reach)
        self._lookups = (
            Lookups(lambda: self.book, resolver, reach),
            Lookups(lambda: self.canaries.book, resolver, reach),
        )
        self._late_limit_ns, self._started_ns = late_limit_ns, now_ns
        self._targets, self._slots = self._schedule(plan)
        self._packets = Appointments()
        """The further echo requests of rounds: all leave, for loss is counted over all of them."""
        self._confirmations = Appointments()
        self._unsent: list[Observations] = []
        self._read_ns = now_ns
        self._unread = 0
        """Probes sent since the engine was last read."""

    @property
    def next_due_ns(self) -> int:
        """See `Prober.next_due_ns`."""
        sending_ns = min(self._slots.next_ns, self._packets.next_ns, self._confirmations.next_ns)
        return min(sending_ns, self.canaries.next_due_ns, self.engine.next_deadline_ns)

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """See `Prober.collect`: read when the receive buffer may be full, a deadline has passed, or long enough."""
        worth_it = self._unread >= self.engine.room or now_ns >= self.engine.next_deadline_ns
        if not (urgent or worth_it or now_ns - self._read_ns >= _READ_AFTER_NS):
            return None
        self._unread, self._read_ns = 0, now_ns
        ended = self.canaries.book.hear(self.book.hear(self.engine.collect()), REFERENCE_BASE)
        results = Observations.concatenate([ended, *self._unsent])
        self._unsent = []
        return results

    def address_of(self, row: int) -> ProbedAddress:
        """See `Prober.address_of`."""
        return self.book.address_of(row)

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """See `Prober.send_due`: everything that is due leaves in one batch."""
        canaries, unsent = self.canaries.due(now_ns, keeper)
        if unsent is not None:
            self._unsent.append(unsent)
        probes = [canaries]
        noted = self.engine.take_noted()
        of_targets = noted.targets < REFERENCE_BASE
        if of_targets.any():
            keeper.hasten(noted.targets[of_targets], numbers_of(noted.rounds[of_targets]), now_ns)
        confirmations = keeper.take_confirmations()
        if len(confirmations.targets):
            self._confirmations.add(confirmations.at_ns, confirmations.targets, confirmations.rounds)
        if len(self._packets):
            at_ns, targets, rounds = self._packets.take(now_ns)
            probes.append(self._prepare(targets, rounds, at_ns, now_ns))
        if len(self._confirmations):
            at_ns, targets, rounds = self._confirmations.take(now_ns)
            wanted = keeper.wants(targets, rounds)
            probes.append(self._prepare(targets[wanted], rounds[wanted], at_ns[wanted], now_ns))
        due = self._slots.take(now_ns)
        self.lateness.skipped_slots += due.skipped
        if len(due.targets):
            probes.append(self._start_rounds(self._targets[due.targets], due.slot_ns, now_ns, keeper))
        leaving = Probes.concatenate(probes)
        if len(leaving):
            self.engine.submit(leaving.targets, leaving.rounds, leaving.addresses, leaving.timeout_ns)
            self._unread += len(leaving)

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """See `Prober.reload`. A target with a new address begins a new round; canaries keep what their names were."""
        if not isinstance(plan, IcmpPlan):
            raise TypeError(f"the ICMP prober needs a plan of its own, not {type(plan).__name__}")
        old = self.plan.addresses
        changed = [row >= 0 and plan.addresses[row] != old[place] for place, row in enumerate(moved.tolist())]
        new_index = np.where(np.array(changed, np.bool_), np.int32(-1), moved).astype(np.int32)
        self.engine.retarget(new_index)
        self._packets.retarget(new_index)
        self._confirmations.retarget(new_index)
        self._unsent = [part.retargeted(new_index) for part in self._unsent]
        self.book = self._book_of(plan, self.book)
        self.canaries = CanaryProbes(plan, self._clock, previous=self.canaries, reach=self._reach)
        # Never coarser: a slot could then lie before what has been served. Finer may probe a hotspot once more.
        self.grain_ns = min(self.grain_ns, plan.grain_ns(self.engine.room))
        served = self._slots
        self._targets, self._slots = self._schedule(plan)
        self._slots.resume(served)
        self.plan = plan
        return new_index

    async def run(self) -> None:
        """Look names up as they come due, and let the engine do what it does by itself, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.engine.run())
            for lookups in self._lookups:
                tasks.create_task(lookups.run())

    async def resolve_names(self) -> None:
        """Look up every name that is due now, and return when all have been tried."""
        for lookups in self._lookups:
            await lookups.refresh()

    def _book_of(self, plan: IcmpPlan, previous: AddressBook | None) -> AddressBook:
        of_round = plan.policy.round
        return AddressBook(
            plan.addresses,
            self._clock,
            previous,
            self._reach,
            packets=of_round.packets,
            attempts=of_round.confirm_attempts,
        )

    def _schedule(self, plan: IcmpPlan) -> tuple[Int32, SlotSchedule]:
        """The slots of the targets that have an address, and the row of each."""
        rows = np.flatnonzero(np.array(plan.watched, np.bool_)).astype(np.int32)
        ids = [plan.ids[row] for row in rows.tolist()]
        slots = SlotSchedule(ids, plan.interval_ns, self._started_ns, self._late_limit_ns, self.grain_ns)
        return rows, slots

    def _start_rounds(self, targets: Int32, slot_ns: Int64, now_ns: int, keeper: RoundKeeper) -> Probes:
        begun = keeper.begin(targets, now_ns)
        started = targets[begun]
        rounds = keeper.numbers(started)
        for packet in range(1, self.plan.policy.round.packets):
            at_ns = np.full(len(started), now_ns + packet * self.plan.packet_spacing_ns, np.int64)
            self._packets.add(at_ns, started, rounds)
        return self._prepare(started, rounds, slot_ns[begun], now_ns)

    def _prepare(self, targets: Int32, rounds: Int64, planned_ns: Int64, now_ns: int) -> Probes:
        """Look up the addresses; the targets that have none yet end here."""
        if not len(targets):
            return NO_PROBES
        self.lateness.observe(now_ns - planned_ns)
        known, carried, words = self.book.aim(targets, rounds)
        if not known.all():
            self._unsent.append(Observations.unsent(targets[~known], rounds[~known], Outcome.RESOLVE, now_ns))
            targets, carried, words = targets[known], carried[known], words[known]
        timeout_ns = np.full(len(targets), self.plan.timeout_ns, np.int64)
        return Probes(targets, carried, words, timeout_ns)
