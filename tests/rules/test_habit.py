"""What is usual for an ISP is remembered while Prometheus is away: else every dead point would be a degradation."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.bitung import UPSTREAM, bitung, spread
from tests.rules.observed import City, Fault
from tests.rules.scenario import written
from tests.rules.test_promtool import promtool

ABSENT_MINUTES = 20
DEGRADED = 'count(ALERTS{alertname="IspDegraded", alertstate="firing", isp="telkom"})'


def degraded_after(habit: str, folder: Path) -> bool:
    """Whether IspDegraded fires: 30 % of telkom are off, and its habit was last learnt `ABSENT_MINUTES` before."""
    seconds = ABSENT_MINUTES * 60
    city = City(bitung(), [Fault(spread("telkom", 0.3), 0)], upstream=UPSTREAM, seconds=seconds + 20)
    file: dict[str, Any] = written(city, []) | {"evaluation_interval": "30s"}
    series = {"series": 'isp:hotspots_down_habit:ratio{isp="telkom"}', "values": habit}
    file["tests"][0]["input_series"].append(series)
    file["tests"][0]["promql_expr_test"] = [{"expr": DEGRADED, "eval_time": f"{seconds}s", "exp_samples": []}]
    path = folder / "habit.test.yml"
    path.write_text(yaml.safe_dump(file, width=10_000), encoding="utf-8")
    return promtool("test", "rules", path).returncode != 0


@pytest.mark.parametrize(("habit", "degraded"), [("0.25", False), ("0.02", True)])
def test_an_old_habit_is_better_than_none(habit: str, degraded: bool, tmp_path: Path) -> None:
    """A fifth beyond the habit is a degradation, and the habit that was learnt before Prometheus went away counts."""
    assert degraded_after(habit, tmp_path) is degraded
