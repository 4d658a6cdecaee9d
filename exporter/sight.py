"""Our own sight: the canaries' probes, and which failures of hotspots may be believed.

A failure is believed once the canaries have vouched for the path to it beyond the moment it ended: the general ones,
and those of its ISP where there are any. Until then it is held; if the path turns out to have failed meanwhile, it says
nothing about the hotspot.
"""

import numpy as np

from exporter.probing.addressbook import AddressBook
from exporter.probing.engine import NO_PROBES, Probes
from exporter.probing.outcome import Bool, Int32, Int64, Outcome, Results
from exporter.scheduling.slots import SlotSchedule
from exporter.verdicts.paths import OWN, PathChange, Paths
from exporter.verdicts.vantage import Vantage

CANARY_BASE = 1 << 30
"""The engine's target numbers from here on are canaries."""


class Sight:
    """Probes the canaries through the hotspots' engine and sifts results by what they say. Owns the `Paths`.

    `path_of` is the number of the path over which each target is seen.
    """

    def __init__(
        self, paths: Paths, path_of: Int64, book: AddressBook, interval_ns: int, timeout_ns: int, now_ns: int
    ) -> None:
        self.paths = paths
        self.path_of = path_of
        self.book = book
        self._timeout_ns = timeout_ns
        names = [canary.name for canary in paths.canaries]
        # However late we are, the last interval holds one slot of each canary: nothing is skipped, nothing sent twice.
        self._schedule = SlotSchedule(names, interval_ns, now_ns, late_limit_ns=interval_ns - 1)
        self._held = Results.empty()
        self._held_ended_ns: Int64 = np.empty(0, np.int64)

    @property
    def vantage(self) -> Vantage:
        """The general canaries' verdict about our own path."""
        return self.paths.vantage

    def due_canaries(self, now_ns: int) -> Probes:
        """The probes that the canaries are due now."""
        if not self.paths.canaries:
            return NO_PROBES
        rows = self._schedule.take(now_ns).targets
        rows = rows[self.book.tried[rows]]  # a name that is still being looked up is no silent canary
        for row in rows.tolist():
            self.paths.canaries[row].leave(now_ns)
            if not self.book.known[row]:
                self.paths.canaries[row].end(now_ns, answered=False)
        if self.in_doubt and self.vantage.up:
            rows = np.union1d(rows, self._ask_all(now_ns, rows)).astype(np.int32)
        rows = rows[self.book.known[rows]]
        count = len(rows)
        return Probes(
            rows + np.int32(CANARY_BASE), np.full(count, now_ns, np.int64), self.book.words[rows],
            np.full(count, self._timeout_ns, np.int64))  # fmt: skip

    @property
    def next_due_ns(self) -> int:
        """When the next canary is due; `NEVER_NS` where there is none."""
        return self._schedule.next_ns

    @property
    def in_doubt(self) -> bool:
        """Whether failures are held until the canaries have vouched."""
        return len(self._held) > 0

    def sift(self, results: Results, now_ns: int) -> tuple[Results, list[PathChange]]:
        """The hotspots' results that may be counted now, and the faults of paths that have begun or ended."""
        of_canaries = results.target >= CANARY_BASE
        if of_canaries.any():
            self._tell_canaries(results.take(of_canaries))
            results = results.take(~of_canaries)
        changes = self.paths.update(now_ns)
        failed = (results.outcome != Outcome.REPLY) & (results.outcome < Outcome.RESOLVE)
        if not failed.any() and not len(self._held):
            return results, changes
        certain = results.take(~failed)
        doubtful = Results.concatenate([self._held, results.take(failed)])
        ended_ns = np.concatenate([self._held_ended_ns, np.full(np.count_nonzero(failed), now_ns, np.int64)])
        vouched = ended_ns <= self.paths.vouched_until_ns(now_ns)[self.path_of[doubtful.target]]
        void = self._void(doubtful, vouched)
        believed = ~void & vouched
        doubtful.outcome[void] = Outcome.INCONCLUSIVE
        self._held = doubtful.take(~void & ~believed)
        self._held_ended_ns = ended_ns[~void & ~believed]
        return Results.concatenate([certain, doubtful.take(void | believed)]), changes

    def decided_until_ns(self, now_ns: int) -> Int64:
        """For each target, up to when it is certain whether we could see it."""
        return self.paths.decided_until_ns(now_ns)[self.path_of]

    def seen_over(self, path: int) -> Int32:
        """The targets that cannot be seen when a path fails: everybody, if it is our own."""
        everyone = np.arange(len(self.path_of), dtype=np.int32)
        return everyone if path == OWN else everyone[self.path_of == path]

    def take_over(self, other: "Sight", new_index: Int32) -> None:
        """After a reload: hold what `other` held, its targets renamed; those that have become -1 are dropped."""
        held, ended_ns = other._held, other._held_ended_ns  # noqa: SLF001 - the same class
        self._held = held.retargeted(new_index)
        self._held_ended_ns = ended_ns[new_index[held.target] >= 0]

    def _ask_all(self, now_ns: int, asked: Int32) -> Int32:
        """The canaries that are not `asked` anyway: a verdict waits for them."""
        others = np.setdiff1d(np.flatnonzero(self.book.known), asked)
        for row in others.tolist():
            self.paths.canaries[row].extra.add(now_ns)
        return others.astype(np.int32)

    def _tell_canaries(self, results: Results) -> None:
        rows, replied = (results.target - CANARY_BASE).tolist(), (results.outcome == Outcome.REPLY).tolist()
        for row, sent_ns, answered in zip(rows, results.round.tolist(), replied, strict=True):
            if row < len(self.paths.canaries):
                self.paths.canaries[row].end(sent_ns, answered=answered)

    def _void(self, results: Results, vouched: Bool) -> Bool:
        """Which failures may be those of the path: in a fault of it now without a voucher, or sent in one."""
        path = self.path_of[results.target]
        void: Bool = results.sent_ns <= self.paths.fault_ended_ns()[path]
        return void | ~(self.paths.up()[path] | vouched)
