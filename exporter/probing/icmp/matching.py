"""Which received messages answer probes of ours. Whatever fails a check is counted by reason, and changes nothing."""

import numpy as np

from exporter.columns import one_of_each
from exporter.probing.icmp.engine import EngineStatistics
from exporter.probing.icmp.flights import ANSWERED, ENDED, IN_FLIGHT, FlightTable
from exporter.probing.icmp.packet import ECHO_REPLY, ECHO_REQUEST, SEQUENCE_MASK, classify_errors, read_echoes
from exporter.probing.icmp.transport import PACKET_SIZE, IcmpErrors, Replies, Transport
from exporter.probing.outcome import NO_RTT, Bool, Int64, Observations

_QUOTED_HEADER = 8
"""What an ICMP error has to quote of us beyond the IP header (RFC 792); RFC 1812, 4.3.2.3 asks routers for more."""


class AnswerMatcher:
    """Matches messages against the probes in flight, and ends those."""

    def __init__(self, flights: FlightTable, nonce: np.uint64, statistics: EngineStatistics) -> None:
        self._flights = flights
        self._nonce = nonce
        self._statistics = statistics

    def match_replies(self, transport: Transport, replies: Replies, now_ns: int) -> Observations:
        """The probes that these replies answer in time."""
        flights, echo = self._flights, read_echoes(replies.data)
        rows = echo.token & flights.mask
        checks = {
            "malformed": (echo.type != ECHO_REPLY[transport.family]) | (replies.length < PACKET_SIZE),
            "identifier": echo.identifier != transport.identifier,
            "nonce": echo.nonce != self._nonce,
            "stale": flights.token[rows] != echo.token,
            "sequence": echo.sequence != echo.token & SEQUENCE_MASK,
            "source": flights.differs(rows, replies.source),
        }
        received_ns = replies.wall_ns
        wrong = np.logical_or.reduce(list(checks.values()))
        if wrong.any():
            self._count_unmatched(checks)
            rows, received_ns = rows[~wrong], received_ns[~wrong]
        first = one_of_each(rows, flights.place)
        self._statistics.unmatched["duplicate"] += int(np.count_nonzero(~first))
        return self._accept(rows[first], received_ns[first], now_ns)

    def match_errors(self, transport: Transport, errors: IcmpErrors) -> Observations:
        """The probes that these ICMP errors end.

        An error quotes the packet that it is about, but perhaps only eight bytes of it (RFC 792): type, checksum,
        identifier and sequence. Where it quotes all, nonce and token tell exactly which probe is meant; where it does
        not, the sequence names the newest probe with these low 16 bits, which is unique while no more than 2^16 are in
        flight and all go by the same sequence.
        """
        flights, echo = self._flights, read_echoes(errors.quoted)
        left = np.arange(len(echo.token), dtype=np.int64)
        no_request = (echo.type != ECHO_REQUEST[transport.family]) | (errors.length < _QUOTED_HEADER)
        left = self._reject("malformed", left, no_request)
        left = self._reject("identifier", left, echo.identifier[left] != transport.identifier)
        whole = errors.length >= PACKET_SIZE
        left = self._reject("nonce", left, whole[left] & (echo.nonce[left] != self._nonce))
        last = flights.next - 1
        newest = last - ((last - echo.sequence[left]) & SEQUENCE_MASK)
        tokens = np.where(whole[left], echo.token[left], newest)
        rows = tokens & flights.mask
        # Before the first wrap of the sequence the newest probe of it may lie before the first of all: below 0.
        stale = (tokens < 0) | (flights.token[rows] != tokens) | (flights.state[rows] != IN_FLIGHT)
        left, rows = self._reject("stale", left, stale), rows[~stale]
        # Whoever forges must also know where the probe went: the kernel tells the address that is quoted.
        elsewhere = flights.differs(rows, errors.destination[left])
        left, rows = self._reject("source", left, elsewhere), rows[~elsewhere]
        # Several routers may complain about one packet: the first ends the probe.
        rows, first = np.unique(rows, return_index=True)
        self._statistics.unmatched["duplicate"] += len(left) - len(rows)
        left = left[first]
        flights.state[rows] = ENDED
        outcome = classify_errors(transport.family, errors.type[left], errors.code[left])
        return flights.results(rows, outcome, np.full(len(rows), NO_RTT, np.int64))

    def _accept(self, rows: Int64, received_ns: Int64, now_ns: int) -> Observations:
        """Genuine replies to different probes: in time, late, or for the second time."""
        flights = self._flights
        state, stamp_lost = flights.state[rows], flights.stamp_lost[rows]
        # The kernel stamps both ends, yet on a loopback the two stamps may lie within one reading's error.
        rtt_ns = np.where(stamp_lost, NO_RTT, np.maximum(received_ns - flights.sent_wall_ns[rows], 0))
        waited_ns = np.where(stamp_lost, now_ns - flights.sent_ns[rows], rtt_ns)
        in_time = (state == IN_FLIGHT) & (waited_ns <= flights.timeout_ns[rows])
        answered = state == ANSWERED
        late = ~in_time & ~answered
        self._statistics.unmatched["duplicate"] += int(np.count_nonzero(answered))
        self._statistics.late_replies += int(np.count_nonzero(late))
        flights.state[rows[in_time | (late & (state == ENDED))]] = ANSWERED
        flights.blurred[rows[stamp_lost & late]] = True  # perhaps in time, and read too late to tell
        accepted = rows[in_time]
        return flights.results(accepted, np.zeros(len(accepted), np.int8), rtt_ns[in_time])

    def _count_unmatched(self, checks: dict[str, Bool]) -> None:
        """Count each wrong message once, under the first check that it fails."""
        counted = np.zeros(len(next(iter(checks.values()))), np.bool_)
        for reason, wrong in checks.items():
            self._statistics.unmatched[reason] += int(np.count_nonzero(wrong & ~counted))
            counted |= wrong

    def _reject(self, reason: str, candidates: Int64, wrong: Bool) -> Int64:
        """Count the candidates that are wrong and return the rest."""
        self._statistics.unmatched[reason] += int(np.count_nonzero(wrong))
        return candidates[~wrong]
