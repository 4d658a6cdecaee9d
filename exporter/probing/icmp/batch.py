"""The batch engine: thousands of echo requests in flight over one socket a family, kept as arrays.

Each probe has a token, counted up from 0; ``token & mask`` is its row in the table of probes. A row outlives its probe
until another takes it, so that late and duplicate replies are recognised. The engine owns that table and the
transports; it knows nothing of rounds, hotspots or verdicts, and never waits.
"""

import errno
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exporter.clockwatch import ClockWatch
from exporter.columns import one_of_each
from exporter.probing.addresses import is_ipv4
from exporter.probing.icmp.engine import EngineStatistics
from exporter.probing.icmp.packet import (
    ECHO_REPLY,
    ECHO_REQUEST,
    SEQUENCE_MASK,
    build_requests,
    classify_errors,
    read_echoes,
)  # fmt: skip
from exporter.probing.icmp.transport import PACKET_SIZE, Family, IcmpErrors, Replies, Transport
from exporter.probing.outcome import NO_RTT, Bool, Int8, Int32, Int64, Outcome, Results, Uint64, renamed
from pantau.clock import NEVER_NS, Clock

_FREE, _IN_FLIGHT, _ANSWERED, _ENDED = range(4)
_QUOTED_HEADER = 8


class BatchEngine:
    """One engine for any number of targets.

    `transports` holds at most one of each family; a probe to a family that has none ends as `Outcome.SEND` with
    EAFNOSUPPORT. `capacity`, a power of two, is how many probes may be in flight; more end as SEND with ENOBUFS.
    `nonce` is 64 random bits of this process.
    """

    name = "batch"

    def __init__(self, transports: Sequence[Transport], clock: Clock, nonce: int, capacity: int = 1 << 17) -> None:
        if capacity & (capacity - 1) or capacity > 1 << 17:
            # Beyond 2^17 rows, 16 bits of sequence no longer name one probe in flight.
            raise ValueError("capacity must be a power of two, at most 131072")
        self._transports: dict[Family, Transport] = {transport.family: transport for transport in transports}
        self._clock = clock
        self._clock_watch = ClockWatch(clock)
        self._nonce = np.uint64(nonce)
        self._mask = capacity - 1
        self._next = 0
        self._oldest = 0
        self.next_deadline_ns = NEVER_NS
        self.room = min((transport.room for transport in transports), default=0)
        self._ended: list[Results] = []
        self._drops = {family: transport.drops() for family, transport in self._transports.items()}
        self.statistics = EngineStatistics()
        self.socket = transports[0].socket if transports else "none"

        self._token: Int64 = np.full(capacity, -1, np.int64)
        self._state: Int8 = np.full(capacity, _FREE, np.int8)
        self._target: Int32 = np.empty(capacity, np.int32)
        self._round: Int64 = np.empty(capacity, np.int64)
        self._address: Uint64 = np.empty((capacity, 2), np.uint64)
        self._sent_ns: Int64 = np.empty(capacity, np.int64)
        self._sent_wall_ns: Int64 = np.empty(capacity, np.int64)
        self._timeout_ns: Int64 = np.empty(capacity, np.int64)
        self._blurred: Bool = np.zeros(capacity, np.bool_)
        """The receive buffer dropped something while this probe was in flight: silence then proves nothing."""
        self._stamp_lost: Bool = np.zeros(capacity, np.bool_)
        """The wall clock stepped while this probe was in flight: its two stamps cannot be compared."""
        self._place: Int32 = np.zeros(capacity, np.int32)
        """Scratch space of `one_of_each`."""

    def submit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int | Int64) -> None:
        """Send one probe to each row; refused sends are results at once."""
        count = len(targets)
        if not count:
            return
        now_ns, wall_ns = self._clock.monotonic_ns(), self._clock.wall_ns()
        tokens = np.arange(self._next, self._next + count, dtype=np.int64)
        rows = tokens & self._mask
        if count > len(self._token) or (self._state[rows] == _IN_FLIGHT).any():
            self._refuse(targets, rounds, now_ns, np.full(count, errno.ENOBUFS, np.int32))
            return
        self._next += count
        self._oldest = max(self._oldest, self._next - len(self._token))  # each row is looked at once
        self._token[rows] = tokens
        self._state[rows] = _IN_FLIGHT
        self._target[rows] = targets
        self._round[rows] = rounds
        self._address[rows] = addresses
        self._timeout_ns[rows] = timeout_ns
        self._blurred[rows] = False
        self._stamp_lost[rows] = False
        self.next_deadline_ns = min(self.next_deadline_ns, now_ns + int(np.min(timeout_ns)))
        v4 = is_ipv4(addresses)
        if v4.all():
            self._send(4, tokens, rows, now_ns, wall_ns)
        else:
            self._send(4, tokens[v4], rows[v4], now_ns, wall_ns)
            self._send(6, tokens[~v4], rows[~v4], now_ns, wall_ns)

    def collect(self) -> Results:
        """Receive, match, and give up on what is past its deadline."""
        now_ns = self._clock.monotonic_ns()
        received = [(transport, transport.receive()) for transport in self._transports.values()]
        # The step is looked for after receiving, so that no stamp that was read can be from beyond it.
        self._notice_step()
        self._notice_drops()
        for transport, messages in received:
            departures = messages.departures
            self._sent_wall_ns[departures.token & self._mask] = departures.wall_ns
            if len(messages.replies.length):
                self._match_replies(transport, messages.replies, now_ns)
            if len(messages.errors.length):
                self._match_errors(transport, messages.errors)
        if now_ns >= self.next_deadline_ns:
            self._expire(now_ns)
        ended, self._ended = self._ended, []
        return Results.concatenate(ended)

    def retarget(self, new_index: Int32) -> None:
        """Rename the targets of probes in flight; those of -1 keep their row, so that their replies stay recognised.

        Targets beyond `new_index` keep their name.
        """
        rows = self._rows_in_use()
        self._target[rows] = renamed(self._target[rows], new_index)
        forgotten = rows[(self._target[rows] < 0) & (self._state[rows] == _IN_FLIGHT)]
        self._state[forgotten] = _ENDED
        self._ended = [part.retargeted(new_index) for part in self._ended]  # refused since the last collect

    async def run(self) -> None:
        """See `Engine.run`: the kernel does what is to be done between two calls."""

    def close(self) -> None:
        """Close the transports."""
        for transport in self._transports.values():
            transport.close()

    def _rows_in_use(self) -> Int64:
        """The rows of all probes since the oldest one in flight."""
        return np.arange(self._oldest, self._next, dtype=np.int64) & self._mask

    def _send(self, family: Family, tokens: Int64, rows: Int64, now_ns: int, wall_ns: int) -> None:
        if not len(rows):
            return
        transport = self._transports.get(family)
        if transport is None:
            self._end_refused(rows, now_ns, np.full(len(rows), errno.EAFNOSUPPORT, np.int32))
            return
        packets = build_requests(family, transport.identifier, int(self._nonce), tokens)
        report = transport.send(packets, self._address[rows])
        self._sent_wall_ns[rows] = report.wall_ns
        # Within the call by the monotonic clock: the wall clock may step in it, and a deadline must not.
        self._sent_ns[rows] = np.clip(now_ns + (report.wall_ns - wall_ns), now_ns, self._clock.monotonic_ns())
        refused = report.errno != 0
        if refused.any():
            self._end_refused(rows[refused], now_ns, report.errno[refused])

    def _end_refused(self, rows: Int64, now_ns: int, errnos: Int32) -> None:
        self._state[rows] = _ENDED
        self._refuse(self._target[rows], self._round[rows], now_ns, errnos)

    def _refuse(self, targets: Int32, rounds: Int64, now_ns: int, errnos: Int32) -> None:
        for number, count in zip(*np.unique(errnos, return_counts=True), strict=True):
            name = errno.errorcode.get(int(number), str(number))
            self.statistics.send_errors[name] = self.statistics.send_errors.get(name, 0) + int(count)
        self._ended.append(Results.unsent(targets, rounds, Outcome.SEND, now_ns))

    def _end(self, rows: Int64, outcome: Int8, rtt_ns: Int64) -> None:
        self._ended.append(
            Results(self._target[rows], self._round[rows], outcome.astype(np.int8), self._sent_ns[rows], rtt_ns)
        )

    def _notice_step(self) -> None:
        step_ns = self._clock_watch.check()
        if step_ns:
            self.statistics.clock_steps += 1
            self.statistics.stepped_ns += abs(step_ns)
            self._stamp_lost[self._rows_in_use()] = True

    def _notice_drops(self) -> None:
        for family, transport in self._transports.items():
            drops = transport.drops()
            if drops != self._drops[family]:
                self.statistics.receive_drops += drops - self._drops[family]
                self._drops[family] = drops
                self._blurred[self._rows_in_use()] = True

    def _reject(self, reason: str, candidates: Int64, wrong: NDArray[np.bool_]) -> Int64:
        """Count the candidates that are wrong and return the rest."""
        self.statistics.unmatched[reason] += int(np.count_nonzero(wrong))
        return candidates[~wrong]

    def _match_replies(self, transport: Transport, replies: Replies, now_ns: int) -> None:
        echo = read_echoes(replies.data)
        rows = echo.token & self._mask
        checks = {
            "malformed": (echo.type != ECHO_REPLY[transport.family]) | (replies.length < PACKET_SIZE),
            "identifier": echo.identifier != transport.identifier,
            "nonce": echo.nonce != self._nonce,
            "stale": self._token[rows] != echo.token,
            "sequence": echo.sequence != echo.token & SEQUENCE_MASK,
            "source": self._differs(rows, replies.source),
        }
        received_ns = replies.wall_ns
        wrong = np.logical_or.reduce(list(checks.values()))
        if wrong.any():
            self._count_unmatched(checks)
            rows, received_ns = rows[~wrong], received_ns[~wrong]
        first = one_of_each(rows, self._place)
        self.statistics.unmatched["duplicate"] += int(np.count_nonzero(~first))
        self._accept(rows[first], received_ns[first], now_ns)

    def _accept(self, rows: Int64, received_ns: Int64, now_ns: int) -> None:
        """Genuine replies to different probes: in time, late, or for the second time."""
        state, stamp_lost = self._state[rows], self._stamp_lost[rows]
        # The kernel stamps both ends, yet on a loopback the two stamps may lie within one reading's error.
        rtt_ns = np.where(stamp_lost, NO_RTT, np.maximum(received_ns - self._sent_wall_ns[rows], 0))
        waited_ns = np.where(stamp_lost, now_ns - self._sent_ns[rows], rtt_ns)
        in_time = (state == _IN_FLIGHT) & (waited_ns <= self._timeout_ns[rows])
        answered = state == _ANSWERED
        late = ~in_time & ~answered
        self.statistics.unmatched["duplicate"] += int(np.count_nonzero(answered))
        self.statistics.late_replies += int(np.count_nonzero(late))
        self._state[rows[in_time | (late & (state == _ENDED))]] = _ANSWERED
        self._blurred[rows[stamp_lost & late]] = True  # perhaps in time, and read too late to tell
        accepted = rows[in_time]
        self._end(accepted, np.zeros(len(accepted), np.int8), rtt_ns[in_time])

    def _count_unmatched(self, checks: dict[str, Bool]) -> None:
        """Count each wrong message once, under the first check that it fails."""
        counted = np.zeros(len(next(iter(checks.values()))), np.bool_)
        for reason, wrong in checks.items():
            self.statistics.unmatched[reason] += int(np.count_nonzero(wrong & ~counted))
            counted |= wrong

    def _match_errors(self, transport: Transport, errors: IcmpErrors) -> None:
        echo = read_echoes(errors.quoted)
        left = np.arange(len(echo.token), dtype=np.int64)
        no_request = (echo.type != ECHO_REQUEST[transport.family]) | (errors.length < _QUOTED_HEADER)
        left = self._reject("malformed", left, no_request)
        left = self._reject("identifier", left, echo.identifier[left] != transport.identifier)
        whole = errors.length >= PACKET_SIZE
        left = self._reject("nonce", left, whole[left] & (echo.nonce[left] != self._nonce))
        last = self._next - 1
        newest = last - ((last - echo.sequence[left]) & SEQUENCE_MASK)  # of that sequence: all that 8 bytes can tell
        tokens = np.where(whole[left], echo.token[left], newest)
        rows = tokens & self._mask
        stale = (tokens < 0) | (self._token[rows] != tokens) | (self._state[rows] != _IN_FLIGHT)
        left, rows = self._reject("stale", left, stale), rows[~stale]
        elsewhere = self._differs(rows, errors.destination[left])
        left, rows = self._reject("source", left, elsewhere), rows[~elsewhere]
        rows, first = np.unique(rows, return_index=True)
        self.statistics.unmatched["duplicate"] += len(left) - len(rows)
        left = left[first]
        self._state[rows] = _ENDED
        outcome = classify_errors(transport.family, errors.type[left], errors.code[left])
        self._end(rows, outcome, np.full(len(rows), NO_RTT, np.int64))

    def _differs(self, rows: Int64, addresses: Uint64) -> Bool:
        known = self._address[rows]
        differs: Bool = (known[:, 0] != addresses[:, 0]) | (known[:, 1] != addresses[:, 1])
        return differs

    def _expire(self, now_ns: int) -> None:
        rows = self._rows_in_use()
        flying = self._state[rows] == _IN_FLIGHT
        due = flying & (self._sent_ns[rows] + self._timeout_ns[rows] <= now_ns)
        expired = rows[due]
        self._state[expired] = _ENDED
        outcome = np.where(self._blurred[expired], np.int8(Outcome.INCONCLUSIVE), np.int8(Outcome.TIMEOUT))
        self._end(expired, outcome, np.full(len(expired), NO_RTT, np.int64))
        remaining = np.flatnonzero(flying & ~due)
        if len(remaining):
            self._oldest += int(remaining[0])
            left = rows[remaining]
            self.next_deadline_ns = int((self._sent_ns[left] + self._timeout_ns[left]).min())
        else:
            self._oldest = self._next
            self.next_deadline_ns = NEVER_NS
