"""Points that answer and do not serve: the widest cause once, nothing beside it, through looks, scrapes and time."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.rules.bitung import of
from tests.rules.heartbeats import HeardCity, Unserved, heard
from tests.rules.observed import Fault, Point
from tests.rules.scenario import Expected, save
from tests.rules.test_promtool import promtool

FILES = ("causes.yml", "service.yml", "agents.yml")
STEP = 15
FAULT, HEAL = 30.0, 420.0
TOLD = 60 + 120 + 10 + STEP + 75 + STEP
"""Seconds from the fault until a wide cause fires: all have looked three times, scrape, evaluation, `for`."""
OVER = 120 + 10 + 2 * STEP
"""Until it ends: all have looked twice."""


def city(*unserved: Unserved, seconds: int = 640) -> HeardCity:
    """Four ISPs in three kecamatan, a third to all of their points with agents."""
    places, isps = ("girian", "maesa", "madidir"), ("telkom", "icon", "biznet")
    points: list[Point] = [point for place in places for isp in isps for point in heard(place, isp, 4)]
    points += [Point(f"{place}-telkom-ping-{k}", place, "telkom") for place in places for k in range(4)]
    points += heard("lembeh", "starlink", 5)
    points += heard("maesa", "telkom", 1, "puskesmas")
    return HeardCity(points, unserved=list(unserved), seconds=seconds)


def check(folder: Path, city: HeardCity, *expected: Expected, version: str = "") -> None:
    """Exactly these fire, when they should, and nothing else ever does."""
    done = promtool("test", "rules", save(city, list(expected), folder, FILES, STEP), version=version)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


def wide(alert: str, fault: float = FAULT, heal: float = HEAL, **about: str) -> Expected:
    """A wide cause with the time that it may take to fire and to end."""
    return Expected(alert, about, fault, fault + TOLD, heal, heal + OVER)


ONE_CAUSE = {
    "an ISP suspended whole": (Unserved(of(isp="icon"), "isolated", FAULT, HEAL), wide("IspIsolated", isp="icon")),
    "an ISP of five points suspended": (
        Unserved(of(isp="starlink"), "isolated", FAULT, HEAL),
        wide("IspIsolated", isp="starlink"),
    ),
    "one contract of an ISP suspended": (
        Unserved(of(isp="biznet", kecamatan="girian"), "isolated", FAULT, HEAL),
        wide("IspIsolated", isp="biznet"),
    ),
    "an ISP without internet": (
        Unserved(of(isp="biznet"), "no_internet", FAULT, HEAL),
        wide("NoInternet", isp="biznet"),
    ),
    "a kecamatan without internet": (
        Unserved(of(kecamatan="girian"), "no_internet", FAULT, HEAL),
        wide("NoInternet", kecamatan="girian"),
    ),
    "an ISP in one kecamatan without internet": (
        Unserved(of(isp="icon", kecamatan="madidir"), "no_internet", FAULT, HEAL),
        wide("NoInternet", isp="icon", kecamatan="madidir"),
    ),
    "all of the city without internet": (
        Unserved(lambda _: True, "no_internet", FAULT, HEAL),
        wide("NoInternet"),
    ),
}
SHORT = ("a kecamatan without internet",)
"""What `make test` plays; the others are long."""


@pytest.mark.parametrize("name", [n if n in SHORT else pytest.param(n, marks=pytest.mark.long) for n in ONE_CAUSE])
def test_one_fault_is_one_page_and_its_end(name: str, tmp_path: Path) -> None:
    """The widest cause fires once and ends once; nothing else fires, of the outages neither."""
    fault, expected = ONE_CAUSE[name]
    check(tmp_path, city(fault), expected)


def test_a_restart_of_the_exporter_is_no_second_page(tmp_path: Path) -> None:
    """Suspended before, unknown for a minute after it, suspended still: the same page, and no outage."""
    suspended = replace(city(Unserved(of(isp="icon"), "isolated", FAULT, HEAL)), dead=[(320, 350)])
    check(tmp_path, suspended, wide("IspIsolated", isp="icon"))


@pytest.mark.long
def test_an_exporter_that_is_away_for_five_minutes_changes_nothing(tmp_path: Path) -> None:
    """One page about us; what was told before stays, and is over when it is."""
    suspended = replace(city(Unserved(of(isp="icon"), "isolated", FAULT, 800), seconds=1000), dead=[(360, 660)])
    ourselves = Expected("PantauDown", {}, 420, 460, 650, 690)
    check(tmp_path, suspended, wide("IspIsolated", heal=800, isp="icon"), ourselves)


@pytest.mark.long
def test_single_points_are_tickets_and_a_clinic_a_page(tmp_path: Path) -> None:
    """Two points of an ISP suspended, and a puskesmas without internet: nothing wide, and each by itself."""
    two = {"lembeh-starlink-agen-rt_-0", "lembeh-starlink-agen-rt_-1"}
    clinic = "maesa-telkom-agen-pus-0"
    lone = city(
        Unserved(lambda p: p.id in two, "isolated", FAULT, HEAL),
        Unserved(lambda p: p.id == clinic, "no_internet", FAULT, HEAL),
    )
    tickets = [_single(name, "lembeh", "starlink", "isolated", "ticket") for name in sorted(two)]
    check(tmp_path, lone, *tickets, _single(clinic, "maesa", "telkom", "no_internet", "page"))


def _single(name: str, kecamatan: str, isp: str, reason: str, severity: str) -> Expected:
    about = {"hotspot": name, "kecamatan": kecamatan, "isp": isp, "reason": reason}
    waits = 240 if severity == "page" else 300
    return Expected(
        "HotspotUnserved", about, FAULT + waits, FAULT + 60 + waits + 10 + STEP, HEAL, HEAL + OVER, severity
    )


@pytest.mark.long
def test_a_point_that_is_cut_is_told_beside_its_suspended_isp(tmp_path: Path) -> None:
    """A bill explains no cut: of an ISP that is suspended a puskesmas is down, which somebody is woken for."""
    clinic = "maesa-telkom-agen-pus-0"
    cut = city(Unserved(of(isp="telkom"), "isolated", FAULT, 1e9))
    cut.faults.append(Fault(lambda p: p.id == clinic, 200))
    down = Expected(
        "HotspotDown", {"hotspot": clinic, "kecamatan": "maesa", "isp": "telkom"}, 200 + 110, 200 + 180 + 10 + 2 * STEP
    )
    check(tmp_path, cut, wide("IspIsolated", heal=1e9, isp="telkom"), down)
