"""The pings that wait for their time to leave, and their way to the engine: a burst at a time, however many are due.

Between two ticks of the monitor `run` hands over what has come due, which costs a tenth of a tick. Where nobody runs
it, as in a replay, whoever ticks does so when `next_due_ns` says.
"""

from collections.abc import Callable

import numpy as np

from exporter.probing.icmp.canaries import CanaryProbes
from exporter.probing.icmp.engine import NO_PROBES, Engine, Probes
from exporter.probing.lateness import DepartureLateness
from exporter.probing.names.address_book import AddressBook
from exporter.probing.outcome import REFERENCE_BASE, Bool, Int32, Int64, Observations, Outcome
from exporter.scheduling.alarm import Alarm
from exporter.scheduling.departures import DepartureQueue
from exporter.scheduling.pacing import Pace
from exporter.scheduling.rows import ProbeRows
from pantau.clock import NEVER_NS, Clock


class Outbox:
    """Owns the `DepartureQueue`. Addresses are looked up when a probe leaves, for a name may have moved meanwhile."""

    def __init__(self, engine: Engine, clock: Clock, pace: Pace, timeout_ns: int, late_limit_ns: int) -> None:
        self.waiting = DepartureQueue(pace, clock.monotonic_ns())
        self.lateness = DepartureLateness()
        self.unread = 0
        """Probes sent since the engine was last read; the reader sets it back."""
        self.given_up = 0
        """Probes that waited so long for their turn that they were not sent at all."""
        self._engine, self._clock = engine, clock
        self._timeout_ns, self._late_limit_ns = timeout_ns, late_limit_ns
        self._late_ns: list[Int64] = []
        self._alarm = Alarm()
        self._running = False

    @property
    def next_due_ns(self) -> int:
        """When something is to leave that only a tick would send."""
        return NEVER_NS if self._running else self.waiting.next_ns

    @property
    def _patience_ns(self) -> int:
        """A planned probe that is later than this tells of a time that is past."""
        return max(self._timeout_ns, self._late_limit_ns)

    def count_lateness(self) -> None:
        """Count how late the probes left since the last call: cheaper for many than for each burst."""
        if self._late_ns:
            self.lateness.observe(np.concatenate(self._late_ns))
            self._late_ns = []

    def adopt(self, pace: Pace, timeout_ns: int) -> None:
        """Go on with another plan."""
        self.waiting.adopt(pace, self._clock.monotonic_ns())
        self._timeout_ns = timeout_ns

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload; those of -1 are dropped."""
        self.waiting.retarget(new_index)

    def keep_reprobes(self, wanted: Bool, now_ns: int, patience_ns: int) -> list[Observations]:
        """Drop the re-probes that nobody wants any more; the ends of those that have waited longer than `patience_ns`.

        They are inconclusive, and so are their rounds: nobody is down for want of our own turn.
        """
        reprobes = self.waiting.reprobes
        late = wanted & (reprobes.since_ns + patience_ns < now_ns) & (reprobes.rows.targets < REFERENCE_BASE)
        if wanted.all() and not late.any():
            return []
        ended = self._give_up(reprobes.rows.take(late), now_ns)
        reprobes.keep(wanted & ~late)
        return ended

    def depart(self, book: AddressBook, canaries: CanaryProbes) -> list[Observations]:
        """Send what may leave now; the ends of those that cannot be sent."""
        now_ns, ended = self._clock.monotonic_ns(), list[Observations]()
        planned, extra = self.waiting.take(now_ns)
        if len(planned.targets):
            self._late_ns.append(now_ns - planned.at_ns)
            if self._late_ns[-1][0] > self._patience_ns:  # the oldest stands first
                stale = (self._late_ns[-1] > self._patience_ns) & (planned.targets < REFERENCE_BASE)
                ended += self._give_up(planned.take(stale), now_ns)
                planned = planned.take(~stale)
        leaving = ProbeRows.joined([planned, extra]) if len(extra.targets) else planned
        probes = self._probes(leaving, book, canaries, ended)
        if len(probes):
            self._engine.submit(probes.targets, probes.rounds, probes.addresses, probes.timeout_ns)
            self.unread += len(probes)
        self._alarm.bring_forward(self.waiting.next_ns)
        return ended

    async def run(self, depart: Callable[[], None]) -> None:
        """Call `depart` whenever something may leave, until cancelled."""
        self._running = True
        try:
            while True:
                await self._alarm.wait_until(self.waiting.next_ns)
                depart()
        finally:
            self._running = False

    def _give_up(self, rows: ProbeRows, now_ns: int) -> list[Observations]:
        self.given_up += len(rows.targets)
        return [Observations.unsent(rows.targets, rows.rounds, Outcome.INCONCLUSIVE, now_ns)]

    def _probes(self, rows: ProbeRows, book: AddressBook, canaries: CanaryProbes, ended: list[Observations]) -> Probes:
        """With their addresses; the targets that have none yet are `ended`."""
        if not len(rows.targets):
            return NO_PROBES
        of_canaries = rows.targets >= REFERENCE_BASE
        parts = [canaries.probes(rows.take(of_canaries))] if of_canaries.any() else []
        rows = rows.take(~of_canaries) if parts else rows
        known = book.known[rows.targets]
        if not known.all():
            lost, now_ns = rows.take(~known), self._clock.monotonic_ns()
            ended.append(Observations.unsent(lost.targets, lost.rounds, Outcome.RESOLVE, now_ns))
            rows = rows.take(known)
        timeout_ns = np.full(len(rows.targets), self._timeout_ns, np.int64)
        hotspots = Probes(rows.targets, rows.rounds, book.words[rows.targets], timeout_ns)
        return Probes.concatenate([hotspots, *parts])
