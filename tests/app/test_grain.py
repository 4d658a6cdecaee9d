"""The grid of the slots: as coarse as it may be where few probes leave, and never coarser than detection can bear."""

import pytest

from exporter.app import grain_ns
from tests.network import MS
from tests.watched import hotspots, plan_of


@pytest.mark.parametrize(("count", "expected_ms"), [(1, 200), (1000, 160), (2000, 80), (4000, 40), (60_000, 40)])
def test_a_tick_that_sends_has_something_to_send(count: int, expected_ms: int) -> None:
    """Each hotspot every 10 s: 4 probes a tick of 40 ms are few, 16 are not."""
    assert grain_ns(plan_of(hotspots(count))) == expected_ms * MS
