"""A night of the city with an announced window on an ISP that overruns, in seconds, against the script's truth."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from pantau.clock import NANOSECONDS
from pantau.inventory import Configuration, MaintenanceWindow, load
from pantau.simulator.replay import Replay
from pantau.states import State

ROOT = Path(__file__).parents[3]
MIDNIGHT_NS = 1_711_900_800 * NANOSECONDS  # 2024-04-01 00:00 WITA
MINUTE = 60
SLACK_SECONDS = 45.0
"""An interval, and three steps of the replay."""
SCENARIO = """
name: Works
background_loss: false
events:
  - isp_outage: {isp: indosat, at: 30m, for: 1h}
  - vantage_cut: {at: 20m, for: 2m}
"""
WINDOW = {
    "id": "works",
    "scope": "isp",
    "target": "indosat",
    "start": "2024-04-01 00:15",
    "end": "2024-04-01 01:00",
    "reason": "Router baru",
    "filed_at": "2024-03-28 09:00",
    "approved_by": "Diskominfo",
}


@pytest.fixture(scope="module")
def configuration() -> Configuration:
    """The shipped city, probed every 30 s, with the window."""
    shipped = load(ROOT / "examples/bitung/pantau.yml")
    probing = shipped.settings.probing.model_copy(update={"interval_seconds": 30.0})
    return dataclasses.replace(
        shipped,
        settings=shipped.settings.model_copy(update={"probing": probing}),
        inventory=dataclasses.replace(shipped.inventory, maintenance=(MaintenanceWindow.model_validate(WINDOW),)),
    )


def test_an_overrun_is_counted_as_maintenance_and_then_down(configuration: Configuration, tmp_path: Path) -> None:
    """Of indosat's 143: 45 min of maintenance to the nanosecond, down from the window's end to the outage's.

    Our own cut within the window is maintenance for them, and unknown for the others.
    """
    scenario = tmp_path / "works.yml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    replay = Replay(configuration, scenario, MIDNIGHT_NS, step_seconds=5.0)
    mine = np.array([labels.isp == "indosat" for labels in replay.monitor.plan.labels])
    overrun = []
    for minutes in (50, 20, 50):
        for _ in replay.run(minutes * MINUTE):
            pass
        overrun.append({row for row, window in replay.monitor.snapshot().overruns if window == "works"})
    assert mine.sum() == 143
    assert overrun == [set(), set(np.flatnonzero(mine).tolist()), set()]
    spent = replay.monitor.snapshot().state_seconds
    assert spent[mine, State.MAINTENANCE].tolist() == [45 * MINUTE] * 143
    assert spent[mine, State.DOWN] == pytest.approx(np.full(143, 30 * MINUTE), abs=SLACK_SECONDS)
    assert spent[~mine][:, [State.MAINTENANCE, State.DOWN]].max() == 0
    assert np.median(spent[~mine, State.UNKNOWN]) - np.median(spent[mine, State.UNKNOWN]) == pytest.approx(
        2 * MINUTE, abs=SLACK_SECONDS
    )
    assert spent.sum(axis=1) == pytest.approx(np.full(1000, 120 * MINUTE), abs=2 * SLACK_SECONDS)
