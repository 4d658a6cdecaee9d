"""The main figures of the dashboards over a whole scripted day, against the script: `make dashboards-day`.

Not in `make test`, for it takes minutes: a quarter of the city, probed every 10 s from midnight to midnight, with the
faults of `pantau/simulator/scenarios/day.yml`. What every target answers, `test_truth` asks about denser hours.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lab.history.prometheus import prometheus
from lab.history.recorded import HistoryPlan, RecordedHistory, smaller
from pantau.inventory import Canary, Configuration, load
from pantau.simulator.scenario import find_scenario
from pantau.states import State
from tests.dashboards.conftest import Drawn
from tests.dashboards.dense_city import START_SECONDS
from tests.dashboards.story import Story
from tests.dashboards.test_truth import test_availability, test_the_worst
from tests.programs import require_program

__all__ = ["test_availability", "test_the_worst"]

ROOT = Path(__file__).parents[2]
DAY_SECONDS = 86_400
PART = int(os.environ.get("PART", "4"))
"""One of so many hotspots of each ISP in each kecamatan."""

pytestmark = [pytest.mark.timeout(7200), pytest.mark.parametrize("drawn", ["id"], indirect=True)]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The day, in a Prometheus that still runs."""
    program = require_program("prometheus")
    plan = HistoryPlan(_city(), find_scenario("day"), START_SECONDS, DAY_SECONDS, scrape_seconds=30, circle_seconds=60)
    history = RecordedHistory(plan)
    with prometheus(tmp_path_factory.mktemp("day"), str(program)) as running:
        for until in history.write(running):
            if (until - plan.start_seconds) % 7200 == 0:
                print(f"{(until - plan.start_seconds) // 3600} of 24 hours")
        yield Story(history, running, {})


def _city() -> Configuration:
    city = load(ROOT / "examples" / "bitung" / "pantau.yml")
    city = smaller(city, PART) if PART > 1 else city
    canaries = (Canary(name="gateway", address="10.76.0.1"), Canary(name="dns", address="10.76.0.2"))
    vantage = city.settings.vantage.model_copy(update={"canaries": canaries})
    return replace(city, settings=city.settings.model_copy(update={"vantage": vantage}))


def test_share_online_and_offline(drawn: Drawn, story: Story) -> None:
    """At midnight, to the last hotspot."""
    down = story.down_now(story.where())
    assert len(down) >= 10
    assert story.number(drawn["pantau-kota"], 1) == pytest.approx(1 - len(down) / len(story.hotspots))
    assert story.number(drawn["pantau-kota"], 2, "down") == len(down)
    state = story.history.replay.monitor.judge.states.state[: len(story.hotspots)]
    assert np.flatnonzero(state == State.DOWN).tolist() == sorted(down)


def test_the_day_as_it_was_delivered(drawn: Drawn, story: Story) -> None:
    """The whole hours that the SLA dashboard sums, of all contracts together, and what is left of the budget."""
    hour = story.evaluations("contract:available_seconds:hourly")[-1]
    until = max(at for at in story.evaluations("city:hotspot_availability:ratio1d") if at <= hour)
    assert story.number(drawn["pantau-sla"], 1) == pytest.approx(story.availability(story.where(), until), abs=0.0005)


def test_outages_are_counted(drawn: Drawn, story: Story) -> None:
    """Each of the script where no packet is lost by chance, and as many as the verdicts made; none is invented."""
    inventory = story.history.plan.configuration.inventory
    lossy = {(one.kecamatan, one.isp) for one in inventory.active_hotspots if (one.access or "").startswith("radio")}
    checked = {(one.kecamatan, one.isp) for one in story.hotspots} - lossy
    assert checked
    for kecamatan, isp in checked:
        counted = story.number(drawn["pantau-kecamatan"], 5, "A", kecamatan=kecamatan, isp=isp)
        assert counted == story.outages(story.where(kecamatan=kecamatan, isp=isp)), (kecamatan, isp)
