"""Which failures of one kind of probe may be believed: those for which its references vouch.

A failure is believed once the references have vouched for the path to its target beyond the moment it ended: the
general ones, and those of its ISP where there are any. Until then it is held; if the path turns out to have failed
meanwhile, it says nothing about the target.
"""

import numpy as np

from exporter.probing.outcome import CONCLUSIVE, REFERENCE_BASE, Bool, Int32, Int64, Observations, Outcome
from exporter.verdicts.paths import OWN, PathChange, Paths
from exporter.verdicts.references import ReferenceQuorum

VANTAGE, PEERING = "vantage", "peering"
"""Which path has failed: our own, or that to an ISP."""


class Vouching:
    """Sifts the results of one kind by what its references say. Owns the `Paths`.

    `path_of` is the number of the path over which each target is seen.
    """

    def __init__(self, paths: Paths, path_of: Int64) -> None:
        self.paths = paths
        self.path_of = path_of
        self._held = Observations.empty()
        self._held_ended_ns: Int64 = np.empty(0, np.int64)

    @property
    def vantage(self) -> ReferenceQuorum:
        """The general references' verdict about our own path."""
        return self.paths.vantage

    @property
    def in_doubt(self) -> bool:
        """Whether failures are held until references that are asked have vouched."""
        return self.paths.asked and len(self._held) > 0

    @property
    def held_targets(self) -> Int32:
        """Whose failures are held."""
        return self._held.target

    def references_leave(self, rows: Int32, at_ns: int | Int64, *, extra: bool) -> None:
        """Probes of these references leave, not before `at_ns`."""
        for row, leaves_ns in zip(rows.tolist(), np.broadcast_to(at_ns, rows.shape).tolist(), strict=True):
            if extra:
                self.paths.references[row].extra.add(leaves_ns)
            else:
                self.paths.references[row].leave(leaves_ns)

    def take_references(self, results: Observations) -> Observations:
        """Hear the references' own results; what is left are the targets'."""
        of_references = results.target >= REFERENCE_BASE
        if not of_references.any():
            return results
        heard = results.take(of_references)
        rows, replied = (heard.target - REFERENCE_BASE).tolist(), (heard.outcome == Outcome.REPLY).tolist()
        for row, sent_ns, answered in zip(rows, heard.round.tolist(), replied, strict=True):
            if row < len(self.paths.references):
                self.paths.references[row].end(sent_ns, answered=answered)
        return results.take(~of_references)

    def update(self, now_ns: int) -> list[PathChange]:
        """The faults of paths that have begun or ended by what the references have said."""
        return self.paths.update(now_ns)

    def sift(self, results: Observations, now_ns: int) -> Observations:
        """The targets' results that may be counted now; conclusive failures wait until they are vouched for."""
        failed = (results.outcome != Outcome.REPLY) & CONCLUSIVE[results.outcome]
        if not failed.any() and not len(self._held):
            return results
        certain = results.take(~failed)
        doubtful = Observations.concatenate([self._held, results.take(failed)])
        ended_ns = np.concatenate([self._held_ended_ns, np.full(np.count_nonzero(failed), now_ns, np.int64)])
        vouched = ended_ns <= self.paths.vouched_until_ns(now_ns)[self.path_of[doubtful.target]]
        void = self._void(doubtful, vouched)
        believed = ~void & vouched
        doubtful.outcome[void] = Outcome.INCONCLUSIVE
        self._held = doubtful.take(~void & ~believed)
        self._held_ended_ns = ended_ns[~void & ~believed]
        return Observations.concatenate([certain, doubtful.take(void | believed)])

    def decided_until_ns(self, now_ns: int) -> Int64:
        """For each target, up to when it is certain whether we could see it."""
        return self.paths.decided_until_ns(now_ns)[self.path_of]

    def seen(self) -> Bool:
        """The targets that can be seen, as a mask: no path to them has failed."""
        return self.paths.up()[self.path_of]

    def seen_over(self, path: int) -> Int32:
        """The targets that cannot be seen when a path fails: everybody, if it is our own."""
        everyone = np.arange(len(self.path_of), dtype=np.int32)
        return everyone if path == OWN else everyone[self.path_of == path]

    def fault_over(self, target: int, at_ns: int) -> str:
        """The path to a target that had failed at a time, `VANTAGE` or `PEERING`; empty where none had."""
        if _in_fault(self.vantage, at_ns):
            return VANTAGE
        path = int(self.path_of[target])
        return PEERING if path != OWN and _in_fault(self.paths.peerings[path - 1], at_ns) else ""

    def take_over(self, other: "Vouching", new_index: Int32) -> None:
        """After a reload: hold what `other` held, its targets renamed; those that have become -1 are dropped."""
        held, ended_ns = other._held, other._held_ended_ns  # noqa: SLF001 - the same class
        self._held = held.retargeted(new_index)
        self._held_ended_ns = ended_ns[new_index[held.target] >= 0]

    def _void(self, results: Observations, vouched: Bool) -> Bool:
        """Which failures may be those of the path: in a fault of it now without a voucher, or sent in one."""
        path = self.path_of[results.target]
        void: Bool = results.sent_ns <= self.paths.fault_ended_ns()[path]
        return void | ~(self.paths.up()[path] | vouched)


def _in_fault(vantage: ReferenceQuorum, at_ns: int) -> bool:
    return not vantage.up or at_ns <= vantage.fault_ended_ns
