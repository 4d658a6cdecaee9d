"""What is judged of one kind of probe: its machine, its checks, and the references that vouch for what it sees."""

from collections.abc import Sequence

import numpy as np

from exporter.planning.plan import KindPlan, Plan, References, Role
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Observations, Outcome
from exporter.probing.prober import NO_CONFIRMATIONS, Confirmations
from exporter.verdicts.kind_checks import KindChecks
from exporter.verdicts.machine import KindChanges, KindMachine
from exporter.verdicts.paths import PathChange, Paths
from exporter.verdicts.rounds import FAR_FUTURE
from exporter.verdicts.vouching import Vouching
from exporter.verdicts.witnesses import WitnessPaths
from pantau.states import State

_DOWN, _INCONCLUSIVE = int(State.DOWN), int(Outcome.INCONCLUSIVE)


class JudgedKind:
    """The judge's side of one kind; a `RoundKeeper` to its prober. `isps` are those of the plan's rows."""

    def __init__(self, plan: KindPlan, isps: Sequence[str]) -> None:
        self.plan, self._isps = plan, isps
        self.machine = KindMachine(plan)
        self.vouching = _vouching(_paths(plan.references), isps)
        self.checks = KindChecks(plan.checks, len(plan.watched))
        self._confirmations: list[Confirmations] = []

    @property
    def ready(self) -> bool:
        """Whether a round of every target that this kind has to reach has ended."""
        machine = self.machine
        return self.plan.role is not Role.REACHABILITY or bool((machine.judged | ~machine.watched).all())

    @property
    def unused(self) -> bool:
        """Whether it watches nobody, nobody vouches for it, and it has never asked: as if it had just been made."""
        machine, plan = self.machine, self.plan
        used = machine.watched.any() or machine.counters.requests.any()
        return not (used or plan.checks or plan.references.names or self._confirmations)

    def absorb(self, results: Observations, now_ns: int) -> tuple[list[PathChange], list[KindChanges]]:
        """Take in what the prober has collected: the faults of paths that began or ended by it, and what changes."""
        results = self.vouching.take_references(results)
        paths = self.vouching.update(now_ns)
        results = self.vouching.sift(results, now_ns)
        for path in paths:
            if not path.up and self.vouching.paths.asked:
                self.machine.suspect(path.at_ns, self.vouching.seen_over(path.path))
        changes = []
        if len(results):
            changed, confirmations = self.machine.absorb(results, now_ns)
            changes.append(changed)
            if len(confirmations.targets):
                self._confirmations.append(confirmations)
        return paths, changes

    def decided_until_ns(self, now_ns: int) -> Int64:
        """Of each target, up to when it is certain whether this kind could see it; always, where it does not look."""
        decided_ns = self.vouching.decided_until_ns(now_ns)
        return decided_ns if self.machine.watched.all() else np.where(self.machine.watched, decided_ns, FAR_FUTURE)

    def lost_since_ns(self, targets: Int32) -> Int64:
        """Of each target that this kind does not reach, until when it did, or since when it says that it is down;

        the beginning of time where it reaches it, or says nothing of it that counts.
        """
        machine = self.machine
        down_ns = np.where(machine.state[targets] == _DOWN, machine.since_ns[targets], -1)
        lost = machine.proves[targets] & ~machine.reaches(targets)
        return np.where(lost, np.maximum(machine.lost_ns[targets], down_ns), -1)

    def faults(self, changes: KindChanges, at_ns: Int64) -> tuple[str, ...]:
        """Which path of ours was to blame for each change that says nothing; empty for the others."""
        rows = zip(changes.targets.tolist(), changes.outcome.tolist(), at_ns.tolist(), strict=True)
        return tuple(
            self.vouching.fault_over(target, at) if outcome == _INCONCLUSIVE else "" for target, outcome, at in rows
        )

    def restore(self, targets: Int32, verdicts: Int8) -> None:
        """Take up the verdicts of before a restart, where this kind has to reach the target."""
        if self.plan.role is Role.REACHABILITY:
            mine = self.machine.watched[targets]
            self.machine.restore(targets[mine], verdicts[mine])

    def take_over(self, before: "JudgedKind", source: Int32, new_index: Int32, now_ns: int) -> list[PathChange]:
        """A reload: new row i was row ``source[i]`` of `before`; old row i's probes now tell of ``new_index[i]``.

        Returns the faults of paths that are no more, for other references have taken the place of those that failed.
        """
        if self.unused and before.unused:
            return []
        self.checks.take_over(before.checks, source)
        self.machine = before.machine
        self.machine.rearrange(source, now_ns)
        self.machine.adopt(self.plan)
        stays = np.zeros(len(source), np.bool_)
        stays[new_index[new_index >= 0]] = True
        self.machine.rounds.abandon(np.flatnonzero(~stays))
        self._confirmations = [_renamed(part, new_index) for part in before._confirmations]  # noqa: SLF001 - same class
        ended: list[PathChange] = []
        if self.plan.proves_like(before.plan):
            self.vouching = _vouching(before.vouching.paths, self._isps)
        else:
            ended = self.vouching.paths.take_over(before.vouching.paths, now_ns)
        self.vouching.take_over(before.vouching, new_index)
        return ended

    def begin(self, targets: Int32, at_ns: int | Int64) -> Bool:
        """See `RoundKeeper.begin`."""
        return self.machine.begin(targets, at_ns)

    def numbers(self, targets: Int32) -> Int64:
        """See `RoundKeeper.numbers`."""
        return self.machine.rounds.number[targets]

    def wants(self, targets: Int32, rounds: Int64) -> Bool:
        """See `RoundKeeper.wants`."""
        return self.machine.rounds.wants(targets, rounds)

    def hasten(self, targets: Int32, rounds: Int64, now_ns: int) -> None:
        """See `RoundKeeper.hasten`: while a path of ours has failed, what is said on it tells nothing of targets."""
        confirmations = self.machine.hasten(targets, rounds, self.vouching.seen(), now_ns)
        if len(confirmations.targets):
            self._confirmations.append(confirmations)

    def take_confirmations(self) -> Confirmations:
        """See `RoundKeeper.take_confirmations`."""
        if not self._confirmations:
            return NO_CONFIRMATIONS
        waiting, self._confirmations = self._confirmations, []
        return Confirmations.concatenate(waiting)

    @property
    def references_wanted(self) -> bool:
        """See `RoundKeeper.references_wanted`: while our own path has failed there is nothing to wait for.

        Nor is there for those that are down already, which an answer alone would change.
        """
        if not self.vouching.vantage.up:
            return False
        if self.checks.in_doubt:
            return True
        return bool((self.machine.state[self.vouching.held_targets] != _DOWN).any())

    def references_leave(self, rows: Int32, at_ns: int | Int64, *, extra: bool = False) -> None:
        """See `RoundKeeper.references_leave`."""
        self.vouching.references_leave(rows, at_ns, extra=extra)


def judged_kinds(plan: Plan) -> dict[str, JudgedKind]:
    """Each kind of a plan, by its name, before anything is known of it."""
    return {kind.kind: JudgedKind(kind, plan.isps) for kind in plan.kinds}


def _paths(references: References) -> Paths:
    if references.silent_after_ns is None:
        return Paths(references.names, references.isps, references.quorum)
    return WitnessPaths(references.names, references.quorum, references.silent_after_ns)


def _vouching(paths: Paths, isps: Sequence[str]) -> Vouching:
    numbers = {isp: paths.number(isp) for isp in set(isps)}
    return Vouching(paths, np.array([numbers[isp] for isp in isps], np.int64))


def _renamed(waiting: Confirmations, new_index: Int32) -> Confirmations:
    targets = new_index[waiting.targets]
    kept = targets >= 0
    return Confirmations(waiting.at_ns[kept], targets[kept], waiting.rounds[kept])
