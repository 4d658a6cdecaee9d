"""What kinds and checks say becomes the states of the hotspots: changes go in, events come out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from exporter.planning.plan import Plan
from exporter.probing.outcome import Int32, Int64, Outcome
from exporter.probing.service import Result
from exporter.verdicts.checks import CheckChanges, CheckMachine
from exporter.verdicts.combined import CombinedStates, combine, service_of
from exporter.verdicts.events import Event, Relapsed, StatesChanged, SupportChanged
from exporter.verdicts.kind import JudgedKind
from exporter.verdicts.machine import KindChanges
from exporter.verdicts.relapses import relapsed
from exporter.verdicts.support import borrowed_from, supports_changed
from pantau.states import State

_DOWN = int(State.DOWN)


class Known(Protocol):
    """What is known of the targets of a plan."""

    plan: Plan
    states: CombinedStates

    @property
    def kinds(self) -> Mapping[str, JudgedKind]:
        """The kinds of probes, by name."""


class Transitions:
    """Lets what one kind or check says become states, in the light of what all others say."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def enter(self, changes: Sequence[tuple[str, KindChanges]], now_ns: int) -> list[Event]:
        """Let what the kinds say become the states of the hotspots."""
        events: list[Event] = []
        for name, change in changes:
            events += (*self._relapsed(name, now_ns), *self._changed(name, change, now_ns))
            events += self._supported(change.targets, change.at_ns, now_ns)
        return events

    def _relapsed(self, name: str, now_ns: int) -> Iterator[Relapsed]:
        """What kinds tell of answers counts where no other kind has kept the hotspot up meanwhile."""
        for found in self._known.kinds[name].machine.relapses.take():
            told = found.take(self._known.states.state[found.targets] == _DOWN)
            if len(told.targets):
                self._known.states.relapse(told.targets)
                yield relapsed(name, told, self._known.plan.subjects, now_ns)

    def _changed(self, name: str, change: KindChanges, now_ns: int) -> Iterator[StatesChanged]:
        if len(self._known.kinds) > 1 and len(change.targets):
            change = self._combined(change)
        if len(change.targets):
            yield self._entered(name, change, now_ns)

    def enter_checks(self, name: str, changes: Iterable[tuple[CheckMachine, CheckChanges]], now_ns: int) -> list[Event]:
        """Let what the checks of a kind say become the states of the hotspots, each change before the next is made."""
        events: list[Event] = []
        for machine, told in changes:
            if len(told.targets):
                change = self._combined(_by_check(told))
                if len(change.targets):
                    events.append(self._entered(name, change, now_ns, machine))
                    events += self._supported(change.targets, change.at_ns, now_ns)
        return events

    def _entered(
        self, name: str, change: KindChanges, now_ns: int, machine: CheckMachine | None = None
    ) -> StatesChanged:
        targets = change.targets
        entered = self._known.states.enter(targets, change.after, change.at_ns)
        self._known.states.borrowed[targets] = borrowed_from(self._known.kinds, name)
        said = () if machine is None else tuple(Result(it) for it in machine.said[targets].tolist())
        return StatesChanged(
            kind=name,
            targets=targets,
            subjects=tuple(self._known.plan.subjects[target] for target in targets.tolist()),
            before=entered.before,
            after=change.after,
            verdict=self._known.states.reached[targets],
            at_ns=entered.at_ns,
            detected_ns=now_ns,
            outcome=change.outcome,
            faults=self._known.kinds[name].faults(change, entered.at_ns),
            hidden=entered.hidden,
            first_ns=change.first_ns,
            unanswered=change.unanswered.astype(np.int64),
            check="" if machine is None else machine.plan.name,
            said=said,
        )

    def _supported(self, targets: Int32, at_ns: Int64, now_ns: int) -> Iterator[SupportChanged]:
        """Those that serve as before, by the word of another kind."""
        known = self._known
        if len(known.kinds) > 1 and len(targets):
            yield from supports_changed(known.kinds, known.states, known.plan.subjects, (targets, at_ns), now_ns)

    def _combined(self, change: KindChanges) -> KindChanges:
        """What of one kind's changes changes the hotspots' states, which other kinds have a say in.

        A state that several kinds make together begins when the last of them began to say so: where another kind had
        kept it up until then, this change's own time is the latest.
        """
        machines = [kind.machine for kind in self._known.kinds.values()]
        after = combine(machines, change.targets, service_of(self._check_machines(), change.targets))
        moved = after != self._known.states.state[change.targets]
        since_ns = np.maximum(change.at_ns, self._last_loss_ns(change.targets))
        reached = np.logical_or.reduce([machine.reaches(change.targets) for machine in machines])
        at_ns = np.where(reached, change.at_ns, since_ns)
        return change._replace(after=after, at_ns=at_ns).take(moved)

    def _check_machines(self) -> Iterator[CheckMachine]:
        return (machine for kind in self._known.kinds.values() for machine in kind.checks.machines)

    def reassess(self, now_ns: int) -> list[Event]:
        """After a reload checks may be gone, or prove something else: what the rest says holds from now on."""
        for kind in self._known.kinds.values():
            for machine in kind.checks.machines:
                machine.release(now_ns)
        everyone = np.arange(len(self._known.plan.subjects), dtype=np.int32)
        present = CheckChanges(everyone, self._known.states.state, np.full(len(everyone), now_ns))
        change = self._combined(_by_check(present))
        return [self._entered(next(iter(self._known.kinds)), change, now_ns)] if len(change.targets) else []

    def _last_loss_ns(self, targets: Int32) -> Int64:
        """When the last of the kinds that reach for the targets lost them."""
        since_ns: Int64 = np.maximum.reduce([kind.lost_since_ns(targets) for kind in self._known.kinds.values()])
        return since_ns


def _by_check(told: CheckChanges) -> KindChanges:
    """A check's change as one of reachability is told: no round decided, and no probe was lost."""
    count = len(told.targets)
    return KindChanges(
        targets=told.targets,
        after=told.after,
        at_ns=told.at_ns,
        outcome=np.full(count, Outcome.REPLY, np.int8),
        first_ns=told.at_ns,
        unanswered=np.zeros(count, np.int16),
    )
