"""One state of each hotspot out of what all kinds of probes say of it, and the time that it spends in each.

Reachability and service are judged apart, each kind by a `KindMachine` and each check by a `CheckMachine`; here the two
become the state that everybody sees. A maintenance window lies over it: states and transitions stay what the probes
say, and `overlay` says what the world sees of them.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

import numpy as np

from exporter.columns import Column, Columns
from exporter.planning.plan import Role
from exporter.probing.outcome import Bool, Int8, Int32, Int64
from exporter.probing.service import Result
from exporter.verdicts.checks import CheckMachine
from exporter.verdicts.ledger import TimeLedger
from exporter.verdicts.machine import NO_VERDICT, VERDICT_DOWN, VERDICT_UP, KindMachine
from exporter.verdicts.overlay import MaintenanceOverlay, OverlayChange
from pantau.states import UNSERVED, State

# Plain numbers: an enum's member costs a microsecond each time that numpy looks at it.
_DOWN, _UP, _DEGRADED, _UNKNOWN = int(State.DOWN), int(State.UP), int(State.DEGRADED), int(State.UNKNOWN)
_ISOLATED, _NO_INTERNET = int(State.ISOLATED), int(State.NO_INTERNET)
_VERDICT_OF: Int8 = np.array(
    [VERDICT_UP if state.serves else VERDICT_DOWN if state.judged else NO_VERDICT for state in State], np.int8
)
"""By the number of a `State`: what is not judged gives none, and the last one stays."""
_REACHED_OF: Int8 = np.array(
    [NO_VERDICT if state.reached is None else VERDICT_UP if state.reached else VERDICT_DOWN for state in State], np.int8
)
"""The same of reachability alone."""
_UNSERVED: Bool = np.array([state in UNSERVED for state in State], np.bool_)


class Service(NamedTuple):
    """What all checks say of some targets together, one row each."""

    isolated: Bool
    nothing: Bool
    impaired: Bool
    awaited: Bool
    """Whether what the journal knew of them has not been said again yet."""


def service_of(machines: Iterable[CheckMachine], targets: Int32) -> Service:
    """What the checks say; one that does not cross the client's path can but impair. Unknown counts as not had."""
    found = Service(*(np.zeros(len(targets), np.bool_) for _ in Service._fields))
    for machine in machines:
        said = machine.said[targets]
        if machine.plan.client_path:
            np.logical_or(found.isolated, said == Result.ISOLATED, out=found.isolated)
            np.logical_or(found.nothing, said == Result.NO, out=found.nothing)
            np.logical_or(found.awaited, machine.awaited[targets], out=found.awaited)
        np.logical_or(found.impaired, _LACKING[said], out=found.impaired)
    return found


_LACKING: Bool = np.array([result not in (Result.UNKNOWN, Result.YES) for result in Result], np.bool_)
"""By the number of a `Result`."""


def combine(machines: Sequence[KindMachine], targets: Int32, service: Service | None = None) -> Int8:
    """The state of each target, as all kinds that watch it, and all its checks, show it together.

    Reachable if any kind reaches it, down if none does and one says so, else unknown. What a reachable one is, its
    checks say: isolated before no internet before degraded before up. Unknown counts as not had.
    """
    reachable, unreachable, impaired = (np.zeros(len(targets), np.bool_) for _ in range(3))
    for machine in machines:
        state = machine.state[targets]
        if machine.role is Role.REACHABILITY:
            proves = machine.proves[targets]
            reachable |= proves & ((state == _UP) | (state == _DEGRADED))
            unreachable |= proves & (state == _DOWN)
            impaired |= state == _DEGRADED
        else:
            impaired |= (state == _DOWN) | (state == _DEGRADED)
    if service is None:
        service = service_of((), targets)
    impaired |= service.impaired
    # In the order of precedence: `np.select` takes the first that holds.
    conditions = [~reachable & unreachable, ~reachable, service.isolated, service.nothing, service.awaited, impaired]
    states = [np.int8(it) for it in (_DOWN, _UNKNOWN, _ISOLATED, _NO_INTERNET, _UNKNOWN, _DEGRADED)]
    return np.select(conditions, states, np.int8(_UP))


class Entered(NamedTuple):
    """States that have been entered, one row each; see `StatesChanged`."""

    before: Int8
    at_ns: Int64
    hidden: Bool


class CombinedStates(Columns):
    """The states of n hotspots and uplinks, and their booked time."""

    COLUMNS: ClassVar = {
        "state": Column(np.int8, State.UNKNOWN),
        "verdict": Column(np.int8, NO_VERDICT),
        "reached": Column(np.int8, NO_VERDICT),
        "since_ns": Column(np.int64, 0),
        "fell_ns": Column(np.int64, 0),
        "unserved": Column(np.bool_, False),
        "unserved_ns": Column(np.int64, 0),
        "changes": Column(np.int64, 0),
        "relapses": Column(np.int64, 0),
        "borrowed": Column(np.bool_, False),
    }
    state: Int8
    verdict: Int8
    """The last verdict, which unknown does not change: `hotspot_up`."""
    reached: Int8
    """The last verdict of reachability alone: `hotspot_reachable`."""
    since_ns: Int64
    fell_ns: Int64
    """When it was last found unreachable; unknown in between does not change it, a restart sets it to its own time."""
    unserved: Bool
    """Whether it was last found reachable and without service."""
    unserved_ns: Int64
    """Since when, as with `fell_ns`."""
    changes: Int64
    """As the world sees them: none under a window, and one at each of its ends."""
    relapses: Int64
    """How often it was answered within an outage and lost again before it had recovered, but under a window."""
    borrowed: Bool
    """Whether those who listen were told last that it serves by the word of another kind than the pings."""

    def __init__(self, rows: int, now_ns: int) -> None:
        super().__init__(rows)
        self.overlay = MaintenanceOverlay(rows)
        self.ledger = TimeLedger(rows)
        self._open(np.arange(rows, dtype=np.int32), now_ns)

    def rearrange(self, source: Int32, now_ns: int = 0) -> None:
        """Take over the rows of a new inventory; see `Columns.rearrange`. New hotspots' lives begin at `now_ns`."""
        super().rearrange(source)
        self.overlay.rearrange(source)
        self.ledger.rearrange(source)
        self._open(np.flatnonzero(source < 0).astype(np.int32), now_ns)

    def enter(self, targets: Int32, new: Int8, at_ns: Int64) -> Entered:
        """Book the old states' time and enter the new ones; never earlier than what is booked already."""
        at_ns = np.maximum(at_ns, self.ledger.booked_until_ns[targets])
        old = self.state[targets]
        self.ledger.book(targets, old, at_ns, self.overlay)
        self.state[targets] = new
        self.since_ns[targets] = at_ns
        self._give_verdicts(targets, new)
        hidden = self.overlay.hidden[targets]
        self.changes[targets] += ~hidden
        self.overlay.follow(targets, new, at_ns)
        return Entered(old, at_ns, hidden)

    def settle(self, targets: Int32, until_ns: Int64) -> None:
        """Up to then their states stay as they are, whatever is found out later."""
        self.ledger.book(targets, self.state[targets], until_ns, self.overlay)

    def relapse(self, targets: Int32) -> None:
        """These were answered within an outage, and lost again."""
        self.relapses[targets] += ~self.overlay.hidden[targets]

    def restore(self, targets: Int32, verdicts: Int8) -> None:
        """Take up whether they could be reached before a restart: it holds until the first round tells."""
        self.verdict[targets] = self.reached[targets] = verdicts
        self.fell_ns[targets] = self.since_ns[targets]

    def restore_unserved(self, targets: Int32) -> None:
        """These were reachable, and without service."""
        self.verdict[targets], self.unserved[targets] = VERDICT_DOWN, True
        self.unserved_ns[targets] = self.since_ns[targets]

    def book(self, until_ns: Int64) -> None:
        """Book the time of each row up to `until_ns`, which no round, recovery, doubt or window can change any more."""
        everyone = np.arange(self.rows, dtype=np.int32)
        self.ledger.book(everyone, self.state, until_ns, self.overlay)
        if self.overlay.anything_hidden and self.rows:
            self.overlay.forget(int(self.ledger.booked_until_ns.min()))

    def hide(self, windows: Int32, at_ns: int) -> OverlayChange | None:
        """From `at_ns` on, after all that is booked, row i is hidden by the window `windows[i]`, or by none (-1)."""
        change = self.overlay.change(windows, at_ns, self.state, self.reached == VERDICT_DOWN)
        if change is not None:
            self.changes[change.targets] += 1
        return change

    def shown(self) -> Int8:
        """The states as the world sees them."""
        return self.overlay.shown(self.state)

    def shown_since_ns(self) -> Int64:
        """When they began."""
        return self.overlay.shown_since_ns(self.since_ns)

    def _give_verdicts(self, targets: Int32, new: Int8) -> None:
        given, reached, unserved = _VERDICT_OF[new], _REACHED_OF[new], _UNSERVED[new]
        fallen = targets[(reached == VERDICT_DOWN) & (self.reached[targets] != VERDICT_DOWN)]
        self.fell_ns[fallen] = self.since_ns[fallen]
        begun = targets[unserved & ~self.unserved[targets]]
        self.unserved_ns[begun] = self.since_ns[begun]
        said = given != NO_VERDICT
        self.verdict[targets[said]], self.reached[targets[said]] = given[said], reached[said]
        self.unserved[targets[said]] = unserved[said]

    def _open(self, targets: Int32, now_ns: int) -> None:
        self.since_ns[targets] = now_ns
        self.ledger.open(targets, now_ns)
