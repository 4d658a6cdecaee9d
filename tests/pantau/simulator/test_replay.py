"""A day of the city through the real monitor, in seconds, against the script's truth."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration, load
from pantau.simulator.replay import Change, Replay
from pantau.simulator.scenario import find_scenario
from pantau.simulator.truth import Interval, Truth
from pantau.states import State

ROOT = Path(__file__).parents[3]
MIDNIGHT_NS = 1_711_900_800 * NANOSECONDS  # 2024-04-01 00:00 WITA
INTERVAL_SECONDS = 30.0
STEP_SECONDS = 5.0
HOURS = (5, 24)
"""Up to five in the morning: single faults, the island's link, and our own uplink. The whole day takes a minute."""
pytestmark = pytest.mark.long  # the dense hours of `tests/dashboards/test_truth.py` are the shorter ones of this kind


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    """The shipped city, probed every 30 s."""
    shipped = load(ROOT / "examples/bitung/pantau.yml")
    probing = shipped.settings.probing.model_copy(update={"interval_seconds": INTERVAL_SECONDS})
    settings = shipped.settings.model_copy(update={"probing": probing})
    return Configuration(shipped.path, settings, shipped.inventory, shipped.files, shipped.warnings)


class Day(NamedTuple):
    """So many hours of it, replayed."""

    seconds: int
    replay: Replay
    changes: list[Change]

    @property
    def truth(self) -> Truth:
        """What the script says of these hours."""
        return self.replay.city.truth(MIDNIGHT_NS, MIDNIGHT_NS + self.seconds * NANOSECONDS)


@pytest.fixture(scope="module", params=HOURS)
def day(request: pytest.FixtureRequest, configuration: Configuration, tmp_path_factory: pytest.TempPathFactory) -> Day:
    """The scenario ``day`` from midnight on, but for packets lost by chance, which the script does not know."""
    text = find_scenario("day").read_text(encoding="utf-8")
    lines = ["background_loss: false", *(line for line in text.splitlines() if not line.startswith("  - loss:"))]
    scenario = tmp_path_factory.mktemp("replay") / "day.yml"
    scenario.write_text("\n".join(lines), encoding="utf-8")
    replay = Replay(configuration, scenario, MIDNIGHT_NS, step_seconds=STEP_SECONDS)
    seconds = request.param * 3600
    return Day(seconds, replay, list(replay.run(seconds)))


def _overlap_ns(interval: Interval, others: tuple[Interval, ...]) -> int:
    return sum(max(0, min(interval.end_ns, o.end_ns) - max(interval.start_ns, o.start_ns)) for o in others)


def test_every_second_of_the_day_is_counted(day: Day) -> None:
    """Of each hotspot, less what its open round still holds back."""
    replay = day.replay
    replay.monitor.snapshot()
    booked = replay.monitor.judge.states.ledger.spent_ns.sum(axis=1) / NANOSECONDS
    assert booked.max() <= day.seconds
    assert booked.min() >= day.seconds - 2 * INTERVAL_SECONDS


def test_down_seconds_are_those_of_the_script(day: Day) -> None:
    """Counted down time is the scripted one outside our blindness, within an interval and a confirmation each."""
    replay, truth = day.replay, day.truth
    replay.monitor.snapshot()
    booked = replay.monitor.judge.states.ledger.spent_ns[:, State.DOWN] / NANOSECONDS
    wrong = {}
    for row, name in enumerate(replay.monitor.plan.ids[: replay.monitor.plan.hotspots]):
        outages = truth.down[row]
        scripted = sum(o.end_ns - o.start_ns - _overlap_ns(o, truth.blind) for o in outages) / NANOSECONDS
        # An outage that our blindness cuts in two ends and begins once more often.
        pieces = len(outages) + sum(_overlap_ns(blind, outages) > 0 for blind in truth.blind)
        if abs(booked[row] - scripted) > pieces * (INTERVAL_SECONDS + 3 * STEP_SECONDS):
            wrong[name] = (booked[row], scripted, len(outages))
    assert wrong == {}


def test_no_hotspot_goes_down_while_our_uplink_is_cut(day: Day) -> None:
    """Unknown is counted for every hotspot that was up."""
    replay, changes, truth = day.replay, day.changes, day.truth
    cut = max(truth.blind, key=lambda interval: interval.end_ns - interval.start_ns)
    blamed = [c for c in changes if c.after == State.DOWN and cut.start_ns <= c.at_ns < cut.end_ns]
    assert blamed == []
    unknown = replay.monitor.judge.states.ledger.spent_ns[:, State.UNKNOWN] / NANOSECONDS
    length = (cut.end_ns - cut.start_ns) / NANOSECONDS
    assert np.median(unknown) == pytest.approx(length, abs=2 * INTERVAL_SECONDS)
