"""Outages of points that only their agents tell of, or agents beside pings: one page, within its time, and no more."""

from pathlib import Path

import pytest

from tests.rules.bitung import of
from tests.rules.heartbeats import BEAT_SECONDS, GRACE_SECONDS, HeardCity, HeardPoint, heard
from tests.rules.observed import Fault, Point
from tests.rules.scenario import Expected, save
from tests.rules.test_promtool import promtool

FILES = ("causes.yml", "agents.yml")
STEP = 4
FAULT, HEAL = 70.0, 370.0
HEARD = GRACE_SECONDS + 10 + STEP + 12
"""Seconds from the last heartbeat until a wide cause fires: the grace of the first of its points, scrape, evaluation,
`hold_wide`: who missed a beat too is known to be silent then."""
OVERDUE = 105 + 10 + STEP + 12
"""The same where pings tell of some, and the heartbeats of the others do not come."""
OVER = BEAT_SECONDS + 10 + 2 * STEP


def starlink() -> list[Point]:
    """Twelve points of an ISP with agents alone, in three kecamatan; a clinic; and two other ISPs with agents."""
    return [
        *heard("lembeh-utara", "starlink", 7),
        *heard("lembeh-selatan", "starlink", 3),
        *heard("ranowulu", "starlink", 2),
        *heard("lembeh-utara", "starlink", 1, "puskesmas"),
        *heard("lembeh-utara", "infotek", 4, alone=False),
        *heard("ranowulu", "telkom", 4, alone=False),
        *(Point(f"ranowulu-telkom-{k}", "ranowulu", "telkom") for k in range(8)),
        *(Point(f"lembeh-{k}", "lembeh-selatan", "infotek") for k in range(8)),
    ]


def check(folder: Path, city: HeardCity, *expected: Expected, version: str = "") -> None:
    """Exactly these fire, when they should, and nothing else ever does."""
    done = promtool("test", "rules", save(city, list(expected), folder, FILES, STEP), version=version)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


def wide(alert: str, told: float = HEARD, fault: float = FAULT, heal: float = HEAL, **about: str) -> Expected:
    """A wide cause with the time that it may take to fire and to end."""
    return Expected(alert, about, fault, fault + told, heal, heal + OVER)


def test_an_isp_of_agents_alone_is_one_page(tmp_path: Path) -> None:
    """The first of its points is told a minute before the last: neither it, nor its kecamatan, nor a clinic pages."""
    city = HeardCity(starlink(), [Fault(of(isp="starlink"), FAULT, HEAL)], seconds=500)
    check(tmp_path, city, wide("IspOutage", isp="starlink"))


def mixed(alone: int, pinged: int) -> list[Point]:
    """Of one ISP in two kecamatan so many points each with agents alone and with pings; and two other ISPs."""
    points: list[Point] = []
    for place in ("maesa", "girian"):
        points += heard(place, "campur", alone)
        points += [Point(f"{place}-campur-{k}", place, "campur") for k in range(pinged)]
        points += heard(place, "telkom", 4, alone=False)
        points += heard(place, "icon", 4)
    return [*points, Point("puskesmas-campur", "maesa", "campur", "puskesmas")]


MIXED = {
    "mostly pings: they alone are enough": (mixed(3, 8), 44.0),
    "half and half: it waits for the heartbeats": (mixed(6, 5), OVERDUE),
    "mostly agents": (mixed(9, 2), OVERDUE),
}


@pytest.mark.long
@pytest.mark.parametrize("name", MIXED)
def test_an_isp_of_both_is_one_page(name: str, tmp_path: Path) -> None:
    """Neither its kecamatan, where pings tell first, nor a clinic is a page before it."""
    points, told = MIXED[name]
    city = HeardCity(points, [Fault(of(isp="campur"), FAULT, HEAL)], seconds=500)
    check(tmp_path, city, wide("IspOutage", told, isp="campur"))


def pinged(point: Point) -> bool:
    """Those of the ISP of both that have no agent."""
    return point.isp == "campur" and not isinstance(point, HeardPoint)


@pytest.mark.long
@pytest.mark.parametrize("place", ["maesa", "girian"])
def test_agents_elsewhere_that_live_do_not_widen_an_outage(place: str, tmp_path: Path) -> None:
    """All pinged points of the ISP, in one kecamatan: its agents are heard within a minute, and it is that place's."""
    points = [point for point in mixed(2, 8) if point.kecamatan == place or not pinged(point)]
    city = HeardCity(points, [Fault(pinged, FAULT, HEAL)], seconds=500)
    told = BEAT_SECONDS + 20 + 10 + STEP + 12
    check(tmp_path, city, wide("IspKecamatanOutage", told, isp="campur", kecamatan=place))


@pytest.mark.long
def test_a_closed_door_is_one_page_about_us(tmp_path: Path) -> None:
    """No heartbeat comes in for five minutes: nobody is down, and nobody is told of but ourselves."""
    city = HeardCity(starlink(), door_closed=[(FAULT, HEAL)], seconds=560)
    check(tmp_path, city, Expected("AgentsDoorClosed", {}, FAULT + 90 + 120, FAULT + 90 + 120 + 24, HEAL, HEAL + 100))


@pytest.mark.long
def test_a_clinic_and_a_lone_point_of_agents_alone(tmp_path: Path) -> None:
    """Three minutes after the last heartbeat the puskesmas is a page and another point a ticket."""
    lost = {"lembeh-utara-starlink-agen-pus-0": "page", "ranowulu-starlink-agen-rt_-1": "ticket"}
    city = HeardCity(starlink(), [Fault(lambda p: p.id in lost, FAULT, HEAL)], seconds=500)
    told = [
        Expected(
            "HotspotDown",
            {"hotspot": name, "kecamatan": name.split("-starlink")[0], "isp": "starlink"},
            FAULT + GRACE_SECONDS - BEAT_SECONDS,
            FAULT + GRACE_SECONDS + 10 + STEP,
            HEAL,
            HEAL + OVER,
            severity,
        )
        for name, severity in lost.items()
    ]
    check(tmp_path, city, *told)


@pytest.mark.long
def test_a_restart_of_the_exporter_in_such_an_outage_changes_nothing(tmp_path: Path) -> None:
    """What was down stays down until it is heard, and who was well gets the time of one heartbeat."""
    city = HeardCity(starlink(), [Fault(of(isp="starlink"), FAULT, 420)], dead=[(300, 330)], seconds=560)
    check(tmp_path, city, wide("IspOutage", heal=420, isp="starlink"))
