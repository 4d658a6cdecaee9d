"""docs/service.md's table, cell by cell: pings, heartbeats and checks, each of what they may say against each."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from exporter.planning.checks import PlannedCheck
from exporter.planning.plan import KindPlan, Role
from exporter.probing.service import Result
from exporter.verdicts.checks import CheckMachine
from exporter.verdicts.combined import combine, service_of
from exporter.verdicts.machine import KindMachine
from pantau.states import State

PAGE = Path(__file__).parents[3] / "docs" / "service.md"
REACHES = {"yes": State.UP, "no": State.DOWN, "slow": State.DEGRADED, "no word": State.UNKNOWN}
RESULTS = {
    "no word": Result.UNKNOWN,
    "yes": Result.YES,
    "bad": Result.BAD,
    "no": Result.NO,
    "isolated": Result.ISOLATED,
}
TARGET = np.zeros(1, np.int32)


CUSTODIES = ("city", "isp")


def cells() -> Iterator[tuple[str, str, str, str, str]]:
    """Pings, heartbeats, whose word these are, the check's word, and the state."""
    rows = [line for line in PAGE.read_text().partition("## One table")[2].splitlines() if line.startswith("|")]
    head, _, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    for pings, beats, custody, *states in body[: len(CUSTODIES) * len(REACHES) ** 2]:
        yield from ((pings, beats, custody, check, state) for check, state in zip(head[3:], states, strict=True))


def reaching(said: State, *, hearsay: bool = False) -> KindMachine:
    """A kind that says this of its one target; by `hearsay`, what it says proves nothing for payment."""
    machine = KindMachine(KindPlan("kind", Role.REACHABILITY, 1, (True,), hearsay=(hearsay,)))
    machine.state[0] = said
    return machine


def checking(word: str) -> CheckMachine:
    """A check that says this of its one target."""
    result, _, path = word.partition(", ")
    machine = CheckMachine(PlannedCheck("check", (True,), client_path=path == "client path"), 1)
    machine.said[0] = RESULTS[result]
    return machine


def test_the_table_is_whole() -> None:
    """Each of four words of each kind that reaches, whosever the agent, against seven of a check, once."""
    found = [cell[:4] for cell in cells()]
    assert len(found) == len(set(found)) == len(REACHES) ** 2 * len(CUSTODIES) * 7
    assert {cell[:3] for cell in found} == set(product(REACHES, REACHES, CUSTODIES))


@pytest.mark.parametrize(("pings", "beats", "custody", "check", "state"), list(cells()))
def test_a_cell(pings: str, beats: str, custody: str, check: str, state: str) -> None:
    """In any order of the kinds."""
    machines = [reaching(REACHES[pings]), reaching(REACHES[beats], hearsay=custody == "isp")]
    service = service_of([checking(check)], TARGET)
    for order in (machines, machines[::-1]):
        assert [State(it).label for it in combine(order, TARGET, service).tolist()] == [state]


WORST = ("no word", "yes", "bad", "no, client path", "isolated, client path")


@pytest.mark.parametrize("one", WORST)
@pytest.mark.parametrize("other", WORST)
def test_of_several_checks_the_worst_counts(one: str, other: str) -> None:
    """In either order."""
    both = combine([reaching(State.UP)], TARGET, service_of([checking(one), checking(other)], TARGET))
    worst = max(one, other, key=WORST.index)
    assert both.tolist() == combine([reaching(State.UP)], TARGET, service_of([checking(worst)], TARGET)).tolist()
