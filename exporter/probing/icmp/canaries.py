"""The probes of the canaries: pings of hosts that tell whether our own path works, in the hotspots' own batches."""

import numpy as np

from exporter.probing.icmp.engine import NO_PROBES, Probes
from exporter.probing.icmp.plan import IcmpPlan
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.outcome import REFERENCE_BASE, Int32, Observations, Outcome
from exporter.probing.prober import RoundKeeper
from exporter.scheduling.slots import SlotSchedule
from pantau.clock import Clock


class CanaryProbes:
    """Schedules the canaries of one plan. `previous` hands over what it knew of their names."""

    def __init__(
        self, plan: IcmpPlan, clock: Clock, previous: "CanaryProbes | None" = None, reach: Reach = ANYWHERE
    ) -> None:
        interval_ns = plan.canary_interval_ns
        known = previous.book if previous else None
        self.book: AddressBook = AddressBook(plan.canary_addresses, clock, previous=known, reach=reach)
        self._timeout_ns = plan.canary_timeout_ns
        # However late we are, the last interval holds one slot of each canary: nothing is skipped, nothing sent twice.
        self._schedule = SlotSchedule(
            plan.references.names, interval_ns, clock.monotonic_ns(), late_limit_ns=interval_ns - 1
        )

    @property
    def next_due_ns(self) -> int:
        """When the next canary is due; `NEVER_NS` where there is none."""
        return self._schedule.next_ns

    def due(self, now_ns: int, keeper: RoundKeeper) -> tuple[Probes, Observations | None]:
        """The probes to send now, and the ends of those that cannot be sent, for their names have no address."""
        if not len(self.book.known):
            return NO_PROBES, None
        rows = self._schedule.take(now_ns).targets
        rows = rows[self.book.tried[rows]]  # a name that is still being looked up is no silent canary
        keeper.references_leave(rows, now_ns)
        nameless = rows[~self.book.known[rows]]
        if keeper.references_wanted:  # a verdict waits for them: ask all, not only those whose turn it is
            others = np.setdiff1d(np.flatnonzero(self.book.known), rows).astype(np.int32)
            keeper.references_leave(others, now_ns, extra=True)
            rows = np.union1d(rows, others).astype(np.int32)
        rows = rows[self.book.known[rows]]
        return self._probes(rows, now_ns), _unsent(nameless, now_ns) if len(nameless) else None

    def _probes(self, rows: Int32, now_ns: int) -> Probes:
        count = len(rows)
        # The time of leaving is also the probe's name.
        _, carried, words = self.book.aim(rows, np.full(count, now_ns, np.int64))
        return Probes(
            targets=rows + np.int32(REFERENCE_BASE),
            rounds=carried,
            addresses=words,
            timeout_ns=np.full(count, self._timeout_ns, np.int64),
        )


def _unsent(rows: Int32, now_ns: int) -> Observations:
    rounds = np.full(len(rows), now_ns, np.int64)
    return Observations.unsent(rows + np.int32(REFERENCE_BASE), rounds, Outcome.RESOLVE, now_ns)
