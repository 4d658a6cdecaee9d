"""The moments that annotations name: written in WITA, and read again."""

from datetime import UTC, datetime

import pytest

from pantau.alerting.moments import clock, moment_of


def test_a_moment_is_written_in_wita_and_read_again() -> None:
    """Eight hours before UTC, to the second."""
    moment = datetime(2026, 3, 1, 20, 30, tzinfo=UTC)
    assert clock(moment) == "02-03-2026 04:30:00 WITA"
    assert moment_of(clock(moment)) == moment


@pytest.mark.parametrize("text", ["", "02-03-2026 04:30:00", "2026-03-02T04:30:00Z", "31-02-2026 04:30:00 WITA"])
def test_another_text_is_no_moment(text: str) -> None:
    """What an office's own rule writes there is not guessed at."""
    assert moment_of(text) is None
