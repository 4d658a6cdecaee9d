"""The kernel's ICMP sockets, on the loopback: each probe is answered, with an RTT that can be true."""

import contextlib
import errno
import socket
import time
from collections.abc import Iterator

import numpy as np
import pytest

from exporter.probing.icmp import sockets
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.mmsg import MessageVector
from exporter.probing.icmp.packet import build_requests
from exporter.probing.icmp.sending import SEND_BATCH
from exporter.probing.icmp.socket_options import read_drops
from exporter.probing.icmp.sockets import KernelTransport, open_transport
from exporter.probing.icmp.transport import Family
from exporter.probing.outcome import Observations, Outcome
from pantau.clock import SystemClock
from tests.exporter.probing.icmp.lab import KEY, hosts
from tests.exporter.probing.icmp.messages import require_icmp
from tests.network import MS, SECOND, words
from tests.patience import PATIENCE_SECONDS

FAMILIES: tuple[Family, ...] = (4, 6)
TAG = 0x0123_4567_89AB_CDEF
LOOPBACK: dict[Family, str] = {4: "127.0.0.1", 6: "::1"}


@pytest.fixture(params=FAMILIES)
def transport(request: pytest.FixtureRequest) -> Iterator[KernelTransport]:
    """A real socket of each family."""
    opened = require_icmp(request.param)
    yield opened
    opened.close()


def collect(engine: BatchEngine, count: int) -> Observations:
    """Read until `count` probes have ended; five seconds are enough for any loopback."""
    parts: list[Observations] = []
    give_up = time.monotonic() + PATIENCE_SECONDS
    while sum(map(len, parts)) < count and time.monotonic() < give_up:
        parts.append(engine.collect())
    return Observations.concatenate(parts)


def test_two_hundred_probes_are_all_answered(transport: KernelTransport) -> None:
    """Each exactly once, each with an RTT from 0 to 50 ms, more than a batch at a time."""
    engine = BatchEngine([transport], SystemClock(), KEY)
    addresses = hosts(200, "127.0.0.1") if transport.family == 4 else ["::1"] * 200
    targets = np.arange(200, dtype=np.int32)
    engine.submit(targets, np.full(200, 7, np.int64), words(*addresses), 4 * SECOND)
    results = collect(engine, 200)
    assert sorted(results.target.tolist()) == targets.tolist()
    assert set(results.round.tolist()) == {7}
    assert set(results.outcome.tolist()) == {Outcome.REPLY}
    assert [rtt_ns for rtt_ns in results.rtt_ns.tolist() if not 0 <= rtt_ns < 50 * MS] == []
    assert engine.statistics.send_errors == {}
    assert engine.statistics.receive_drops == 0


def test_packets_are_stamped_between_the_readings_around_the_call(transport: KernelTransport) -> None:
    """Each packet's own time of leaving, in order, by the clock that stamps replies."""
    clock, count = SystemClock(), 2 * SEND_BATCH + 3
    packets = build_requests(transport.family, transport.identifier, TAG, np.arange(count, dtype=np.int64))
    before_ns = clock.wall_ns()
    report = transport.send(packets, words(*[LOOPBACK[transport.family]] * count))
    after_ns = clock.wall_ns()
    assert report.errno.tolist() == [0] * count
    assert before_ns <= report.wall_ns.min()
    assert report.wall_ns.max() <= after_ns
    assert (np.diff(report.wall_ns) >= 0).all()


def test_the_kernel_tells_when_each_packet_left(transport: KernelTransport) -> None:
    """Once for each, however many were sent before it was asked, between the readings around the call."""
    clock, count = SystemClock(), 5 * SEND_BATCH + 3
    packets = build_requests(transport.family, transport.identifier, TAG, np.arange(count, dtype=np.int64))
    before_ns = clock.wall_ns()
    transport.send(packets, words(*[LOOPBACK[transport.family]] * count))
    after_ns = clock.wall_ns()
    departures = transport.receive().departures
    assert departures.token.tolist() == list(range(count))
    assert before_ns <= departures.wall_ns.min()
    assert departures.wall_ns.max() <= after_ns
    assert (np.diff(departures.wall_ns) >= 0).all()
    assert len(transport.receive().departures.token) == 0


def test_as_many_as_there_is_room_for_lose_neither_reply_nor_stamp(transport: KernelTransport) -> None:
    """Where the receive buffer could not be enlarged there is room for 128, else for 1024."""
    assert transport.room in range(128, 1025)
    packets = build_requests(transport.family, transport.identifier, TAG, np.arange(transport.room, dtype=np.int64))
    transport.send(packets, words(*[LOOPBACK[transport.family]] * transport.room))
    received = transport.receive()
    assert len(received.departures.token) == transport.room
    assert np.isin(np.arange(transport.room), received.replies.data.view(">u8")[:, 2]).all()
    assert transport.drops() == 0


def test_the_identifier_is_one_that_others_do_not_use(transport: KernelTransport) -> None:
    """16 bits, and not zero."""
    assert 1 <= transport.identifier <= 0xFFFF


def test_nothing_has_been_dropped_at_first(transport: KernelTransport) -> None:
    """SO_MEMINFO can be read."""
    assert transport.drops() == 0


def test_a_full_receive_buffer_is_counted(transport: KernelTransport) -> None:
    """What the kernel drops we know of: sent is read plus dropped."""
    count = 4000
    transport._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    packets = build_requests(transport.family, transport.identifier, TAG, np.arange(count, dtype=np.int64))
    transport.send(packets, words(*[LOOPBACK[transport.family]] * count))
    replies = transport.receive().replies
    mine = int(np.count_nonzero(replies.data.view(">u2")[:, 2] == transport.identifier))
    assert transport.drops() >= count - mine > count // 2


def test_a_refused_packet_tells_its_errno_and_the_rest_leave() -> None:
    """A broadcast, which is not permitted without SO_BROADCAST, in the middle of a batch."""
    transport = require_icmp(4)
    packets = build_requests(4, transport.identifier, TAG, np.arange(3, dtype=np.int64))
    report = transport.send(packets, words("127.0.0.1", "255.255.255.255", "127.0.0.1"))
    transport.close()
    assert report.errno.tolist() in ([0, errno.EACCES, 0], [0, errno.ENETUNREACH, 0])


def test_pending_errors_keep_no_reply_unread(transport: KernelTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each ICMP error that arrives ends a call early, or fails it: what waits behind fifty of them is read too."""
    count, received = 200, MessageVector.receive
    packets = build_requests(transport.family, transport.identifier, TAG, np.arange(count, dtype=np.int64))
    transport.send(packets, words(*[LOOPBACK[transport.family]] * count))
    calls = iter(range(100_000))

    def disturbed(self: MessageVector, fd: int, flags: int = 0) -> tuple[int, int]:
        if next(calls) % 50:
            return 0, errno.EHOSTUNREACH
        whole, self.count = self.count, 7
        try:
            return received(self, fd, flags)
        finally:
            self.count = whole

    monkeypatch.setattr(MessageVector, "receive", disturbed)
    found = transport.receive()
    assert np.isin(np.arange(count), found.replies.data.view(">u8")[:, 2]).all()
    assert found.departures.token.tolist() == list(range(count))


def test_a_closed_socket_is_an_error_and_no_silence(transport: KernelTransport) -> None:
    """Probing on without a socket would report the whole city as lost."""
    transport.close()
    with pytest.raises(OSError, match="cannot be read"):
        transport.receive()
    transport._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # for the fixture to close


def test_a_socket_over_which_nothing_has_left_is_not_read(
    transport: KernelTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading is two system calls: a city without IPv6 pays none of them."""
    read, received = [], MessageVector.receive

    def counted(self: MessageVector, fd: int, flags: int = 0) -> tuple[int, int]:
        read.append(fd)
        return received(self, fd, flags)

    monkeypatch.setattr(MessageVector, "receive", counted)
    assert len(transport.receive().replies.length) == transport.drops() == len(read) == 0
    transport.send(
        build_requests(transport.family, transport.identifier, TAG, np.arange(1)), words(LOOPBACK[transport.family])
    )
    assert transport.receive().departures.token.tolist() == [0]
    assert set(read) == {transport._fd}


def test_what_came_before_the_first_packet_takes_no_room_and_is_no_drop() -> None:
    """A raw socket gets all replies of the host: those to others, while nothing of ours was under way, are theirs."""
    raw, other = require_icmp(4, "raw"), require_icmp(4)
    with contextlib.closing(raw), contextlib.closing(other):
        raw._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        count = 400
        other.send(build_requests(4, other.identifier, TAG, np.arange(count)), words(*[LOOPBACK[4]] * count))
        assert read_drops(raw._sock) > 0
        raw.send(build_requests(4, raw.identifier, TAG, np.arange(1)), words(LOOPBACK[4]))
        replies = raw.receive().replies
        assert replies.data.view(">u2")[:, 2].tolist() == [raw.identifier]
        assert raw.drops() == 0


@pytest.mark.parametrize("preference", ["auto", "datagram", "raw"])
def test_without_permission_the_refusal_is_passed_on(preference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each kind that was asked for has been tried, in the order datagram, raw."""
    tried: list[int] = []

    def refuse(family: Family, kind: int) -> socket.socket:
        tried.append(kind)
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(sockets, "open_socket", refuse)
    with pytest.raises(PermissionError):
        open_transport(4, preference, SystemClock())
    kinds = {"datagram": [socket.SOCK_DGRAM], "raw": [socket.SOCK_RAW]}
    assert tried == kinds.get(preference, [socket.SOCK_DGRAM, socket.SOCK_RAW])
