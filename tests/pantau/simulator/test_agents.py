"""The agents of a simulated city: each event of the script is in what they say, and in nothing else."""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from exporter.probing.agent.beats import Beat, DoorPlan
from exporter.probing.outcome import Outcome
from pantau.clock import NANOSECONDS, ManualClock
from pantau.inventory import Configuration, load
from pantau.simulator.agents import SimulatedAgents
from pantau.simulator.equipping import ScriptedAgents, equipped
from tests.pantau.simulator.small_city import START_NS, at, city
from tests.sources import EXAMPLE

CONFIG = EXAMPLE
NAME, ROW = "H-001", 1
ELSE = "H-006"
"""Of another ISP and another ward."""


class Town:
    """Two agents, each heard every 10 s, from the script's start on."""

    def __init__(self, *events: dict[str, Any], start_seconds: float = 0.0, names: tuple[str, ...] = (NAME, ELSE)):
        self.clock = ManualClock(wall_ns=at(start_seconds))
        self.city = city(*events)
        self.agents = SimulatedAgents(self.city, self.clock, 10.0)
        self.agents.configure(door(*names))

    def pass_by(self, seconds: float) -> dict[str, list[Beat]]:
        """What each has said within so much time."""
        said: dict[str, list[Beat]] = {NAME: [], ELSE: []}
        for _ in range(round(seconds * 10)):
            self.clock.advance(NANOSECONDS // 10)
            for beat in self.agents.take():
                said.setdefault(beat.hotspot, []).append(beat)
        return said


def door(*names: str) -> DoorPlan:
    """A door that lets these in."""
    return DoorPlan(("127.0.0.1", 0), (), None, dict.fromkeys(names, 1), {}, allow_get=False, late_seconds=86_400.0)


def selected(kind: str, **fields: Any) -> dict[str, Any]:
    """An event at `NAME`, from the 100th to the 200th second."""
    return {kind: {"hotspots": [NAME], "at": "100s", "for": "100s"} | fields}


def words(beats: list[Beat]) -> Counter[tuple[str | None, str | None]]:
    """How often portal and names were found to be what."""
    return Counter((beat.minute.portal, beat.minute.dns) for beat in beats)


@pytest.fixture(scope="module")
def bitung() -> Configuration:
    """The example city."""
    return load(CONFIG)


def test_who_has_an_agent_in_the_example_city(bitung: Configuration) -> None:
    """The 41 Starlink points of Lembeh and the 7 of Pinangunian, which nobody can ping, and a third of the others."""
    hotspots = equipped(bitung, ScriptedAgents(), 0).inventory.hotspots
    starlink = Counter(one.kecamatan for one in hotspots if one.ping == "none")
    assert starlink["lembeh-selatan"] + starlink["lembeh-utara"] == 41
    assert {one.kelurahan for one in hotspots if one.ping == "none" and one.kecamatan == "aertembaga"} == {
        "Pinangunian"
    }
    assert starlink.total() == 48
    assert all(one.agent for one in hotspots if one.access == "starlink")
    assert sum(one.agent for one in hotspots) == 48 + 317
    assert len({one.isp for one in hotspots if one.agent}) >= 3
    assert equipped(bitung, None, 0) is bitung


def test_each_speaks_once_an_interval() -> None:
    """In its own second, with what clients get, and with counters that rise."""
    said = Town(start_seconds=20 * 3600).pass_by(100)
    for beats in said.values():
        assert len(beats) == 10
        assert {second.at_ns - first.at_ns for first, second in pairwise(beats)} == {10 * NANOSECONDS}
        assert words(beats) == {("ok", "ok"): 10}
        assert len({beat.boot for beat in beats}) == 1
        seqs = [beat.seq or 0 for beat in beats]
        assert seqs == [beat.minute.uptime for beat in beats]
        assert np.diff(seqs).tolist() == [10] * 9
        received = [beat.minute.rx_bytes or 0 for beat in beats]
        assert received == sorted(received)
    assert said[NAME][0].at_ns != said[ELSE][0].at_ns


@pytest.mark.parametrize(
    ("event", "during"),
    [
        (selected("isolated"), ("isolir", "ok")),
        (selected("no_internet"), ("fail", "fail")),
        (selected("no_internet", names=True), ("ok", "fail")),
        (selected("ping_filtered"), ("ok", "ok")),
    ],
)
def test_what_a_client_gets_is_told(event: dict[str, Any], during: tuple[str, str]) -> None:
    """While it lasts, at that hotspot alone, and every heartbeat comes."""
    town = Town(event)
    assert words(town.pass_by(100)[NAME]) == {("ok", "ok"): 10}
    said = town.pass_by(100)
    assert (words(said[NAME]), words(said[ELSE])) == ({during: 10}, {("ok", "ok"): 10})
    after = town.pass_by(100)[NAME]
    assert words(after) == {("ok", "ok"): 10}
    assert [beat.late for beat in after] == [()] * 10


def test_a_filtered_ping_is_silent() -> None:
    """Of that hotspot, while it lasts; it is no outage."""
    filtered = city(selected("ping_filtered"))
    rows = np.array([ROW, 6])
    for seconds, outcomes in ((50, [0, 0]), (150, [Outcome.TIMEOUT, 0]), (250, [0, 0])):
        assert filtered.answers(rows, np.full(2, at(seconds))).outcome.tolist() == outcomes
    assert filtered.truth(START_NS, at(300)).down == ((),) * 40


def test_a_link_that_was_cut_is_told_of_later() -> None:
    """The device has been running all the while: its uptime says so, and the minutes come with their ages."""
    town = Town(selected("hotspot_down"))
    before = town.pass_by(100)[NAME]
    assert town.pass_by(100)[NAME] == []
    first, second = town.pass_by(20)[NAME]
    assert (first.boot, second.late) == (before[0].boot, ())
    assert (first.seq or 0) - (before[-1].seq or 0) == 110
    assert [round(one.age_seconds) for one in first.late] == list(range(100, 0, -10))
    assert {(one.minute.portal, one.minute.dns) for one in first.late} == {("fail", "fail")}


@pytest.mark.parametrize(
    "event",
    [
        selected("hotspot_down", power=True),
        {"kelurahan_power_cut": {"kelurahan": "Bitung Timur", "at": "100s", "for": "100s"}},
    ],
)
def test_electricity_that_failed_is_told_by_the_uptime(event: dict[str, Any]) -> None:
    """The device has begun anew, and knows of nothing before."""
    town = Town(event)
    before = town.pass_by(100)[NAME]
    assert town.pass_by(100)[NAME] == []
    first = town.pass_by(10)[NAME][0]
    assert first.boot != before[-1].boot
    assert 0 <= (first.minute.uptime or 0) <= 10
    assert first.late == ()
    assert (first.minute.rx_bytes or 0) < (before[-1].minute.rx_bytes or 1) + 1


@pytest.mark.parametrize("event", ["vantage_cut", "door_closed"])
def test_what_we_did_not_hear_was_served(event: str) -> None:
    """Nobody is heard, and afterwards everybody tells that it was up."""
    town = Town({event: {"at": "100s", "for": "100s"}})
    town.pass_by(99.9)
    was_open = town.agents.open
    assert town.pass_by(100) == {NAME: [], ELSE: []}
    assert (was_open, town.agents.open) == (True, event != "door_closed")
    for beats in town.pass_by(10).values():
        assert [(one.minute.portal, one.minute.dns) for one in beats[0].late] == [("ok", "ok")] * 10
    assert len(town.agents.take_late()) == 2


def test_an_agent_that_stopped_says_nothing_later() -> None:
    """Its hotspot serves, and pings are answered."""
    town = Town(selected("agent_silent"))
    town.pass_by(100)
    assert town.pass_by(100)[NAME] == []
    assert town.pass_by(10)[NAME][0].late == ()
    assert town.city.truth(START_NS, at(300)).down == ((),) * 40


def test_people_come_by_the_hour() -> None:
    """More in the evening than before dawn; fewer where they get nothing, and their bytes are none."""
    everybody = tuple(f"H-{row:03}" for row in range(40))
    sums = {}
    for hour in (5, 12, 20):
        said = Town(start_seconds=hour * 3600, names=everybody).pass_by(10)
        sums[hour] = sum(beats[0].minute.clients or 0 for beats in said.values())
    assert 0 <= sums[5] < sums[12] < sums[20]
    town = Town({"isolated": {"all": True}}, start_seconds=20 * 3600, names=everybody)
    said = town.pass_by(20)
    assert 0 < sum(beats[0].minute.clients or 0 for beats in said.values()) < sums[20] / 2
    assert {beat.minute.rx_bytes for beats in said.values() for beat in beats} == {0}


def test_a_call_between_heartbeats_touches_nobody() -> None:
    """Its cost is the same for 40 agents and for a city of them: nothing is looked at that is not due."""
    town = Town(names=tuple(f"H-{row:03}" for row in range(40)))
    town.pass_by(10)
    town.agents._devices.clear()  # whoever were looked at now would be missed
    moment_ns = town.agents._due[0][0] - town.clock.wall_ns()
    town.clock.advance(moment_ns - 1)
    assert town.agents.take() == ()


def test_a_new_inventory_changes_no_device() -> None:
    """Who was there goes on with his boot and his counters; who is new begins, who is gone is silent."""
    town = Town(names=(NAME,))
    before = town.pass_by(100)[NAME][-1]
    town.agents.settle(city(), 10.0)
    town.agents.configure(door(NAME, ELSE))
    said = town.pass_by(10)
    assert (said[NAME][0].boot, len(said[ELSE])) == (before.boot, 1)
    town.agents.configure(None)
    assert (town.pass_by(20), town.agents.open) == ({NAME: [], ELSE: []}, False)
