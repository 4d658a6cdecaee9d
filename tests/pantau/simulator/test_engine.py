"""The real batch engine over the simulated city: it finds the script's truth, and reports faults of our own side."""

from ipaddress import IPv4Address
from typing import Any

import numpy as np
import pytest

from exporter.probing.icmp.batch import BatchEngine
from exporter.probing.outcome import Bool, Observations, Outcome
from pantau.clock import NANOSECONDS, ManualClock
from pantau.simulator.city import City
from pantau.simulator.hotspots import words_array
from pantau.simulator.transport import SimulatedTransport
from tests.pantau.simulator.small_city import START_NS, at, scenario, town

KEY = 0x0123_4567_89AB_CDEF
MS = 1_000_000


def _outcomes(results: Observations) -> dict[int, Outcome]:
    return {int(target): Outcome(outcome) for target, outcome in zip(results.target, results.outcome, strict=True)}


def _probe_all(subject: City, seconds: float) -> tuple[Observations, BatchEngine]:
    """Every host probed by the real engine over both families at that time, timeout 2 s."""
    clock = ManualClock(at(seconds))
    engine = BatchEngine([SimulatedTransport(subject, clock, 4), SimulatedTransport(subject, clock, 6)], clock, KEY)
    addresses = np.concatenate([town().addresses, words_array(subject.canaries)])
    count = len(addresses)
    engine.submit(np.arange(count, dtype=np.int32), np.zeros(count, np.int64), addresses, 2 * NANOSECONDS)
    ended = []
    for _ in range(300):
        clock.advance(10 * MS)
        ended.append(engine.collect())
    return Observations.concatenate(ended), engine


def test_the_engine_finds_the_truth() -> None:
    """Over both families every outcome and RTT is the city's, and nothing that came is unmatched."""
    subject = City(
        town(),
        scenario(
            {"isp_outage": {"isp": "telkom", "kecamatan": "maesa"}},
            {"unreachable": {"scope": {"hotspots": ["H-001", "H-009"]}, "error": "prohibited"}},
            {"latency": {"scope": {"hotspots": ["H-005"]}, "add": "2500ms"}},
        ),
        START_NS,
        canaries=[IPv4Address("9.9.9.9")],
    )
    results, engine = _probe_all(subject, 5)
    expected: dict[int, Outcome] = dict.fromkeys(range(41), Outcome.REPLY)
    expected |= dict.fromkeys(range(0, 40, 4), Outcome.TIMEOUT) | {5: Outcome.TIMEOUT}
    expected |= {1: Outcome.PROHIBITED, 9: Outcome.PROHIBITED}
    assert _outcomes(results) == expected
    assert engine.statistics.late_replies == 1
    assert set(engine.statistics.unmatched.values()) == {0}
    answered: Bool = results.outcome == Outcome.REPLY
    hosts = results.target[answered].astype(np.int64)
    assert results.rtt_ns[answered].tolist() == subject.answers(hosts, np.full(len(hosts), at(5))).rtt_ns.tolist()


@pytest.mark.parametrize(
    ("event", "outcome"),
    [
        ({"vantage_cut": {"for": "10s"}}, {Outcome.TIMEOUT}),
        ({"send_failure": {"errno": "ENETUNREACH", "for": "10s"}}, {Outcome.SEND}),
        ({"receive_overflow": {"for": "10s"}}, {Outcome.INCONCLUSIVE}),
    ],
)
def test_our_own_faults_reach_the_engine(event: dict[str, Any], outcome: set[Outcome]) -> None:
    """Cut off, canaries and all are silent; unable to send or to receive, the engine itself reports it."""
    subject = City(town(), scenario(event), START_NS, canaries=[IPv4Address("9.9.9.9")])
    results, _ = _probe_all(subject, 1)
    assert len(results) == 41
    assert set(_outcomes(results).values()) == outcome
