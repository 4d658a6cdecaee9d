"""What each wide cause says, every word of it: what, where, how many, which, and what it is not."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.rules.bitung import FAULT, HEAL, bitung, broken, of, spread
from tests.rules.observed import Fault, Which
from tests.rules.scenario import written
from tests.rules.test_promtool import promtool

TOLD = 76
"""Seconds: everything has fired, and nothing has begun to heal."""


def told(folder: Path, which: Which, alert: str, labels: dict[str, str], words: dict[str, str], at: int = TOLD) -> None:
    """The alert says these words and no others while the points that `which` selects are down."""
    city = broken(Fault(which, FAULT, max(HEAL, at + 20)), seconds=at + 40)
    file: dict[str, Any] = written(city, [])
    file["tests"][0]["promql_expr_test"] = []
    words = {"runbook_url": f"docs/runbooks/{alert}.md", **OPEN, **words}
    expected = [{"exp_labels": labels, "exp_annotations": words}]
    file["tests"][0]["alert_rule_test"] = [{"alertname": alert, "eval_time": f"{at}s", "exp_alerts": expected}]
    path = folder / "words.test.yml"
    path.write_text(yaml.safe_dump(file, width=10_000), encoding="utf-8")
    done = promtool("test", "rules", path)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]


OPEN = {"since": "01-01-1970 08:00:24 WITA", **dict.fromkeys(("ended", "silent", "until", "lasted", "window"), "")}
"""What the annotations of time say of a fault at second 24 that goes on: since its first lost probe, and of no end."""


def names(which: Which) -> str:
    """The first ten by name, as a message lists them."""
    return ", ".join(sorted(f"Titik {point.id}" for point in bitung() if which(point))[:10])


def test_the_city(tmp_path: Path) -> None:
    """All of it: no list of points, but of kecamatan."""
    count = len(bitung())
    kecamatan = sorted({point.kecamatan.title() for point in bitung()})
    told(
        tmp_path,
        lambda _: True,
        "CityOutage",
        {"severity": "page", "scope": "city"},
        {
            "summary": "Seluruh kota padam; canary kita baik. (The whole city is down; our canaries are good.)",
            "description": "100% titik kota tidak menjawab, pada hampir semua ISP dan kecamatan; "
            "canary kita baik. (of the "
            "city's hotspots do not answer, across ISPs and kecamatan; our own path works.)",
            "what": "Seluruh kota padam",
            "where": ", ".join(kecamatan),
            "count": f"{count} dari {count} titik",
            "excluded": "Jalur kita sendiri (canary menjawab)",
            "dashboard_url": "/d/pantau-kota",
        },
    )


@pytest.mark.long
def test_a_kecamatan(tmp_path: Path) -> None:
    """Where in it, and which of its ISPs."""
    which = of(kecamatan="girian")
    labels = {"severity": "page", "scope": "kecamatan", "kecamatan": "girian"}
    told(
        tmp_path,
        which,
        "KecamatanOutage",
        labels,
        {
            "summary": "Satu kecamatan padam pada beberapa ISP sekaligus. (A kecamatan is down across several ISPs.)",
            "description": "Kecamatan Girian: 21 dari 21 titik tidak menjawab, pada sedikitnya dua ISP: kemungkinan "
            "listrik atau jalur bersama. (100% of the points down on two ISPs or more: power or a shared path.)",
            "what": "Kecamatan Girian padam",
            "where": "Kecamatan Girian: Girian Atas, Girian Bawah",
            "isps": "Biznet, Indosat, PC24 Telekomunikasi, Telkom",
            "count": "21 dari 21 titik",
            "examples": names(which),
            "excluded": "Jalur kita sendiri (canary menjawab); ISP-nya di kecamatan lain",
            "dashboard_url": "/d/pantau-kecamatan?var-kecamatan=girian",
        },
    )


def test_an_isp(tmp_path: Path) -> None:
    """In all its kecamatan."""
    which = of(isp="indosat")
    told(
        tmp_path,
        which,
        "IspOutage",
        {"severity": "page", "scope": "isp", "isp": "indosat"},
        {
            "summary": "Satu ISP padam. (An ISP is down.)",
            "description": "ISP Indosat: 28 dari 28 titik tidak menjawab; canary kita baik. (100% "
            "of the points down; our "
            "canaries are good.)",
            "what": "ISP Indosat padam",
            "where": "Aertembaga, Girian, Madidir, Maesa, Matuari",
            "count": "28 dari 28 titik",
            "examples": names(which),
            "excluded": "Jalur kita sendiri (canary menjawab); satu kecamatan; ISP lain",
            "dashboard_url": "/d/pantau-isp?var-isp=indosat",
        },
    )


@pytest.mark.long
def test_an_isp_in_one_kecamatan(tmp_path: Path) -> None:
    """Both by name."""
    which = of(isp="biznet", kecamatan="girian")
    labels = {"severity": "page", "scope": "isp_kecamatan", "isp": "biznet", "kecamatan": "girian"}
    told(
        tmp_path,
        which,
        "IspKecamatanOutage",
        labels,
        {
            "summary": "Satu ISP padam di satu kecamatan. (An ISP is down in one kecamatan.)",
            "description": "ISP Biznet di kecamatan Girian: 6 dari 6 titik tidak menjawab; di "
            "kecamatan lain ISP ini baik. "
            "(100% of the points down; elsewhere this ISP works.)",
            "what": "ISP Biznet padam di Girian",
            "where": "Kecamatan Girian: Girian Atas, Girian Bawah",
            "count": "6 dari 6 titik",
            "since": "01-01-1970 08:00:25 WITA",
            "examples": names(which),
            "excluded": "Jalur kita sendiri (canary menjawab); seluruh ISP; seluruh kecamatan",
            "dashboard_url": "/d/pantau-isp?var-isp=biznet",
        },
    )


def test_an_uplink(tmp_path: Path) -> None:
    """Named as the inventory names it, with the kecamatan behind it."""
    which = of(uplink="lembeh-radio")
    told(
        tmp_path,
        which,
        "UplinkDown",
        {"severity": "page", "scope": "uplink", "uplink": "lembeh-radio"},
        {
            "summary": "Satu menara, POP atau jalur putus. (A tower, POP or backhaul is down.)",
            "description": "Jalur lembeh-radio: 41 dari 41 titik di belakangnya tidak menjawab; "
            "titik lain di sekitarnya "
            "baik. (100% of the points behind it down; those beside it work.)",
            "what": "Jalur lembeh-radio putus",
            "where": "Lembeh-Selatan, Lembeh-Utara",
            "count": "41 dari 41 titik",
            "examples": names(which),
            "excluded": "Jalur kita sendiri (canary menjawab); titik lain ISP dan kecamatan itu",
            "dashboard_url": "/d/pantau-gangguan",
        },
    )


@pytest.mark.long
def test_a_part_of_an_isp(tmp_path: Path) -> None:
    """How much of it beyond its habit, and how many."""
    which = spread("telkom", 0.3)
    hit = [point for point in bitung() if which(point)]
    total = sum(point.isp == "telkom" for point in bitung())
    labels = {"severity": "ticket", "scope": "isp", "isp": "telkom", "reason": "down"}
    told(
        tmp_path,
        which,
        "IspDegraded",
        labels,
        {
            "summary": "Sebagian titik satu ISP terganggu. (Part of an ISP is down or bad.)",
            "description": f"ISP Telkom: {100 * len(hit) / total:.4g}% titiknya padam melebihi "
            f"biasanya, tersebar, tanpa "
            "sebab yang lebih sempit. (of its points are down beyond its habit, spread, and no narrower cause explains "
            "it.)",
            "what": "ISP Telkom terganggu sebagian",
            "where": ", ".join(sorted({point.kecamatan.title() for point in hit})),
            "count": f"{len(hit)} dari {total} titik padam",
            "examples": names(which),
            "excluded": "Jalur kita sendiri (canary menjawab); seluruh ISP; satu kecamatan; satu jalur",
            "dashboard_url": "/d/pantau-isp?var-isp=telkom",
        },
        at=200,
    )
