"""A reload that takes a kind of probe away from a hotspot, and gives it back: what it said does not outlive it."""

from pathlib import Path
from typing import cast

import pytest

from exporter import kinds
from exporter.planning.plan import KindPlan, Role, Watched
from exporter.probing.prober import Prober
from exporter.verdicts.events import StatesChanged
from exporter.world import World
from pantau.clock import Clock
from pantau.inventory import Configuration
from pantau.states import State
from tests.exporter.test_new_kind import HOTSPOTS, KIND, BeaconProber, City, plan_beacons, with_probers

WITHOUT = {"ping": "ping", "starlink": "bare", "both": "ping only"}


@pytest.fixture(params=[Role.REACHABILITY, Role.SERVICE])
def city(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """The beacons, as a kind that reaches for the hotspots, or asks for their service."""

    def plan_kind(configuration: Configuration, watched: Watched) -> KindPlan:
        plan = plan_beacons(configuration, watched)
        return KindPlan(KIND, request.param, plan.interval_ns, plan.watched, plan.policy, plan.references)

    def opened(plan: KindPlan, world: World, clock: Clock, slots: kinds.SlotPolicy) -> Prober:
        of_city = cast("City", world)
        return BeaconProber(plan, of_city.air, lambda: of_city.monitor.plan.ids)

    monkeypatch.setattr(kinds, "KINDS", [*kinds.KINDS, kinds.ProbeKind(plan_kind, opened)])
    return City(tmp_path)


async def test_what_it_said_ends_with_its_watch(city: City) -> None:
    """The pings alone decide from the reload on, the change is told, and its figures are gone from the picture."""

    async def story() -> None:
        await city.run(15)
        city.air.silent |= {"both"}
        await city.run(20)
        said = city.states()["both"]
        city.write(WITHOUT)
        city.events.clear()
        assert await city.exporter.reload() == []
        assert city.monitor.snapshot().checks == []
        assert city.states()["both"] == State.UP
        if said != State.UP:
            (told,) = [one for one in city.events if isinstance(one, StatesChanged) and len(one.targets)]
            assert (told.kind, told.after.tolist()) == (KIND, [State.UP])
        await city.run(40)
        assert city.states()["both"] == State.UP
        city.air.silent.clear()
        city.write(HOTSPOTS)
        assert await city.exporter.reload() == []
        await city.run(15)
        assert [check.check for check in city.monitor.snapshot().checks] == [KIND]
        assert city.states()["both"] == State.UP

    await with_probers(city, story)
