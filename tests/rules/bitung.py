"""The shape of the real city at a fifth of its size, who is hit by what, and what may come of it in which time."""

from collections.abc import Callable
from pathlib import Path

from tests.rules.observed import City, Fault, Point
from tests.rules.scenario import Expected, save
from tests.rules.test_promtool import promtool

FAULT, HEAL = 24.0, 84.0
PAGED = 12.5 + 10 + 4 + 12
"""Seconds from the last packet until a wide cause fires, at the latest."""
OVER = 20 + 10 + 4 + 2
"""Seconds from the first packet until it ends, at the latest."""


def points(kecamatan: str, isp: str, number: int, *uplinks: str) -> list[Point]:
    """So many points of one ISP in one kecamatan, behind these uplinks."""
    prefix = "-".join((kecamatan, isp, *uplinks))
    return [Point(f"{prefix}-{k}", kecamatan, isp, uplinks=uplinks) for k in range(number)]


def bitung() -> list[Point]:
    """The shape of the real city at a fifth of its size: an island behind one link, ISPs with few points."""
    return [
        *points("lembeh-utara", "infotek", 24, "lembeh-radio", "pop-infotek"),
        *points("lembeh-utara", "infotek", 5),
        *points("lembeh-selatan", "infotek", 17, "lembeh-radio", "pop-infotek"),
        *points("lembeh-selatan", "infotek", 3),
        *points("ranowulu", "infotek", 9),
        *points("aertembaga", "infotek", 6),
        *points("ranowulu", "telkom", 16),
        *points("aertembaga", "telkom", 14),
        *points("madidir", "telkom", 9),
        *points("matuari", "telkom", 9),
        *points("maesa", "telkom", 7),
        *points("girian", "telkom", 6),
        *points("matuari", "icon", 8),
        *points("ranowulu", "icon", 7),
        *points("aertembaga", "icon", 6),
        *points("madidir", "icon", 3),
        *points("maesa", "icon", 3),
        *points("maesa", "indosat", 7),
        *points("madidir", "indosat", 7),
        *points("girian", "indosat", 6),
        *points("matuari", "indosat", 5),
        *points("aertembaga", "indosat", 3),
        *points("girian", "biznet", 6),
        *points("maesa", "biznet", 6),
        *points("madidir", "biznet", 4),
        *points("girian", "pc24", 3),
        *points("matuari", "pc24", 1),
        Point("puskesmas", "maesa", "telkom", "puskesmas"),
        Point("jinom-1", "maesa", "jinom"),
        Point("jinom-2", "madidir", "jinom"),
        Point("jinom-3", "madidir", "jinom"),
    ]


UPSTREAM = {"lembeh-radio": "pop-infotek"}


def wide(alert: str, fault: float = FAULT, heal: float = HEAL, **about: str) -> Expected:
    """A wide cause with the time that it may take to fire and to end."""
    return Expected(alert, about, fault, fault + PAGED, heal, heal + OVER)


def of(**wanted: str) -> Callable[[Point], bool]:
    """Points with these values, and in `uplink`, behind that uplink."""
    uplink = wanted.pop("uplink", None)
    return lambda p: all(getattr(p, k) == v for k, v in wanted.items()) and (uplink is None or uplink in p.uplinks)


def spread(isp: str, share: float) -> Callable[[Point], bool]:
    """So much of an ISP, in all its kecamatan alike."""
    mine = [point for point in bitung() if point.isp == isp]
    step = 1 / share
    chosen = {mine[int(k * step)].id for k in range(round(len(mine) * share))}
    return lambda point: point.id in chosen


def check(folder: Path, city: City, *expected: Expected, version: str = "") -> None:
    """Exactly these fire, when they should, and nothing else ever does; under the promtool of this `version`."""
    done = promtool("test", "rules", save(city, list(expected), folder), version=version)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


def broken(*faults: Fault, seconds: int = 220) -> City:
    """The city with these faults."""
    return City(bitung(), list(faults), upstream=UPSTREAM, seconds=seconds)


def hotspot(point: str, severity: str, since: float, heal: float = 1e9) -> Expected:
    """A hotspot's own alert: 38 s (page) or 60 s (ticket) after its last reply at the earliest."""
    one = next(p for p in bitung() if p.id == point)
    silent = 38 if severity == "page" else 60
    about = {"hotspot": point, "kecamatan": one.kecamatan, "isp": one.isp}
    return Expected("HotspotDown", about, since + silent - 10, since + silent + 18, heal, heal + OVER, severity)
