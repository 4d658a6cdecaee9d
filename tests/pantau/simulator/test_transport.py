"""The simulated network as the batch engine meets it: bytes in, bytes out, each at its time."""

import struct
from ipaddress import IPv6Address, ip_address
from typing import Any

import numpy as np
import pytest

from exporter.probing.addresses import is_ipv4
from exporter.probing.icmp.error_types import classify_errors
from exporter.probing.icmp.packet import build_requests
from exporter.probing.icmp.transport import Bytes, Family, Received
from exporter.probing.outcome import Int32, Int64, Uint64
from pantau.clock import NANOSECONDS, ManualClock
from pantau.simulator.city import City
from pantau.simulator.hotspots import words_array
from pantau.simulator.messages import OUR_IPV6
from pantau.simulator.transport import SimulatedTransport
from tests.pantau.simulator.small_city import START_NS, at, city, scenario, town

TAG = 0x0123_4567_89AB_CDEF
MS = 1_000_000


class Bench:
    """A transport over a town with a clock that the test moves."""

    def __init__(self, *events: dict[str, Any], family: Family = 4, subject: City | None = None) -> None:
        self.city = subject or city(*events)
        self.clock = ManualClock(START_NS)
        self.transport = SimulatedTransport(self.city, self.clock, family)
        self.sent = 0

    def send(self, addresses: Uint64, damage: int | None = None) -> tuple[Bytes, Int32, Int64]:
        """One request to each address; `damage` is the index of a byte to spoil. Packets, errnos, stamps."""
        tokens = np.arange(self.sent, self.sent + len(addresses), dtype=np.int64)
        self.sent += len(addresses)
        packets = build_requests(self.transport.family, self.transport.identifier, TAG, tokens)
        if damage is not None:
            packets[:, damage] ^= 0xFF
        report = self.transport.send(packets, addresses)
        return packets, report.errno, report.wall_ns

    def receive_after(self, seconds: float) -> Received:
        """What has come once that time has passed."""
        self.clock.advance(round(seconds * NANOSECONDS))
        return self.transport.receive()


def _v4(count: int = 40) -> Uint64:
    """The addresses of the town that are IPv4."""
    addresses = town(count).addresses
    return addresses[is_ipv4(addresses)]


def _ones_complement_sum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return int(total)


def test_replies_are_valid_echo_replies() -> None:
    """Type 0, code 0, a right checksum; identifier, sequence, tag and token as sent; from the address asked."""
    bench = Bench()
    addresses = _v4()
    bench.sent = 0xFFF0  # the sequence wraps within the batch
    packets, errnos, _ = bench.send(addresses)
    assert errnos.tolist() == [0] * 36
    replies = bench.receive_after(2).replies
    assert len(replies.length) == 36
    assert replies.length.tolist() == [24] * 36
    by_token = {}
    for row, source in zip(replies.data, replies.source.tolist(), strict=True):
        kind, code, _, identifier, sequence, tag, token = struct.unpack(">BBHHHQQ", row.tobytes())
        assert (kind, code, identifier, tag) == (0, 0, bench.transport.identifier, TAG)
        assert sequence == token & 0xFFFF
        assert _ones_complement_sum(row.tobytes()) == 0xFFFF
        by_token[token] = source
    assert by_token == {0xFFF0 + index: source for index, source in enumerate(addresses.tolist())}
    assert packets[:, 0].tolist() == [8] * 36


def test_ipv6_replies_are_valid() -> None:
    """Type 129, and a checksum that counts the pseudo-header."""
    bench = Bench(family=6)
    addresses = town().addresses[9::10]
    bench.send(addresses)
    replies = bench.receive_after(2).replies
    assert sorted(source[1] for source in replies.source.tolist()) == [10, 20, 30, 40]
    for row, (high, low) in zip(replies.data, replies.source.tolist(), strict=True):
        kind, code, _, identifier, _, tag, _ = struct.unpack(">BBHHHQQ", row.tobytes())
        assert (kind, code, identifier, tag) == (129, 0, bench.transport.identifier, TAG)
        source = IPv6Address(high << 64 | low)
        pseudo_header = source.packed + OUR_IPV6.packed + struct.pack(">II", 24, 58)
        assert _ones_complement_sum(pseudo_header + row.tobytes()) == 0xFFFF


def test_a_reply_comes_at_its_very_nanosecond() -> None:
    """Not a nanosecond before send time plus RTT, and stamped with just that."""
    bench = Bench()
    bench.send(_v4()[:1])
    rtt_ns = int(bench.city.answers(np.array([0]), np.array([START_NS])).rtt_ns[0])
    bench.clock.advance(rtt_ns - 1)
    assert len(bench.transport.receive().replies.length) == 0
    bench.clock.advance(1)
    replies = bench.transport.receive().replies
    assert replies.wall_ns.tolist() == [START_NS + rtt_ns]
    assert len(bench.receive_after(10).replies.length) == 0


def test_replies_come_in_the_order_of_arrival() -> None:
    """Sorted by time of arrival, which is the city's RTT, though read late and at once."""
    bench = Bench()
    bench.send(_v4())
    replies = bench.receive_after(60).replies
    hosts = bench.city.find(replies.source)
    expected = START_NS + bench.city.answers(hosts, np.full(36, START_NS)).rtt_ns
    assert replies.wall_ns.tolist() == expected.tolist() == sorted(expected.tolist())


def test_late_replies_come_late() -> None:
    """A latency of 5 s brings the reply after 5 s, whatever anyone's timeout."""
    bench = Bench({"latency": {"scope": {"all": True}, "add": "5s"}})
    bench.send(_v4())
    assert len(bench.receive_after(5).replies.length) == 0
    assert len(bench.receive_after(1).replies.length) == 36


@pytest.mark.parametrize(
    ("family", "error", "numbers"),
    [
        (4, "net", (3, 0)),
        (4, "host", (3, 1)),
        (4, "prohibited", (3, 13)),
        (4, "ttl", (11, 0)),
        (6, "net", (1, 0)),
        (6, "host", (1, 3)),
        (6, "prohibited", (1, 1)),
        (6, "ttl", (3, 0)),
    ],
)
def test_icmp_errors_quote_the_packet(family: Family, error: str, numbers: tuple[int, int]) -> None:
    """Type and code of the family, the packet as it was sent, the address it went to; and the engine reads it so."""
    bench = Bench({"unreachable": {"scope": {"all": True}, "error": error}}, family=family)
    addresses = town().addresses
    addresses = addresses[is_ipv4(addresses) == (family == 4)]
    packets, _, _ = bench.send(addresses)
    received = bench.receive_after(2)
    assert len(received.replies.length) == 0
    errors = received.errors
    assert set(zip(errors.type.tolist(), errors.code.tolist(), strict=True)) == {numbers}
    quoted = {
        tuple(address): row.tobytes() for address, row in zip(errors.destination.tolist(), errors.quoted, strict=True)
    }
    assert quoted == {tuple(address): row.tobytes() for address, row in zip(addresses.tolist(), packets, strict=True)}
    assert errors.length.tolist() == [24] * len(addresses)
    assert set(classify_errors(family, errors.type, errors.code).tolist()) == set(bench.city.state(START_NS).tolist())


def test_replies_and_errors_come_side_by_side() -> None:
    """One call brings both, each hotspot its own."""
    bench = Bench({"unreachable": {"scope": {"isp": "telkom"}, "error": "host"}})
    bench.send(_v4())
    received = bench.receive_after(2)
    assert set((bench.city.find(received.errors.destination) % 2).tolist()) == {0}
    assert set((bench.city.find(received.replies.source) % 2).tolist()) == {1}
    assert (len(received.errors.length), len(received.replies.length)) == (20, 16)


@pytest.mark.parametrize("damage", [0, 2, 12])
def test_a_damaged_request_is_not_answered(damage: int) -> None:
    """A wrong type, checksum or payload byte: a host drops such a packet, and so does the city."""
    bench = Bench()
    bench.send(_v4(), damage=damage)
    assert len(bench.receive_after(60).replies.length) == 0


def test_unknown_addresses_are_silent() -> None:
    """Beside them the hotspots still answer."""
    bench = Bench()
    strangers = words_array([ip_address("192.0.2.1"), ip_address("10.77.0.10")])
    _, errnos, _ = bench.send(np.concatenate([strangers[:1], _v4()[:3], strangers[1:]]))
    assert errnos.tolist() == [0] * 5
    replies = bench.receive_after(60).replies
    assert sorted(bench.city.find(replies.source).tolist()) == [0, 1, 2]


def test_a_burst_to_one_host_leaves_one_after_another() -> None:
    """Packets to the same host in one call are a microsecond apart, so that each has its own fate."""
    bench = Bench()
    first, second = _v4()[:1], _v4()[1:2]
    stranger = words_array([ip_address("192.0.2.1")])
    _, _, stamps = bench.send(np.concatenate([first, second, first, stranger, first, second]))
    assert (stamps - START_NS).tolist() == [0, 0, 1000, 0, 2000, 1000]
    assert len(set(bench.receive_after(2).replies.wall_ns.tolist())) == 5


def test_overflow_drops_and_counts_what_arrives() -> None:
    """Replies that would arrive while the buffer is full are gone and in the drop counter; later ones are not."""
    bench = Bench({"receive_overflow": {"for": "100ms"}})
    bench.send(_v4())
    due_ns = START_NS + bench.city.answers(bench.city.find(_v4()), np.full(36, START_NS)).rtt_ns
    arriving = int(np.count_nonzero(due_ns < START_NS + 100 * MS))
    assert 0 < arriving < 36
    assert len(bench.receive_after(2).replies.length) == 36 - arriving
    assert bench.transport.drops() == arriving
    bench.send(_v4())
    assert len(bench.receive_after(2).replies.length) == 36
    assert bench.transport.drops() == arriving


def test_refused_sends_report_their_errno() -> None:
    """Every packet of the call is refused, none is answered."""
    bench = Bench({"send_failure": {"errno": "ENOBUFS", "for": "1s"}})
    _, errnos, stamps = bench.send(_v4())
    assert errnos.tolist() == [105] * 36
    assert stamps.tolist() == [START_NS] * 36
    assert len(bench.receive_after(60).replies.length) == 0
    assert bench.send(_v4())[1].tolist() == [0] * 36


def test_a_step_of_the_wall_clock_moves_stamps_only() -> None:
    """The script goes on by true time, what was under way arrives in time, and stamps are by the new wall clock."""
    bench = Bench({"hotspot_down": {"hotspots": ["H-000"], "at": "1800s"}})
    bench.send(_v4()[:1])
    rtt_ns = int(bench.city.answers(np.array([0]), np.array([START_NS])).rtt_ns[0])
    hour_ns = 3600 * NANOSECONDS
    bench.clock.step_wall(hour_ns)
    assert len(bench.transport.receive().replies.length) == 0
    assert bench.receive_after(2).replies.wall_ns.tolist() == [START_NS + hour_ns + rtt_ns]
    _, _, stamps = bench.send(_v4()[:1])
    assert stamps.tolist() == [at(2) + hour_ns]
    assert len(bench.receive_after(2).replies.length) == 1
    bench.clock.step_wall(-2 * hour_ns)
    bench.send(_v4()[:1])
    assert len(bench.receive_after(2).replies.length) == 1


def test_60000_replies_may_be_under_way() -> None:
    """All come, none twice, each from its own host."""
    big = City(town(60_000), scenario({"latency": {"scope": {"all": True}, "add": "1s"}}), START_NS)
    bench = Bench(subject=big)
    addresses = _v4(60_000)
    assert len(addresses) == 54_000
    for begin in range(0, 54_000, 1000):
        bench.send(addresses[begin : begin + 1000])
    received = [bench.receive_after(0.001).replies for _ in range(2000)]
    hosts = np.concatenate([big.find(replies.source) for replies in received])
    assert np.sort(hosts).tolist() == np.sort(big.find(addresses)).tolist()
    stamps = np.concatenate([replies.wall_ns for replies in received])
    assert (np.diff(stamps) >= 0).all()


def test_a_replaced_city_keeps_what_is_under_way() -> None:
    """After a reload replies to the old city's hotspots still arrive, and new hotspots answer."""
    bench = Bench()
    bench.send(_v4())
    bench.transport.city = City(town(42), scenario(), START_NS, seed=1)
    assert len(bench.receive_after(2).replies.length) == 36
    bench.send(_v4(42))
    assert len(bench.receive_after(2).replies.length) == 38


def test_a_closed_transport_is_an_error_to_use() -> None:
    """Neither sending nor receiving, and a second close is harmless."""
    bench = Bench()
    bench.transport.close()
    bench.transport.close()
    with pytest.raises(ValueError, match="this simulated transport is closed"):
        bench.send(_v4())
    with pytest.raises(ValueError, match="this simulated transport is closed"):
        bench.transport.receive()


def test_the_identifier_comes_from_the_seed() -> None:
    """16 bits, never 0, the same for the same seed."""
    identifiers = [SimulatedTransport(city(seed=seed), ManualClock()).identifier for seed in (1, 1, 2)]
    assert identifiers[0] == identifiers[1] != identifiers[2]
    assert all(0 < identifier <= 0xFFFF for identifier in identifiers)
    assert SimulatedTransport.socket == "simulated"
