"""Which received messages answer probes of ours. Whatever fails a check is counted, and ends nothing.

How near a forgery came is told to nobody: all that does not fit is counted alike, for whoever can read the counters and
send packets would else learn identifier, sequence and tag one after the other.
"""

import numpy as np

from exporter.columns import one_of_each
from exporter.probing.icmp.engine import EngineStatistics, NotedErrors
from exporter.probing.icmp.error_types import classify_errors, concluding, count_ignored
from exporter.probing.icmp.flights import ANSWERED, ENDED, IN_FLIGHT, FlightTable
from exporter.probing.icmp.packet import (
    ECHO_REPLY,
    ECHO_REQUEST,
    HEADER_SIZE,
    SEQUENCE_MASK,
    TAGGED_SIZE,
    EchoFields,
    build_requests,
    read_echoes,
    same_checksum,
)
from exporter.probing.icmp.transport import NO_STAMP, PACKET_SIZE, IcmpErrors, Replies, Transport
from exporter.probing.icmp.unusable import UnusableReplies
from exporter.probing.outcome import NO_RTT, Bool, Int64, Observations

_LEAST_QUOTE = {4: HEADER_SIZE, 6: TAGGED_SIZE}
"""What an ICMP error has to quote of us beyond the IP header. RFC 792 asks for eight bytes, RFC 4443, 2.4 for as much
as fits, and only the kernel knows the checksum of an ICMPv6 packet."""


class AnswerMatcher:
    """Matches messages against the probes in flight. `size` is that of a whole packet."""

    def __init__(self, flights: FlightTable, size: int, statistics: EngineStatistics) -> None:
        self._flights = flights
        self._size = size
        self._statistics = statistics
        self.unusable = UnusableReplies(flights, size)

    def match_replies(self, transport: Transport, replies: Replies, now_ns: int) -> Observations:
        """The probes that these replies answer in time; they end."""
        flights, echo = self._flights, read_echoes(replies.data)
        rows = echo.token & flights.mask
        malformed = (echo.type != ECHO_REPLY[transport.family]) | (replies.length < self._size)
        fits = flights.holds(echo.token) & (flights.tag[rows] == echo.tag)
        fits &= (echo.identifier == transport.identifier) & (echo.sequence == echo.token & SEQUENCE_MASK)
        fits &= ~flights.differs(rows, replies.source) & replies.whole
        good, received_ns = fits & ~malformed, replies.wall_ns
        if not good.all():
            self._count_wrong(malformed, ~fits)
            self.unusable.look_at(transport.family, replies, echo, ~good)
            rows, received_ns = rows[good], received_ns[good]
        first = one_of_each(rows, flights.place)
        self._statistics.unmatched["duplicate"] += int(np.count_nonzero(~first))
        return self._accept(rows[first], received_ns[first], now_ns)

    def match_errors(self, transport: Transport, errors: IcmpErrors) -> NotedErrors:
        """Note at the probes in flight which ICMP errors are about them; the probes that have an error only now.

        Nothing ends by it: a probe that an error is about may still be answered, for anybody may send errors, and a
        router may say so of one path while a packet takes another. An error that only advises is counted, no more.
        """
        flights, echo = self._flights, read_echoes(errors.quoted)
        malformed = (echo.type != ECHO_REQUEST[transport.family]) | (errors.length < _LEAST_QUOTE[transport.family])
        tokens = np.where(errors.length >= PACKET_SIZE, echo.token, flights.newest(echo.sequence))
        fits = self._is_quote(transport, errors, echo, tokens)
        self._count_wrong(malformed, ~fits)
        good = fits & ~malformed
        concludes = concluding(transport.family, errors.type, errors.code)
        for name, count in count_ignored(transport.family, errors.type[good & ~concludes]).items():
            self._statistics.ignored[name] += count
        left = np.flatnonzero(good & concludes)
        rows = tokens[left] & flights.mask
        # Several routers may complain about one packet: the first gives the reason.
        news = (flights.state[rows] == IN_FLIGHT) & (flights.error[rows] == 0) & one_of_each(rows, flights.place)
        self._statistics.unmatched["duplicate"] += int(np.count_nonzero(~news))
        left, rows = left[news], rows[news]
        flights.error[rows] = classify_errors(transport.family, errors.type[left], errors.code[left])
        return NotedErrors(flights.target[rows], flights.round[rows])

    def _is_quote(self, transport: Transport, errors: IcmpErrors, echo: EchoFields, tokens: Int64) -> Bool:
        """Which errors quote the probes of these tokens, by all that is quoted.

        Where the tag is not, the checksum that covers it has to fit, and the sequence, which is how the token was
        found.
        """
        flights, rows = self._flights, tokens & self._flights.mask
        fits: Bool = flights.holds(tokens) & (echo.identifier == transport.identifier)
        fits &= echo.sequence == tokens & SEQUENCE_MASK
        # Whoever forges must also know where the probe went: the kernel tells the address that is quoted.
        fits &= ~flights.differs(rows, errors.destination)
        tagged = errors.length >= TAGGED_SIZE
        if tagged.all():
            fits &= echo.tag == flights.tag[rows]
            return fits
        sent = read_echoes(build_requests(transport.family, transport.identifier, flights.tag[rows], tokens))
        fits &= np.where(tagged, echo.tag == sent.tag, same_checksum(echo.checksum, sent.checksum))
        return fits

    def _accept(self, rows: Int64, received_ns: Int64, now_ns: int) -> Observations:
        """Genuine replies to different probes: in time, late, or for the second time."""
        flights = self._flights
        state, untimed = flights.state[rows], flights.stamp_lost[rows] | (received_ns == NO_STAMP)
        # The kernel stamps both ends, yet on a loopback the two stamps may lie within one reading's error.
        rtt_ns = np.where(untimed, NO_RTT, np.maximum(received_ns - flights.sent_wall_ns[rows], 0))
        waited_ns = np.where(untimed, now_ns - flights.sent_ns[rows], rtt_ns)
        in_time = (state == IN_FLIGHT) & (waited_ns <= flights.timeout_ns[rows])
        answered = state == ANSWERED
        late = ~in_time & ~answered
        self._statistics.unmatched["duplicate"] += int(np.count_nonzero(answered))
        self._statistics.late_replies += int(np.count_nonzero(late))
        flights.state[rows[in_time | (late & (state == ENDED))]] = ANSWERED
        flights.blurred[rows[untimed & late]] = True  # perhaps in time, and read too late to tell
        accepted = rows[in_time]
        return flights.results(accepted, np.zeros(len(accepted), np.int8), rtt_ns[in_time])

    def _count_wrong(self, malformed: Bool, unfit: Bool) -> None:
        """Count each wrong message once. Whether it is malformed its sender knows; of the rest nothing is told."""
        self._statistics.unmatched["malformed"] += int(np.count_nonzero(malformed))
        self._statistics.unmatched["mismatch"] += int(np.count_nonzero(unfit & ~malformed))
