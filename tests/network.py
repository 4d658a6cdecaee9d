"""A network in memory: hosts that answer as scripted, under the real batch engine, in the time of a `ManualClock`.

It is a `Transport` of `exporter.probing.icmp`. What arrives is stamped with the wall clock of its arrival, as a kernel
does, so that a step of the wall clock (through `step_wall`) parts the stamps before it from those after it.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_address

import numpy as np

from exporter.probing.addresses import address_of_words, address_words
from exporter.probing.icmp.packet import ECHO_REPLY
from exporter.probing.icmp.transport import (
    PACKET_SIZE,
    Bytes,
    Departures,
    Family,
    IcmpErrors,
    PreparedPackets,
    Received,
    Replies,
    SendReport,
    SentTogether,
    UnpreparedPackets,
    no_departures,
)
from exporter.probing.outcome import Uint64
from pantau.clock import ManualClock

MS = 1_000_000
SECOND = 1_000 * MS
ERROR_HEADER = 8
"""The bytes of us that a router must quote (RFC 792)."""


@dataclass(frozen=True, slots=True)
class Request:
    """One echo request that left."""

    address: str
    packet: bytes
    at_ns: int
    """Monotonic time of leaving."""
    nth: int
    """How many went to this address before."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One message that arrives, a reply or (with `error`, its type and code) an ICMP error that quotes `data`."""

    at_ns: int
    address: str
    """The sender of a reply; the destination of the packet that an error quotes."""
    data: bytes
    error: tuple[int, int] | None = None


Host = Callable[[Request], Iterable[Arrival]]
"""What becomes of a request."""


def reply(request: Request, after_ns: int = 10 * MS) -> Arrival:
    """The honest reply to a request."""
    kind = ECHO_REPLY[6 if ":" in request.address else 4]
    return Arrival(request.at_ns + after_ns, request.address, bytes([kind]) + request.packet[1:])


def patched(arrival: Arrival, offset: int, data: bytes) -> Arrival:
    """The same message with some bytes replaced."""
    return replace(arrival, data=arrival.data[:offset] + data + arrival.data[offset + len(data) :])


def answers(after_ns: int = 10 * MS, copies: int = 1) -> Host:
    """A host that replies to everything, `copies` times."""
    return lambda request: [reply(request, after_ns)] * copies


def silent(request: Request) -> Iterable[Arrival]:
    """A host that is gone."""
    return ()


def fails(kind: int, code: int, after_ns: int = 5 * MS, quoted: int = PACKET_SIZE) -> Host:
    """A host for which a router answers with an ICMP error that quotes `quoted` bytes of our packet."""
    return lambda request: [Arrival(request.at_ns + after_ns, request.address, request.packet[:quoted], (kind, code))]


def loses_every(nth: int) -> Host:
    """A host that answers all but each `nth` request, the first of them included."""
    return lambda request: () if request.nth % nth == 0 else (reply(request),)


class Network:
    """One family's network; `hosts` and `default` say what becomes of requests, and may be changed at any time."""

    socket = "simulated"
    room = 128

    def __init__(self, clock: ManualClock, family: Family = 4, identifier: int = 0x4D2) -> None:
        self.family: Family = family
        self.identifier = identifier
        self.hosts: dict[str, Host] = {}
        self.default: Host = answers()
        self.refusal = 0
        """Errno of every send; 0 lets them leave."""
        self.refusals: dict[str, int] = {}
        """Errno of sends to single addresses."""
        self.on_send: Callable[[], object] = lambda: None
        """Called inside each `send`, before the packets are stamped."""
        self.sent: list[Request] = []
        self.departs_after_ns: int | None = None
        """How long after the estimate of `send` each packet really leaves, as `Received.departures` tells it."""
        self.to_lose = 0
        """So many of the next arrivals find the receive buffer full."""
        self.closed = False
        self._clock = clock
        self._untold: list[Request] = []
        self._drops = 0
        self._count: Counter[str] = Counter()
        self._order = itertools.count()
        self._air: list[tuple[int, int, Arrival]] = []
        self._landed: list[tuple[Arrival, int]] = []
        self._names: dict[tuple[int, int], str] = {}

    def send(self, packets: Bytes, addresses: Uint64) -> SendReport:
        """See `Transport`."""
        self.on_send()
        now_ns = self._clock.monotonic_ns()
        errnos = np.zeros(len(packets), np.int32)
        for row, (packet, pair) in enumerate(zip(packets, map(tuple, addresses.tolist()), strict=True)):
            if pair not in self._names:
                self._names[pair] = str(address_of_words(*pair))
            address = self._names[pair]
            errnos[row] = self.refusal or self.refusals.get(address, 0)
            if not errnos[row]:
                self._leave(Request(address, packet.tobytes(), now_ns, self._count[address]))
        return SendReport(errnos, np.full(len(packets), self._clock.wall_ns(), np.int64))

    def prepare(self, packets: Bytes, addresses: Uint64) -> PreparedPackets:
        """See `Transport`; as over the kernel, those that all left say no more than that."""
        return _Prepared(self, packets, addresses)

    def receive(self) -> Received:
        """See `Transport`."""
        self.land()
        landed, self._landed = self._landed, []
        replies = [entry for entry in landed if entry[0].error is None]
        errors = [entry for entry in landed if entry[0].error is not None]
        numbers = np.array([arrival.error for arrival, _ in errors], np.int32).reshape(-1, 2)
        data, length, source, stamps = _columns(replies)
        whole = np.array([not any(arrival.data[PACKET_SIZE:]) for arrival, _ in replies], np.bool_)
        quoted, quoted_length, destination, error_stamps = _columns(errors)
        return Received(
            Replies(data, length, source, stamps, whole),
            IcmpErrors(numbers[:, 0], numbers[:, 1], destination, quoted, quoted_length, error_stamps),
            self._departures(),
        )

    def drops(self) -> int:
        """See `Transport`."""
        return self._drops

    def close(self) -> None:
        """See `Transport`."""
        self.closed = True

    def deliver(self, *arrivals: Arrival) -> None:
        """Put messages on their way that nobody asked for."""
        for arrival in arrivals:
            heapq.heappush(self._air, (arrival.at_ns, next(self._order), arrival))

    def land(self) -> None:
        """Let what has arrived by now into the receive buffer, stamped, if there is room."""
        now_ns, offset_ns = self._clock.monotonic_ns(), self._clock.wall_ns() - self._clock.monotonic_ns()
        while self._air and self._air[0][0] <= now_ns:
            at_ns, _, arrival = heapq.heappop(self._air)
            if self.to_lose:
                self.to_lose -= 1
                self._drops += 1
            else:
                self._landed.append((arrival, at_ns + offset_ns))

    def step_wall(self, nanoseconds: int) -> None:
        """Step the clock's wall time; what had arrived keeps the stamp it got."""
        self.land()
        self._clock.step_wall(nanoseconds)

    def forget(self) -> None:
        """What has arrived by now is in the buffer, and all that is still on its way is gone."""
        self.land()
        self._air.clear()

    def _departures(self) -> Departures:
        if self.departs_after_ns is None:
            return no_departures()
        told, self._untold = self._untold, []
        offset_ns = self._clock.wall_ns() - self._clock.monotonic_ns() + self.departs_after_ns
        stamps = [request.at_ns + offset_ns for request in told]
        tokens = [int.from_bytes(request.packet[16:24], "big") for request in told]
        return Departures(np.array(tokens, np.int64), np.array(stamps, np.int64))

    def _leave(self, request: Request) -> None:
        self._count[request.address] += 1
        self.sent.append(request)
        self._untold.append(request)
        self.deliver(*self.hosts.get(request.address, self.default)(request))


def words(*addresses: str) -> Uint64:
    """Address words of n addresses."""
    return np.array([address_words(ip_address(address)) for address in addresses], np.uint64).reshape(-1, 2)


def _columns(entries: list[tuple[Arrival, int]]) -> tuple[Bytes, np.ndarray, Uint64, np.ndarray]:
    data = np.zeros((len(entries), PACKET_SIZE), np.uint8)
    for row, (arrival, _) in enumerate(entries):
        part = np.frombuffer(arrival.data[:PACKET_SIZE], np.uint8)
        data[row, : len(part)] = part
    return (
        data,
        np.array([len(arrival.data) for arrival, _ in entries], np.int32),
        words(*(arrival.address for arrival, _ in entries)),
        np.array([stamp_ns for _, stamp_ns in entries], np.int64),
    )


class _Prepared(UnpreparedPackets):
    def send(self, first: int, last: int) -> SendReport | SentTogether:
        """See `PreparedPackets.send`."""
        report = self._transport.send(self._packets[first:last], self._addresses[first:last])
        return report if report.errno.any() else SentTogether(int(report.wall_ns[0]), int(report.wall_ns[-1]))
