"""What the judge of the month with agents takes for told: pure intervals of seconds."""

import pytest

from lab.month.with_agents import _told
from pantau.reports.accounting import Spans

END = 10_000


@pytest.mark.parametrize(
    ("mute", "off", "told"),
    [
        ([(100, 200)], [], [(100, 200)]),
        ([(100, 200)], [(120, 150)], [(150, 200)]),  # what was kept before the power failed is lost
        ([(100, 200)], [(90, 130), (150, 160)], [(160, 200)]),
        ([(100, 200)], [(120, 200)], []),
        ([(100, 200)], [(300, 400)], [(100, 200)]),
        ([(100, END)], [], []),  # its line is cut till the end: nobody has been told
        ([(100, 200), (300, END + 5)], [], [(100, 200)]),
    ],
)
def test_told_is_what_a_device_kept_and_could_tell(
    mute: list[tuple[int, int]], off: list[tuple[int, int]], told: list[tuple[int, int]]
) -> None:
    """From when it last got power, if it could tell somebody before the end."""
    assert list(_told(Spans.of(mute), Spans.of(off), END).spans) == told
