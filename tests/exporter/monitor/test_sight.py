"""Which points we cannot see, since when and why; which have never answered. Our own faults are neither."""

import errno

import pytest

from exporter.planning.labels import UplinkLabels
from exporter.verdicts.picture import SightFigures
from exporter.verdicts.sight import UnseenReason
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, EPOCH_SECONDS, Watched, hotspots, plan_of, window_of
from tests.network import MS, SECOND, answers, silent

NAMED = {"h0": "10.77.0.1", "typo": "ap-puskesmas.bitnug.example", "h2": "10.77.0.3"}


def sight(city: Watched) -> SightFigures:
    """What a scrape tells."""
    figures = city.monitor.snapshot().sight
    assert figures is not None
    return figures


def reasons(city: Watched) -> dict[str, str]:
    """Why each hotspot that cannot be seen cannot."""
    return {city.monitor.plan.ids[row]: reason for row, reason in sight(city).reasons}


def since(city: Watched, name: str) -> float:
    """Since when a hotspot cannot be seen, in seconds after the start; -1 while it can."""
    seconds = float(sight(city).unseen_since_seconds[city.row(name)])
    return round(seconds - EPOCH_SECONDS, 1) if seconds else -1


def unroutable(city: Watched, address: str, number: int = errno.ENETUNREACH) -> None:
    """No probe to an address leaves."""
    city.network.refusals[address] = number


def test_a_mistyped_name_and_an_address_without_a_route_are_told_with_their_reason() -> None:
    """From the start on, and for as long as it lasts; whoever is seen is not."""
    city = Watched(plan_of(NAMED))
    unroutable(city, "10.77.0.3")
    city.run(15 * SECOND)
    assert reasons(city) == {"typo": "resolve", "h2": "send"}
    city.run(60 * SECOND)
    assert reasons(city) == {"typo": "resolve", "h2": "send"}
    assert [since(city, name) for name in NAMED] == [-1, 0, 0]
    assert set(city.machine.counters.unsent.values()) <= {7, 8}


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EAFNOSUPPORT])
def test_a_point_that_was_seen_and_loses_its_route_is_told_since_then(number: int) -> None:
    """And no more as soon as it answers."""
    city = Watched(plan_of(hotspots(2))).run(60 * SECOND)
    assert reasons(city) == {}
    unroutable(city, "10.77.0.2", number)
    city.run(40 * SECOND)
    assert reasons(city) == {"h1": "send"}
    assert 60 <= since(city, "h1") <= 70
    city.network.refusals.clear()
    city.run(11 * SECOND)
    assert (reasons(city), since(city, "h1")) == ({}, -1)


def test_a_point_that_is_down_is_seen() -> None:
    """Silence is an answer of its own: it is an outage's matter."""
    city = Watched(plan_of(hotspots(2)))
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    assert city.state_of("h0") == State.DOWN
    assert reasons(city) == {}


def test_while_our_own_path_is_cut_nobody_becomes_unseen_and_nobody_ceases_to_be() -> None:
    """h0 and h2 are unknown by our fault, which is told as such; the mistyped one was unseen before and stays."""
    city = Watched(plan_of(NAMED)).run(30 * SECOND)
    assert reasons(city) == {"typo": "resolve"}
    city.network.hosts |= dict.fromkeys([CANARY, "10.77.0.1", "10.77.0.3"], silent)
    city.run(60 * SECOND)
    assert not city.sees()
    assert city.count() == {State.UNKNOWN: 3}
    assert reasons(city) == {"typo": "resolve"}
    assert since(city, "typo") == 0
    city.network.hosts.clear()
    city.run(SECOND)
    assert city.sees()
    city.run(15 * SECOND)
    assert reasons(city) == {"typo": "resolve"}


def test_what_is_found_unseen_after_a_fault_of_ours_is_unseen_since_its_end() -> None:
    """The route was lost while we could not see: when, nobody knows."""
    city = Watched(plan_of(hotspots(2))).run(30 * SECOND)
    city.network.hosts |= dict.fromkeys([CANARY, "10.77.0.1", "10.77.0.2"], silent)
    city.run(60 * SECOND)
    unroutable(city, "10.77.0.2")
    city.network.hosts.clear()
    city.run(30 * SECOND)
    assert reasons(city) == {"h1": "send"}
    assert 90 <= since(city, "h1") <= 91


def test_in_maintenance_nobody_is_unseen() -> None:
    """Nobody expects to see it; after the window it is told, since the window's end or before."""
    windows = (window_of("w", [1], 30, 90),)
    city = Watched(plan_of(NAMED, windows=windows)).run(25 * SECOND)
    assert reasons(city) == {"typo": "resolve"}
    city.run(40 * SECOND)
    assert reasons(city) == {}
    city.run(40 * SECOND)
    assert reasons(city) == {"typo": "resolve"}


def test_a_point_of_which_no_round_ends_is_told_after_a_minute() -> None:
    """Nothing is sent at all, as when every slot is skipped."""
    city = Watched(plan_of(hotspots(1), interval_ns=10_000 * SECOND))
    city.run(59 * SECOND)
    assert reasons(city) == {}
    city.run(2 * SECOND)
    assert reasons(city) == {"h0": "waiting"}


def test_a_point_that_nothing_probes_is_told() -> None:
    """It has no address, and no other kind looks for it."""
    city = Watched(plan_of({"h0": None, "h1": "10.77.0.2"})).run(15 * SECOND)
    assert reasons(city) == {"h0": "unwatched"}


def test_an_uplink_is_told_to_the_page_and_not_among_the_hotspots() -> None:
    """Its row is behind theirs."""
    uplinks = (UplinkLabels("pop", "maesa", "telkom"),)
    city = Watched(plan_of({"h0": "10.77.0.1", "pop": "pop.example"}, uplinks=uplinks)).run(30 * SECOND)
    assert reasons(city) == {}
    unseen = city.judge.unseen(city.clock.monotonic_ns())
    assert (unseen.rows.tolist(), unseen.reason.tolist()) == ([1], [UnseenReason.RESOLVE])


def test_a_reload_keeps_since_when_a_point_cannot_be_seen() -> None:
    """It moves to another row."""
    city = Watched(plan_of(NAMED)).run(60 * SECOND)
    city.reload(plan_of({"new": "10.77.9.1", **NAMED}))
    city.run(60 * SECOND)
    assert reasons(city) == {"typo": "resolve"}
    assert since(city, "typo") == 0


def test_who_has_never_answered_is_told_until_it_does() -> None:
    """h1 is dead from the start, and comes to life; h0 answers, dies, and has answered all the same."""
    city = Watched(plan_of(hotspots(2)))
    assert sight(city).answered.tolist() == [0, 0]
    city.network.hosts["10.77.0.2"] = silent
    city.run(30 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    city.run(30 * SECOND)
    assert sight(city).answered.tolist() == [1, 0]
    city.network.hosts["10.77.0.2"] = answers(5 * MS)
    city.run(30 * SECOND)
    assert sight(city).answered.tolist() == [1, 1]


def test_what_the_journal_knows_to_have_answered_has() -> None:
    """A point that answered last month and is silent since before our start is an outage, not one never seen."""
    city = Watched(plan_of(hotspots(3)))
    city.network.default = silent
    city.network.hosts[CANARY] = answers()
    city.monitor.remember_answered({"h1", "of another place"})
    city.monitor.restore({"h2": 1})
    city.run(30 * SECOND)
    assert sight(city).answered.tolist() == [0, 1, 1]
    assert city.count() == {State.DOWN: 3}
    city.reload(plan_of({"new": "10.77.9.1", **hotspots(3)}))
    assert sight(city).answered.tolist() == [0, 0, 1, 1]
