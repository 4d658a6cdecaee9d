"""Prepared packets over real sockets: complete before they leave, in lots, and with the fate of each."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.sending import spread_lots, spread_ns
from exporter.probing.icmp.sockets import KernelTransport
from exporter.probing.icmp.transport import SendReport, SentTogether
from exporter.probing.outcome import Observations, Outcome
from pantau.clock import SystemClock
from tests.exporter.probing.icmp.lab import KEY, hosts
from tests.exporter.probing.icmp.messages import require_icmp
from tests.exporter.probing.icmp.test_kernel_transport import collect
from tests.network import SECOND, words

BROADCAST = "255.255.255.255"
"""What the kernel refuses to a socket without SO_BROADCAST."""


def staged(transport: KernelTransport, *addresses: str) -> tuple[BatchEngine, int]:
    """An engine with probes to these, not yet sent, and the number of the first."""
    engine, count = BatchEngine([transport], SystemClock(), KEY), len(addresses)
    first = engine.stage(
        np.arange(count, dtype=np.int32),
        np.full(count, 7, np.int64),
        words(*addresses),
        np.full(count, SECOND, np.int64),
    )
    assert first is not None
    return engine, first


def test_lots_are_answered_each_with_its_own_round_trip_time() -> None:
    """Three hundred probes in lots of seven: none is lost, none told twice, none from another's time."""
    transport = require_icmp(4)
    engine, first = staged(transport, *hosts(300, "127.0.0.1"))
    for start in range(0, 300, 7):
        engine.launch(first + start, min(7, 300 - start))
    results = collect(engine, 300)
    assert sorted(results.target.tolist()) == list(range(300))
    assert set(results.outcome.tolist()) == {Outcome.REPLY}
    assert all(0 <= rtt_ns < SECOND // 20 for rtt_ns in results.rtt_ns.tolist())
    transport.close()


def test_a_refused_packet_holds_up_none_of_its_lot() -> None:
    """First, in the middle and last: each refusal is told with its errno, and the others leave."""
    transport = require_icmp(4)
    engine, first = staged(transport, BROADCAST, "127.0.0.1", BROADCAST, "127.0.0.2", BROADCAST)
    engine.launch(first, 5)
    results: Observations = collect(engine, 5)
    outcomes = dict(zip(results.target.tolist(), results.outcome.tolist(), strict=True))
    assert outcomes == {0: Outcome.SEND, 1: Outcome.REPLY, 2: Outcome.SEND, 3: Outcome.REPLY, 4: Outcome.SEND}
    assert engine.statistics.send_errors == {"EACCES": 3}
    transport.close()


def test_what_was_prepared_stays_whole_while_more_is_prepared() -> None:
    """Vectors are used again only once they are released."""
    transport, count = require_icmp(4), 40
    engine, first = staged(transport, *["127.0.0.1"] * count)
    more = [
        engine.stage(
            np.arange(count, dtype=np.int32) + np.int32(count * (lot + 1)),
            np.full(count, 7, np.int64),
            words(*["127.0.0.1"] * count),
            np.full(count, SECOND, np.int64),
        )
        for lot in range(6)
    ]
    for number in [first, *more]:
        assert number is not None
        engine.launch(number, count // 2)
        engine.launch(number + count // 2, count // 2)
    results = collect(engine, 7 * count)
    assert sorted(results.target.tolist()) == list(range(7 * count))
    assert set(results.outcome.tolist()) == {Outcome.REPLY}
    transport.close()


def test_a_lot_that_leaves_whole_says_only_when() -> None:
    """And one of which something was refused has a report of each packet."""
    transport = require_icmp(4)
    packets = np.zeros((2, 24), np.uint8)
    packets[:, 0] = 8
    assert isinstance(transport.prepare(packets, words("127.0.0.1", "127.0.0.1")).send(0, 2), SentTogether)
    report = transport.prepare(packets, words("127.0.0.1", BROADCAST)).send(0, 2)
    assert isinstance(report, SendReport)
    assert (report.errno != 0).tolist() == [False, True]
    transport.close()


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 10**12), st.integers(-(10**6), 10**9)), min_size=1))
def test_many_lots_are_spread_as_each_alone(lots: list[tuple[int, int, int]]) -> None:
    """Tokens and times of each packet, also where the wall clock went back within a call."""
    count, before, took = (np.array(column, np.int64) for column in zip(*lots, strict=True))
    first = np.cumsum(count) * 3
    tokens, monotonic_ns, wall_ns = spread_lots(first, count, (before, before + abs(took)), (before, before + took))
    alone = [spread_ns(int(n), int(b), int(b + t)).tolist() for n, b, t in lots]
    assert wall_ns.tolist() == [at_ns for lot in alone for at_ns in lot]
    assert tokens.tolist() == [int(f) + place for f, n in zip(first, count, strict=True) for place in range(n)]
    assert (monotonic_ns >= np.repeat(before, count)).all()
