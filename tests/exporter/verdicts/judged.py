"""A judge of one kind of probe without references, fed by hand: what the tests of machine, ledger and overlay share."""

import numpy as np

from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import KindPlan, Plan, Role
from exporter.planning.policy import Policy
from exporter.probing.outcome import Bool, Int8, Int32, Int64, Observations
from exporter.probing.prober import Confirmations
from exporter.verdicts.events import Event, Relapsed, StatesChanged
from exporter.verdicts.judge import Judge
from exporter.verdicts.machine import KindMachine, settled_until_ns

KIND = "test"
NO_STATES_CHANGED = StatesChanged(
    kind=KIND,
    targets=np.empty(0, np.int32),
    subjects=(),
    before=np.empty(0, np.int8),
    after=np.empty(0, np.int8),
    verdict=np.empty(0, np.int8),
    at_ns=np.empty(0, np.int64),
    detected_ns=0,
    outcome=np.empty(0, np.int8),
    faults=(),
    hidden=np.empty(0, np.bool_),
    first_ns=np.empty(0, np.int64),
    unanswered=np.empty(0, np.int64),
)


def plan_of(rows: int, policy: Policy) -> Plan:
    """So many hotspots, all watched by the one kind."""
    kind = KindPlan(KIND, Role.REACHABILITY, 10_000_000_000, (True,) * rows, policy)
    return Plan(tuple(HotspotLabels(f"h{row}", "maesa", "telkom") for row in range(rows)), (kind,))


class Judged:
    """The judge, and what tests look at of it."""

    def __init__(self, rows: int, policy: Policy, now_ns: int) -> None:
        self.policy = policy
        self.judge = Judge(plan_of(rows, policy), now_ns)
        self.kind = self.judge.primary
        self.states = self.judge.states

    @property
    def machine(self) -> KindMachine:
        """What the kind says."""
        return self.kind.machine

    @property
    def state(self) -> Int8:
        """The states, which are also the kind's own."""
        assert self.states.state.tolist() == self.machine.state.tolist()
        return self.states.state

    @property
    def verdict(self) -> Int8:
        """The verdicts, which are also the kind's own."""
        assert self.states.verdict.tolist() == self.machine.verdict.tolist()
        return self.states.verdict

    @property
    def spent_ns(self) -> Int64:
        """Booked time by state."""
        return self.states.ledger.spent_ns

    def begin(self, targets: Int32, now_ns: int) -> Bool:
        """Start rounds."""
        return self.kind.begin(targets, now_ns)

    def absorb(self, results: Observations, now_ns: int) -> tuple[StatesChanged, Confirmations]:
        """Take results in: what they change, and what is to be confirmed."""
        changes, confirmations = self.machine.absorb(results, now_ns)  # as sifted by the references, of which none are
        return _only(self.judge._enter([(KIND, changes)], now_ns)), confirmations

    def blind(self, since_ns: int, now_ns: int) -> StatesChanged:
        """We saw nothing since then."""
        return _only(self.judge.blind([KIND], since_ns, now_ns))

    def book(self, horizon_ns: int) -> None:
        """Book time up to a horizon, as far as it is settled."""
        self.states.book(np.minimum(settled_until_ns([self.machine]), horizon_ns))

    def rearrange(self, source: Int32, now_ns: int) -> None:
        """Row i is row ``source[i]`` of before; -1 is new."""
        plan = plan_of(len(source), self.policy)
        self.states.rearrange(source, now_ns)
        self.machine.rearrange(source, now_ns)
        self.machine.adopt(plan.kinds[0])
        self.judge.plan = plan
        self.kind.vouching.path_of = np.zeros(len(source), np.int64)


def _only(events: list[Event]) -> StatesChanged:
    """The one change of states among them, or an empty one; what relapses are is told beside it."""
    changes = [event for event in events if isinstance(event, StatesChanged)]
    relapses = [event for event in events if isinstance(event, Relapsed)]
    assert len(events) == len(changes) + len(relapses)
    assert len(changes) <= 1
    return changes[0] if changes else NO_STATES_CHANGED
