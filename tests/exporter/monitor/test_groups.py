"""What a scrape names and adds up for the rules: who is down since when, who has no verdict, and the sums of groups."""

import dataclasses

import pytest

from exporter.metrics.exposition import HotspotExposition
from pantau.states import State
from tests.exporter.monitor.watched import CANARY, EPOCH_SECONDS, Watched, hotspots, plan_of, window_of
from tests.network import SECOND, silent

DOWN, AWAITING = "hotspot_down_since_timestamp_seconds", "hotspot_awaiting_verdict"
SILENT, MAINTENANCE = "hotspot_silent_since_timestamp_seconds", "hotspot_maintenance"


def named(city: Watched, family: str) -> dict[str, float]:
    """The hotspots that the family shows, with its values."""
    text = b"".join(HotspotExposition().render(city.monitor.snapshot(), openmetrics=False)).decode()
    lines = [line for line in text.splitlines() if line.startswith(f"{family}{{")]
    return {line.split('"')[1]: float(line.rsplit(" ", 1)[1]) for line in lines}


def test_who_is_down_is_named_with_the_time_of_the_first_lost_probe() -> None:
    """Nobody while all is well; one that does not answer from its verdict on, and no longer once it has come up."""
    city = Watched(plan_of(hotspots(3))).run(25 * SECOND)
    assert named(city, DOWN) == named(city, AWAITING) == {}
    city.network.hosts["10.77.0.1"] = silent
    city.run(20 * SECOND)
    first_lost = next(at for name, _, after, at in city.changes if name == "h0" and after == State.DOWN)
    start = city.clock.monotonic_ns() - round((city.clock.wall_ns() / SECOND - EPOCH_SECONDS) * SECOND)
    assert named(city, DOWN) == {"h0": pytest.approx(EPOCH_SECONDS + (first_lost - start) / SECOND, abs=0.002)}
    replied = city.monitor.snapshot().last_reply_seconds[0]
    assert named(city, SILENT) == {"h0": pytest.approx(replied)}
    assert EPOCH_SECONDS < replied < named(city, DOWN)["h0"]
    del city.network.hosts["10.77.0.1"]
    city.run(25 * SECOND)
    assert named(city, DOWN) == named(city, SILENT) == {}


def test_our_own_blindness_moves_nothing() -> None:
    """Unknown is no new outage: the one that was known stays, with its beginning."""
    city = Watched(plan_of(hotspots(3))).run(25 * SECOND)
    city.network.hosts["10.77.0.1"] = silent
    before = named(city.run(20 * SECOND), DOWN)
    city.network.hosts |= dict.fromkeys([*hotspots(3).values(), CANARY], silent)
    city.run(30 * SECOND)
    assert city.count() == {State.UNKNOWN: 3}
    assert named(city, DOWN) == before != {}
    assert named(city, AWAITING) == {}


def test_a_restart_awaits_verdicts_until_they_come() -> None:
    """All, then none; what the journal remembers needs no waiting, and is down since the start as far as we know."""
    city = Watched(plan_of(hotspots(3)))
    assert named(city, AWAITING) == {"h0": 1, "h1": 1, "h2": 1}
    city.monitor.restore({"h0": 0, "h1": 1})
    assert named(city, AWAITING) == {"h2": 1}
    assert named(city, DOWN) == {"h0": EPOCH_SECONDS}
    city.run(25 * SECOND)
    assert named(city, AWAITING) == named(city, DOWN) == {}


def test_maintenance_is_nobody_s_outage() -> None:
    """Neither is shown under a window, which is; what is still down at its end is, since then."""
    city = Watched(plan_of(hotspots(2), windows=(window_of("w", [0], 30, 70), window_of("v", [1], 0, 20))))
    assert named(city, AWAITING) == {"h0": 1}
    assert named(city, MAINTENANCE) == {"h1": 1}
    city.network.hosts["10.77.0.1"] = silent
    city.run(60 * SECOND)
    assert city.monitor.snapshot().up.tolist() == [0, 1]
    assert named(city, DOWN) == named(city, SILENT) == {}
    assert named(city, MAINTENANCE) == {"h0": 1}
    city.run(20 * SECOND)
    assert named(city, DOWN) == {"h0": EPOCH_SECONDS + 70}
    assert named(city, SILENT).keys() == {"h0"}
    assert named(city, MAINTENANCE) == {}


def test_the_groups_go_on_over_a_reload() -> None:
    """A hotspot leaves and one changes its contract: what was counted under the old one stays there."""
    labels = plan_of(hotspots(3)).labels
    under = tuple(dataclasses.replace(row, contract="K-1") for row in labels)
    city = Watched(plan_of(hotspots(3), labels=under)).run(60 * SECOND)
    before = city.monitor.snapshot()
    assert before.groups.requests.tolist() == [before.requests.sum()]
    assert before.groups.hotspots[0, State.UP] == 3
    assert before.groups.state_seconds.sum() == pytest.approx(before.state_seconds.sum())
    rest = {name: address for name, address in hotspots(3).items() if name != "h0"}
    moved = (dataclasses.replace(under[1], contract="K-2"), under[2])
    city.reload(plan_of(rest, labels=moved))
    after = city.monitor.snapshot().groups
    assert [row.contract for row in after.labels] == ["K-2", "K-1"]
    assert after.requests.tolist() == [0, before.groups.requests[0]]
    assert after.state_seconds[0].sum() == 0
    city.run(40 * SECOND)
    assert city.monitor.snapshot().groups.requests.tolist() == [4, before.groups.requests[0] + 4]
