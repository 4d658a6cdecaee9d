"""The words of a message, by Alertmanager's own template engine: exact texts, in both languages."""

from pathlib import Path
from typing import Any

import pytest

from tests.alerting.amtool import ROOT, rendered
from tests.rules.checking import shipped_alerts

BEGAN, ENDED = "2026-03-01T20:30:00Z", "2026-03-01T21:00:01.2Z"

PAGE: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "IspOutage", "severity": "page", "scope": "isp", "isp": "telkom"},
    "annotations": {
        "summary": "Satu ISP padam. (An ISP is down.)",
        "description": "ISP telkom: 143 dari 143 titik.",
        "what": "ISP padam",
        "where": "ISP Telkom",
        "count": "143 dari 143 titik",
        "examples": "Balai Girian, Kantor Camat Maesa, Pasar Girian",
        "excluded": "canary kita menjawab",
        "dashboard_url": "/d/pantau-isp?var-isp=telkom",
        "runbook_url": "docs/runbooks/IspOutage.md",
    },
    "startsAt": BEGAN,
}
RECOVERY = {**PAGE, "status": "resolved", "endsAt": ENDED}


def hotspot(number: int, status: str = "firing") -> dict[str, Any]:
    """A ticket of one of a kecamatan's points."""
    return {
        "status": status,
        "labels": {
            "alertname": "HotspotDown", "severity": "ticket", "scope": "hotspot",
            "hotspot": f"BTG-07-{number:02}", "kecamatan": "lembeh-utara", "isp": "telkom",
        },
        "annotations": {
            "where": f"Titik {number:02}, Lembeh Utara, ISP Telkom",
            "dashboard_url": "/d/pantau-kecamatan?var-kecamatan=lembeh-utara",
            "runbook_url": "docs/runbooks/HotspotDown.md",
        },
        "startsAt": BEGAN,
        "endsAt": ENDED,
    }  # fmt: skip


PAGE_ID = """\
ISP padam · Telkom · 143/143 titik

Di mana: ISP Telkom
Banyaknya: 143 dari 143 titik
Sepuluh pertama: Balai Girian, Kantor Camat Maesa, Pasar Girian
Sudah dipastikan: canary kita menjawab
Sejak: 02-03-2026 04:30:00 WITA

Dasbor: /d/pantau-isp?var-isp=telkom
Tindakan: docs/runbooks/IspOutage.md
Pantau, Kota Bitung"""

PAGE_EN = """\
ISP down · Telkom · 143/143

Where: ISP Telkom
How many: 143 of 143 hotspots
The ten first: Balai Girian, Kantor Camat Maesa, Pasar Girian
Made sure: canary kita menjawab
Since: 02-03-2026 04:30:00 WITA

Dashboard: /d/pantau-isp?var-isp=telkom
What to do: docs/runbooks/IspOutage.md
Pantau, Kota Bitung"""

RECOVERY_ID = """\
PULIH · ISP padam · Telkom · 30 menit 1 detik

Di mana: ISP Telkom
Sejak: 02-03-2026 04:30:00 WITA
Sampai: 02-03-2026 05:00:01 WITA
Lamanya: 30 menit 1 detik

Dasbor: /d/pantau-isp?var-isp=telkom
Pantau, Kota Bitung"""

RECOVERY_EN = """\
RESOLVED · ISP down · Telkom · 30 min 1 s

Where: ISP Telkom
Since: 02-03-2026 04:30:00 WITA
Until: 02-03-2026 05:00:01 WITA
Lasted: 30 min 1 s

Dashboard: /d/pantau-isp?var-isp=telkom
Pantau, Kota Bitung"""

TEN_ID = "\n".join(f"- Titik {n:02}, Lembeh Utara, ISP Telkom; sejak 02-03-2026 04:30:00 WITA" for n in range(1, 11))
TICKET_ID = f"""\
Titik padam · Lembeh Utara · 12 titik

Sedang terjadi:
{TEN_ID}
(sepuluh pertama dari 12; semuanya di dasbor)

Dasbor: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
Tindakan: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""

TEN_EN = TEN_ID.replace("sejak", "since")
TICKET_EN = f"""\
Hotspot down · Lembeh Utara · 12 hotspots

Firing:
{TEN_EN}
(the ten first of 12; all of them are on the dashboard)

Dashboard: /d/pantau-kecamatan?var-kecamatan=lembeh-utara
What to do: docs/runbooks/HotspotDown.md
Pantau, Kota Bitung"""

MIXED_ID = """\
Titik padam · Lembeh Utara · 1 terjadi, 1 pulih

Sedang terjadi:
- Titik 01, Lembeh Utara, ISP Telkom; sejak 02-03-2026 04:30:00 WITA
Sudah pulih:
- Titik 02, Lembeh Utara, ISP Telkom; lamanya 30 menit 1 detik

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
    ],
)
def test_the_words_of_a_message(alerts: list[dict[str, Any]], language: str, expected: str, tmp_path: Path) -> None:
    """What, where, since when, how many, the ten first, what is excluded, link, runbook; e-mail and Telegram alike."""
    assert rendered("pantau.text", alerts, language, tmp_path) == expected
    assert rendered("pantau.telegram", alerts, language, tmp_path) == expected
    assert rendered("pantau.title", alerts, language, tmp_path) == expected.partition("\n")[0]


def test_without_the_words_of_a_rule_its_description_is_told(tmp_path: Path) -> None:
    """A rule that gives no `where` loses nothing."""
    bare = {**PAGE, "annotations": {"description": "ISP telkom: 143 dari 143 titik."}}
    assert rendered("pantau.text", [bare], "id", tmp_path) == (
        "ISP padam · Telkom\n\nISP telkom: 143 dari 143 titik.\nSejak: 02-03-2026 04:30:00 WITA\n\nPantau, Kota Bitung"
    )


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (59, "59 detik", "59 s"),
        (60, "1 menit", "1 min"),
        (630, "10 menit 30 detik", "10 min 30 s"),
        (3600, "1 jam", "1 h"),
        (3660, "1 jam 1 menit", "1 h 1 min"),
        (36_000 + 35, "10 jam", "10 h"),
        (7 * 86_400 + 600, "168 jam 10 menit", "168 h 10 min"),
    ],
)
def test_how_long_it_lasted(seconds: int, indonesian: str, english: str, tmp_path: Path) -> None:
    """In the units that matter: beyond an hour no seconds."""
    days, rest = divmod(seconds, 86_400)
    ended = f"2026-03-{1 + days:02}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}Z"
    alert = {**RECOVERY, "startsAt": "2026-03-01T00:00:00Z", "endsAt": ended}
    assert rendered("pantau.title", [alert], "id", tmp_path) == f"PULIH · ISP padam · Telkom · {indonesian}"
    assert rendered("pantau.title", [alert], "en", tmp_path) == f"RESOLVED · ISP down · Telkom · {english}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_alert_has_words_in_both_languages(language: str, tmp_path: Path) -> None:
    """No shipped rule is told by its name alone, and its first line fits a lock screen."""
    words = (ROOT / "config" / "alertmanager" / f"words.{language}.tmpl").read_text(encoding="utf-8")
    assert [name for name in shipped_alerts() if f'$a "{name}"' not in words] == []


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("alert", "where", "count"),
    [
        ("CityOutage", "Kota Bitung", "1000 dari 1000 titik"),
        ("IspOutage", "ISP Telkom", "143 dari 143 titik"),
        ("IspKecamatanOutage", "ISP Infotek, kecamatan Lembeh Selatan", "138 dari 138 titik"),
        ("UplinkDown", "Jalur radio Lembeh (contoh)", "253 dari 253 titik"),
        ("KecamatanOutage", "kecamatan Lembeh Selatan", "138 dari 138 titik"),
    ],
)
def test_the_first_line_fits_a_lock_screen(alert: str, where: str, count: str, language: str, tmp_path: Path) -> None:
    """At most 60 characters for the longest of the city's own names, and nothing of them is cut off."""
    labels = {**PAGE["labels"], "alertname": alert}
    one = {**PAGE, "labels": labels, "annotations": {"where": where, "count": count}}
    title = rendered("pantau.title", [one], language, tmp_path)
    assert len(title) <= 60
    assert count.split()[0] in title
    assert where.removeprefix("ISP ").split(" ")[-1].rstrip(")") in title


@pytest.mark.parametrize("language", ["id", "en"])
def test_telegram_stays_below_its_limit(language: str, tmp_path: Path) -> None:
    """It refuses more than 4096 characters: whatever the rules and the inventory write, the message is shorter."""
    endless = {"where": "é" * 5000, "dashboard_url": "/d/" + "x" * 5000, "runbook_url": "y" * 5000}
    many = [
        {**hotspot(number, status), "annotations": endless} for number in range(20) for status in ("firing", "resolved")
    ]
    assert len(rendered("pantau.telegram", many, language, tmp_path)) < 4096
    one = dict.fromkeys((*PAGE["annotations"], "count", "examples", "excluded"), "ü" * 5000)
    assert len(rendered("pantau.telegram", [{**PAGE, "annotations": one}], language, tmp_path)) < 4096
    only = {**PAGE, "annotations": {"description": "ß" * 5000}}
    assert len(rendered("pantau.telegram", [only], language, tmp_path)) < 4096
