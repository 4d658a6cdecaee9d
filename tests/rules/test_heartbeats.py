"""Outages of points that only their agents tell of, or agents beside pings: one page, within its time, and no more."""

from pathlib import Path

from tests.rules.bitung import of
from tests.rules.heartbeats import BEAT_SECONDS, GRACE_SECONDS, HeardCity, heard
from tests.rules.observed import Fault, Point
from tests.rules.scenario import Expected, save
from tests.rules.test_promtool import promtool

FILES = ("causes.yml", "agents.yml")
STEP = 4
FAULT, HEAL = 30.0, 330.0
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
    city = HeardCity(starlink(), [Fault(of(isp="starlink"), FAULT, HEAL)], seconds=460)
    check(tmp_path, city, wide("IspOutage", isp="starlink"))
