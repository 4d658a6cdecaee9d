"""Verdicts of the whole loop: engine, canaries, rounds, state machine, booked time."""

import dataclasses

import numpy as np
import pytest

from exporter.planning.policy import RoundPolicy
from pantau.states import State
from tests.exporter.monitor.watched import POLICY, TICK_NS, Watched, hotspots, plan_of
from tests.network import MS, SECOND, answers, fails, loses_every, silent


def test_the_first_round_brings_every_hotspot_up() -> None:
    """After one interval all 100 are up, each with one request and one reply, and the monitor is ready."""
    city = Watched(plan_of(hotspots(100))).run(10 * SECOND + 200 * MS)
    assert city.count() == {State.UP: 100}
    assert city.monitor.ready
    snapshot = city.monitor.snapshot()
    assert snapshot.requests.sum() == snapshot.replies.sum() >= 100


def test_a_cut_hotspot_goes_down_alone_and_back_dated() -> None:
    """Down begins when the first unanswered probe left, up when the first answered one did."""
    city = Watched(plan_of(hotspots(20))).run(15 * SECOND)
    city.network.hosts["10.77.0.4"] = silent
    cut_ns = city.clock.monotonic_ns()
    city.run(20 * SECOND)
    first_lost = next(at for at in city.requests_to("h3") if at > cut_ns)
    assert city.went(State.DOWN) == {"h3"}
    assert city.changes[-1] == ("h3", State.UP, State.DOWN, first_lost)
    del city.network.hosts["10.77.0.4"]
    healed_ns = city.clock.monotonic_ns()
    city.run(30 * SECOND)
    first_answered = next(at for at in city.requests_to("h3") if at > healed_ns)
    assert city.changes[-1] == ("h3", State.DOWN, State.UP, first_answered)
    assert city.seconds(State.DOWN)[3] == (first_answered - first_lost) / SECOND
    assert np.count_nonzero(city.seconds(State.DOWN)) == 1


def test_a_loss_is_confirmed_before_it_counts() -> None:
    """One lost packet is re-probed at once, three times at most, and the answer keeps the hotspot up."""
    city = Watched(plan_of(hotspots(1))).run(15 * SECOND)
    city.network.hosts["10.77.0.1"] = lambda request: [] if request.nth == lost else answers()(request)
    lost = len(city.requests_to("h0"))
    city.run(20 * SECOND)
    assert city.went(State.DOWN) == set()
    first, confirmation, *later = city.requests_to("h0")[lost:]
    assert 2 * SECOND <= confirmation - first <= 2 * SECOND + 500 * MS  # the timeout, and a canary's voucher
    assert [at - first for at in later] == [10 * SECOND]  # the other re-probes are not needed
    snapshot = city.monitor.snapshot()
    assert snapshot.requests[0] - snapshot.replies[0] == 1


def test_half_the_city_dead_is_exactly_that_half() -> None:
    """Of 200 hotspots the 100 that are silent go down, the others stay up."""
    city = Watched(plan_of(hotspots(200))).run(11 * SECOND)
    dead = {f"h{n}" for n in range(0, 200, 2)}
    for n in range(0, 200, 2):
        city.network.hosts[f"10.77.0.{n + 1}"] = silent
    city.run(20 * SECOND)
    assert city.went(State.DOWN) == dead
    assert city.count() == {State.UP: 100, State.DOWN: 100}


@pytest.mark.parametrize(
    ("kind", "code", "reason"),
    [(3, 0, "unreachable_net"), (3, 1, "unreachable_host"), (3, 13, "prohibited"), (11, 0, "ttl_exceeded")],
)
def test_an_icmp_error_is_its_own_reason(kind: int, code: int, reason: str) -> None:
    """The hotspot goes down, and its failures are of that reason only."""
    city = Watched(plan_of(hotspots(3))).run(11 * SECOND)
    city.network.hosts["10.77.0.1"] = fails(kind, code)
    city.run(15 * SECOND)
    assert city.state_of("h0") == State.DOWN
    failures = city.monitor.snapshot().failures[0]
    names = ["timeout", "unreachable_net", "unreachable_host", "prohibited", "ttl_exceeded"]
    assert [names[n] for n in np.flatnonzero(failures)] == [reason]


def test_a_lossy_hotspot_is_degraded_and_its_loss_is_right() -> None:
    """One of five packets lost: degraded, never down, and the loss is exactly that of the packets."""
    fast = dataclasses.replace(POLICY, round=RoundPolicy(1, 3, 20 * MS))
    plan = plan_of(hotspots(1), interval_ns=SECOND, timeout_ns=200 * MS, policy=fast)
    city = Watched(plan)
    city.network.hosts["10.77.0.1"] = loses_every(5)
    city.run(80 * SECOND)
    snapshot = city.monitor.snapshot()
    assert snapshot.requests[0] == 100  # 80 rounds, of which 20 were lost and confirmed
    assert snapshot.replies[0] == 80
    assert city.state_of("h0") == State.DEGRADED
    assert city.went(State.DOWN) == set()


def test_a_slow_hotspot_is_degraded() -> None:
    """An RTT of 600 ms is beyond the limit of 500 ms."""
    city = Watched(plan_of(hotspots(1)))
    city.network.hosts["10.77.0.1"] = answers(600 * MS)
    city.run(40 * SECOND)
    assert city.state_of("h0") == State.DEGRADED


def test_three_packets_make_one_round() -> None:
    """With `packets: 3` a round sends three probes 100 ms apart, and one reply of them keeps it from being down."""
    plan = plan_of(hotspots(1), policy=dataclasses.replace(POLICY, round=RoundPolicy(3, 3, SECOND)))
    city = Watched(plan)
    city.network.hosts["10.77.0.1"] = lambda request: answers()(request) if request.nth % 3 == 2 else []
    city.run(60 * SECOND)
    assert city.went(State.DOWN) == set()
    snapshot = city.monitor.snapshot()
    assert (snapshot.replies[0], len(city.requests_to("h0"))) == (6, 18)
    city.network.hosts["10.77.0.1"] = silent
    before = len(city.requests_to("h0"))
    city.run(10 * SECOND)
    sent = city.requests_to("h0")[before:]
    assert [at - sent[0] for at in sent[:3]] == [0, 100 * MS, 200 * MS]


def test_every_packet_of_an_answered_round_leaves() -> None:
    """The first reply makes the verdict, and the other two probes are sent and counted all the same."""
    plan = plan_of(hotspots(1), policy=dataclasses.replace(POLICY, round=RoundPolicy(3, 3, SECOND)))
    city = Watched(plan).run(60 * SECOND)
    snapshot = city.monitor.snapshot()
    assert (snapshot.requests[0], snapshot.replies[0], len(city.requests_to("h0"))) == (18, 18, 18)


def test_every_second_is_booked_once() -> None:
    """After a day of trouble in miniature the seconds of all states add up to the time monitored, for each hotspot."""
    city = Watched(plan_of(hotspots(10)))
    began_ns = city.monitor.started_ns
    city.run(20 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.network.hosts["10.77.0.2"] = loses_every(3)
    city.run(40 * SECOND)
    city.network.default = silent
    city.run(15 * SECOND)
    city.network.default = answers()
    city.network.hosts.clear()
    city.run(41 * SECOND)
    while (city.machine.rounds.stage != 0).any():
        city.run(TICK_NS)
    booked = city.monitor.snapshot().state_seconds.sum(axis=1)
    elapsed = (city.clock.monotonic_ns() - began_ns) / SECOND
    # The canary's own probe in flight may hold back the last moments.
    assert booked == pytest.approx(np.full(10, elapsed), abs=0.5)


def test_probes_are_spread_over_the_interval() -> None:
    """1000 hotspots in 10 s: no tick of 20 ms sends more than a handful, and none is skipped."""
    city = Watched(plan_of(hotspots(1000), canaries=())).run(10 * SECOND)
    _, counts = np.unique([request.at_ns for request in city.network.sent], return_counts=True)
    assert counts.max() <= 12
    assert city.prober.lateness.skipped_slots == 0


def test_verdicts_of_before_a_restart_are_taken_up() -> None:
    """h0 was down and still is; h1 was down and answers; h2 had no verdict yet."""
    city = Watched(plan_of(hotspots(3)))
    city.network.hosts["10.77.0.1"] = silent
    city.monitor.restore({"h0": 0, "h1": 0, "gone": 1})
    assert city.monitor.snapshot().up.tolist() == [0, 0, -1]
    assert city.count() == {State.UNKNOWN: 3}
    city.run(40 * SECOND)
    changes = [(name, before, after) for name, before, after, _ in city.changes]
    assert sorted(changes) == [
        ("h0", State.UNKNOWN, State.DOWN),
        ("h1", State.UNKNOWN, State.UP),
        ("h2", State.UNKNOWN, State.UP),
    ]
    second_answer = next(at for name, _, _, at in city.changes if name == "h1")
    assert second_answer < city.monitor.started_ns + 10 * SECOND + 2 * TICK_NS  # back-dated to the first of the two
