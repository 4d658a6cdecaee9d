"""The prober of checks of one kind: slots say when a hotspot is asked, tasks ask, at most so many at once.

Everything that waits, waits in a task that can be cancelled at any moment; the synchronous calls only put questions in
a queue and take answers out of a list. A hotspot whose last question is still unanswered is not asked again: nothing
piles up behind a slow one. A question under way names its check and hotspot by name, so that a reload can move rows;
where it is not the question that is asked by now, its answer tells nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import numpy as np
import structlog

from exporter.planning.plan import KindPlan
from exporter.probing.addresses import ProbedAddress
from exporter.probing.checking.plan import CheckPlan
from exporter.probing.checking.questions import Answered, Asked, UnaskableError
from exporter.probing.checking.reaching import Reaching
from exporter.probing.lateness import DepartureLateness
from exporter.probing.outcome import NO_RTT, REFERENCE_BASE, Int32, Observations, Outcome
from exporter.probing.prober import RoundKeeper
from exporter.probing.service import Result, ServiceResults
from exporter.scheduling.slots import SlotSchedule
from pantau.clock import NANOSECONDS, NEVER_NS, Clock

AT_ONCE = 256
"""Questions under way: each holds a socket, and costs the loop a millisecond where it is TLS."""
_LATE_NS = 5 * NANOSECONDS
"""Slots later than this are skipped: to ask all that a pause has missed would be a burst."""
_EXTRA_NS = NANOSECONDS
"""A reference whose word is waited for is asked so often."""

Ask = Callable[[Asked, Reaching], Awaitable[Answered]]
log = structlog.get_logger(__name__)


class _Told(NamedTuple):
    """An answer, by names: rows may have moved since it was asked for."""

    check: str
    hotspot: str
    asked: Asked
    answered: Answered
    at_ns: int
    duration_ns: int


class _Job(NamedTuple):
    """A question on its way. Of a reference `check` is empty and `row` its number, `at_ns` the time that names it."""

    check: str
    hotspot: str
    asked: Asked
    row: int = -1
    at_ns: int = 0


class CheckProber:
    """Asks what a `CheckPlan` says, by `ask`."""

    def __init__(self, plan: CheckPlan, ask: Ask, reaching: Reaching, clock: Clock, at_once: int = AT_ONCE) -> None:
        self.kind, self.lateness = plan.kind, DepartureLateness()
        self._ask, self._reaching, self._clock = ask, reaching, clock
        self._free = asyncio.Semaphore(at_once)
        self._jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._reference_jobs: asyncio.Queue[_Job] = asyncio.Queue()
        self._under_way: set[tuple[str, str]] = set()
        self._told: list[_Told] = []
        self._reference_ends: list[tuple[int, int, int, int]] = []
        self._started_ns = self._reference_due_ns = self._extra_ns = clock.monotonic_ns()
        self._slot_of: dict[str, SlotSchedule] = {}
        self._adopt(plan)

    @property
    def next_due_ns(self) -> int:
        """See `Prober.next_due_ns`: at once while there is something to tell."""
        if self._told or self._reference_ends:
            return self._started_ns
        references_ns = self._reference_due_ns if self._plan.reference_asked else NEVER_NS
        return min(references_ns, *(slots.next_ns for slots in self._slots), NEVER_NS)

    @property
    def waiting(self) -> int:
        """Questions that nobody has been asked yet."""
        return self._jobs.qsize()

    def send_due(self, now_ns: int, keeper: RoundKeeper) -> None:
        """See `Prober.send_due`."""
        for check, slots in zip(self._plan.checks, self._slots, strict=True):
            for row in slots.take(now_ns).targets.tolist():
                self._want(check.name, row)
        if not self._plan.reference_asked:
            return
        if now_ns >= self._reference_due_ns:
            self._reference_due_ns = now_ns + self._plan.reference_interval_ns
            self._ask_references(now_ns, keeper, extra=False)
        elif keeper.references_wanted and now_ns >= self._extra_ns:
            self._ask_references(now_ns, keeper, extra=True)

    def collect(self, now_ns: int, *, urgent: bool) -> Observations | None:
        """See `Prober.collect`: of the references alone, for checks tell of no reachability."""
        del now_ns, urgent
        if not self._reference_ends:
            return None
        rows, names, outcomes, rtts = (np.array(it, np.int64) for it in zip(*self._reference_ends, strict=True))
        self._reference_ends = []
        target = (REFERENCE_BASE + rows).astype(np.int32)
        return Observations(target, names, outcomes.astype(np.int8), names.copy(), rtts)

    def service(self) -> ServiceResults | None:
        """See `Prober.service`."""
        if not self._told:
            return None
        told, self._told = self._told, []
        known = [(check, row, one) for one in told if (place := self._place(one)) for check, row in [place]]
        return ServiceResults(
            check=np.array([check for check, _, _ in known], np.int32),
            target=np.array([row for _, row, _ in known], np.int32),
            result=np.array([one.answered.result for *_, one in known], np.int8),
            at_ns=np.array([one.at_ns for *_, one in known], np.int64),
            duration_ns=np.array([one.duration_ns for *_, one in known], np.int64),
            expiry_s=np.array([one.answered.expiry_s for *_, one in known], np.int64),
        )

    def reload(self, plan: KindPlan, moved: Int32) -> Int32:
        """See `Prober.reload`."""
        if not isinstance(plan, CheckPlan):
            raise TypeError("the plan is of another kind")
        if plan.reference_asked != self._plan.reference_asked:
            self._reference_due_ns, self._reference_ends = self._clock.monotonic_ns(), []
        self._adopt(plan)
        return moved

    def address_of(self, row: int) -> ProbedAddress:
        """See `Prober.address_of`."""
        return ProbedAddress(self._plan.addresses[row])

    async def resolve_names(self) -> None:
        """Names are looked up when they are asked for."""

    async def run(self) -> None:
        """See `Prober.run`: asks until it is cancelled. References wait for nobody, for all wait for their word."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ask_all_references(tasks))
            while True:
                job = await self._jobs.get()
                await self._free.acquire()
                tasks.create_task(self._work(job))

    async def _ask_all_references(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            tasks.create_task(self._work_reference(await self._reference_jobs.get()))

    async def _work_reference(self, job: _Job) -> None:
        begun_ns = self._clock.monotonic_ns()
        works = (await self._answer(job.asked)).result is Result.YES
        rtt_ns = self._clock.monotonic_ns() - begun_ns if works else NO_RTT
        outcome = Outcome.REPLY if works else Outcome.TIMEOUT
        self._reference_ends.append((job.row, job.at_ns, outcome, rtt_ns))

    async def _work(self, job: _Job) -> None:
        at_ns = self._clock.monotonic_ns()
        try:
            answered = await self._answer(job.asked)
            duration_ns = self._clock.monotonic_ns() - at_ns
            slow_ns = job.asked.slow_ns
            if answered.result is Result.YES and slow_ns is not None and duration_ns > slow_ns:
                answered = Answered(Result.BAD, answered.expiry_s)
            self._told.append(_Told(job.check, job.hotspot, job.asked, answered, at_ns, duration_ns))
        finally:
            self._free.release()
            self._under_way.discard((job.check, job.hotspot))

    async def _answer(self, asked: Asked) -> Answered:
        """What asking gave; a failure of the other side is no, one of ours tells nothing."""
        try:
            async with asyncio.timeout(asked.timeout_ns / NANOSECONDS):
                return await self._ask(asked, self._reaching)
        except UnaskableError as error:
            log.debug("cannot ask", kind=self.kind, problem=str(error))
            return Answered(Result.UNKNOWN)
        except (TimeoutError, OSError):
            return Answered(Result.NO)

    def _want(self, check: str, row: int) -> None:
        hotspot = self._plan.ids[row]
        asked = self._plan.asked[self._number_of[check]][row]
        if asked is not None and (check, hotspot) not in self._under_way:
            self._under_way.add((check, hotspot))
            self._jobs.put_nowait(_Job(check, hotspot, asked))

    def _ask_references(self, now_ns: int, keeper: RoundKeeper, *, extra: bool) -> None:
        self._extra_ns = now_ns + _EXTRA_NS
        for row, asked in enumerate(self._plan.reference_asked):
            keeper.references_leave(np.array([row], np.int32), now_ns, extra=extra)
            self._reference_jobs.put_nowait(_Job("", "", asked, row, now_ns))

    def _place(self, told: _Told) -> tuple[int, int] | None:
        """Check and row by the present plan; None where this is not what is asked of that hotspot any more."""
        check, row = self._number_of.get(told.check), self._row_of.get(told.hotspot)
        if check is None or row is None or self._plan.asked[check][row] != told.asked:
            return None
        return check, row

    def _adopt(self, plan: CheckPlan) -> None:
        self._plan = plan
        self._row_of = {name: row for row, name in enumerate(plan.ids)} if plan.checks else {}
        self._number_of = {check.name: number for number, check in enumerate(plan.checks)}
        now_ns, before = self._clock.monotonic_ns(), self._slot_of
        self._slot_of = {}
        for check, planned in zip(plan.checks, plan.slots, strict=True):
            slots = SlotSchedule(planned, self._started_ns, min(_LATE_NS, planned.interval_ns - 1))
            if check.name in before:
                slots.resume(before[check.name])
            else:
                slots.take(now_ns - 1)
            self._slot_of[check.name] = slots
        self._slots = list(self._slot_of.values())
