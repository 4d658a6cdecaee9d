"""The vectorised check agrees with a plain model in everything, over long random lives; and single cases in words.

The model is written from docs/service.md: it keeps all results of one hotspot and reads off them what is said.
"""

from dataclasses import dataclass, field
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.planning.checks import CheckPolicy, PlannedCheck
from exporter.probing.outcome import NO_RTT
from exporter.probing.service import Result, ServiceResults
from exporter.verdicts.checks import CheckMachine

WORSE = {Result.YES: 0, Result.BAD: 1, Result.NO: 2, Result.ISOLATED: 3}
SAID = {worse: result for result, worse in WORSE.items()}


@dataclass
class Model:
    """One hotspot, one check: three questions, each with its answer and the results in a row that contradict it."""

    policy: CheckPolicy
    answers: list[bool] = field(default_factory=lambda: [False] * 3)
    rows: list[list[int]] = field(default_factory=lambda: [[], [], []])
    said: Result = Result.UNKNOWN
    heard: int | None = None
    told: list[tuple[Result, int]] = field(default_factory=list)

    def hear(self, result: Result, at: int) -> None:
        """One result."""
        if result is Result.UNKNOWN or (self.heard is not None and at <= self.heard):
            return
        self.heard, begun = at, []
        for number, answer in enumerate(self.answers):
            if (WORSE[result] > number) == answer:
                self.rows[number] = []
                continue
            self.rows[number].append(at)
            if len(self.rows[number]) >= (self.policy.recover_after if answer else self.policy.confirm):
                begun.append(self.rows[number][0])
                self.answers[number], self.rows[number] = not answer, []
        worse = sum(self.answers)
        if begun or worse == WORSE[result] or self.said is not Result.UNKNOWN:
            self.say(SAID[worse], min(begun, default=at))

    def pass_time(self, now: int) -> None:
        """Let what was said expire."""
        if self.heard is not None and self.heard + self.policy.grace_ns < now:
            self.answers, self.rows = [False] * 3, [[], [], []]
            self.say(Result.UNKNOWN, self.heard + self.policy.grace_ns)

    def say(self, result: Result, at: int) -> None:
        """What is said from then on."""
        if result is not self.said:
            self.said = result
            self.told.append((result, at))


def batch(rows: list[tuple[int, Result, int]]) -> ServiceResults:
    """Results of these targets."""
    count = len(rows)
    return ServiceResults(
        np.zeros(count, np.int32),
        np.array([target for target, *_ in rows], np.int32),
        np.array([result for _, result, _ in rows], np.int8),
        np.array([at for *_, at in rows], np.int64),
        np.full(count, NO_RTT, np.int64),
    )


policies = st.builds(
    CheckPolicy, confirm=st.integers(1, 4), recover_after=st.integers(1, 3), grace_ns=st.sampled_from([15, 40, 1000])
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(policies, st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 60))
def test_machine_and_model_agree(policy: CheckPolicy, seed: int, count: int, steps: int) -> None:
    """What is said and since when; and no change reaches back before what was settled."""
    random = Random(seed)
    machine = CheckMachine(PlannedCheck("check", (True,) * count, policy=policy), count)
    models = [Model(policy) for _ in range(count)]
    told: list[list[tuple[Result, int]]] = [[] for _ in range(count)]
    now, settled = 0, np.zeros(count, np.int64)

    def take(changes: object) -> None:
        for target, after, at in zip(*(column.tolist() for column in changes), strict=True):  # type: ignore[attr-defined]
            assert at >= settled[target]
            told[target].append((Result(after), at))

    favourite = random.choice(list(Result))
    for _ in range(steps):
        now += random.choice([1, 5, 5, 10, 50])
        rows = [
            (target, random.choice([favourite, favourite, *Result]), now - part)
            for target in range(count)
            for part in (0, 1)
            if random.random() < 0.6
        ]
        take(machine.expire(now - 2))
        for model in models:
            model.pass_time(now - 2)
        for change in machine.absorb(batch(rows)):
            take(change)
        for target, result, at in sorted(rows, key=lambda row: row[2]):
            models[target].hear(result, at)
        settled = np.maximum(settled, machine.settled_until_ns(now - 1))
        assert machine.said.tolist() == [model.said for model in models]
        if random.random() < 0.1:
            favourite = random.choice(list(Result))
    assert told == [model.told for model in models]


def said_after(*results: Result, policy: CheckPolicy = CheckPolicy(grace_ns=1000)) -> list[tuple[Result, int]]:  # noqa: B008
    """What is told of one hotspot after these results at 10, 20, 30, ..."""
    machine = CheckMachine(PlannedCheck("check", (True,), policy=policy), 1)
    changes = [
        change
        for place, result in enumerate(results, 1)
        for change in machine.absorb(batch([(0, result, 10 * place)]))
        if len(change.targets)
    ]
    return [(Result(change.after[0]), int(change.at_ns[0])) for change in changes]


def test_in_words() -> None:
    """One failure is nothing; three are an outage since the first; two good ones end it since the first of them."""
    yes, no, bad, isolated = Result.YES, Result.NO, Result.BAD, Result.ISOLATED
    assert said_after(yes, no, no, yes, no, no) == [(yes, 10)]
    assert said_after(yes, no, no, no, yes, no, yes, yes) == [(yes, 10), (no, 20), (yes, 70)]
    assert said_after(no, no, no) == [(no, 10)]
    assert said_after(yes, bad, no, no, no) == [(yes, 10), (bad, 20), (no, 30)]
    assert said_after(yes, no, isolated, no, isolated, no) == [(yes, 10), (no, 20)]
    assert said_after(isolated, isolated, isolated, no, no, yes, yes) == [(isolated, 10), (no, 40), (yes, 60)]
    assert said_after(isolated, isolated, isolated, no, yes, yes) == [(isolated, 10), (no, 40), (yes, 50)]
