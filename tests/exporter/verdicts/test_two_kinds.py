"""Pings and heartbeats of one hotspot, each found out about later than it was: what is told is what is booked."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import KindPlan, Plan, References, Role
from exporter.planning.policy import Policy, RoundPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.verdicts.events import StatesChanged, SupportChanged
from exporter.verdicts.judge import Judge
from exporter.verdicts.machine import settled_until_ns
from pantau.states import State
from tests.network import SECOND

ONE = np.zeros(1, np.int32)
REPLY, LOST, NOTHING = Outcome.REPLY, Outcome.TIMEOUT, Outcome.INCONCLUSIVE
REACHED = (State.UP, State.DEGRADED)


class Both:
    """A judge over one hotspot that two kinds reach. Times are in seconds."""

    def __init__(self) -> None:
        policy = Policy(RoundPolicy(packets=1, confirm_attempts=0), recover_after=1)
        heard = References(silent_after_ns=10_000 * SECOND)
        pings = KindPlan("icmp", Role.REACHABILITY, 10 * SECOND, (True,), policy)
        beats = KindPlan("agent", Role.REACHABILITY, 60 * SECOND, (True,), policy, heard)
        self.judge = Judge(Plan((HotspotLabels("h0", "maesa", "telkom"),), (pings, beats)), 0)
        self.told: list[tuple[float, State]] = [(0, State.UNKNOWN)]
        self.reached_until = {"icmp": 0.0, "agent": 0.0}

    def ends(self, kind: str, began: float, outcome: Outcome, now: float) -> None:
        """A round of a kind that began then ends like this, as is known now."""
        machine = self.judge.kinds[kind].machine
        before = State(machine.state[0])
        machine.begin(ONE, round(began * SECOND))
        sent = np.array([round(began * SECOND)], np.int64)
        result = Observations(ONE, machine.rounds.number[ONE], np.array([outcome], np.int8), sent, np.array([NO_RTT]))
        changes, _ = machine.absorb(result, round(now * SECOND))
        if before in REACHED and State(machine.state[0]) not in REACHED:
            self.reached_until[kind] = began
        for event in self.judge._transitions.enter([(kind, changes)], round(now * SECOND)):
            if isinstance(event, StatesChanged):
                self._hear(event.at_ns, State(event.after[0]))
            elif isinstance(event, SupportChanged):
                self._hear(event.at_ns, State(event.state[0]))

    def _hear(self, at_ns: Sequence[int] | np.ndarray, state: State) -> None:
        at = int(at_ns[0]) / SECOND
        assert at >= self.told[-1][0]  # what was told is not taken back
        if state not in REACHED:
            assert at >= max(self.reached_until.values())
        self.told.append((at, state))

    def booked(self, until: float) -> dict[State, float]:
        """Seconds in each state, when all is known up to then."""
        ledger, states = self.judge.states.ledger, self.judge.states
        states.settle(ONE, np.array([round(until * SECOND)], np.int64))
        return {state: float(ns) / SECOND for state, ns in zip(State, ledger.spent_ns[0].tolist(), strict=True) if ns}

    def said(self, until: float) -> dict[State, float]:
        """The same by what was told."""
        found: dict[State, float] = {}
        ends = [at for at, _ in self.told[1:]] + [until]
        for (at, state), end in zip(self.told, ends, strict=True):
            if end > at:
                found[state] = found.get(state, 0.0) + end - at
        return found


@pytest.mark.parametrize(("lost", "state"), [(NOTHING, State.UNKNOWN), (LOST, State.DOWN)])
@pytest.mark.parametrize("pings_first", [True, False])
def test_it_is_lost_when_the_last_of_both_lost_it(lost: Outcome, state: State, pings_first: bool) -> None:
    """The last heartbeat came at 100 s, the last answer at 200 s: whichever of both is found out first."""
    both = Both()
    both.ends("agent", 60, REPLY, 60)
    both.ends("icmp", 90, REPLY, 91)
    losses = [("icmp", 200, 210), ("agent", 100, 300)]
    for kind, began, now in losses if pings_first else [(kind, began, 310) for kind, began, _ in losses[::-1]]:
        both.ends(kind, began, lost, now)
    assert both.told[-1] == (200.0, state)
    seconds = {State.UNKNOWN: 60.0, State.UP: 140.0}
    seconds[state] = seconds.get(state, 0.0) + 200
    assert both.booked(400) == both.said(400) == seconds


KINDS = st.sampled_from(["icmp", "agent"])
STEP = st.tuples(KINDS, st.integers(1, 50), st.integers(0, 120), st.sampled_from([REPLY, LOST, NOTHING]))


@given(st.lists(STEP, min_size=20, max_size=60))
def test_what_is_told_is_what_is_booked(steps: list[tuple[str, int, int, Outcome]]) -> None:
    """Rounds of either kind in any order, each found out about up to two minutes late."""
    both, now, began = Both(), 0.0, {"icmp": 0.0, "agent": 0.0}
    for kind, apart, late, outcome in steps:
        began[kind] += apart
        now = max(now + 1, began[kind] + late)
        both.ends(kind, began[kind], outcome, now)
    assert both.booked(now + 1) == pytest.approx(both.said(now + 1))


def test_who_is_waited_for_and_down_is_counted_until_now() -> None:
    """A heartbeat speaks of when it comes; a ping that is answered, of when it left."""
    for kind, expected in (("agent", True), ("icmp", False)):
        both = Both()
        both.ends(kind, 10, LOST, 20)
        machine = both.judge.kinds[kind].machine
        machine.begin(ONE, 20 * SECOND)
        assert bool(settled_until_ns([machine])[0] > 20 * SECOND) is expected
        both.ends(kind, 30, REPLY, 40)
        machine.begin(ONE, 50 * SECOND)
        assert settled_until_ns([machine])[0] == 50 * SECOND
