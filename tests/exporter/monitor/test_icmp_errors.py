"""ICMP errors through the whole loop: they hasten the confirmation of an outage, and never make one."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exporter.planning.policy import Policy, QualityPolicy, RoundPolicy
from exporter.verdicts.events import StatesChanged
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, Watched, hotspots, plan_of
from tests.network import MS, SECOND, Arrival, Host, Request, answers, fails, reply, silent

ADDRESS = "10.77.0.1"
RTT_NS = 600 * MS


def errs_and(after: Host, kind: int = 3, code: int = 1) -> Host:
    """A router complains about each probe, and then this happens."""
    return lambda request: [*fails(kind, code)(request), *after(request)]


def _steady(count: int = 3, **changes: Any) -> Watched:
    return Watched(plan_of(hotspots(count), **changes)).run(11 * SECOND)


def _requests_since(city: Watched, since_ns: int) -> list[int]:
    """When probes left for h0, after the first of them since then."""
    left = [at for at in city.requests_to("h0") if at > since_ns]
    return [at - left[0] for at in left]


@pytest.mark.parametrize(
    ("kind", "code"), [(3, 0), (3, 1), (3, 2), (3, 3), (3, 13), (11, 0), (11, 1), (5, 1), (4, 0), (3, 4), (12, 0)]
)
def test_errors_about_all_probes_with_replies_after_them_are_an_up_hotspot(kind: int, code: int) -> None:
    """Also those of the confirmation: no change, no failure counted, no loss."""
    city = _steady()
    city.network.hosts[ADDRESS] = errs_and(answers(RTT_NS), kind, code)
    city.run(60 * SECOND)
    assert city.changes == [(f"h{row}", State.UNKNOWN, State.UP, at) for row, at in _first_answers(city)]
    snapshot = city.monitor.snapshot()
    assert snapshot.failures.sum() == 0
    assert snapshot.requests[0] == snapshot.replies[0] > 5


def _first_answers(city: Watched) -> list[tuple[int, int]]:
    firsts = {int(name[1:]): at for name, _, _, at in city.changes[:3]}
    assert len(firsts) == 3
    return list(firsts.items())


@pytest.mark.parametrize("advice", [(5, 0), (5, 1), (4, 0), (3, 4), (12, 0), (40, 0)])
def test_advice_sends_no_further_probe(advice: tuple[int, int]) -> None:
    """Nothing is confirmed for it: one probe each interval."""
    city = _steady()
    now_ns = city.clock.monotonic_ns()
    city.network.hosts[ADDRESS] = errs_and(answers(RTT_NS), *advice)
    city.run(31 * SECOND)
    assert _requests_since(city, now_ns) == [0, 10 * SECOND, 20 * SECOND]
    assert sum(city.engine.statistics.ignored.values()) == 3


def test_an_unreachable_hotspot_is_found_sooner_than_a_silent_one() -> None:
    """The confirmation begins with the first error; it is down when the last of those probes has had its time."""
    city = _steady()
    now_ns = city.clock.monotonic_ns()
    city.network.hosts[ADDRESS] = fails(3, 1)
    city.run(20 * SECOND)
    first, confirmation, *later = _requests_since(city, now_ns)[:4]
    assert (first, later) == (0, [confirmation + SECOND, confirmation + 2 * SECOND])
    assert confirmation <= 40 * MS
    down = next(event for event in city.events if isinstance(event, StatesChanged) and State.DOWN in event.after)
    left_ns = next(at for at in city.requests_to("h0") if at > now_ns)
    assert city.changes[-1] == ("h0", State.UP, State.DOWN, left_ns)
    assert 4 * SECOND <= down.detected_ns - left_ns <= 5 * SECOND


def test_a_reply_of_the_first_probe_ends_a_round_whose_confirmations_all_erred() -> None:
    """1.9 s after it left, when four errors have come: up, and no probe counts as lost but those without a reply."""
    city = _steady()
    lost = len(city.requests_to("h0"))
    city.network.hosts[ADDRESS] = lambda request: [
        *fails(3, 1)(request),
        *([] if lost < request.nth <= lost + 3 else [reply(request, 1900 * MS)]),
    ]
    city.run(19 * SECOND)
    assert city.went(State.DOWN) == set()
    snapshot = city.monitor.snapshot()
    # The first reply has come before the third confirmation was to be sent.
    assert snapshot.requests[0] - snapshot.replies[0] == 2


def test_the_last_confirmation_s_reply_is_enough() -> None:
    """Three errors without a reply, then one with: the hotspot is up."""
    city = _steady()
    lost = len(city.requests_to("h0"))
    city.network.hosts[ADDRESS] = lambda request: [
        *fails(11, 0)(request),
        *([] if request.nth < lost + 3 else [reply(request, 1990 * MS)]),
    ]
    city.run(19 * SECOND)
    assert city.went(State.DOWN) == set()
    snapshot = city.monitor.snapshot()
    assert snapshot.requests[0] - snapshot.replies[0] == 3


def test_a_hotspot_that_is_down_is_not_confirmed_by_each_error() -> None:
    """One probe each interval, as for a silent one."""
    city = _steady()
    city.network.hosts[ADDRESS] = fails(3, 1)
    city.run(20 * SECOND)
    now_ns = city.clock.monotonic_ns()
    city.run(30 * SECOND)
    assert _requests_since(city, now_ns) == [0, 10 * SECOND, 20 * SECOND]


def test_errors_while_our_own_path_has_failed_confirm_nothing() -> None:
    """A router of ours answers for all the world: nobody is down, and once it is known nothing more is sent for it."""
    city = _steady(20)
    city.network.default = fails(3, 0)
    city.network.hosts[CANARY] = silent
    city.run(20 * SECOND)
    before = len(city.network.sent)
    city.run(20 * SECOND)
    of_hotspots = [request for request in city.network.sent[before:] if request.address != CANARY]
    assert len(of_hotspots) == 2 * 20
    assert city.went(State.DOWN) == set()
    assert city.count() == {State.UNKNOWN: 20}


def test_a_round_of_several_packets_is_confirmed_when_each_has_an_error() -> None:
    """Not by the first: the third may still be answered."""
    policy = Policy(RoundPolicy(3, 2, SECOND), QualityPolicy(0.1, 500 * MS, 30), recover_after=2)
    city = _steady(1, policy=policy)
    now_ns = city.clock.monotonic_ns()
    city.network.hosts[ADDRESS] = fails(3, 1)
    city.run(19 * SECOND)
    first, second, third, confirmation, last = _requests_since(city, now_ns)[:5]
    assert (first, second, third) == (0, 100 * MS, 200 * MS)
    assert 200 * MS < confirmation <= 300 * MS
    assert last == confirmation + SECOND
    assert city.went(State.DOWN) == {"h0"}


def test_a_forged_error_about_a_canary_does_not_blind_us() -> None:
    """The canary's reply comes after it: our path is up all the time."""
    city = _steady(5)
    city.network.hosts[CANARY] = errs_and(answers(300 * MS))
    city.run(30 * SECOND)
    assert city.paths() == []
    assert city.count() == {State.UP: 5}


errors = st.lists(
    st.tuples(
        st.integers(0, 2500), st.sampled_from([3, 4, 5, 11, 12]), st.integers(0, 15), st.sampled_from([8, 16, 24])
    ),
    max_size=6,
)


@settings(deadline=None, derandomize=True, max_examples=10)
@given(st.lists(st.tuples(st.integers(0, 2000), errors), min_size=1, max_size=5))
def test_who_answers_each_probe_in_time_is_never_down(
    behaviours: list[tuple[int, list[tuple[int, int, int, int]]]],
) -> None:
    """Whatever errors come, how many, when and how much they quote."""

    def host(request: Request) -> list[Arrival]:
        after_ms, complaints = behaviours[request.nth % len(behaviours)]
        found = [reply(request, after_ms * MS)]
        for error_ms, kind, code, quoted in complaints:
            found += fails(kind, code, error_ms * MS, quoted)(request)
        return found

    city = Watched(plan_of(hotspots(2)))
    city.network.hosts[ADDRESS] = host
    city.run(25 * SECOND)
    assert city.went(State.DOWN) == set()
    assert city.went(State.UNKNOWN) == set()
    assert np.array_equal(city.machine.counters.failures.sum(axis=1), [0, 0])
