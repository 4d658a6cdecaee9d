"""The grid of the slots: as coarse as it may be where few probes leave, and never coarser than detection can bear."""

import dataclasses

import pytest

from tests.network import MS, SECOND
from tests.watched import Watched, hotspots, plan_of


@pytest.mark.parametrize(
    ("count", "seconds", "expected_ms"),
    [(0, 10, 480), (1, 10, 480), (1000, 10, 480), (1000, 15, 480), (5000, 10, 240), (60_000, 10, 40), (1000, 1, 120),
     (3, 1, 120), (10_000, 1, 40)],
)  # fmt: skip
def test_a_grain_gathers_probes_and_is_a_small_part_of_the_interval(count: int, seconds: int, expected_ms: int) -> None:
    """Some 120 probes, but half a second at the most, and an eighth of the interval."""
    assert dataclasses.replace(plan_of(hotspots(count)), interval_ns=seconds * SECOND).grain_ns == expected_ms * MS


def test_a_city_that_grows_has_a_finer_grid_and_one_that_shrinks_keeps_it() -> None:
    """So many probes at once as half a second of a large city would be, are more than a small buffer takes."""
    city = Watched(plan_of(hotspots(3)))
    city.monitor.grain_ns = city.monitor.plan.grain_ns
    for count, expected_ms in ((3, 480), (6000, 200), (3, 200)):
        city.monitor.reload(plan_of(hotspots(count)))
        assert city.monitor.grain_ns == expected_ms * MS
