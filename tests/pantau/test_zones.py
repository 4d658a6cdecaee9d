"""A zone as figures: right on both sides of each change, for any zone."""

import ast
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pantau.zones import FIRST_YEAR, LAST_YEAR, first_offset, name_at, offset_at, offset_changes, promql_local

FIXED = {"Asia/Jakarta": 25_200, "Asia/Makassar": 28_800, "Asia/Jayapura": 32_400, "Asia/Dubai": 14_400, "UTC": 0}
CHANGING = ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Casablanca", "America/Santiago")


@pytest.mark.parametrize(("name", "offset"), FIXED.items())
def test_where_the_clocks_stay_one_figure_is_enough(name: str, offset: int) -> None:
    """No table, and nothing added where it is UTC."""
    zone = ZoneInfo(name)
    assert (first_offset(zone), offset_changes(zone)) == (offset, ())
    assert promql_local(zone) == (f"time() + {offset}" if offset else "time()")


@pytest.mark.parametrize("name", CHANGING)
def test_each_change_is_there_to_the_second(name: str) -> None:
    """The zone's own offset a second before and at each moment of the table, and every month between."""
    zone = ZoneInfo(name)
    for change in offset_changes(zone):
        assert (offset_at(zone, change.at - 1), offset_at(zone, change.at)) == (change.before, change.after)
    text = promql_local(zone)
    for year in range(FIRST_YEAR, LAST_YEAR + 1, 3):
        for month in range(1, 13):
            now = int(datetime(year, month, 15, tzinfo=UTC).timestamp())
            assert _evaluated(text, now) == now + offset_at(zone, now)


def _evaluated(promql: str, now: int) -> int:
    """What Prometheus would make of it: sums, products and comparisons that are 0 or 1."""
    text = promql.replace("time()", str(now)).replace(">= bool", ">=")
    return int(eval(compile(ast.parse(text, mode="eval"), "promql", "eval"), {}, {}))  # noqa: S307 - our own figures


def test_people_call_it_by_its_name() -> None:
    """In summer and winter; of a zone without a name, how far it is."""
    winter, summer = 1_770_000_000, 1_785_000_000
    assert [name_at(ZoneInfo("America/New_York"), at) for at in (winter, summer)] == ["EST", "EDT"]
    names = [name_at(ZoneInfo(zone), winter) for zone in ("Asia/Makassar", "Asia/Pontianak", "Asia/Dubai", "UTC")]
    assert names == ["WITA", "WIB", "UTC+4", "UTC"]
