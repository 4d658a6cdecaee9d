"""A month that began badly, opened from the wall with its 24 good hours: SLA and Eksekutif speak of their own time.

Two contracts of the same delivery and of different promises; what is recorded of them is written into a Prometheus.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from dashboards.asking import Question, defaults, questions
from dashboards.checking.named import property_of
from lab.history.prometheus import PrometheusServer, prometheus
from lab.history.remote_write import label_bytes, sample_rows, series
from pantau.states import State
from tests.dashboards.conftest import Drawn
from tests.programs import require_program

pytestmark = [pytest.mark.stack, pytest.mark.timeout(120)]

HOUR, DAY = 3600, 86_400
BEGIN = 1_709_222_400
"""2024-03-01 00:00 in WITA."""
HOURS = 462
NOW = BEGIN + HOURS * HOUR
"""Early on the 20th."""
BAD_HOURS, LOST_HOURS = 100, 2
"""In each of the first hours of the month each contract lost so many hours of its ten points, and then none."""
POINTS, MONTH_HOURS = 10, 31 * 24
PROMISED = {("girian", "telkom"): 0.995, ("maesa", "pc24"): 0.9}
LOST = BAD_HOURS * LOST_HOURS
DELIVERED = 1 - LOST / (HOURS * POINTS)
BROUGHT = ("now-24h", "now-30d", None)
"""The time range that the menu brings along."""


def _written() -> Iterator[tuple[Mapping[str, str], list[tuple[int, float]]]]:
    yield (
        {"__name__": "city:hotspot_availability:ratio30d"},
        [(NOW // DAY * DAY - day * DAY, 0.9) for day in range(360, 0, -1)],
    )
    hours = [BEGIN + (hour + 1) * HOUR for hour in range(HOURS)]
    for (kecamatan, isp), promised in PROMISED.items():
        of = {"contract": f"{kecamatan}-{isp}", "kecamatan": kecamatan, "isp": isp}
        lost = [LOST_HOURS * HOUR if hour < BAD_HOURS else 0 for hour in range(HOURS)]
        yield (
            {"__name__": "contract:available_seconds:hourly", **of},
            [(at, POINTS * HOUR - bad) for at, bad in zip(hours, lost, strict=True)],
        )
        yield {"__name__": "contract:unavailable_seconds:hourly", **of}, list(zip(hours, map(float, lost), strict=True))
        for name, value in (
            ("pantau_contract_objective_ratio", promised),
            ("pantau_contract_hotspots", POINTS),
            ("contract:available_seconds:sum1d", POINTS * DAY),
            ("contract:unavailable_seconds:sum1d", 0),
        ):
            yield {"__name__": name, **of}, [(NOW, value)]
    yield {"__name__": "calendar:month:days"}, [(NOW, 31)]


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrometheusServer]:
    """A Prometheus that knows it."""
    with prometheus(tmp_path_factory.mktemp("month"), str(require_program("prometheus"))) as running:
        running.write(
            [
                series(
                    label_bytes(labels),
                    sample_rows([at * 1000 for at, _v in points], np.array([v for _at, v in points], float)).tobytes(),
                )
                for labels, points in _written()
            ]
        )
        yield running


def _asked(drawn: Drawn, uid: str, panel: int, ref: str, brought: str | None) -> Question:
    asked = questions(drawn[uid], NOW, defaults(drawn[uid]), brought)
    return next(one for one in asked if (one.panel, one.ref) == (panel, ref))


def _by_contract(month: PrometheusServer, drawn: Drawn, panel: int, ref: str, brought: str | None) -> dict[str, float]:
    answer = month.instant(_asked(drawn, "pantau-sla", panel, ref, brought).expression, NOW)
    return {dict(labels).get("contract", ""): value for labels, value in answer}


def _color(drawn: Drawn, panel: int, ref: str, value: float) -> str:
    found: Mapping[str, Any] = next(one for one in drawn["pantau-sla"]["panels"] if one["id"] == panel)
    steps = property_of(found, ref, "thresholds")["steps"]
    color: str = [step["color"] for step in steps if step["value"] is None or step["value"] <= value][-1]
    return color


@pytest.mark.parametrize("brought", BROUGHT)
def test_month_to_date_is_the_months(month: PrometheusServer, drawn: Drawn, brought: str | None) -> None:
    """A broken promise stays one, whatever range the menu brings: over its last 24 good hours it would be kept."""
    left = {
        f"{kecamatan}-{isp}": (1 - promised) * POINTS * MONTH_HOURS - LOST
        for (kecamatan, isp), promised in PROMISED.items()
    }
    assert min(left.values()) < 0 < max(left.values())
    assert _by_contract(month, drawn, 6, "D", brought) == pytest.approx(left)
    assert _by_contract(month, drawn, 2, "A", brought) == pytest.approx({"": sum(left.values())})
    assert _by_contract(month, drawn, 6, "A", brought) == pytest.approx(dict.fromkeys(left, DELIVERED))
    assert _by_contract(month, drawn, 1, "A", brought) == pytest.approx({"": DELIVERED})
    ahead = (MONTH_HOURS - HOURS) * POINTS
    projected = 1 - LOST / (HOURS * POINTS + ahead)
    assert _by_contract(month, drawn, 6, "F", brought) == pytest.approx(dict.fromkeys(left, projected))


def test_a_contract_is_coloured_by_its_own_promise(month: PrometheusServer, drawn: Drawn) -> None:
    """Both delivered the same: the one that promised less has kept it, the other has not."""
    distance = _by_contract(month, drawn, 6, "H", None)
    budget = _by_contract(month, drawn, 6, "D", None)
    colors = {id_: {_color(drawn, 6, "H", distance[id_]), _color(drawn, 6, "D", budget[id_])} for id_ in distance}
    assert colors == {"girian-telkom": {State.DOWN.colour}, "maesa-pc24": {State.UP.colour}}
    assert _by_contract(month, drawn, 3, "A", None) == {"": 1}
    assert _by_contract(month, drawn, 3, "B", None) == {"": 2}


@pytest.mark.parametrize("brought", BROUGHT)
def test_twelve_months_are_twelve_months(month: PrometheusServer, drawn: Drawn, brought: str | None) -> None:
    """The mayor's trend begins nearly a year ago."""
    trend = _asked(drawn, "pantau-eksekutif", 4, "A", brought)
    step = trend.step_seconds
    assert step
    first, last = (at // step * step for at in (trend.start_seconds, trend.end_seconds))
    ((_labels, points),) = month.over(trend.expression, first, last, step)
    assert min(at for at, _value in points) <= NOW - 355 * DAY
