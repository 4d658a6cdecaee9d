"""One state out of what all kinds say: each value of two kinds that reach, and of a service, against each."""

from itertools import product

import numpy as np
import pytest

from exporter.planning.plan import KindPlan, Role
from exporter.verdicts.combined import combine
from exporter.verdicts.machine import KindMachine
from pantau.states import State

SAID = (State.UNKNOWN, State.DOWN, State.UP, State.DEGRADED)
"""What a kind may say of a target; unknown also where it does not watch it."""


def saying(state: State, role: Role) -> KindMachine:
    """A kind with one target, of which it says this."""
    machine = KindMachine(KindPlan(f"{role.value}-{state.label}", role, 1, (True,)))
    machine.state[0] = state
    return machine


def expected(one: State, other: State, service: State) -> State:
    """In words: whoever is reached by any kind serves, the worse the more that is wrong; else down, else unknown."""
    if {one, other} & {State.UP, State.DEGRADED}:
        wrong = State.DEGRADED in (one, other) or service in (State.DOWN, State.DEGRADED)
        return State.DEGRADED if wrong else State.UP
    return State.DOWN if State.DOWN in (one, other) else State.UNKNOWN


@pytest.mark.parametrize(("one", "other", "service"), list(product(SAID, repeat=3)))
def test_the_state_of_several_kinds(one: State, other: State, service: State) -> None:
    """In any order of the kinds."""
    machines = [saying(one, Role.REACHABILITY), saying(other, Role.REACHABILITY), saying(service, Role.SERVICE)]
    target = np.zeros(1, np.int32)
    assert combine(machines, target).tolist() == [expected(one, other, service)]
    assert combine(machines[::-1], target).tolist() == [expected(one, other, service)]
