"""The portable engine: one socket per ping, through aioping, where the batch engine cannot run.

Every raw ICMP socket gets a copy of every ICMP message of the host, so the work grows with the square of the pings in
flight, and with it the latency that is reported. Hence at most ten at a time; a probe that has waited for its turn
longer than its timeout is given up as not sent, and never as lost. RTTs are measured in user space and include the
event loop's delay; most ICMP errors are not seen. Its packets carry no tag of ours and always have 192 bytes of
payload.
"""

import asyncio
import contextlib
import errno
import secrets
import socket as socketlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import aioping
import numpy as np

from exporter.probing.addresses import address_of_words
from exporter.probing.icmp.engine import NO_ERRORS_NOTED, EngineStatistics, NotedErrors
from exporter.probing.icmp.socket_options import PLAIN_SETTINGS, SocketSettings, bind_source, open_socket, set_dscp
from exporter.probing.icmp.transport import Family
from exporter.probing.icmp.unusable import UnusableReply
from exporter.probing.outcome import NO_RTT, Int32, Int64, Observations, Outcome, Uint64
from pantau.clock import NANOSECONDS, NEVER_NS, Clock

IN_FLIGHT_LIMIT = 10
PAYLOAD_BYTES = 192
"""What aioping sends behind the ICMP header."""
_ROOM = 1024  # each ping reads its own reply: what waits for `collect` waits in a list

_UNREACHABLE = frozenset({errno.EHOSTUNREACH, errno.ECONNREFUSED})
_REFUSALS = _UNREACHABLE | {errno.ENETUNREACH, errno.ENOPROTOOPT, errno.EACCES}
"""What a socket reports of ICMP errors that conclude."""
_ADVICE = frozenset({errno.EMSGSIZE, errno.EPROTO, errno.EREMOTEIO})
"""What the kernel makes of fragmentation needed, a parameter problem, a redirect: nothing that ends a ping."""


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

    def __init__(
        self,
        clock: Clock,
        socket: str,
        families: Sequence[Family] = (4, 6),
        settings: SocketSettings = PLAIN_SETTINGS,
    ) -> None:
        self._clock = clock
        self._families, self._settings = families, settings
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

    def withdraw(self, first: int, count: int) -> None:
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

    def take_noted(self) -> NotedErrors:
        """None: what the socket says of a ping in flight is known when the ping ends."""
        return NO_ERRORS_NOTED

    def unusable_replies(self, _target: int) -> tuple[UnusableReply, ...]:
        """None: the socket of each ping takes messages of the address that was asked alone."""
        return ()

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
        if probe.address.version not in self._families:
            self._count("EAFNOSUPPORT")
            return
        try:
            rtt_seconds = await _ping(probe.address, probe.timeout_ns / NANOSECONDS, identifier, self._settings)
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


async def _ping(
    address: IPv4Address | IPv6Address, timeout_seconds: float, identifier: int, settings: SocketSettings
) -> float:
    """One ping in seconds, on a socket of ours that is closed whatever happens.

    `TimeoutError` without a reply, `OSError` with EHOSTUNREACH where an ICMP error came in its place.
    """
    loop = asyncio.get_running_loop()
    family: Family = 4 if address.version == 4 else 6
    with open_ping_socket(family, settings) as sock:
        sock.setblocking(False)
        destination = (str(address), 0)
        sock.connect(destination)  # so that only this host's messages come in, its errors among them
        try:
            await aioping.send_one_ping(sock, destination, identifier, timeout_seconds, sock.family)
            return await _receive(sock, identifier, loop.time() + timeout_seconds)
        finally:
            if sock.fileno() >= 0:  # aioping has closed it where it timed out
                loop.remove_reader(sock)
                loop.remove_writer(sock)


async def _receive(sock: socketlib.socket, identifier: int, deadline: float) -> float:
    """The RTT. An error that the socket reports is only noted: a reply may still come, until the deadline."""
    loop = asyncio.get_running_loop()
    noted: OSError | None = None
    while True:
        try:
            rtt_seconds: float = await aioping.receive_one_ping(sock, identifier, max(deadline - loop.time(), 0))
        except TimeoutError:
            if noted is None:
                raise
            raise OSError(errno.EHOSTUNREACH, "an ICMP error came, and no reply") from noted
        except OSError as error:
            if error.errno not in _REFUSALS | _ADVICE:
                raise
            noted = error if error.errno in _REFUSALS else noted
        else:
            return rtt_seconds


def open_ping_socket(family: Family, settings: SocketSettings = PLAIN_SETTINGS) -> socketlib.socket:
    """A datagram ICMP socket where that is to be had, else a raw one; it sends from where the settings say.

    `PermissionError` where neither is permitted, `OSError` where neither exists, `EngineUnavailableError` for a source
    that this machine does not have.
    """
    try:
        sock = open_socket(family, socketlib.SOCK_DGRAM)
    except OSError:
        sock = open_socket(family, socketlib.SOCK_RAW)
    with contextlib.ExitStack() as cleanup:
        cleanup.callback(sock.close)
        with contextlib.suppress(OSError):  # was warned of when the engine was opened
            set_dscp(sock, family, settings.dscp)
        bind_source(sock, family, settings)
        cleanup.pop_all()
    return sock
