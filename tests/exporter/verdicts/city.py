"""A few hotspots with random lives, told to the machine and to the model of each at once."""

from random import Random

import numpy as np

from exporter.planning.policy import Policy
from exporter.probing.outcome import NO_RTT, Observations, Outcome
from exporter.probing.prober import Confirmations
from exporter.verdicts.events import StatesChanged
from exporter.verdicts.machine import NO_VERDICT
from exporter.verdicts.rounds import Stage
from pantau.states import State
from tests.exporter.verdicts.judged import Judged
from tests.exporter.verdicts.model import Change, Hotspot, Result
from tests.network import MS, SECOND

START_NS = 50 * SECOND
MOODS: dict[str, list[tuple[Outcome, int]]] = {
    "well": [(Outcome.REPLY, 1)],
    "gone": [(Outcome.TIMEOUT, 3), (Outcome.UNREACHABLE_HOST, 1)],
    "lossy": [(Outcome.REPLY, 3), (Outcome.TIMEOUT, 1)],
    "unseen": [(Outcome.INCONCLUSIVE, 2), (Outcome.SEND, 1), (Outcome.RESOLVE, 1), (Outcome.TIMEOUT, 1)],
    "mixed": [(outcome, 1) for outcome in Outcome],
}
"""How a hotspot's probes end, by weight; a hotspot keeps a mood for a while."""


class City:
    """The judge, the models by name, and the probes that are on their way."""

    def __init__(self, policy: Policy, random: Random, count: int) -> None:
        self.policy = policy
        self.random = random
        self.now_ns = START_NS
        self.judged = Judged(count, policy, START_NS)
        self.models = {f"h{row}": Hotspot(START_NS) for row in range(count)}
        self.names = list(self.models)
        self.born_ns = dict.fromkeys(self.names, START_NS)
        self.moods = dict.fromkeys(self.names, "well")
        self.flying: list[tuple[str, int, int]] = []
        """(name, round, when it left) of probes that have not ended."""
        self.booked: list[tuple[str, int, list[int]]] = []
        """(name, booked until, booked by state), as the ledger said it once."""
        self.horizon_ns = START_NS

    def step(self) -> None:
        """Something happens, and machine and models are compared."""
        self.now_ns += self.random.choice([0, 1, 20 * MS, 700 * MS, 3 * SECOND])
        actions = [self.begin, self.begin, self.end_some, self.end_some, self.end_some, self.change_mood, self.book]
        self.random.choice([*actions, *actions, self.suspect, self.blind, self.reload])()
        self.compare()

    def change_mood(self) -> None:
        """One hotspot gets better or worse."""
        self.moods[self.random.choice(self.names)] = self.random.choice(list(MOODS))

    def begin(self) -> None:
        """The slots of some hotspots."""
        rows = self.random.sample(range(len(self.names)), self.random.randint(1, len(self.names)))
        begun = self.judged.begin(np.array(rows, np.int32), self.now_ns)
        expected = [self.models[self.names[row]].begin(self.now_ns, self.policy) for row in rows]
        assert begun.tolist() == expected
        for row, started in zip(rows, expected, strict=True):
            name = self.names[row]
            packets = self.policy.round.packets if started else 0
            self.flying += [(name, self.models[name].number, self.now_ns + n * 100 * MS) for n in range(packets)]

    def end_some(self) -> None:
        """Some probes end together, several of one hotspot among them, of earlier rounds too."""
        left = [probe for probe in self.flying if probe[2] <= self.now_ns]
        chosen = self.random.sample(left, self.random.randint(0, len(left)))
        self.end([(name, self._ending(name, number, sent_ns)) for name, number, sent_ns in chosen])
        for probe in chosen:
            self.flying.remove(probe)

    def end(self, ended: list[tuple[str, Result]]) -> None:
        """These probes end."""
        transitions, reprobes = self.judged.absorb(self._results(ended), self.now_ns)
        changes: dict[str, Change] = {}
        again: list[tuple[str, int, int]] = []
        for name in dict.fromkeys(name for name, _ in ended):
            mine = [result for other, result in ended if other == name]
            change, at_times = self.models[name].absorb(mine, self.now_ns, self.policy)
            again += [(name, self.models[name].number, at_ns) for at_ns in at_times]
            if change:
                changes[name] = change
        assert self._changes(transitions) == changes
        assert sorted(self._reprobes(reprobes)) == sorted(again)
        self.flying += again

    def suspect(self) -> None:
        """Our path turns out to have failed a while ago, after what is booked."""
        since_ns = self.random.randint(self.horizon_ns, self.now_ns)
        self.judged.machine.suspect(since_ns)
        for name in self.names:
            self.models[name].suspect(since_ns)

    def blind(self) -> None:
        """We were away, since a time after all that has been decided."""
        since_ns, self.now_ns = self.now_ns, self.now_ns + 30 * SECOND
        transitions = self.judged.blind(since_ns, self.now_ns)
        changes = {name: self.models[name].blind(since_ns) for name in self.names}
        assert self._changes(transitions) == {name: change for name, change in changes.items() if change}

    def book(self) -> None:
        """A scrape: time is booked up to a horizon that never goes back."""
        self.horizon_ns = self.random.randint(self.horizon_ns, self.now_ns)
        self._book()

    def reload(self) -> None:
        """Hotspots go, come and change places."""
        self.horizon_ns = self.now_ns
        self._book()
        old = self.names
        kept = [name for name in self.random.sample(old, len(old)) if self.random.random() < 0.8]
        new = [f"h{len(self.models) + n}" for n in range(self.random.randint(0 if kept else 1, 2))]
        self.names = self.random.sample([*kept, *new], len(kept) + len(new))
        source = [old.index(name) if name in kept else -1 for name in self.names]
        for name in self.names:
            if name not in kept:
                self.models[name], self.born_ns[name], self.moods[name] = Hotspot(self.now_ns), self.now_ns, "well"
        self.judged.rearrange(np.array(source, np.int32), self.now_ns)
        self.flying = [probe for probe in self.flying if probe[0] in kept]
        self.booked = [entry for entry in self.booked if entry[0] in kept]

    def settle(self) -> None:
        """End every doubt, and book all the time there was."""
        self.blind()
        self.horizon_ns = self.now_ns
        self._book()
        self.compare()

    def compare(self) -> None:
        """The machine says what the models say."""
        judged, models = self.judged, [self.models[name] for name in self.names]
        assert [State(state) for state in judged.state] == [model.state for model in models]
        assert judged.verdict.tolist() == [NO_VERDICT if m.verdict is None else m.verdict for m in models]
        assert judged.states.since_ns.tolist() == [model.timeline[-1][0] for model in models]
        assert judged.states.changes.tolist() == [len(model.timeline) - 1 for model in models]
        assert judged.machine.judged.tolist() == [model.judged for model in models]
        assert [Stage(stage) for stage in judged.machine.rounds.stage] == list(map(_stage, models))
        assert (judged.states.ledger.booked_until_ns <= self.now_ns).all()

    def check_books(self) -> None:
        """Whatever the ledger ever said was true then, and what it says in the end is all the time there was."""
        for name, until_ns, spent_ns in self.booked:
            assert spent_ns == [self.models[name].seconds_in(state, until_ns) for state in State]
        lives = [self.now_ns - self.born_ns[name] for name in self.names]
        assert self.judged.states.ledger.spent_ns.sum(axis=1).tolist() == lives

    def _book(self) -> None:
        before = self.judged.states.ledger.spent_ns.copy()
        self.judged.book(self.horizon_ns)
        ledger = self.judged.states.ledger
        assert (ledger.spent_ns >= before).all()
        rows = zip(self.names, ledger.booked_until_ns.tolist(), ledger.spent_ns.tolist(), strict=True)
        self.booked += list(rows)

    def _ending(self, name: str, number: int, sent_ns: int) -> Result:
        outcomes, weights = zip(*MOODS[self.moods[name]], strict=True)
        outcome = self.random.choices(outcomes, weights)[0]
        timed = outcome == Outcome.REPLY and self.random.random() < 0.9
        rtt_ns = self.random.choice([0, 10 * MS, 450 * MS, 900 * MS]) if timed else NO_RTT
        return Result(number, outcome, sent_ns, rtt_ns)

    def _results(self, ended: list[tuple[str, Result]]) -> Observations:
        return Observations(
            np.array([self.names.index(name) for name, _ in ended], np.int32),
            np.array([result.number for _, result in ended], np.int64),
            np.array([result.outcome for _, result in ended], np.int8),
            np.array([result.sent_ns for _, result in ended], np.int64),
            np.array([result.rtt_ns for _, result in ended], np.int64),
        )

    def _changes(self, transitions: StatesChanged) -> dict[str, Change]:
        assert len(transitions) == 0 or transitions.detected_ns == self.now_ns
        rows = zip(
            transitions.targets.tolist(),
            transitions.before.tolist(),
            transitions.after.tolist(),
            transitions.at_ns.tolist(),
            transitions.outcome.tolist(),
            strict=True,
        )
        return {
            self.names[target]: Change(State(before), State(after), at_ns, Outcome(reason))
            for target, before, after, at_ns, reason in rows
        }

    def _reprobes(self, reprobes: Confirmations) -> list[tuple[str, int, int]]:
        rows = zip(reprobes.targets.tolist(), reprobes.rounds.tolist(), reprobes.at_ns.tolist(), strict=True)
        return [(self.names[target], number, at_ns) for target, number, at_ns in rows]


def _stage(model: Hotspot) -> Stage:
    if model.round is None:
        return Stage.IDLE
    return Stage.CONFIRMING if model.round.confirming else Stage.ROUND
