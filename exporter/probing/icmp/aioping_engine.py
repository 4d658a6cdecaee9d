"""The portable engine: one socket per ping, through aioping, where the batch engine cannot run.

Every raw ICMP socket gets a copy of every ICMP message of the host, so the work grows with the square of the pings in
flight, and with it the latency that is reported. Hence at most ten at a time; a probe that has waited for its turn
longer than its timeout is given up as not sent, and never as lost. RTTs are measured in user space and include the
event loop's delay; most ICMP errors are not seen.
"""

import asyncio
import errno
import secrets
import socket as socketlib
from collections import deque
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import aioping
import numpy as np

from exporter.probing.addresses import address_of_words
from exporter.probing.icmp.engine import EngineStatistics
from exporter.probing.outcome import NO_RTT, Int32, Int64, Observations, Outcome, Uint64
from pantau.clock import NANOSECONDS, NEVER_NS, Clock

IN_FLIGHT_LIMIT = 10
_ROOM = 1024  # each ping reads its own reply: what waits for `collect` waits in a list

_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ECONNREFUSED})


@dataclass(slots=True)
class _Probe:
    target: int
    round: int
    address: IPv4Address | IPv6Address
    timeout_ns: int
    sent_ns: int
    """When it was submitted, then when it left."""
    outcome: Outcome = Outcome.SEND
    rtt_ns: int = NO_RTT


class AiopingEngine:
    """An `Engine` whose pings run in `run`, which its owner keeps in a task for as long as it probes."""

    name = "aioping"

    def __init__(self, clock: Clock, socket: str) -> None:
        self._clock = clock
        self.socket = socket
        self.statistics = EngineStatistics()
        self.next_deadline_ns = NEVER_NS
        self.room = _ROOM
        self._queue: deque[_Probe] = deque()
        self._arrived = asyncio.Event()
        self._flying: list[_Probe] = []
        self._ended: list[_Probe] = []

    async def run(self) -> None:
        """Ping what is submitted, at most `IN_FLIGHT_LIMIT` at a time, until cancelled; then every socket is closed."""
        async with asyncio.TaskGroup() as workers:
            for identifier in range(IN_FLIGHT_LIMIT):
                workers.create_task(self._work(identifier))

    def submit(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: int | Int64) -> None:
        """Queue one probe for each row."""
        now_ns = self._clock.monotonic_ns()
        timeouts_ns = np.broadcast_to(timeout_ns, targets.shape).tolist()
        rows = zip(targets.tolist(), rounds.tolist(), addresses.tolist(), timeouts_ns, strict=True)
        for target, number, words, timeout in rows:
            self._queue.append(_Probe(target, number, address_of_words(*words), timeout, now_ns))
        self._arrived.set()

    def stage(self, targets: Int32, rounds: Int64, addresses: Uint64, timeout_ns: Int64) -> None:
        """Nothing can be prepared here."""

    def launch(self, first: int, count: int) -> None:
        """Nothing is ever staged."""

    def unstage(self) -> None:
        """Nothing is ever staged."""

    def collect(self) -> Observations:
        """What has ended since the last call."""
        ended, self._ended = self._ended, []
        return Observations(
            np.array([probe.target for probe in ended], np.int32),
            np.array([probe.round for probe in ended], np.int64),
            np.array([probe.outcome for probe in ended], np.int8),
            np.array([probe.sent_ns for probe in ended], np.int64),
            np.array([probe.rtt_ns for probe in ended], np.int64),
        )

    def retarget(self, new_index: Int32) -> None:
        """See `Engine.retarget`."""
        for probe in (*self._queue, *self._flying, *self._ended):
            if probe.target < len(new_index):
                probe.target = int(new_index[probe.target]) if probe.target >= 0 else -1
        self._queue = deque(probe for probe in self._queue if probe.target >= 0)
        self._ended = [probe for probe in self._ended if probe.target >= 0]

    def close(self) -> None:
        """Nothing stays open outside `run`."""

    async def _work(self, worker: int) -> None:
        # Identifiers of pings in flight differ, for a raw socket sees the replies to all of them.
        identifier = (secrets.randbits(12) << 4 | worker) & 0xFFFF
        while True:
            while not self._queue:
                self._arrived.clear()
                await self._arrived.wait()
            probe = self._queue.popleft()
            self._flying.append(probe)
            try:
                await self._probe(probe, identifier)
            finally:
                self._flying.remove(probe)
            if probe.target >= 0:
                self._ended.append(probe)

    async def _probe(self, probe: _Probe, identifier: int) -> None:
        now_ns = self._clock.monotonic_ns()
        if now_ns - probe.sent_ns > probe.timeout_ns:
            self._count("EBUSY")
            return
        probe.sent_ns = now_ns
        try:
            rtt_seconds = await _ping(probe.address, probe.timeout_ns / NANOSECONDS, identifier)
        except TimeoutError:
            probe.outcome = Outcome.TIMEOUT
        except OSError as error:
            if error.errno in _UNREACHABLE:
                probe.outcome = Outcome.UNREACHABLE_HOST
            else:
                self._count(errno.errorcode.get(error.errno or 0, str(error)))
        else:
            probe.outcome, probe.rtt_ns = Outcome.REPLY, round(rtt_seconds * NANOSECONDS)

    def _count(self, name: str) -> None:
        self.statistics.send_errors[name] = self.statistics.send_errors.get(name, 0) + 1


async def _ping(address: IPv4Address | IPv6Address, timeout_seconds: float, identifier: int) -> float:
    """One ping in seconds, on a socket of ours that is closed whatever happens; `TimeoutError` without a reply."""
    if address.version == 4:
        family, protocol = socketlib.AF_INET, socketlib.IPPROTO_ICMP
    else:
        family, protocol = socketlib.AF_INET6, socketlib.IPPROTO_ICMPV6
    loop = asyncio.get_running_loop()
    with open_ping_socket(family, protocol) as sock:
        sock.setblocking(False)
        destination = (str(address), 0)
        sock.connect(destination)  # so that only this host's messages come in, its errors among them
        try:
            await aioping.send_one_ping(sock, destination, identifier, timeout_seconds, family)
            rtt_seconds: float = await aioping.receive_one_ping(sock, identifier, timeout_seconds)
        finally:
            if sock.fileno() >= 0:  # aioping has closed it where it timed out
                loop.remove_reader(sock)
                loop.remove_writer(sock)
    return rtt_seconds


def open_ping_socket(family: socketlib.AddressFamily, protocol: int) -> socketlib.socket:
    """A datagram ICMP socket where that is permitted, else a raw one; `PermissionError` where neither is."""
    try:
        return socketlib.socket(family, socketlib.SOCK_DGRAM, protocol)
    except PermissionError:
        return socketlib.socket(family, socketlib.SOCK_RAW, protocol)
