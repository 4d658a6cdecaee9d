"""A city behind a policer: our own traffic makes no living hotspot look dead, and no policer is taken for the city."""

import dataclasses

import pytest

from exporter.planning.plan import References
from exporter.planning.policy import RoundPolicy
from pantau.states import State
from tests.exporter.monitor.watched import POLICY, hotspots
from tests.exporter.probing.icmp.policed import PolicedCity, Policer
from tests.network import MS, SECOND
from tests.sampling import sampled

BASE = 100
"""Probes a second of a thousand hotspots each 10 s."""


def unknown(city: PolicedCity) -> int:
    """Hotspots that are unknown now."""
    return int((city.watched.states.shown()[: len(city.addresses)] == State.UNKNOWN).sum())


@pytest.mark.parametrize("factor", sampled([1.2, 1.5, 2.0], [1.2]))
@pytest.mark.parametrize(
    ("interval", "timeout", "count"), [(10, 2.0, 1000), (1, 0.5, 1000), (5, 1.0, 1000), (10, 2.0, 2000)]
)
def test_rounds_pass_a_policer_a_little_above_their_rate(
    factor: float, interval: int, timeout: float, count: int
) -> None:
    """Nothing is lost from the start on, with two canaries; a burst of 20."""
    policer = Policer(factor * count / interval)
    city = PolicedCity(hotspots(count), policer, interval_ns=interval * SECOND, timeout_ns=round(timeout * SECOND)).run(
        3 * interval
    )
    assert (policer.dropped, city.ever_down(), unknown(city)) == (0, set(), 0)
    assert policer.passed >= 3 * count


def test_further_packets_and_both_families_pass_as_well() -> None:
    """Three packets a round, half of the hotspots on IPv6."""
    policy = dataclasses.replace(POLICY, round=RoundPolicy(3, 3, SECOND, lost_after_ns=2200 * MS))
    mixed = hotspots(500) | {f"s{row}": f"fd77::{row:x}" for row in range(1, 501)}
    policer = Policer(1.2 * 3 * BASE)
    city = PolicedCity(mixed, policer, policy=policy).run(30)
    assert (policer.dropped, city.ever_down()) == (0, set())


def test_a_policer_of_replies_is_as_harmless() -> None:
    """RTTs of 10 to 300 ms mix the replies of several bursts; twice the rate lets them pass."""
    policer = Policer(2 * BASE)
    city = PolicedCity(hotspots(1000), None)
    city.police_replies(policer, 300 * MS)
    city.run(40)
    assert policer.dropped == 0
    assert city.ever_down() == set()


@pytest.mark.parametrize("factor", sampled([1.5, 2.0], [1.5]))
def test_when_three_hundred_fall_at_once_the_living_lose_next_to_nothing(factor: float) -> None:
    """All 300 are confirmed by re-probes: below 1 % of the others' probes are lost, none is called down."""
    city = PolicedCity(hotspots(1000), Policer(factor * BASE)).run(20)
    city.dead = set(list(city.addresses.values())[:300])
    city.run(100)
    assert city.living_lost_ratio() < (0.01 if factor < 2 else 1e-9)
    assert city.ever_down() == set(list(city.addresses)[:300])


def test_where_there_is_no_policer_three_hundred_are_found_in_time() -> None:
    """Six tenths within 14.5 s of the cut, as the rules' budget has room for; all within 20 s."""
    city = PolicedCity(hotspots(1000), None).run(20)
    cut_ns = city.watched.clock.monotonic_ns()
    city.dead = set(list(city.addresses.values())[:300])
    city.run(14.5)
    assert len(city.ever_down()) >= 180
    city.run(5.5)
    assert len(city.ever_down()) == 300
    assert min(at_ns for _, _, after, at_ns in city.watched.changes if after == State.DOWN) >= cut_ns


@pytest.mark.parametrize("factor", sampled([0.2, 0.5, 0.8, 0.9, 0.95], [0.5, 0.95]))
def test_a_policer_below_our_rate_makes_unknown_what_it_drops_and_is_told(factor: float) -> None:
    """Nothing that lives is called down in a minute; the canaries' path fails, or lost probes are told as policed."""
    city = PolicedCity(hotspots(1000), Policer(factor * BASE)).run(60)
    assert city.ever_down() == set()
    assert unknown(city) > 0
    assert city.watched.prober.policing.voided > 20 or not city.watched.vantage.up


def test_a_policer_that_comes_and_goes_leaves_everybody_up() -> None:
    """Half the rate for a minute, then none: all are up again within two rounds."""
    city = PolicedCity(hotspots(1000), None).run(20)
    city.policer = Policer(BASE / 2)
    city.run(60)
    city.policer = None
    city.run(25)
    assert (city.ever_down(), unknown(city), city.watched.vantage.up) == (set(), 0, True)


def test_a_reload_sends_no_burst() -> None:
    """To twice the hotspots, and back: a policer of the new rate and a fifth drops nothing."""
    policer = Policer(1.2 * 2 * BASE)
    city = PolicedCity(hotspots(1000), policer).run(15)
    for count in (2000, 1000):
        city.reload(hotspots(count))
        city.run(15)
    assert policer.dropped == 0
    assert city.ever_down() == set()


@pytest.mark.parametrize("stall_ms", [50, 150, 900])
def test_what_a_stall_of_ours_has_held_up_is_made_up_for_without_a_burst(stall_ms: int) -> None:
    """A busy machine: each 4 s nothing is done for a while. A policer of twice the rate drops nothing all the same."""
    policer = Policer(2 * BASE)
    city = PolicedCity(hotspots(1000), policer)
    for _ in range(8):
        city.watched.clock.advance(stall_ms * MS)
        city.run(4)
    assert (policer.dropped, city.ever_down()) == (0, set())


def test_a_blackout_of_a_moment_is_no_policer() -> None:
    """Everything is lost for 300 ms: nobody is down, and what was lost is asked again, not unknown."""
    city = PolicedCity(hotspots(1000), None).run(15)
    city.policer = Policer(1e-6, burst=0)
    city.run(0.3)
    city.policer = None
    city.run(20)
    assert (city.ever_down(), city.watched.prober.policing.voided) == (set(), 0)


def test_one_bad_canary_of_two_is_no_policer() -> None:
    """It loses every fifth probe; three hotspots die, and are found."""
    city = PolicedCity(hotspots(100), None, references=References(("a", "b"), ("", ""), 1))
    city.lossy["10.76.0.1"] = 5
    city.run(15)
    city.dead = set(list(city.addresses.values())[:3])
    city.run(20)
    assert len(city.ever_down()) == 3
    assert city.watched.prober.policing.voided == 0
