"""The words of a message, by Alertmanager's own template engine: exact texts, in both languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.pantau.alerting.amtool import ROOT, rendered
from tests.rules.checking import shipped_alerts, shipped_rules

BEGAN, ENDED = "2026-03-01T20:30:42Z", "2026-03-01T21:00:37.2Z"
"""When Alertmanager was told of it, and of its end; its first lost probe and its first answer are the rule's to say."""
SINCE = {"since": "02-03-2026 04:30:00 WITA"}
END = {**SINCE, "ended": "recovered", "until": "02-03-2026 05:00:01 WITA", "lasted": "30m 1s"}

PAGE: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "IspOutage", "severity": "page", "scope": "isp", "isp": "telkom"},
    "annotations": {
        "summary": "Satu ISP padam. (An ISP is down.)",
        "description": "ISP telkom: 143 dari 143 titik.",
        "what": "ISP Telkom padam",
        "where": "Girian, Maesa",
        "count": "143 dari 143 titik",
        "examples": "Balai Girian, Kantor Camat Maesa, Pasar Girian",
        "excluded": "Jalur kita sendiri (canary menjawab); ISP lain",
        "dashboard_url": "/d/pantau-isp?var-isp=telkom",
        "runbook_url": "docs/runbooks/IspOutage.md",
        **SINCE,
    },
    "startsAt": BEGAN,
}
RECOVERY = {**PAGE, "status": "resolved", "annotations": {**PAGE["annotations"], **END}, "endsAt": ENDED}


def hotspot(number: int, status: str = "firing") -> dict[str, Any]:
    """A ticket of one of a kecamatan's points."""
    return {
        "status": status,
        "labels": {
            "alertname": "HotspotDown",
            "severity": "ticket",
            "scope": "hotspot",
            "hotspot": f"BTG-07-{number:02}",
            "kecamatan": "lembeh-utara",
            "isp": "telkom",
        },
        "annotations": {
            "what": f"Titik {number:02} padam",
            "where": "Pintu Kota, Kecamatan Lembeh Utara",
            "count": "1 titik",
            **(END if status == "resolved" else SINCE),
            "dashboard_url": "/d/pantau-kecamatan?var-kecamatan=lembeh-utara",
            "runbook_url": "docs/runbooks/HotspotDown.md",
        },
        "startsAt": BEGAN,
        "endsAt": ENDED,
    }


PAGE_ID = """\
ISP Telkom padam · 143/143 titik · Girian, Maesa

Di mana: Girian, Maesa
Banyaknya: 143 dari 143 titik
Sepuluh pertama: Balai Girian, Kantor Camat Maesa, Pasar Girian
Sudah dikecualikan: Jalur kita sendiri (canary menjawab); ISP lain
Sejak: 02-03-2026 04:30:00 WITA

Dasbor: /d/pantau-isp?var-isp=telkom
Tindakan: docs/runbooks/IspOutage.md
Pantau, Kota Bitung"""

PAGE_EN = """\
ISP down · ISP Telkom · 143/143

Where: Girian, Maesa
How many: 143 of 143 hotspots
The ten first: Balai Girian, Kantor Camat Maesa, Pasar Girian
Excluded: our own path (canaries answer); other ISPs
Since: 02-03-2026 04:30:00 WITA

Dashboard: /d/pantau-isp?var-isp=telkom
What to do: docs/runbooks/IspOutage.md
Pantau, Kota Bitung"""

RECOVERY_ID = """\
PULIH · ISP Telkom · 30 menit 1 detik

Di mana: Girian, Maesa
Sejak: 02-03-2026 04:30:00 WITA
Sampai: 02-03-2026 05:00:01 WITA
Lamanya: 30 menit 1 detik

Dasbor: /d/pantau-isp?var-isp=telkom
Pantau, Kota Bitung"""

RECOVERY_EN = """\
RESOLVED · ISP Telkom · 30 min 1 s

Where: Girian, Maesa
Since: 02-03-2026 04:30:00 WITA
Until: 02-03-2026 05:00:01 WITA
Lasted: 30 min 1 s

Dashboard: /d/pantau-isp?var-isp=telkom
Pantau, Kota Bitung"""

_IN = "(Pintu Kota, Kecamatan Lembeh Utara)"
TEN_ID = "\n".join(f"- Titik {n:02} padam {_IN}; sejak 02-03-2026 04:30:00 WITA" for n in range(1, 11))
TICKET_ID = f"""\
Titik padam · Lembeh Utara · 12 titik

Sedang terjadi:
{TEN_ID}
(sepuluh pertama dari 12; semuanya di dasbor)

Dasbor: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
Tindakan: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""

TEN_EN = TEN_ID.replace(" padam", "").replace("sejak", "since")
TICKET_EN = f"""\
Hotspot down · Lembeh Utara · 12 hotspots

Firing:
{TEN_EN}
(the ten first of 12; all of them are on the dashboard)

Dashboard: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
What to do: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""

MIXED_ID = f"""\
Titik padam · Lembeh Utara · 1 terjadi, 1 selesai

Sedang terjadi:
- Titik 01 padam {_IN}; sejak 02-03-2026 04:30:00 WITA
Sudah selesai:
- Titik 02 {_IN}; lamanya 30 menit 1 detik

Dasbor: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
Tindakan: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""

SINGLE_ID = """\
Titik 01 padam · Pintu Kota, Kecamatan Lembeh Utara

Di mana: Pintu Kota, Kecamatan Lembeh Utara
Banyaknya: 1 titik
Sejak: 02-03-2026 04:30:00 WITA

Dasbor: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
Tindakan: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""


def group(*alerts: dict[str, Any], common: str = "telkom") -> list[dict[str, Any]]:
    """Alerts of one kecamatan but of two ISPs, as its ticket groups them."""
    first, *rest = alerts
    return [first, *({**alert, "labels": {**alert["labels"], "isp": common}} for alert in rest)]


TWELVE = group(*map(hotspot, range(1, 13)), common="biznet")


@pytest.mark.parametrize(
    ("alerts", "language", "expected"),
    [
        pytest.param([PAGE], "id", PAGE_ID, id="page-id"),
        pytest.param([PAGE], "en", PAGE_EN, id="page-en"),
        pytest.param([RECOVERY], "id", RECOVERY_ID, id="recovery-id"),
        pytest.param([RECOVERY], "en", RECOVERY_EN, id="recovery-en"),
        pytest.param(TWELVE, "id", TICKET_ID, id="twelve-hotspots-id"),
        pytest.param(TWELVE, "en", TICKET_EN, id="twelve-hotspots-en"),
        pytest.param(group(hotspot(1), hotspot(2, "resolved"), common="biznet"), "id", MIXED_ID, id="mixed-id"),
        pytest.param([hotspot(1)], "id", SINGLE_ID, id="one-hotspot-id"),
    ],
)
def test_the_words_of_a_message(alerts: list[dict[str, Any]], language: str, expected: str, tmp_path: Path) -> None:
    """What, where, since when, how many, the ten first, what is excluded, link, runbook; e-mail and Telegram alike."""
    assert rendered("pantau.text", alerts, language, tmp_path) == expected
    assert rendered("pantau.telegram", alerts, language, tmp_path) == expected
    assert rendered("pantau.title", alerts, language, tmp_path) == expected.partition("\n")[0]


def test_without_the_words_of_a_rule_its_description_is_told(tmp_path: Path) -> None:
    """A rule that gives no `what` loses nothing."""
    bare = {**PAGE, "annotations": {"description": "ISP telkom: 143 dari 143 titik."}}
    assert rendered("pantau.text", [bare], "id", tmp_path) == (
        "ISP padam · telkom\n\nISP telkom: 143 dari 143 titik.\nSejak: 02-03-2026 04:30:42 WITA\n\nPantau, Kota Bitung"
    )


@pytest.mark.parametrize(
    ("lasted", "indonesian", "english"),
    [
        ("59s", "59 detik", "59 s"),
        ("1m 0s", "1 menit", "1 min"),
        ("10m 30s", "10 menit 30 detik", "10 min 30 s"),
        ("1h 0m 0s", "1 jam", "1 h"),
        ("1h 1m 0s", "1 jam 1 menit", "1 h 1 min"),
        ("10h 0m 35s", "10 jam", "10 h"),
        ("20h 10m 0s", "20 jam 10 menit", "20 h 10 min"),
        ("1d 0h 0m 0s", "1 hari", "1 d"),
        ("7d 0h 10m 0s", "7 hari 10 menit", "7 d 10 min"),
        ("2d 3h 4m 5s", "2 hari 3 jam 4 menit", "2 d 3 h 4 min"),
    ],
)
def test_how_long_it_lasted(lasted: str, indonesian: str, english: str, tmp_path: Path) -> None:
    """In the units that matter: beyond an hour no seconds. As Prometheus writes it."""
    alert = {**RECOVERY, "annotations": {**RECOVERY["annotations"], "lasted": lasted}}
    assert rendered("pantau.title", [alert], "id", tmp_path) == f"PULIH · ISP Telkom · {indonesian}"
    assert rendered("pantau.title", [alert], "en", tmp_path) == f"RESOLVED · ISP Telkom · {english}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_alert_has_words_in_both_languages(language: str, tmp_path: Path) -> None:
    """No shipped rule is told by its name alone, and its first line fits a lock screen."""
    words = (ROOT / "config" / "alertmanager" / f"words.{language}.tmpl").read_text(encoding="utf-8")
    assert [name for name in shipped_alerts() if f'$a "{name}"' not in words] == []


@pytest.mark.parametrize(
    ("alert", "scope", "what", "count", "indonesian", "english"),
    [
        (
            "CityOutage",
            "city",
            "Seluruh kota padam",
            "1000 dari 1000 titik",
            "Seluruh kota padam · 1000/1000 titik",
            "Whole city down · 1000/1000",
        ),
        (
            "IspDegraded",
            "isp",
            "ISP Telkom terganggu sebagian",
            "43 dari 143 titik padam",
            "ISP Telkom terganggu sebagian · 43/143 titik padam",
            "ISP degraded · ISP Telkom · 43/143",
        ),
        (
            "IspKecamatanOutage",
            "isp_kecamatan",
            "ISP Infotek padam di Lembeh Selatan",
            "138 dari 138 titik",
            "ISP Infotek padam di Lembeh Selatan · 138/138 titik",
            "ISP down locally · ISP Infotek in Lembeh Selatan · 138/138",
        ),
        (
            "UplinkDown",
            "uplink",
            "Jalur radio Lembeh (contoh) putus",
            "253 dari 253 titik",
            "Jalur radio Lembeh (contoh) putus · 253/253 titik",
            "Uplink down · Jalur radio Lembeh (contoh) · 253/253",
        ),
        (
            "KecamatanOutage",
            "kecamatan",
            "Kecamatan Lembeh Selatan padam",
            "138 dari 138 titik",
            "Kecamatan Lembeh Selatan padam · 138/138 titik",
            "Kecamatan down · Kecamatan Lembeh Selatan · 138/138",
        ),
        (
            "VantageDown",
            "vantage",
            "Jalur pemantauan kita putus",
            "",
            "Jalur pemantauan kita putus",
            "Our own path is cut",
        ),
        (
            "MaintenanceOverrun",
            "isp",
            "Pemeliharaan telkom-2026-03 belum selesai",
            "20 titik",
            "Pemeliharaan telkom-2026-03 belum selesai · 20 titik",
            "Maintenance overruns · telkom-2026-03 · 20",
        ),
    ],
)
def test_the_first_line_fits_a_lock_screen(
    alert: str, scope: str, what: str, count: str, indonesian: str, english: str, tmp_path: Path
) -> None:
    """At most 60 characters: what and how many. A place too long to fit beside them is told below."""
    labels = {"alertname": alert, "severity": "page", "scope": scope, "isp": "telkom"}
    notes = {"what": what, "count": count, "where": "Aertembaga, Girian, Lembeh Selatan, Lembeh Utara, Madidir, Maesa"}
    one = {**PAGE, "labels": labels, "annotations": notes}
    assert rendered("pantau.title", [one], "id", tmp_path) == indonesian
    assert rendered("pantau.title", [one], "en", tmp_path) == english
    assert max(len(indonesian), len(english)) <= 60


def test_english_leaves_no_indonesian_of_the_rules(tmp_path: Path) -> None:
    """Each phrase of `excluded` that a shipped rule writes is known to the English words."""
    told = {rule["annotations"].get("excluded", "") for rule in shipped_rules() if "alert" in rule}
    for excluded in sorted(told - {""}):
        one_way = re.sub(r"\{\{ *else *\}\}.*?(?=\{\{ *end)", "", excluded)
        fixed = re.sub(r"\{\{.*?\}\}", "", one_way)
        english = rendered("pantau.text", [{**PAGE, "annotations": {"what": "x", "excluded": fixed}}], "en", tmp_path)
        line = next(line for line in english.splitlines() if line.startswith("Excluded: "))
        assert not re.search(r"kita|titik|menjawab|seluruh|satu|lain|gangguan|jalur|nya\b", line, re.IGNORECASE), line


@pytest.mark.parametrize("language", ["id", "en"])
def test_telegram_stays_below_its_limit(language: str, tmp_path: Path) -> None:
    """It refuses more than 4096 characters: whatever the rules and the inventory write, the message is shorter."""
    endless = {"what": "é" * 5000, "where": "é" * 5000, "dashboard_url": "/d/" + "x" * 5000, "runbook_url": "y" * 5000}
    many = [
        {**hotspot(number, status), "annotations": endless} for number in range(20) for status in ("firing", "resolved")
    ]
    assert len(rendered("pantau.telegram", many, language, tmp_path)) < 4096
    one = dict.fromkeys((*PAGE["annotations"], *END, "isps", "silent", "window"), "ü" * 5000)
    assert len(rendered("pantau.telegram", [{**PAGE, "annotations": one}], language, tmp_path)) < 4096
    ends = {**PAGE, "status": "resolved", "endsAt": ENDED, "annotations": {**one, "ended": "maintenance"}}
    assert len(rendered("pantau.telegram", [ends], language, tmp_path)) < 4096
    only = {**PAGE, "annotations": {"description": "ß" * 5000}}
    assert len(rendered("pantau.telegram", [only], language, tmp_path)) < 4096
