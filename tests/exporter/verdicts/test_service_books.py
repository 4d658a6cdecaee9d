"""Pings and checks over long random lives: each moment in exactly one state, the one that both show.

What the machines say of a moment makes its state, by the table of docs/service.md; what the judge tells of its
beginning is what is booked.
"""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.planning.checks import CheckPolicy, PlannedCheck
from exporter.planning.labels import HotspotLabels
from exporter.planning.plan import KindPlan, Plan, Role
from exporter.planning.policy import Policy, RoundPolicy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.probing.service import Result, ServiceResults
from exporter.verdicts.events import Event, StatesChanged
from exporter.verdicts.judge import Judge
from pantau.states import State
from tests.network import SECOND

TOLD_NS = 3 * SECOND
POLICY = CheckPolicy(confirm=3, recover_after=2, grace_ns=40 * SECOND, told_within_ns=TOLD_NS)


class Lives:
    """A judge over n hotspots, pinged each 10 s, whose checks `path` and `vantage` are answered within 3 s."""

    def __init__(self, seed: int, count: int) -> None:
        self.random, self.count, self.now = Random(seed), count, 0
        everyone = (True,) * count
        checks = tuple(PlannedCheck(name, everyone, name == "path", policy=POLICY) for name in ("path", "vantage"))
        pings = KindPlan("icmp", Role.REACHABILITY, 10 * SECOND, everyone, Policy(RoundPolicy(1, 0)))
        pages = KindPlan("http", Role.SERVICE, 10 * SECOND, (False,) * count, checks=checks)
        labels = tuple(HotspotLabels(f"h{row}", "maesa", "telkom") for row in range(count))
        self.judge = Judge(Plan(labels, (pings, pages)), 0)
        self.waiting: list[tuple[int, int, int, int]] = []
        self.told: list[list[tuple[int, int]]] = [[(0, int(State.UNKNOWN))] for _ in range(count)]
        self.alive = [True] * count
        self.mood = [Result.YES] * count

    def step(self) -> None:
        """Ten seconds: a round of pings, a check begins, those that have ended are told, time is booked at times."""
        for row in range(self.count):
            if self.random.random() < 0.1:
                self.alive[row] = not self.alive[row]
            if self.random.random() < 0.2:
                self.mood[row] = self.random.choice(list(Result))
        begun = self.now
        everyone = np.arange(self.count, dtype=np.int32)
        self.judge.primary.begin(everyone, begun)
        for check in range(2):
            for row in range(self.count):
                result = self.random.choice([self.mood[row], self.mood[row], *Result])
                self.waiting.append((check, row, result, begun + self.random.randrange(SECOND)))
        for part in range(1, 11):
            self.now = begun + part * SECOND
            if part == 2:
                self.hear(self.judge.take("icmp", self.pings(everyone, begun), self.now))
            ready = [one for one in self.waiting if one[3] + TOLD_NS <= self.now or self.random.random() < 0.4]
            ready = [one for one in ready if one[3] < self.now]
            self.waiting = [one for one in self.waiting if one not in ready]
            self.hear(self.judge.take_service("http", results(ready), self.now))
            self.hear(self.judge.expire(self.now))
            if self.random.random() < 0.3:
                self.judge.book(self.now)

    def pings(self, everyone: np.ndarray, begun: int) -> Observations:
        """Of each hotspot one."""
        outcome = np.array([Outcome.REPLY if alive else Outcome.TIMEOUT for alive in self.alive], np.int8)
        rtt_ns = np.where(outcome == Outcome.REPLY, 20_000_000, NO_RTT)
        numbers = self.judge.primary.numbers(everyone)
        return Observations(everyone, numbers, outcome, np.full(self.count, begun), rtt_ns)

    def hear(self, events: list[Event]) -> None:
        """Keep what is told, and hold it against what the machines say."""
        for event in events:
            if isinstance(event, StatesChanged):
                for row, at_ns, after in zip(event.targets, event.at_ns.tolist(), event.after.tolist(), strict=True):
                    before_ns = self.told[row][-1][0]
                    assert at_ns >= before_ns
                    if event.check:  # nothing had been booked that it could still change
                        assert at_ns == max(before_ns, int(self.since_of(event.check)[row]))
                    self.told[row].append((at_ns, after))

    def since_of(self, check: str) -> np.ndarray:
        """When each hotspot's present word of a check began."""
        (machine,) = (it for it in self.judge.kinds["http"].checks.machines if it.plan.name == check)
        return machine.since_ns

    def booked(self) -> list[list[int]]:
        """By hotspot and state, from what was told, up to where time is booked."""
        until = self.judge.states.ledger.booked_until_ns.tolist()
        spent = [[0] * len(State) for _ in range(self.count)]
        for row, told in enumerate(self.told):
            for (at, state), (end, _) in zip(told, [*told[1:], (until[row], 0)], strict=True):
                spent[row][state] += max(0, min(end, until[row]) - at)
        return spent


def results(rows: list[tuple[int, int, int, int]]) -> ServiceResults:
    """As a prober hands them over."""
    columns = list(zip(*rows, strict=True)) or [()] * 4
    check, target, result, at_ns = (np.array(column, np.int64) for column in columns)
    return ServiceResults(
        check.astype(np.int32), target.astype(np.int32), result.astype(np.int8), at_ns, np.full(len(rows), NO_RTT)
    )


@settings(deadline=None, derandomize=True, max_examples=12)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 25))
def test_each_moment_is_in_one_state(seed: int, count: int, steps: int) -> None:
    """What is booked is what was told, to the nanosecond; nothing told reaches back into what was booked."""
    lives = Lives(seed, count)
    for _ in range(steps):
        lives.step()
        assert lives.judge.states.ledger.spent_ns.tolist() == lives.booked()
        checks = lives.judge.kinds["http"].checks.machines
        for row, state in enumerate(lives.judge.states.state.tolist()):
            reach = State(lives.judge.primary.machine.state[row])
            words = [Result(machine.said[row]) for machine in checks]
            assert State(state) is table(reach, *words)
    lives.judge.book(lives.now)
    spent = lives.judge.states.ledger.spent_ns
    assert spent.sum(axis=1).tolist() == lives.judge.states.ledger.booked_until_ns.tolist()


def table(reach: State, path: Result, vantage: Result) -> State:
    """docs/service.md."""
    if reach in (State.DOWN, State.UNKNOWN):
        return reach
    if path is Result.ISOLATED:
        return State.ISOLATED
    if path is Result.NO:
        return State.NO_INTERNET
    lacks = path is Result.BAD or vantage in (Result.BAD, Result.NO, Result.ISOLATED) or reach is State.DEGRADED
    return State.DEGRADED if lacks else State.UP


@pytest.mark.long
@settings(deadline=None, max_examples=1500)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 60))
def test_each_moment_is_in_one_state_for_long(seed: int, count: int, steps: int) -> None:
    """The same, far longer."""
    lives = Lives(seed, count)
    for _ in range(steps):
        lives.step()
        assert lives.judge.states.ledger.spent_ns.tolist() == lives.booked()
