"""The batch engine: thousands of echo requests in flight over one socket a family.

It owns the table of probes and the transports; it knows nothing of rounds, hotspots or verdicts, and never waits. A
probe's token names its row in the table and travels in the packet, beside a tag that only we and the target know.
"""

import errno
from collections.abc import Sequence

import numpy as np

from exporter.clockwatch import ClockWatch
from exporter.probing.addresses import is_ipv4
from exporter.probing.icmp.engine import NO_ERRORS_NOTED, EngineStatistics, NotedErrors
from exporter.probing.icmp.flights import ENDED, LARGEST_CAPACITY, FlightTable
from exporter.probing.icmp.lots import Lots
from exporter.probing.icmp.matching import AnswerMatcher
from exporter.probing.icmp.packet import build_requests
from exporter.probing.icmp.tags import draw_tags
from exporter.probing.icmp.transport import PACKET_SIZE, Family, Transport
from exporter.probing.icmp.unusable import UnusableReply
from exporter.probing.outcome import NO_RTT, Int32, Int64, Observations, Outcome, Uint64
from pantau.clock import Clock

_SOON_NS = 600_000_000
"""The next deadline is looked for anew so long before it: who was waited for has mostly answered by then, and nobody
need be woken for it."""


class BatchEngine:
    """One engine for any number of targets.

    `transports` holds at most one of each family; a probe to a family that has none ends as `Outcome.SEND` with
    EAFNOSUPPORT. `capacity`, a power of two, is how many probes may be in flight; more end as SEND with ENOBUFS.
    `key` is a secret of up to 128 random bits, of this run alone; `padding` lengthens each packet by so many bytes.
    """

    name = "batch"

    def __init__(
        self,
        transports: Sequence[Transport],
        clock: Clock,
        key: int,
        capacity: int = LARGEST_CAPACITY,
        padding: int = 0,
    ) -> None:
        self._flights = FlightTable(capacity)
        self._transports: dict[Family, Transport] = {transport.family: transport for transport in transports}
        self._clock = clock
        self._clock_watch = ClockWatch(clock)
        self._key, self._padding = key, padding
        self.room = min((transport.room for transport in transports), default=0)
        self._ended: list[Observations] = []
        self._noted: list[NotedErrors] = []
        self._lots = Lots(clock)
        self._drops = {family: transport.drops() for family, transport in self._transports.items()}
        self.statistics = EngineStatistics()
        self._matcher = AnswerMatcher(self._flights, PACKET_SIZE + padding, self.statistics)
        self.socket = transports[0].socket if transports else "none"

    @property
    def next_deadline_ns(self) -> int:
        """See `Engine.next_deadline_ns`."""
        return self._flights.next_deadline_ns

    def submit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int | Int64) -> None:
        """Send one probe to each row; refused sends are results at once."""
        if not len(targets):
            return
        now_ns, wall_ns = self._clock.monotonic_ns(), self._clock.wall_ns()
        tokens = self._flights.admit(targets, rounds, addresses, timeout_ns, now_ns)
        if not len(tokens):
            self._refuse(targets, rounds, now_ns, np.full(len(targets), errno.ENOBUFS, np.int32))
            return
        self._flights.tag[tokens & self._flights.mask] = draw_tags(self._key, int(tokens[0]), addresses)
        v4 = is_ipv4(addresses)
        if v4.all():
            self._send(4, tokens, now_ns, wall_ns)
        else:
            self._send(4, tokens[v4], now_ns, wall_ns)
            self._send(6, tokens[~v4], now_ns, wall_ns)

    def stage(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: Int64) -> int | None:
        """See `Engine.stage`: of IPv4 alone, where there is room."""
        transport = self._transports.get(4)
        if transport is None or not len(targets) or not is_ipv4(addresses).all():
            return None
        tokens = self._flights.admit(targets, rounds, addresses, timeout_ns, self._clock.monotonic_ns())
        if not len(tokens):
            return None
        self._flights.stage(tokens)
        tags = draw_tags(self._key, int(tokens[0]), addresses)
        self._flights.tag[tokens & self._flights.mask] = tags
        packets = build_requests(4, transport.identifier, tags, tokens, self._padding)
        return self._lots.add(tokens, timeout_ns, transport.prepare(packets, addresses))

    def launch(self, first: int, count: int) -> None:
        """See `Engine.launch`."""
        deadline_ns, fates = self._lots.send(first, count)
        self._flights.expect(deadline_ns)
        if fates is not None:
            departed, errnos = fates
            self._flights.launch(*departed)
            if errnos.any():
                refused = errnos != 0
                now_ns = self._clock.monotonic_ns()
                self._end_refused(departed.tokens[refused] & self._flights.mask, now_ns, errnos[refused])

    def withdraw(self, first: int, count: int) -> None:
        """See `Engine.withdraw`: their rows are free for other probes."""
        self._flights.unstage(np.arange(first, first + count) & self._flights.mask)

    def unstage(self) -> None:
        """See `Engine.unstage`."""
        self._note_departures()
        self._flights.unstage(self._flights.in_use())
        self._lots.clear()

    def collect(self) -> Observations:
        """Receive, match, and give up on what is past its deadline."""
        self._note_departures()
        now_ns = self._clock.monotonic_ns()
        received = [(transport, transport.receive()) for transport in self._transports.values()]
        # The step is looked for after receiving, so that no stamp that was read can be from beyond it.
        self._notice_step()
        self._notice_drops()
        for transport, messages in received:
            departures = messages.departures
            self._flights.sent_wall_ns[departures.token & self._flights.mask] = departures.wall_ns
            if len(messages.replies.length):
                self._ended.append(self._matcher.match_replies(transport, messages.replies, now_ns))
            if len(messages.errors.length):
                self._noted.append(self._matcher.match_errors(transport, messages.errors))
        if now_ns >= self._flights.next_deadline_ns - _SOON_NS:
            self._expire(now_ns)
        ended, self._ended = self._ended, []
        return Observations.concatenate(ended)

    def take_noted(self) -> NotedErrors:
        """See `Engine.take_noted`."""
        noted, self._noted = self._noted, []
        return NotedErrors.concatenate(noted) if noted else NO_ERRORS_NOTED

    def unusable_replies(self, target: int) -> tuple[UnusableReply, ...]:
        """See `Engine.unusable_replies`."""
        return self._matcher.unusable.of(target)

    def retarget(self, new_index: Int32) -> None:
        """Rename the targets of probes in flight; those of -1 keep their row, so that their replies stay recognised.

        Targets beyond `new_index` keep their name.
        """
        self._note_departures()
        self._flights.retarget(new_index)
        self._matcher.unusable.retarget(new_index)
        self._ended = [part.retargeted(new_index) for part in self._ended]  # refused since the last collect
        self._noted = [part.retargeted(new_index) for part in self._noted]

    async def run(self) -> None:
        """See `Engine.run`: the kernel does what is to be done between two calls."""

    def close(self) -> None:
        """Close the transports."""
        for transport in self._transports.values():
            transport.close()

    def _note_departures(self) -> None:
        """Write down in the table what has left since the last time."""
        departed = self._lots.take_departed()
        if departed is not None:
            self._flights.launch(*departed)

    def _send(self, family: Family, tokens: Int64, now_ns: int, wall_ns: int) -> None:
        if not len(tokens):
            return
        flights = self._flights
        rows = tokens & flights.mask
        transport = self._transports.get(family)
        if transport is None:
            self._end_refused(rows, now_ns, np.full(len(rows), errno.EAFNOSUPPORT, np.int32))
            return
        packets = build_requests(family, transport.identifier, flights.tag[rows], tokens, self._padding)
        report = transport.send(packets, flights.address[rows])
        flights.sent_wall_ns[rows] = report.wall_ns
        # Within the call by the monotonic clock: the wall clock may step in it, and a deadline must not.
        flights.sent_ns[rows] = np.clip(now_ns + (report.wall_ns - wall_ns), now_ns, self._clock.monotonic_ns())
        refused = report.errno != 0
        if refused.any():
            self._end_refused(rows[refused], now_ns, report.errno[refused])

    def _end_refused(self, rows: Int64, now_ns: int, errnos: Int32) -> None:
        self._flights.state[rows] = ENDED
        self._refuse(self._flights.target[rows], self._flights.round[rows], now_ns, errnos)

    def _refuse(self, targets: Int32, rounds: Int64, now_ns: int, errnos: Int32) -> None:
        for number, count in zip(*np.unique(errnos, return_counts=True), strict=True):
            name = errno.errorcode.get(int(number), str(number))
            self.statistics.send_errors[name] = self.statistics.send_errors.get(name, 0) + int(count)
        self._ended.append(Observations.unsent(targets, rounds, Outcome.SEND, now_ns))

    def _notice_step(self) -> None:
        step_ns = self._clock_watch.check()
        if step_ns:
            self.statistics.clock_steps += 1
            self.statistics.stepped_ns += abs(step_ns)
            self._flights.stamp_lost[self._flights.in_use()] = True

    def _notice_drops(self) -> None:
        for family, transport in self._transports.items():
            drops = transport.drops()
            if drops != self._drops[family]:
                self.statistics.receive_drops += drops - self._drops[family]
                self._drops[family] = drops
                self._flights.blurred[self._flights.in_use()] = True

    def _expire(self, now_ns: int) -> None:
        flights = self._flights
        expired = flights.expire(now_ns)
        if not len(expired):
            return
        error = flights.error[expired]
        outcome = np.where(error == Outcome.REPLY, np.int8(Outcome.TIMEOUT), error)
        outcome[flights.blurred[expired]] = Outcome.INCONCLUSIVE
        self._matcher.unusable.keep(expired, self._clock.wall_ns())
        self._ended.append(flights.results(expired, outcome, np.full(len(expired), NO_RTT, np.int64)))
