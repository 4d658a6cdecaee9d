"""The prober of heartbeats: it asks nobody. What comes through the door answers, what does not come in time is lost.

The agents of each ISP are the witnesses of our door for the others (see `exporter.verdicts.witnesses`).
"""

import asyncio
from collections.abc import Sequence
from typing import cast

import numpy as np

from exporter.columns import inverse
from exporter.planning.plan import KindPlan
from exporter.probing.addresses import ProbedAddress
from exporter.probing.agent.beat_waits import BeatWaits
from exporter.probing.agent.beats import Beat, BeatSource
from exporter.probing.agent.doubts import PageDoubts, Word
from exporter.probing.agent.page import PageSource
from exporter.probing.agent.plan import DNS, KIND, PORTAL, AgentPlan
from exporter.probing.lateness import DepartureLateness
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Int32, Int64, Observations, Outcome
from exporter.probing.prober import RoundKeeper
from exporter.probing.service import HeldWords, ServiceResults
from pantau.clock import NEVER_NS, Clock

_LEAST_LOOK_NS, _GREATEST_LOOK_NS, _LOOKS = 250_000_000, 1_000_000_000, 60
"""So often in an interval of heartbeats, and within these bounds, what has come in is taken, and it is looked for
rounds that were given up and whether the witnesses still speak: to judge one heartbeat costs as much as to judge a
hundred. It is done when somebody else wakes the monitor, or as long again after it was due."""


class AgentProber:
    """Takes heartbeats from `source`; `page` asks the page that agents fetch. See `Prober`."""

    kind = KIND

    def __init__(self, plan: AgentPlan, source: BeatSource, page: PageSource, clock: Clock) -> None:
        self.lateness = DepartureLateness()
        self._source, self._page, self._clock = source, page, clock
        self.doubts = PageDoubts(plan, page)
        """What is believed of what agents say of the page and of names."""
        self._held = 0
        """Words that waited for their witnesses when the judge was told last."""
        self._told: AgentPlan | None = None
        self._beats: list[Beat] = []
        """Those whose checks nobody has taken yet."""
        self._witnessed: dict[int, int] = {}
        """By the place of an ISP among the references, when its agents were last heard."""
        self._vouched: list[Observations] = []
        now_ns = clock.monotonic_ns()
        self._look_ns = now_ns
        self._waiting = BeatWaits(len(plan.watched))
        self._adopt(plan, now_ns)
        self._remember(now_ns)

    @property
    def next_due_ns(self) -> int:
        """See `Prober`: where there are no agents there is nothing to look for."""
        return min(self._waiting.next_ns, self._look_ns + self._apart_ns) if self._row_of else NEVER_NS

    @property
    def page_up(self) -> bool:
        """Whether the page that agents fetch comes, by all that is known."""
        return self.doubts.page_up(self._clock.monotonic_ns())

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """Begin to wait where nobody is waited for; who was heard vouches for the door."""
        if self._told is not self._plan:
            self._source.configure(self._plan.door)
            self._told = self._plan
        self._vouch(keeper)
        idle, waited_for = self._waiting.idle(), self._waiting.waited_for()
        if len(idle):
            self._begin(idle, keeper)
        if now_ns < self._look_ns or not self._row_of:
            return
        self._look_ns = now_ns + self._apart_ns
        self.doubts.ask_due(now_ns)
        self.doubts.tell(now_ns)
        given_up = waited_for[keeper.begin(waited_for, now_ns)]
        self._waiting.begin_anew(given_up, keeper.numbers(given_up), now_ns)

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """See `Prober`: heartbeats, those that were missed, and now and then nothing, for time passes."""
        due = urgent or now_ns >= min(self._waiting.next_ns, self._look_ns)
        if not (due or self._vouched):
            return None
        parts = [*(self._take(self._source.take()) if due else ()), *self._vouched]
        self._vouched = []
        if self._waiting.next_ns <= now_ns:
            parts.append(self._waiting.miss(now_ns))
        return Observations.concatenate(parts) if parts or urgent or self._row_of else None

    def service(self) -> ServiceResults | None:
        """What agents say of the portal and of names, as far as it can be believed."""
        for beat in self._beats:
            for check, said in ((PORTAL, beat.minute.portal), (DNS, beat.minute.dns)):
                if said is not None:
                    self.doubts.hear(Word(check, beat.hotspot, said, beat.at_ns))
        self._beats = []
        told, held = self.doubts.take(self._clock.monotonic_ns()), self.doubts.waiting
        if not (told or held or self._held):
            return None
        self._held = len(held)
        return ServiceResults(
            np.array([self._number_of[word.check] for word, _ in told], np.int32),
            np.array([self._row_of[word.hotspot] for word, _ in told], np.int32),
            np.array([result for _, result in told], np.int8),
            np.array([word.at_ns for word, _ in told], np.int64),
            np.full(len(told), NO_RTT, np.int64),
            waiting=HeldWords(
                np.array([self._row_of[word.hotspot] for word in held], np.int32),
                np.array([word.at_ns for word in held], np.int64),
            ),
        )

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """See `Prober`. Who is judged by another policy is waited for anew, from his last heartbeat on."""
        before, now_ns = self._plan, self._clock.monotonic_ns()
        source = inverse(moved, len(plan.watched))
        not_before_ns, were_open = self._waiting.not_before_ns, self._waiting.open
        self._waiting.rearrange(source)
        self._waiting.since_ns[source < 0] = now_ns
        self._beats = []
        self._adopt(cast("AgentPlan", plan), now_ns)
        self.doubts.reload(self._plan, source)
        if plan.policy != before.policy or plan.interval_ns != before.interval_ns:
            return np.full(len(moved), -1, np.int32)
        known = source >= 0
        self._waiting.resume(known, not_before_ns[source[known]], were_open[source[known]])
        return moved

    def address_of(self, row: int) -> ProbedAddress:  # noqa: ARG002 - see `Prober`
        """Nobody is asked, wherever he is."""
        return ProbedAddress(None)

    async def resolve_names(self) -> None:
        """There are none."""

    async def run(self) -> None:
        """Keep the door open, and ask the page, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._source.run())
            tasks.create_task(self._page.run())

    def _adopt(self, plan: AgentPlan, now_ns: int) -> None:
        self._plan = plan
        self._apart_ns = min(max(plan.interval_ns // _LOOKS, _LEAST_LOOK_NS), _GREATEST_LOOK_NS)
        self._row_of = plan.row_of
        self._witness_of = {isp: place for place, isp in enumerate(plan.references.names)}
        self._number_of = {check.name: number for number, check in enumerate(plan.checks)}
        self._waiting.adopt(plan, now_ns)

    def _remember(self, now_ns: int) -> None:
        """Waits begin at the last heartbeat that is known from before we began, not anew."""
        self._waiting.since_ns[:] = now_ns
        offset_ns = self._clock.wall_ns() - now_ns
        for name, row in self._row_of.items():
            heard_ns = self._source.last_heard_ns(name)
            if heard_ns is not None:
                at_ns = max(0, min(now_ns, heard_ns - offset_ns))
                self._waiting.since_ns[row] = at_ns
                self._witness(row, at_ns)

    def _begin(self, rows: Int32, keeper: RoundKeeper) -> None:
        begun = rows[keeper.begin(rows, self._waiting.since_ns[rows])]
        self._waiting.begin(begun, keeper.numbers(begun), self._waiting.since_ns[begun])

    def _take(self, beats: Sequence[Beat]) -> list[Observations]:
        known = [beat for beat in beats if beat.hotspot in self._row_of]
        if not known:
            return []
        self._beats += known
        rows = np.array([self._row_of[beat.hotspot] for beat in known], np.int32)
        at_ns = np.array([beat.at_ns for beat in known], np.int64)
        for row, heard_ns in zip(rows.tolist(), at_ns.tolist(), strict=True):
            self._witness(row, heard_ns)
        return [self._waiting.heard(rows, at_ns)]

    def _witness(self, row: int, at_ns: int) -> None:
        place = self._witness_of[self._plan.isps[row]]
        self._witnessed[place] = max(at_ns, self._witnessed.get(place, 0))

    def _vouch(self, keeper: RoundKeeper) -> None:
        """The judge hears of each ISP's last heartbeat, as of a reference's probe that was answered."""
        if not self._witnessed:
            return
        places = np.array(list(self._witnessed), np.int32)
        at_ns: Int64 = np.array(list(self._witnessed.values()), np.int64)
        self._witnessed = {}
        keeper.references_leave(places, at_ns, extra=True)
        count = len(places)
        targets = places + np.int32(REFERENCE_BASE)
        outcome, no_rtt = np.full(count, Outcome.REPLY, np.int8), np.full(count, NO_RTT, np.int64)
        self._vouched.append(Observations(targets, at_ns, outcome, at_ns, no_rtt))
