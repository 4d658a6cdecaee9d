"""The probes of the canaries: pings of hosts that tell whether our own path works, in the hotspots' own bursts."""

import numpy as np

from exporter.probing.icmp.engine import Probes
from exporter.probing.icmp.plan import IcmpPlan
from exporter.probing.names.address_book import AddressBook
from exporter.probing.names.reach import ANYWHERE, Reach
from exporter.probing.outcome import REFERENCE_BASE, Int32, Int64, Observations, Outcome
from exporter.probing.prober import RoundKeeper
from exporter.scheduling.reprobes import FIRST_NS
from exporter.scheduling.rows import NO_ROWS, ProbeRows
from exporter.scheduling.slots import Slots, SlotSchedule
from pantau.clock import Clock

_ASK_SHARE = 0.04
"""Of the hotspots' timeout: while failures wait for the canaries' word, all of them are asked so often."""
_BUSY = 4
"""Times that, where many re-probes wait: each batch of failures then waits for one answer."""


class CanaryProbes:
    """Schedules the canaries of one plan. `previous` hands over what it knew of their names."""

    def __init__(
        self, plan: IcmpPlan, clock: Clock, previous: "CanaryProbes | None" = None, reach: Reach = ANYWHERE
    ) -> None:
        interval_ns = plan.canary_interval_ns
        known = previous.book if previous else None
        self.book: AddressBook = AddressBook(plan.canary_addresses, clock, previous=known, reach=reach)
        self.timeout_ns = plan.canary_timeout_ns
        self._asks_ns = round(plan.timeout_ns * _ASK_SHARE)
        self._asked_ns = clock.monotonic_ns() - self._asks_ns
        # However late we are, the last interval holds one slot of each canary: nothing is skipped, nothing sent twice.
        self._schedule = SlotSchedule(
            Slots.of(plan.references.names, interval_ns), clock.monotonic_ns(), late_limit_ns=interval_ns - 1
        )

    @property
    def next_due_ns(self) -> int:
        """When the next canary is due; `NEVER_NS` where there is none."""
        return self._schedule.next_ns

    def due(self, now_ns: int, until_ns: int, keeper: RoundKeeper) -> tuple[ProbeRows, Observations | None]:
        """The slots up to `until_ns`, and the ends of those that cannot be sent, for their names have no address.

        The probes that are sent are to be told to the keeper when it is known when they leave: see `leave`.
        """
        if not len(self.book.known):
            return NO_ROWS, None
        slots = self._schedule.take(now_ns, until_ns)
        tried = self.book.tried[slots.targets]  # a name that is still being looked up is no silent canary
        rows, slot_ns = slots.targets[tried], slots.slot_ns[tried]
        known = self.book.known[rows]
        nameless, named_ns = rows[~known], np.maximum(slot_ns[~known], now_ns)
        keeper.references_leave(nameless, named_ns)
        return _rows(slot_ns[known], rows[known], slot_ns[known]), _unsent(nameless, named_ns, now_ns)

    def leave(self, rows: ProbeRows, keeper: RoundKeeper) -> ProbeRows:
        """Tell the keeper when probes are to leave: the time is also a probe's name, its round."""
        keeper.references_leave(rows.targets - np.int32(REFERENCE_BASE), rows.at_ns)
        return ProbeRows(rows.at_ns, rows.targets, rows.at_ns)

    def asked(self, now_ns: int, keeper: RoundKeeper, *, busy: bool) -> ProbeRows:
        """The probes of all canaries that a verdict waits for, which leave before all that waits; rarer if `busy`."""
        asks_ns = self._asks_ns * (_BUSY if busy else 1)
        if not keeper.references_wanted or now_ns - self._asked_ns < asks_ns:
            return NO_ROWS
        self._asked_ns = now_ns
        rows = np.flatnonzero(self.book.known).astype(np.int32)
        keeper.references_leave(rows, now_ns, extra=True)
        return _rows(np.full(len(rows), FIRST_NS, np.int64), rows, np.full(len(rows), now_ns, np.int64))

    def probes(self, rows: ProbeRows) -> Probes:
        """As they are sent; those of canaries that a reload has taken away are dropped."""
        numbers = rows.targets - np.int32(REFERENCE_BASE)
        here = numbers < len(self.book.known)
        here[here] = self.book.known[numbers[here]]
        timeout_ns = np.full(np.count_nonzero(here), self.timeout_ns, np.int64)
        _, carried, words = self.book.aim(numbers[here], rows.rounds[here])
        return Probes(rows.targets[here], carried, words, timeout_ns)


def _rows(at_ns: Int64, canaries: Int32, names: Int64) -> ProbeRows:
    return ProbeRows(at_ns, canaries + np.int32(REFERENCE_BASE), names)


def _unsent(rows: Int32, named_ns: Int64, now_ns: int) -> Observations | None:
    if not len(rows):
        return None
    return Observations.unsent(rows + np.int32(REFERENCE_BASE), named_ns, Outcome.RESOLVE, now_ns)
