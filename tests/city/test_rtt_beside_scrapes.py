"""RTTs are the kernel's, from stamp to stamp: rendering scrapes in a thread of the same process does not touch them."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address

import numpy as np
import pytest

from exporter.metrics.exposition import HotspotExposition
from exporter.probing.addresses import address_words
from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.icmp.sockets import open_transport
from exporter.probing.outcome import Int64, Outcome
from lab.city.namespace import CityNamespace
from lab.measuring.reference_exposition import make_labels, make_snapshot
from pantau.clock import SystemClock
from tests.city.inventories import city_hotspots

pytestmark = [pytest.mark.city, pytest.mark.alone]

HOTSPOTS = 1000
A_TICK, TICK_SECONDS = 20, 0.02
PHASES, PHASE_SECONDS = 3, 1.0
TIMEOUT_NS = 1_000_000_000
HARMLESS_NS = 500_000
"""A p99 below half a millisecond lies in the histogram's first bucket with room to spare."""


@contextmanager
def _rendering() -> Iterator[list[int]]:
    """Scrapes of a whole city are rendered one after the other meanwhile; the bytes of each."""
    exposition, snapshot = HotspotExposition(), make_snapshot(make_labels(HOTSPOTS))
    ended, sizes = threading.Event(), list[int]()

    def render() -> None:
        while not ended.is_set():
            sizes.append(sum(map(len, exposition.render(snapshot, openmetrics=False))))

    renderer = threading.Thread(target=render)
    renderer.start()
    try:
        yield sizes
    finally:
        ended.set()
        renderer.join()


def _probe_for(engine: BatchEngine, seconds: float) -> Int64:
    """The RTTs of a thousand probes a second, in nanoseconds; fails where one is not answered."""
    addresses = np.array([address_words(IPv4Address(text)) for text in city_hotspots(A_TICK).values()], np.uint64)
    targets, rounds = np.arange(A_TICK, dtype=np.int32), np.zeros(A_TICK, np.int64)
    found = [np.empty(0, np.int64)]
    sent = 0
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        engine.submit(targets, rounds, addresses, TIMEOUT_NS)
        sent += A_TICK
        time.sleep(TICK_SECONDS)
        results = engine.collect()
        assert set(results.outcome.tolist()) <= {Outcome.REPLY}
        found.append(results.rtt_ns)
    rtts = np.concatenate(found)
    assert len(rtts) == sent
    return rtts


@pytest.mark.parametrize("kind", ["datagram", "raw"])
def test_rendering_scrapes_does_not_change_the_p99_of_the_rtt(
    city: CityNamespace, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Phases with and without rendering alternate; the best of each is compared, for the machine is shared."""
    city.allow_datagram_sockets(True)
    clock = SystemClock()
    transport = city.call(open_transport, 4, kind, clock)
    engine = BatchEngine([transport], clock, secrets.randbits(64))
    quiet, busy = [], []
    try:
        for _ in range(PHASES):
            quiet.append(np.percentile(_probe_for(engine, PHASE_SECONDS), 99))
            with _rendering() as scrapes:
                busy.append(np.percentile(_probe_for(engine, PHASE_SECONDS), 99))
            assert len(scrapes) >= 1
    finally:
        engine.close()
    with capsys.disabled():
        print(f"\n{kind}: p99 of RTT {min(quiet) / 1000:.0f} us, while scrapes render {min(busy) / 1000:.0f} us")
    assert min(busy) <= max(2 * min(quiet), HARMLESS_NS)
