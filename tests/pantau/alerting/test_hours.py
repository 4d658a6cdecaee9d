"""Time intervals as Alertmanager decides them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pantau.alerting.hours import holds

OFFICE = {
    "weekdays": ["monday:friday"],
    "times": [{"start_time": "07:30", "end_time": "16:00"}],
    "location": "Asia/Makassar",
}


@pytest.mark.parametrize(
    ("interval", "moment", "expected"),
    [
        (OFFICE, "2026-11-25T23:29:59", False),
        (OFFICE, "2026-11-25T23:30:00", True),
        (OFFICE, "2026-11-26T07:59:59", True),
        (OFFICE, "2026-11-26T08:00:00", False),
        (OFFICE, "2026-11-28T02:00:00", False),
        (OFFICE, "2026-11-29T23:30:00", True),
        ({"times": [{"start_time": 450, "end_time": 960}]}, "2026-11-25T07:30:00", True),
        ({"weekdays": ["sunday"]}, "2026-11-29T00:00:00", True),
        ({"days_of_month": ["-1"]}, "2026-02-28T12:00:00", True),
        ({"days_of_month": ["-3:-2"]}, "2026-02-28T12:00:00", False),
        ({"days_of_month": ["1:5", "25"]}, "2026-11-25T12:00:00", True),
        ({"months": ["january:march", "11"]}, "2026-11-25T12:00:00", True),
        ({"months": ["january:march"]}, "2026-11-25T12:00:00", False),
        ({"years": ["2025:2026"]}, "2026-11-25T12:00:00", True),
        ({}, "2026-11-25T12:00:00", True),
    ],
)
def test_a_moment_lies_in_an_interval(interval: dict[str, Any], moment: str, expected: bool) -> None:
    """All that it names must hold, of each list one entry; the end is outside."""
    assert holds([interval], datetime.fromisoformat(f"{moment}Z")) is expected


def test_any_of_several_is_enough_and_none_is_none() -> None:
    """A named interval is a list."""
    moment = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    assert holds([{"years": ["2020"]}, {"years": ["2026"]}], moment)
    assert not holds([], moment)
