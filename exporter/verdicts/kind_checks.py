"""The checks of one kind, and which of their results may be believed: what fails waits for the kind's references.

As with probes: a failure counts once a reference has answered that was asked after it had ended. While the path to a
target has failed, failures over it tell nothing; what works does, for no fault of ours makes a page or a name. Results
that tell nothing change nothing: what was said before holds until its grace is over.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from exporter.columns import inverse
from exporter.planning.checks import PlannedCheck
from exporter.probing.outcome import Bool, Int8, Int32, Int64
from exporter.probing.service import HeldWords, Result, ServiceResults
from exporter.verdicts.checks import CheckChanges, CheckMachine
from exporter.verdicts.rounds import FAR_FUTURE
from exporter.verdicts.vouching import Vouching

_UNKNOWN, _YES = int(Result.UNKNOWN), int(Result.YES)


class KindChecks:
    """The machines of the checks of one kind, in the order of its plan, over n targets."""

    def __init__(self, plans: Sequence[PlannedCheck], rows: int) -> None:
        self.machines = tuple(CheckMachine(plan, rows) for plan in plans)
        self._rows = rows
        self._held = ServiceResults.empty()
        self._held_ended_ns: Int64 = np.empty(0, np.int64)
        self._waiting = HeldWords(np.empty(0, np.int32), np.empty(0, np.int64))
        """What the prober has been told and keeps to itself, until it may be believed."""
        self._blind_until_ns = -1

    @property
    def in_doubt(self) -> bool:
        """Whether failures are held until the references have vouched."""
        return len(self._held) > 0

    def absorb(
        self, results: ServiceResults, vouching: Vouching, now_ns: int
    ) -> Iterator[tuple[CheckMachine, CheckChanges]]:
        """Take in what the prober has been told, and what was held: what each check's word changes."""
        if results.waiting is not None:
            self._waiting = results.waiting
        believed = self._sift(results, vouching, now_ns)
        for number, machine in enumerate(self.machines):
            mine = believed.check == number
            if mine.any():
                yield from ((machine, change) for change in machine.absorb(believed.take(mine)))

    def blind(self, now_ns: int) -> None:
        """We stood still until now: what failed meanwhile tells nothing."""
        self._blind_until_ns = now_ns

    def await_again(self, targets: Int32, said: Int8, now_ns: int) -> None:
        """See `CheckMachine.await_again`: those checks that can say that clients get nothing."""
        for machine in self.machines:
            if machine.plan.client_path:
                machine.await_again(targets, said, now_ns)

    def settled_until_ns(self, now_ns: int) -> Int64:
        """Of each target, up to when no check of this kind can change what it says."""
        settled_ns: Int64 = np.full(self._rows, FAR_FUTURE)
        for machine in self.machines:
            np.minimum(settled_ns, machine.settled_until_ns(now_ns), out=settled_ns)
        np.minimum.at(settled_ns, self._held.target, self._held.at_ns)
        np.minimum.at(settled_ns, self._waiting.target, self._waiting.at_ns)
        return settled_ns

    def take_over(self, before: "KindChecks", source: Int32) -> None:
        """After a reload: new row i was row ``source[i]`` of `before`. A check is known by its name."""
        old = {machine.plan.name: (number, machine) for number, machine in enumerate(before.machines)}
        machines = []
        number_of = np.full(len(before.machines) + 1, -1, np.int32)
        for number, machine in enumerate(self.machines):
            known = old.get(machine.plan.name)
            if known is not None:
                number_of[known[0]] = number
                plan, machine = machine.plan, known[1]
                machine.rearrange(source)
                machine.adopt(plan)
            machines.append(machine)
        self.machines = tuple(machines)
        self._blind_until_ns = before._blind_until_ns  # noqa: SLF001 - the same class
        self._hold_on(before, number_of, inverse(source, before._rows))  # noqa: SLF001

    def _hold_on(self, before: "KindChecks", number_of: Int32, new_index: Int32) -> None:
        held = before._held  # noqa: SLF001 - the same class
        check, target = number_of[held.check], new_index[held.target]
        kept = (check >= 0) & (target >= 0)
        moved = ServiceResults(check, target, held.result, held.at_ns, held.duration_ns, held.expiries())
        self._held = moved.take(kept)
        self._held_ended_ns = before._held_ended_ns[kept]  # noqa: SLF001
        waiting = new_index[before._waiting.target]  # noqa: SLF001
        self._waiting = HeldWords(waiting[waiting >= 0], before._waiting.at_ns[waiting >= 0])  # noqa: SLF001

    def _sift(self, results: ServiceResults, vouching: Vouching, now_ns: int) -> ServiceResults:
        """The results that may be counted now."""
        failed = (results.result != _YES) & (results.result != _UNKNOWN) & self._doubtful(results.check)
        if not failed.any() and not len(self._held):
            return results
        doubtful = ServiceResults.concatenate([self._held, results.take(failed)])
        ended_ns = np.concatenate([self._held_ended_ns, np.full(np.count_nonzero(failed), now_ns, np.int64)])
        path = vouching.path_of[doubtful.target]
        vouched = ended_ns <= vouching.paths.vouched_until_ns(now_ns)[path]
        faulty_until_ns = np.maximum(vouching.paths.fault_ended_ns()[path], self._blind_until_ns)
        void = (doubtful.at_ns <= faulty_until_ns) | ~(vouching.paths.up()[path] | vouched)
        waits = ~void & ~vouched
        self._held, self._held_ended_ns = doubtful.take(waits), ended_ns[waits]
        return ServiceResults.concatenate([results.take(~failed), doubtful.take(~void & vouched)])

    def _doubtful(self, check: Int32) -> Bool:
        """Which results our own path could have made fail."""
        needs = np.array([machine.plan.needs_references for machine in self.machines], np.bool_)
        doubtful: Bool = needs[check]
        return doubtful
