"""The moments that annotations name: written in WITA, and read again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pantau.alerting.moments import clock, moment_of

WITA, NEW_YORK = ZoneInfo("Asia/Makassar"), ZoneInfo("America/New_York")


def test_a_moment_is_written_in_wita_and_read_again() -> None:
    """Eight hours before UTC, to the second."""
    moment = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    assert clock(moment, WITA) == "02-03-2026 04:30:00 WITA"
    assert moment_of(clock(moment, WITA), WITA) == moment


@pytest.mark.parametrize("text", ["", "02-03-2026 04:30:00", "2026-03-02T04:30:00Z", "31-02-2026 04:30:00 WITA"])
def test_another_text_is_no_moment(text: str) -> None:
    """What an office's own rule writes there is not guessed at."""
    assert moment_of(text, WITA) is None


def test_an_hour_that_is_there_twice_is_told_by_the_zone_s_name() -> None:
    """When New York's clocks are put back, 01:30 comes twice: in EDT, and in EST."""
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert (clock(first, NEW_YORK), clock(second, NEW_YORK)) == ("01-11-2026 01:30:00 EDT", "01-11-2026 01:30:00 EST")
    assert moment_of("01-11-2026 01:30:00 EDT", NEW_YORK) == first
    assert moment_of("01-11-2026 01:30:00 EST", NEW_YORK) == second
    assert moment_of("01-11-2026 01:30:00 WITA", NEW_YORK) is None
