"""Our own faults blame nobody: no hotspot goes down by them, and the time is counted as unknown."""

import errno

import pytest

from exporter.probing.names.lookups import Lookups
from exporter.probing.names.reach import ANYWHERE
from pantau.states import State
from tests.exporter.monitor.watched import TICK_NS, NoNames, Watched, hotspots, plan_of
from tests.network import MS, SECOND, answers, silent


def _steady(count: int = 50) -> Watched:
    return Watched(plan_of(hotspots(count))).run(21 * SECOND)


def test_a_cut_uplink_is_our_fault() -> None:
    """Canary and all hotspots silent for a minute: nobody down, all unknown from the cut on, `hotspot_up` stays 1."""
    city = _steady()
    city.network.default = silent
    cut_ns = city.clock.monotonic_ns()
    city.run(60 * SECOND)
    assert city.count() == {State.UNKNOWN: 50}
    assert not city.vantage.up
    assert city.went(State.DOWN) == set()
    assert (city.monitor.snapshot().up == 1).all()
    begun = [at for _, _, after, at in city.changes if after == State.UNKNOWN]
    assert all(-SECOND <= at - cut_ns <= SECOND for at in begun)
    city.network.default = answers()
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 50}
    assert city.went(State.DOWN) == set()
    assert city.seconds(State.UNKNOWN).min() >= 59


def test_an_outage_that_was_there_before_our_fault_is_not_charged_during_it() -> None:
    """A hotspot that is down when our uplink fails is unknown meanwhile, and down again after."""
    city = _steady()
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    assert city.state_of("h0") == State.DOWN
    city.network.default = silent
    city.run(60 * SECOND)
    assert city.state_of("h0") == State.UNKNOWN
    down_before = city.seconds(State.DOWN)[0]
    city.network.default = answers()
    city.run(25 * SECOND)
    assert city.state_of("h0") == State.DOWN
    assert city.seconds(State.DOWN)[0] - down_before < 25
    assert city.went(State.DOWN) == {"h0"}


@pytest.mark.parametrize("step_seconds", [3600, -3600])
def test_a_step_of_the_wall_clock_blames_nobody(step_seconds: int) -> None:
    """An hour forwards or backwards: one step counted, no RTT from it, nobody down, unknown counted for all."""
    city = _steady()
    unknown_before = city.seconds(State.UNKNOWN)
    city.network.step_wall(step_seconds * SECOND)
    city.run(30 * SECOND)
    assert city.engine.statistics.clock_steps == 1
    assert city.went(State.DOWN) == set()
    assert city.count() == {State.UP: 50}
    grown = city.seconds(State.UNKNOWN) - unknown_before
    assert grown.min() > 0
    assert grown.max() <= 10 + 2 * TICK_NS / SECOND
    snapshot = city.monitor.snapshot()
    assert snapshot.rtt_sum_seconds.sum() == pytest.approx(snapshot.rtt_buckets.sum() * 0.01)


def test_a_small_step_only_loses_the_rtts_in_flight() -> None:
    """A step of 50 ms is counted, and nobody becomes unknown for it."""
    city = _steady()
    unknown_before = city.seconds(State.UNKNOWN).sum()
    city.network.step_wall(50 * MS)
    city.run(20 * SECOND)
    assert city.engine.statistics.clock_steps == 1
    assert city.seconds(State.UNKNOWN).sum() == unknown_before


@pytest.mark.parametrize("number", [errno.ENOBUFS, errno.ENETUNREACH])
def test_refused_sends_blame_nobody(number: int) -> None:
    """Every send refused for half a minute: unknown, reason `send`, counted by errno, and no lost packet."""
    city = _steady()
    requests = city.monitor.snapshot().requests.sum()
    city.network.refusal = number
    city.run(30 * SECOND)
    assert city.count() == {State.UNKNOWN: 50}
    assert city.went(State.DOWN) == set()
    snapshot = city.monitor.snapshot()
    assert snapshot.requests.sum() == requests
    assert snapshot.failures[:, 6].min() >= 2
    assert set(city.engine.statistics.send_errors) == {errno.errorcode[number]}
    city.network.refusal = 0
    city.run(25 * SECOND)
    assert city.count() == {State.UP: 50}


def test_a_full_receive_buffer_blames_nobody() -> None:
    """Replies that the kernel dropped are inconclusive: unknown, not lost, and the drops are counted."""
    city = Watched(plan_of(hotspots(50), canaries=())).run(21 * SECOND)
    city.network.to_lose = 60
    city.run(30 * SECOND)
    assert city.engine.statistics.receive_drops == 60
    assert city.went(State.DOWN) == set()
    snapshot = city.monitor.snapshot()
    assert snapshot.failures[:, 7].sum() == 60
    assert snapshot.requests.sum() == snapshot.replies.sum()
    assert len(city.went(State.UNKNOWN)) >= 40
    assert city.seconds(State.UNKNOWN).sum() > 0


def test_a_pause_of_ours_is_unknown_time() -> None:
    """No tick for a minute: the gap is unknown to the second, missed slots are counted, and no burst follows."""
    city = _steady()
    unknown_before = city.seconds(State.UNKNOWN)
    sent = len(city.network.sent)
    city.clock.advance(60 * SECOND)
    city.tick()
    assert len(city.network.sent) - sent <= 4
    assert city.prober.lateness.skipped_slots >= 290
    assert city.count() == {State.UNKNOWN: 50}
    city.run(15 * SECOND)
    assert city.count() == {State.UP: 50}
    assert city.went(State.DOWN) == set()
    grown = city.seconds(State.UNKNOWN) - unknown_before
    assert grown.min() >= 60
    assert grown.max() <= 60 + 10 + 2 * TICK_NS / SECOND


def test_a_name_without_an_address_is_unknown_and_stops_nothing() -> None:
    """One host name that is never resolved: reason `resolve`, unknown, no verdict; the others are up."""
    city = Watched(plan_of({**hotspots(10), "named": "ap-1.example"})).run(25 * SECOND)
    assert city.count() == {State.UP: 10, State.UNKNOWN: 1}
    snapshot = city.monitor.snapshot()
    assert snapshot.up[10] == -1
    assert snapshot.failures[10, 5] >= 2
    assert snapshot.requests[10] == 0
    assert city.monitor.ready


async def test_a_canary_s_name_that_is_being_looked_up_is_no_fault() -> None:
    """A slow name server at our start does not make the vantage fail; a name that it does not know does."""

    city = Watched(plan_of(hotspots(5), canaries=("gateway.example",))).run(15 * SECOND)
    assert city.sees()
    await Lookups(lambda: city.prober.canaries.book, NoNames(), ANYWHERE).refresh()
    city.run(5 * SECOND)
    assert not city.sees()
    assert city.went(State.DOWN) == set()
