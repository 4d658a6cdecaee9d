"""The grid of the slots: as coarse as it may be where few probes leave, and never coarser than detection can bear."""

import pytest

from exporter.probing.icmp.plan import IcmpPlan
from tests.exporter.monitor.watched import Watched, hotspots, plan_of
from tests.network import MS, SECOND

ROOM, LITTLE_ROOM = 1024, 128


@pytest.mark.parametrize(
    ("count", "seconds", "room", "expected_ms"),
    [
        (0, 10, ROOM, 500),
        (1, 10, ROOM, 500),
        (1000, 10, ROOM, 500),
        (1000, 15, ROOM, 500),
        (5000, 10, ROOM, 480),
        (60_000, 10, ROOM, 50),
        (1000, 1, ROOM, 200),
        (3, 1, ROOM, 200),
        (10_000, 1, ROOM, 50),
        (1000, 10, LITTLE_ROOM, 500),
        (5000, 10, LITTLE_ROOM, 120),
        (1000, 1, LITTLE_ROOM, 60),
        (1000, 1, 0, 50),
    ],
)
def test_a_grain_gathers_probes_and_is_a_small_part_of_the_interval(
    count: int, seconds: int, room: int, expected_ms: int
) -> None:
    """Some 240 probes; half of what a receive buffer takes, half a second, and a fifth of the interval at most."""
    (pings,) = plan_of(hotspots(count), interval_ns=seconds * SECOND).kinds
    assert isinstance(pings, IcmpPlan)
    assert pings.grain_ns(room) == expected_ms * MS


def test_a_city_that_grows_has_a_finer_grid_and_one_that_shrinks_keeps_it() -> None:
    """So many probes at once as half a second of a large city would be, are more than a small buffer takes."""
    city = Watched(plan_of(hotspots(3)), grain_ns=None)
    for count, expected_ms in ((3, 500), (6000, 100), (3, 100)):
        city.reload(plan_of(hotspots(count)))
        assert city.prober.grain_ns == expected_ms * MS
