"""The judge: observations and the time go in, events come out. No clock and no I/O.

It owns all that is known of the hotspots and probed uplinks, which are rows behind the hotspots and fare as they do:
what each kind of probe says, with the references that vouch for it; the one state that they make together; maintenance,
counters, groups and the recent past. It is the only writer.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from exporter.columns import inverse
from exporter.planning.plan import Plan
from exporter.probing.outcome import Bool, Int32, Int64, Observations
from exporter.probing.service import Result, ServiceResults
from exporter.verdicts.combined import CombinedStates
from exporter.verdicts.events import Event, MaintenanceChanged, PathChanged, Reloaded
from exporter.verdicts.groups import GroupCounters, counts_of
from exporter.verdicts.kind import JudgedKind, judged_kinds
from exporter.verdicts.machine import VERDICT_UP, KindChanges, settled_until_ns
from exporter.verdicts.maintenance import MaintenanceClock
from exporter.verdicts.overlay import OverlayChange
from exporter.verdicts.recent import BookedPart, RecentAvailability
from exporter.verdicts.sight import Sight, Unseen
from exporter.verdicts.transitions import Transitions
from pantau.states import State

_MILLISECOND_NS = 1_000_000
_DOWN = int(State.DOWN)


class Judge:
    """Judges the targets of a `Plan`. Wall time is `offset_ns` more than monotonic time."""

    def __init__(self, plan: Plan, now_ns: int) -> None:
        rows = len(plan.subjects)
        self.plan = plan
        self.kinds: Mapping[str, JudgedKind] = judged_kinds(plan)
        self.states = CombinedStates(rows, now_ns)
        self.groups = GroupCounters(plan.grouping)
        self.recent = RecentAvailability(rows, now_ns)
        self.sight = Sight(rows)
        self.maintenance = MaintenanceClock(plan.windows, self.states)
        self._transitions = Transitions(self)

    @property
    def primary(self) -> JudgedKind:
        """The kind whose counters and quality are the hotspots' own: the pings."""
        return next(iter(self.kinds.values()))

    @property
    def in_doubt(self) -> bool:
        """Whether failures of some kind wait for the word of its references."""
        return any(kind.vouching.in_doubt for kind in self.kinds.values())

    @property
    def ready(self) -> bool:
        """Whether a round of every target has ended, of each kind that tells whether it can be reached."""
        return all(kind.ready for kind in self.kinds.values())

    def watch_windows(self, now_ns: int, offset_ns: int) -> list[Event]:
        """Open and close the maintenance windows that are due."""
        return [self._maintenance_changed(change) for change in self.maintenance.advance(now_ns, offset_ns)]

    def blind(self, kinds: Sequence[str], since_ns: int, now_ns: int) -> list[Event]:
        """We saw nothing of these kinds from `since_ns` to now."""
        for name in kinds:
            self.kinds[name].checks.blind(now_ns)
        return self._enter([(name, self.kinds[name].machine.blind(since_ns)) for name in kinds], now_ns)

    def take(self, name: str, results: Observations, now_ns: int) -> list[Event]:
        """Take in what the prober of a kind has collected: first what its references say, then what may be believed."""
        kind = self.kinds[name]
        paths, changes = kind.absorb(results, now_ns)
        events: list[Event] = [PathChanged(name, path.isp, path.up, path.at_ns) for path in paths]
        return events + self._enter([(name, change) for change in changes], now_ns)

    def take_service(self, name: str, results: ServiceResults | None, now_ns: int) -> list[Event]:
        """Take in what the checks of a kind have said; what was held of them is looked at again."""
        kind = self.kinds[name]
        if results is None and not kind.checks.in_doubt:
            return []
        changes = kind.checks.absorb(results or ServiceResults.empty(), kind.vouching, now_ns)
        return self._transitions.enter_checks(name, changes, now_ns)

    def expire(self, now_ns: int) -> list[Event]:
        """What kinds with a grace, and checks, have said too long ago no longer holds."""
        expiring = [(name, kind) for name, kind in self.kinds.items() if kind.plan.policy.grace_ns is not None]
        events = self._enter([(name, kind.machine.expire(now_ns)) for name, kind in expiring], now_ns)
        for name, kind in self.kinds.items():
            if not kind.checks.machines:
                continue
            changes = ((machine, machine.expire(now_ns)) for machine in kind.checks.machines)
            events += self._transitions.enter_checks(name, changes, now_ns)
        return events

    def advance(self, now_ns: int) -> None:
        """End the present part of the recent past, if it is over."""
        if self.recent.due(now_ns):
            self.book(now_ns)
            self.recent.advance(self.states.ledger.spent_ns, now_ns)

    def book(self, now_ns: int) -> None:
        """Book time as far as our sight is decided, the windows are known and no kind can change a state any more."""
        until_ns = settled_until_ns([kind.machine for kind in self.kinds.values()])
        for kind in self.kinds.values():
            until_ns = np.minimum(until_ns, kind.decided_until_ns(now_ns))
            if kind.checks.machines:
                until_ns = np.minimum(until_ns, kind.checks.settled_until_ns(now_ns))
        self.states.book(np.minimum(until_ns, self.maintenance.checked_ns))

    def reload(
        self,
        plan: Plan,
        renamed: Mapping[str, Int32],
        moved: Int32,
        now_ns: int,
        offset_ns: int,
        kinds: Mapping[str, JudgedKind] | None = None,
    ) -> list[Event]:
        """Swap the plan: old row i is ``moved[i]``, and what is in flight of each kind goes by `renamed`.

        Hotspots that stay keep counters and verdicts; those that are not `renamed` begin a new round. `kinds` are the
        plan's `judged_kinds`, where somebody has made them before.
        """
        self.book(now_ns)
        reloaded = Reloaded(now_ns, self.plan, plan, moved, self.states.state.copy(), self.totals())
        groups = self.groups.totals(self.group_counts())
        source = inverse(moved, len(plan.subjects))
        self.states.rearrange(source, now_ns)
        self.recent.rearrange(source)
        self.sight.rearrange(source)
        ended = self._rearrange_kinds(kinds or judged_kinds(plan), renamed, source, now_ns)
        self.maintenance = MaintenanceClock(plan.windows, self.states)
        self.plan = plan
        self.groups = self.groups.regrouped(plan.grouping, groups, self.group_counts())
        released = self._enter([(name, kind.machine.release(now_ns)) for name, kind in self.kinds.items()], now_ns)
        released += self._transitions.reassess(now_ns)
        return [reloaded, *ended, *released, *self.watch_windows(now_ns, offset_ns)]

    def restore(self, verdicts: Mapping[str, int], unserved: Mapping[str, State], now_ns: int) -> None:
        """Take up what the journal knows from before a restart: verdicts of reachability, and who had no service."""
        rows = [(row, verdicts[name]) for row, name in enumerate(self.plan.ids) if name in verdicts]
        targets = np.array([row for row, _ in rows], np.int32)
        known = np.array([verdict for _, verdict in rows], np.int8)
        self.states.restore(targets, known)
        self.sight.remember(targets[known == VERDICT_UP])
        for kind in self.kinds.values():
            kind.restore(targets, known)
        self._await(unserved, now_ns)

    def carry_over(self, unscraped: Mapping[str, tuple[State, int]]) -> None:
        """Book what no scrape has shown of another run, by hotspot: the state, and nanoseconds.

        It was that run's, so it is in none of our parts of the last day. Whose time a window hides is left out.
        """
        ids, spent_ns = self.plan.ids[: self.plan.hotspots], self.states.ledger.spent_ns
        hidden = self.states.overlay.hidden
        for row, name in enumerate(ids):
            if name in unscraped and not hidden[row]:
                state, ns = unscraped[name]
                spent_ns[row, state] += ns
        self.recent.begin(spent_ns)

    def _await(self, unserved: Mapping[str, State], now_ns: int) -> None:
        rows = [(row, unserved[name] is State.ISOLATED) for row, name in enumerate(self.plan.ids) if name in unserved]
        targets = np.array([row for row, _ in rows], np.int32)
        said = np.array([Result.ISOLATED if isolated else Result.NO for _, isolated in rows], np.int8)
        self.states.restore_unserved(targets)
        for kind in self.kinds.values():
            kind.checks.await_again(targets, said, now_ns)

    def unseen(self, now_ns: int) -> Unseen:
        """Who cannot be seen, beyond the faults of our own paths."""
        return self.sight.look(self.states, list(self.kinds.values()), now_ns)

    def answered(self) -> Bool:
        """Who has ever answered, as far as is known."""
        return self.sight.answered(self.states, list(self.kinds.values()))

    def remember_answered(self, names: Collection[str]) -> None:
        """These had answered before we began, or may have."""
        rows = [row for row, name in enumerate(self.plan.ids) if name in names] if names else []
        self.sight.remember(np.array(rows, np.int32))

    def remember(self, parts: Sequence[BookedPart]) -> None:
        """Take up what is known of the last day, in the order of time."""
        self.recent.remember(parts)

    def totals(self) -> Int64:
        """Of each hotspot its requests, replies and milliseconds booked to each `State`: n x (2 + states)."""
        counters, spent_ms = self.primary.machine.counters, self.states.ledger.spent_ns // _MILLISECOND_NS
        return np.column_stack([counters.requests, counters.replies, spent_ms])[: self.plan.hotspots]

    def group_counts(self) -> Int64:
        """The hotspots' counters as their groups add them up, as far as time is booked."""
        counters, hotspots = self.primary.machine.counters, slice(self.plan.hotspots)
        return counts_of(
            counters.requests[hotspots],
            counters.replies[hotspots],
            counters.rtt_sum_ns[hotspots],
            self.states.ledger.spent_ns[hotspots],
            counters.rtt_buckets[hotspots],
        )

    def _rearrange_kinds(
        self, kinds: Mapping[str, JudgedKind], renamed: Mapping[str, Int32], source: Int32, now_ns: int
    ) -> list[Event]:
        before, self.kinds = self.kinds, kinds
        events: list[Event] = []
        for name, kind in self.kinds.items():
            if name in before:
                ended = kind.take_over(before[name], source, renamed[name], now_ns)
                events += [PathChanged(name, path.isp, path.up, path.at_ns) for path in ended]
        return events

    def _enter(self, changes: Sequence[tuple[str, KindChanges]], now_ns: int) -> list[Event]:
        return self._transitions.enter(changes, now_ns)

    def _maintenance_changed(self, change: OverlayChange) -> MaintenanceChanged:
        names = self.states.overlay.names
        return MaintenanceChanged(
            at_ns=change.at_ns,
            subjects=tuple(self.plan.subjects[target] for target in change.targets.tolist()),
            windows=tuple(names[window] for window in change.windows.tolist()),
            hidden=change.hidden,
            state=change.state,
        )
