"""The batch engine's network, made of a simulated city: packets go in, valid replies come out when it is their time."""

import numpy as np

from exporter.clockwatch import ClockWatch
from exporter.probing.icmp.transport import (
    PACKET_SIZE,
    Bytes,
    Family,
    IcmpErrors,
    Received,
    Replies,
    SendReport,
    UnpreparedPackets,
    no_errors,
    no_replies,
)
from exporter.probing.outcome import Int64, Outcome, Uint64
from pantau.clock import Clock
from pantau.simulator.city import City
from pantau.simulator.messages import ERROR_NUMBERS, echo_replies, is_valid_request
from pantau.simulator.pending import Messages, Pending
from pantau.simulator.randomness import word_of

_REPLY, _TIMEOUT = int(Outcome.REPLY), int(Outcome.TIMEOUT)  # an enum's members are slow to reach and to compare
_BURST_GAP_NS = 1_000
"""Between two packets to one host in one call, so that each has a fate of its own."""


class SimulatedTransport:
    """Carries ICMP between an engine and a `City`, in the time of `clock`.

    The city lives in wall time, but a step of the wall clock is ours, not the city's: it moves the stamps, and neither
    the script nor the arrival of what is under way. `city` may be replaced when the inventory is reloaded.
    """

    socket = "simulated"
    room = 1024

    def __init__(self, city: City, clock: Clock, family: Family = 4) -> None:
        self.city = city
        self.family: Family = family
        self.identifier = word_of(f"{city.seed}/identifier") % 0xFFFF + 1
        self._clock = clock
        self._watch = ClockWatch(clock)
        self._stepped_ns = 0
        self._pending: Pending | None = Pending()
        self._drops = 0
        self._place: Int64 = np.empty(0, np.int64)

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """Take n packets at once; what becomes of each is what the city says of this moment."""
        pending, now_ns = self._open(), self._now()
        count = len(packets)
        refusal = self.city.send_errno(now_ns)
        times_ns = np.full(count, now_ns, np.int64)
        if not refusal and count:
            hosts = self.city.find(addresses)
            heard = is_valid_request(self.family, packets) & (hosts >= 0)
            if heard.all():
                self._spread(hosts, times_ns)
                self._answer(pending, packets, addresses, hosts, times_ns)
            elif heard.any():
                hosts, heard_ns = hosts[heard], times_ns[heard]
                self._spread(hosts, heard_ns)
                times_ns[heard] = heard_ns
                self._answer(pending, packets[heard], addresses[heard], hosts, heard_ns)
        return SendReport(np.full(count, refusal, np.int32), times_ns + self._stepped_ns)

    def prepare(self, packets: Bytes, addresses: Uint64) -> UnpreparedPackets:
        """See `Transport.prepare`."""
        return UnpreparedPackets(self, packets, addresses)

    def receive(self) -> Received:
        """What has arrived by now, in the order of arrival, each stamped with the time of its arrival."""
        arrived = self._open().take(self._now())
        if arrived is None:
            return Received(no_replies(), no_errors())
        dropped = self.city.overflowing(arrived.due_ns)
        if dropped.any():
            self._drops += int(np.count_nonzero(dropped))
            arrived = arrived.where(~dropped)
        is_reply = arrived.outcome == _REPLY
        if is_reply.all():
            return Received(self._replies(arrived), no_errors())
        return Received(self._replies(arrived.where(is_reply)), self._errors(arrived.where(~is_reply)))

    def drops(self) -> int:
        """Replies and errors that arrived while the receive buffer was full."""
        return self._drops

    def close(self) -> None:
        """Forget what is under way; sending and receiving are a `ValueError` from here on."""
        self._pending = None

    def _open(self) -> Pending:
        if self._pending is None:
            raise ValueError("this simulated transport is closed")
        return self._pending

    def _now(self) -> int:
        """Wall time as if the wall clock had never been stepped."""
        self._stepped_ns += self._watch.check()
        return self._clock.wall_ns() - self._stepped_ns

    def _spread(self, hosts: Int64, times_ns: Int64) -> None:
        """Let the second and further packets to one host leave a little later."""
        count = len(hosts)
        if len(self._place) < self.city.host_count:
            self._place = np.empty(self.city.host_count, np.int64)
        rows = np.arange(count)
        self._place[hosts] = rows
        if (self._place[hosts] == rows).all():
            return
        order = np.argsort(hosts, kind="stable")
        grouped = hosts[order]
        first = np.concatenate([[True], grouped[1:] != grouped[:-1]])
        before = rows - np.maximum.accumulate(np.where(first, rows, 0))
        times_ns[order] += before * _BURST_GAP_NS

    def _answer(self, pending: Pending, packets: Bytes, addresses: Uint64, hosts: Int64, times_ns: Int64) -> None:
        answers = self.city.answers(hosts, times_ns)
        due_ns = times_ns + answers.rtt_ns
        messages = Messages(due_ns, answers.outcome, packets, addresses)
        if answers.outcome.any():
            messages = messages.where(answers.outcome != _TIMEOUT)
        pending.add(messages)

    def _replies(self, messages: Messages) -> Replies:
        count = len(messages.due_ns)
        if not count:
            return no_replies()
        data = echo_replies(self.family, messages.request, messages.host)
        length = np.full(count, PACKET_SIZE, np.int32)
        return Replies(data, length, messages.host, messages.due_ns + self._stepped_ns)

    def _errors(self, messages: Messages) -> IcmpErrors:
        numbers = ERROR_NUMBERS[self.family][messages.outcome]
        length = np.full(len(numbers), PACKET_SIZE, np.int32)
        stamps_ns = messages.due_ns + self._stepped_ns
        return IcmpErrors(numbers[:, 0], numbers[:, 1], messages.host, messages.request, length, stamps_ns)
