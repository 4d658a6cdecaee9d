"""A contract's hours are those of its city's clocks, wherever the city lies."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from lab.samples.accounting import APRIL
from lab.samples.contracts import inventory_of
from lab.samples.evidence import Recorded, dark
from pantau.reports.statement import Statement, make_statement, survey


def month(zone: ZoneInfo, start: str, end: str) -> Statement:
    """April of a point that owes service from 06:00 to 22:00, and was dark between two local times."""
    down = tuple(
        int(datetime.fromisoformat(f"2024-04-{text}").replace(tzinfo=zone).timestamp()) for text in (start, end)
    )
    inventory = inventory_of(service_hours="06:00-22:00")
    return make_statement("k", survey(inventory, Recorded({"P-1": dark((down[0], down[1]))}), APRIL, zone))


@pytest.mark.parametrize("name", ["Asia/Makassar", "Asia/Jakarta", "Asia/Jayapura", "America/New_York"])
def test_service_hours_are_local(name: str) -> None:
    """A night from 22:00 to 06:00 costs nothing, an hour at noon 3600 s of 16 h a day.

    They were those of WITA: in New York the whole night was charged, Rp8,333, in Jakarta and Jayapura an hour of it.
    """
    zone = ZoneInfo(name)
    night, noon = month(zone, "10 22:00", "11 06:00"), month(zone, "10 12:00", "10 13:00")
    assert (night.summary.charged_seconds, night.payment.restitution) == (0, 0)
    assert (noon.summary.charged_seconds, noon.payment.restitution) == (3_600, 1_042)
    assert {row.off_hours_seconds for row in (*night.points, *noon.points)} == {30 * 8 * 3_600}
