"""The pings that wait for their time to leave, and their way to the engine: a burst at a time, however many are due.

Between two ticks of the monitor `run` hands over what has come due, which costs a tenth of a tick. Where nobody runs
it, as in a replay, whoever ticks does so when `next_due_ns` says.
"""

from collections.abc import Callable

import numpy as np

from exporter.probing.icmp.canaries import CanaryProbes
from exporter.probing.icmp.engine import Engine, Probes
from exporter.probing.lateness import DepartureLateness
from exporter.probing.names.address_book import AddressBook
from exporter.probing.outcome import REFERENCE_BASE, Bool, Int32, Observations, Outcome
from exporter.scheduling.alarm import Alarm
from exporter.scheduling.departures import DepartureQueue
from exporter.scheduling.pacing import Pace
from exporter.scheduling.rows import NO_ROWS, ProbeRows
from pantau.clock import NEVER_NS, Clock


class Outbox:
    """Owns the `DepartureQueue`; `depart` is to call the method of that name, with what it needs.

    Addresses are looked up when a probe is prepared or, of re-probes, when it leaves: a name may move meanwhile.
    """

    def __init__(
        self, engine: Engine, clock: Clock, pace: Pace, timeout_ns: int, late_limit_ns: int, depart: Callable[[], None]
    ) -> None:
        self.waiting = DepartureQueue(pace, clock.monotonic_ns())
        self.lateness = DepartureLateness()
        self.unread = 0
        """Probes sent since the engine was last read; the reader sets it back."""
        self.engine, self._clock = engine, clock
        self._timeout_ns, self._late_limit_ns = timeout_ns, late_limit_ns
        self._patience_ns = max(timeout_ns, late_limit_ns)
        """A planned probe that is later than this tells of a time that is past."""
        self._late_ns: list[tuple[int, int]] = []
        self._depart = depart
        self._alarm = Alarm(self._ring)

    @property
    def next_due_ns(self) -> int:
        """When something is to leave that only a tick would send."""
        return NEVER_NS if self._alarm.running else self.waiting.next_ns

    def count_lateness(self) -> None:
        """Count how late the probes left since the last call: cheaper for many than for each burst."""
        if self._late_ns:
            late_ns, sizes = zip(*self._late_ns, strict=True)
            self.lateness.observe(np.repeat(np.array(late_ns, np.int64), sizes))
            self._late_ns = []

    def adopt(self, pace: Pace, timeout_ns: int) -> None:
        """Go on with another plan."""
        self.waiting.adopt(pace, self._clock.monotonic_ns())
        self._timeout_ns, self._patience_ns = timeout_ns, max(timeout_ns, self._late_limit_ns)

    def retarget(self, new_index: Int32) -> None:
        """Rename targets after a reload; those of -1 are dropped."""
        self.engine.unstage()
        self.waiting.retarget(new_index)

    async def run(self) -> None:
        """Have `depart` called whenever something may leave, until cancelled."""
        await self._alarm.run()

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
        now_ns, ended, late = self._clock.monotonic_ns(), list[Observations](), NO_ROWS
        if dropped := self.waiting.drop_before(now_ns - self._patience_ns):
            for group in dropped:
                if group.number is not None:
                    self.engine.withdraw(group.number, group.size)
            rows = ProbeRows.joined([group.rows for group in dropped])
            of_canaries = rows.targets >= REFERENCE_BASE  # they are sent however late: their word is awaited
            ended, late = self._give_up(rows.take(~of_canaries), now_ns), rows.take(of_canaries)
        groups, extra = self.waiting.take(now_ns)
        loose = [rows for rows in (extra, late) if len(rows.targets)]
        for group in groups:
            self._late_ns.append((now_ns - group.at_ns, group.size))
            self.unread += group.size
            if group.number is None:
                loose.append(group.rows)
            else:
                self.engine.launch(group.number, group.size)
        if loose:
            probes = self._probes(ProbeRows.joined(loose), book, canaries, ended)
            self.engine.submit(probes.targets, probes.rounds, probes.addresses, probes.timeout_ns)
            self.unread += len(probes)
        return ended

    def set_alarm(self) -> None:
        """Something was added, or has left between two rings: have `depart` called in time for what comes now."""
        if self._alarm.running:
            self._alarm.bring_forward(self.waiting.next_ns)

    def add(self, rows: ProbeRows, book: AddressBook, canaries: CanaryProbes) -> None:
        """Let planned probes wait, prepared as far as can be: they leave a few at a time, and what is left costs most.

        Canaries leave last in their burst: where they come through, all have.
        """

        def prepare(rows: ProbeRows) -> int | None:
            of_canaries = rows.targets >= REFERENCE_BASE
            hotspots, own = rows.targets[~of_canaries], rows.targets[of_canaries]
            # Where a name's next probe goes is chosen when it leaves, and once: what it is then has been counted.
            if not (book.are_numbers(hotspots) and canaries.book.are_numbers(own - np.int32(REFERENCE_BASE))):
                return None
            addresses = np.empty((len(of_canaries), 2), np.uint64)
            addresses[~of_canaries] = book.words[hotspots]
            addresses[of_canaries] = canaries.book.words[own - np.int32(REFERENCE_BASE)]
            timeout_ns = np.where(of_canaries, np.int64(canaries.timeout_ns), np.int64(self._timeout_ns))
            return self.engine.stage(rows.targets, rows.rounds, addresses, timeout_ns)

        self.waiting.add(rows, rows.targets >= REFERENCE_BASE, prepare)

    def _ring(self) -> int:
        self._depart()
        return self.waiting.next_ns

    def _give_up(self, rows: ProbeRows, now_ns: int) -> list[Observations]:
        self.lateness.unsent += len(rows.targets)
        return [Observations.unsent(rows.targets, rows.rounds, Outcome.INCONCLUSIVE, now_ns)]

    def _probes(self, rows: ProbeRows, book: AddressBook, canaries: CanaryProbes, ended: list[Observations]) -> Probes:
        """With their addresses; the targets that have none yet are `ended`."""
        of_canaries = rows.targets >= REFERENCE_BASE
        if not of_canaries.any():
            return self._to_hotspots(rows, book, ended)
        hotspots = self._to_hotspots(rows.take(~of_canaries), book, ended)
        return Probes.concatenate([hotspots, canaries.probes(rows.take(of_canaries))])

    def _to_hotspots(self, rows: ProbeRows, book: AddressBook, ended: list[Observations]) -> Probes:
        known, carried, words = book.aim(rows.targets, rows.rounds)
        if not known.all():
            lost, now_ns = rows.take(~known), self._clock.monotonic_ns()
            ended.append(Observations.unsent(lost.targets, lost.rounds, Outcome.RESOLVE, now_ns))
            rows, carried, words = rows.take(known), carried[known], words[known]
        timeout_ns = np.full(len(rows.targets), self._timeout_ns, np.int64)
        return Probes(rows.targets, carried, words, timeout_ns)
