"""Our own sight: the canaries' probes, and which failures of hotspots may be believed.

A failure is believed once the canaries have vouched for our path beyond the moment it ended. Until then it is held;
if our path turns out to have failed meanwhile, it says nothing about the hotspot.
"""

import numpy as np

from exporter.probing.addressbook import AddressBook
from exporter.probing.engine import NO_PROBES, Probes
from exporter.probing.outcome import Bool, Int32, Int64, Outcome, Results
from exporter.scheduling.slots import SlotSchedule
from exporter.verdicts.vantage import Vantage

CANARY_BASE = 1 << 30
"""The engine's target numbers from here on are canaries."""


class Sight:
    """Probes the canaries through the hotspots' engine and sifts results by what they say. Owns the `Vantage`."""

    def __init__(self, vantage: Vantage, book: AddressBook, interval_ns: int, timeout_ns: int, now_ns: int) -> None:
        self.vantage = vantage
        self.book = book
        self._timeout_ns = timeout_ns
        names = [canary.name for canary in vantage.canaries]
        # However late we are, the last interval holds one slot of each canary: nothing is skipped, nothing sent twice.
        self._schedule = SlotSchedule(names, interval_ns, now_ns, late_limit_ns=interval_ns - 1)
        self._held = Results.empty()
        self._held_ended_ns: Int64 = np.empty(0, np.int64)

    def due_canaries(self, now_ns: int) -> Probes:
        """The probes that the canaries are due now."""
        if not self.vantage.canaries:
            return NO_PROBES
        rows = self._schedule.take(now_ns).targets
        rows = rows[self.book.tried[rows]]  # a name that is still being looked up is no silent canary
        for row in rows.tolist():
            self.vantage.canaries[row].leave(now_ns)
            if not self.book.known[row]:
                self.vantage.canaries[row].end(now_ns, answered=False)
        if self.in_doubt and self.vantage.up:
            rows = np.union1d(rows, self._ask_all(now_ns, rows)).astype(np.int32)
        rows = rows[self.book.known[rows]]
        count = len(rows)
        return Probes(
            rows + np.int32(CANARY_BASE), np.full(count, now_ns, np.int64), self.book.words[rows],
            np.full(count, self._timeout_ns, np.int64))  # fmt: skip

    @property
    def in_doubt(self) -> bool:
        """Whether failures are held until the canaries have vouched."""
        return len(self._held) > 0

    def sift(self, results: Results, now_ns: int) -> tuple[Results, bool]:
        """The hotspots' results that may be counted now, and whether a fault of ours has begun or ended."""
        of_canaries = results.target >= CANARY_BASE
        if of_canaries.any():
            self._tell_vantage(results.take(of_canaries))
            results = results.take(~of_canaries)
        changed = self.vantage.update(now_ns)
        failed = (results.outcome != Outcome.REPLY) & (results.outcome < Outcome.RESOLVE)
        if not failed.any() and not len(self._held):
            return results, changed
        certain = results.take(~failed)
        doubtful = Results.concatenate([self._held, results.take(failed)])
        ended_ns = np.concatenate([self._held_ended_ns, np.full(np.count_nonzero(failed), now_ns, np.int64)])
        vouched = ended_ns <= self.vantage.vouched_until_ns(now_ns)
        void = self._void(doubtful, vouched)
        believed = ~void & vouched
        doubtful.outcome[void] = Outcome.INCONCLUSIVE
        self._held = doubtful.take(~void & ~believed)
        self._held_ended_ns = ended_ns[~void & ~believed]
        return Results.concatenate([certain, doubtful.take(void | believed)]), changed

    def take_over(self, other: "Sight", new_index: Int32) -> None:
        """After a reload: hold what `other` held, its targets renamed; those that have become -1 are dropped."""
        held, ended_ns = other._held, other._held_ended_ns  # noqa: SLF001 - the same class
        self._held = held.retargeted(new_index)
        self._held_ended_ns = ended_ns[new_index[held.target] >= 0]

    def _ask_all(self, now_ns: int, asked: Int32) -> Int32:
        """The canaries that are not `asked` anyway: a verdict waits for them."""
        others = np.setdiff1d(np.flatnonzero(self.book.known), asked)
        for row in others.tolist():
            self.vantage.canaries[row].extra.add(now_ns)
        return others.astype(np.int32)

    def _tell_vantage(self, results: Results) -> None:
        rows, replied = (results.target - CANARY_BASE).tolist(), (results.outcome == Outcome.REPLY).tolist()
        for row, sent_ns, answered in zip(rows, results.round.tolist(), replied, strict=True):
            if row < len(self.vantage.canaries):
                self.vantage.canaries[row].end(sent_ns, answered=answered)

    def _void(self, results: Results, vouched: Bool) -> Bool:
        """Which failures may be those of our own path: in one now without a voucher, or sent in one."""
        void: Bool = results.sent_ns <= self.vantage.fault_ended_ns
        return void if self.vantage.up else void | ~vouched
