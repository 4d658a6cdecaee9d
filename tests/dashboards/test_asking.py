"""Questions as Grafana asks them: ranges, steps, variables."""

from zoneinfo import ZoneInfo

import pytest

from dashboards.asking import begins, defaults, filled, questions, step_seconds
from tests.dashboards.conftest import Drawn

WITA = ZoneInfo("Asia/Makassar")
NOON = 1_713_153_600.0  # 2024-04-15 12:00 WITA


@pytest.mark.parametrize(
    ("written", "seconds_before"),
    [("now-24h", 86_400), ("now-8h", 28_800), ("now-1y", 31_536_000), ("now/M", 14 * 86_400 + 43_200)],
)
def test_a_range_begins_where_grafana_lets_it_begin(written: str, seconds_before: int) -> None:
    """Spans count back from now; the month begins at midnight of the city's own first day."""
    assert begins(written, NOON, WITA) == NOON - seconds_before


def test_a_range_that_is_not_known_is_refused() -> None:
    """It would else be a wrong picture of what people see."""
    with pytest.raises(ValueError, match="'now/w' is no range that is known here"):
        begins("now/w", NOON, WITA)


@pytest.mark.parametrize(
    ("width", "interval", "range_seconds", "step"),
    [
        (24, None, 3600, 15),
        (8, None, 86_400, 300),
        (24, None, 86_400, 60),
        (24, "2m", 86_400, 120),
        (8, None, 2_592_000, 7200),
    ],
)
def test_the_step_is_the_range_by_the_width(width: int, interval: str | None, range_seconds: int, step: int) -> None:
    """No finer than the scrapes or the panel's own interval, and a number that people count in."""
    assert step_seconds({"gridPos": {"w": width}, "interval": interval}, range_seconds) == step


def test_times_and_variables_are_filled_in() -> None:
    """`$__range_s` is no `$__range` with an s behind it, and All is what matches all."""
    written = 'a[$__range] b $__range_s c[$__rate_interval] d[$__interval] {isp=~"$isp", kecamatan=~"${kecamatan}"}'
    chosen = {"isp": "$__all", "kecamatan": "maesa"}
    assert filled(written, 3600, 60, chosen) == 'a[3600s] b 3600 c[75s] d[60s] {isp=~".*", kecamatan=~"maesa"}'
    assert filled("[$__rate_interval]", 3600, 15, {}) == "[60s]"


@pytest.mark.parametrize("drawn", ["en"], indirect=True)
def test_a_panels_own_range_goes_before_the_dashboards(drawn: Drawn) -> None:
    """The list of the kecamatan is about this month, whatever the rest is about."""
    dashboard = drawn["pantau-kecamatan"]
    asked = list(questions(dashboard, NOON, defaults(dashboard)))
    assert {one.start_seconds for one in asked if one.panel == 9} == {NOON - 14 * 86_400 - 43_200}
    assert {one.start_seconds for one in asked if one.panel != 9} == {NOON - 86_400}
    assert not [one.expression for one in asked if "$" in one.expression]
