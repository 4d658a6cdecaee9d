"""What happens, as one ordered stream: whoever listens hears everything once, in the order in which it was decided.

Events name what they are about, not rows, so that they stay true over a reload. Times are nanoseconds of the
`Timeline`: monotonic time, and what it misses while the machine stands still.
"""

from dataclasses import dataclass
from typing import Protocol

from exporter.planning.labels import TargetName
from exporter.planning.plan import Plan
from exporter.probing.outcome import Bool, Int8, Int32, Int64
from exporter.probing.service import Result


@dataclass(frozen=True, slots=True)
class StatesChanged:
    """Changes of state as the probes show it, one row each.

    Maintenance is no such state: it hides these, and is told by `MaintenanceChanged`.
    """

    kind: str
    """The kind of probe whose observations decided."""
    targets: Int32
    """Rows of the plan at the time."""
    subjects: tuple[TargetName, ...]
    before: Int8
    after: Int8
    verdict: Int8
    """The last verdict of reachability after this change, which unknown does not change: 1 up, 0 down, -1 none yet."""
    at_ns: Int64
    """When the new state began (back-dated)."""
    detected_ns: int
    """When it was decided."""
    outcome: Int8
    """The `Outcome` of the round's last failed probe; REPLY if none failed."""
    faults: tuple[str, ...]
    """For each, which path of ours was to blame for seeing nothing; empty where none was."""
    hidden: Bool
    """Whether a maintenance window is open over it as this is decided, so that the world sees no change."""
    first_ns: Int64
    """Evidence: when the first probe of the deciding round left; `at_ns` where no round decided."""
    unanswered: Int64
    """Evidence: its probes that ended without a reply."""
    addresses: tuple[str | None, ...] = ()
    """Evidence: for each, the address that the kind probes it at as this is decided; empty where nobody said."""
    check: str = ""
    """The check of the service that decided; empty where it was reachability."""
    said: tuple[Result, ...] = ()
    """For each, what that check says from then on."""

    def __len__(self) -> int:
        return len(self.subjects)


@dataclass(frozen=True, slots=True)
class Relapsed:
    """Within outages that go on there were answers, and then none any more: no change of state, one row each."""

    kind: str
    """The kind of probe that was answered."""
    targets: Int32
    """Rows of the plan at the time."""
    subjects: tuple[TargetName, ...]
    since_ns: Int64
    """When the first answered probe left."""
    at_ns: Int64
    """When the answers had ended."""
    detected_ns: int
    outcome: Int8
    """The `Outcome` of the last failed probe of the round that ended them."""
    first_ns: Int64
    """Evidence: when the first probe of that round left; `at_ns` where no round ended them."""
    unanswered: Int64
    """Evidence: its probes that ended without a reply."""
    addresses: tuple[str | None, ...] = ()
    """Evidence: see `StatesChanged`."""


@dataclass(frozen=True, slots=True)
class SupportChanged:
    """Hotspots go on to serve, and another kind of probe alone says so from now on: no change of state, one row each.

    So it can be told whose word a second rests on.
    """

    kind: str
    """The kind of probe that reaches them."""
    subjects: tuple[TargetName, ...]
    state: Int8
    verdict: Int8
    """As in `StatesChanged`."""
    at_ns: Int64
    detected_ns: int


@dataclass(frozen=True, slots=True)
class MaintenanceChanged:
    """Maintenance windows have begun or ceased to hide hotspots and uplinks at one moment, one row each."""

    at_ns: int
    subjects: tuple[TargetName, ...]
    windows: tuple[str, ...]
    """For each, the window that hides it from now on, or that hid it until now."""
    hidden: Bool
    """For each, whether it is hidden from now on."""
    state: Int8
    """For each, the state that its probes show."""


@dataclass(frozen=True, slots=True)
class PathChanged:
    """A kind cannot see over a path any more, or sees over it again."""

    kind: str
    isp: str
    """Empty for our own path."""
    up: bool
    at_ns: int


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Another plan is in force."""

    at_ns: int
    before: Plan
    after: Plan
    moved: Int32
    """For each row of `before` the row of `after` that it becomes, -1 where it goes."""
    states: Int8
    """The state of each row of `before` just before, as its probes showed it."""
    totals: Int64
    """`Judge.totals` of just before."""


@dataclass(frozen=True, slots=True)
class TimeLost:
    """The machine stood still, and CLOCK_MONOTONIC with it: nothing was seen from then to then."""

    since_ns: int
    until_ns: int
    totals: Int64
    """`Judge.totals` of just before."""


Event = StatesChanged | Relapsed | SupportChanged | MaintenanceChanged | PathChanged | Reloaded | TimeLost


class Listener(Protocol):
    """What hears the stream: the log, the journal."""

    def hear(self, event: Event) -> None:
        """Take the next event. Must not wait."""
