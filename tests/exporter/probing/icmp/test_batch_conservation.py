"""Whatever the network, the clock and reloads do: each probe that is submitted ends exactly once."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.probing.outcome import NO_RTT, Outcome
from tests.exporter.probing.icmp.lab import Lab, hosts
from tests.network import MS, SECOND, Arrival, Host, Network, Request, answers, fails, reply, silent

NAMES = (*hosts(6), "2001:db8::1", "2001:db8::2")


def forges(request: Request) -> list[Arrival]:
    """A wrong tag, a wrong host, and then the honest reply."""
    honest = reply(request, 40 * MS)
    wrong_tag = Arrival(request.at_ns + MS, honest.address, honest.data[:8] + b"\xff" * 8 + honest.data[16:])
    return [wrong_tag, Arrival(request.at_ns + MS, NAMES[0], honest.data[:20] + b"\0\0\0\1"), honest]


BEHAVIOURS: tuple[Host, ...] = (
    answers(),
    answers(700 * MS, copies=2),
    answers(2500 * MS),
    silent,
    forges,
    fails(3, 1),
    fails(1, 1, quoted=8),
    fails(5, 1),
    lambda request: [*fails(3, 1)(request), *fails(11, 0)(request), reply(request, 300 * MS)],
    lambda request: [*fails(3, 13, 100 * MS)(request), reply(request, 100 * MS), *answers(3 * SECOND)(request)],
)

submits = st.tuples(
    st.just("submit"),
    st.lists(st.sampled_from(range(len(NAMES))), min_size=1, max_size=6),
    st.sampled_from([300 * MS, SECOND, 2 * SECOND]),
)
steps = st.one_of(
    submits,
    submits,
    st.tuples(st.just("pass"), st.sampled_from([1, MS, 50 * MS, 300 * MS, 900 * MS, 5 * SECOND])),
    st.tuples(st.just("behave"), st.sampled_from(range(len(NAMES))), st.sampled_from(range(len(BEHAVIOURS)))),
    st.tuples(st.just("refuse"), st.sampled_from([0, 0, 101, 105])),
    st.tuples(st.just("drop"), st.integers(1, 3)),
    st.tuples(st.just("step"), st.sampled_from([-3600 * SECOND, -200 * MS, 200 * MS, 3600 * SECOND])),
    st.tuples(st.just("step in send"), st.sampled_from([-3600 * SECOND, 3600 * SECOND])),
    st.tuples(st.just("reload"), st.permutations(range(len(NAMES))), st.sets(st.sampled_from(range(len(NAMES))))),
)


class Story:
    """Plays steps, and keeps the book of what must end."""

    def __init__(self) -> None:
        self.lab = Lab(capacity=16, families=(4, 6))
        self.owed: Counter[tuple[int, int]] = Counter()
        self.ended: Counter[tuple[int, int]] = Counter()
        self.number = 0

    def play(self, name: str, *arguments: object) -> None:
        """One step, then a look at what has ended."""
        getattr(self, f"_{name.replace(' ', '_')}")(*arguments)
        if name != "submit":  # a reload may find refused sends that nobody has fetched
            self._fetch()

    def finish(self) -> None:
        """Let every deadline pass."""
        self._pass(10 * SECOND)
        self._fetch()

    def _fetch(self) -> None:
        for ended in self.lab.collect():
            self.ended[ended.target, ended.round] += 1
            assert ended.rtt_ns == NO_RTT or (ended.outcome == Outcome.REPLY and 0 <= ended.rtt_ns <= 2 * SECOND)
            assert ended.sent_ns <= self.lab.clock.monotonic_ns()

    def _submit(self, targets: list[int], timeout_ns: int) -> None:
        self.number += 1
        words = [NAMES[target] for target in targets]
        for target, word in zip(targets, words, strict=True):
            self.lab.submit(word, first=target, number=self.number, timeout_ns=timeout_ns)
            self.owed[target, self.number] += 1

    def _pass(self, nanoseconds: int) -> None:
        self.lab.clock.advance(nanoseconds)

    def _behave(self, name: int, behaviour: int) -> None:
        self._network(name).hosts[NAMES[name]] = BEHAVIOURS[behaviour]

    def _refuse(self, number: int) -> None:
        for network in self.lab.networks.values():
            network.refusal = number

    def _drop(self, count: int) -> None:
        self.lab.network.to_lose += count

    def _step(self, nanoseconds: int) -> None:
        for network in self.lab.networks.values():
            network.land()
        self.lab.network.step_wall(nanoseconds)

    def _step_in_send(self, nanoseconds: int) -> None:
        def once() -> None:
            self.lab.network.on_send = lambda: None
            self._step(nanoseconds)

        self.lab.network.on_send = once

    def _reload(self, order: list[int], removed: set[int]) -> None:
        renamed = {old: -1 if old in removed else new for old, new in enumerate(order)}
        self.lab.engine.retarget(np.array([renamed[old] for old in range(len(NAMES))], np.int32))
        owed = self.owed - self.ended
        self.owed = self.ended + Counter()
        for (old, number), count in owed.items():
            if renamed[old] >= 0:
                self.owed[renamed[old], number] += count

    def _network(self, name: int) -> Network:
        return self.lab.networks[6 if ":" in NAMES[name] else 4]


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(steps, max_size=40))
def test_every_probe_ends_exactly_once(story_steps: list[tuple[str, *tuple[object, ...]]]) -> None:
    """Replies, losses, errors, forgeries, drops, refusals, steps, reloads and a table that is far too small."""
    story = Story()
    for step in story_steps:
        story.play(*step)
    story.finish()
    assert story.ended == story.owed
