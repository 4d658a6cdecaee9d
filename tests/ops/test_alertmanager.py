"""Alertmanager's configuration: it loads, each alert reaches its receiver, and the words come out right."""

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.programs import require_program
from tests.rules.checking import ROOT, SCOPES, shipped_alerts

CONFIG = ROOT / "config" / "alertmanager.yml"
TEMPLATES = ROOT / "config" / "alertmanager" / "*.tmpl"
RECEIVERS = {
    "Watchdog": "watchdog",
    "VantageDown": "page",
    "PantauDown": "page",
    "IspOutage": "page-isp",
    "KecamatanOutage": "page-kecamatan",
    "HotspotDown": "ticket",
    "PantauReloadFailed": "ticket",
    "PantauMeasurementDegraded": "ticket",
}
Alert = Mapping[str, object]

OUTAGE = {"alertname": "IspOutage", "isp": "telkom"}
WORDS = {
    "summary": "Satu ISP padam.",
    "description": "ISP telkom: 143 dari 143 titik.",
    "runbook_url": "docs/runbooks/IspOutage.md",
}
FIRING: Alert = {"status": "firing", "labels": OUTAGE, "annotations": WORDS, "startsAt": "2026-03-01T20:30:00Z"}
RESOLVED: Alert = {**FIRING, "status": "resolved", "endsAt": "2026-03-01T21:00:01.2Z"}


def amtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs amtool in the project's root and returns how it ended."""
    command = [require_program("amtool"), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def rendered(template: str, alerts: list[Alert], folder: Path) -> str:
    """What a receiver would read of these alerts of one group."""
    data = {
        "receiver": "page",
        "status": "firing" if any(alert["status"] == "firing" for alert in alerts) else "resolved",
        "alerts": alerts,
        "groupLabels": OUTAGE,
        "commonLabels": OUTAGE,
        "commonAnnotations": WORDS,
    }
    file = folder / "data.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    call = f'{{{{ template "pantau.{template}" . }}}}'
    done = amtool(
        "template", "render", f"--template.glob={TEMPLATES}", f"--template.text={call}", f"--template.data={file}"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_configuration_is_accepted() -> None:
    """amtool takes the shipped file and its templates, with no secret present."""
    done = amtool("check-config", CONFIG)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 templates" in done.stdout


@pytest.mark.parametrize(("alert", "receiver"), RECEIVERS.items())
def test_each_alert_reaches_its_receiver(alert: str, receiver: str) -> None:
    """An alert with the labels of its rule and the place it may speak of goes to exactly this receiver."""
    place = {"isp": "telkom", "kecamatan": "maesa", "hotspot": "BTG-07-1004-003"}
    labels = {"alertname": alert, **shipped_alerts()[alert]["labels"], **place}
    pairs = [f"{name}={value}" for name, value in labels.items()]
    done = amtool("config", "routes", "test", f"--config.file={CONFIG}", f"--verify.receivers={receiver}", *pairs)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_routed_here() -> None:
    """No alert is without a case above, and an alert nobody thought of is a ticket, not silence."""
    assert set(RECEIVERS) == set(shipped_alerts())
    done = amtool("config", "routes", "test", f"--config.file={CONFIG}", "--verify.receivers=ticket", "alertname=Other")
    assert done.returncode == 0, done.stdout


def test_the_telegram_block_is_right_once_uncommented(tmp_path: Path) -> None:
    """The commented receiver parses; the one key that Debian's Alertmanager does not know is replaced by its elder."""
    text = CONFIG.read_text(encoding="utf-8")
    block = text[text.index("  # - name: telegram") :]
    active = re.sub(r"^  # ", "  ", block, flags=re.MULTILINE)
    older = re.sub(r"bot_token_file: \S+", "bot_token: made-up", active)
    assert older != active != block
    whole = text.replace(block, older).replace("- receiver: page-isp", "- receiver: telegram")
    whole = whole.replace("alertmanager/*.tmpl", str(TEMPLATES))
    (tmp_path / "alertmanager.yml").write_text(whole.replace("receiver: page-isp", "receiver: telegram"), "utf-8")
    done = amtool("check-config", tmp_path / "alertmanager.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    receivers = {one["name"]: one for one in yaml.safe_load(whole)["receivers"]}
    assert receivers["telegram"]["telegram_configs"][0]["message"] == '{{ template "pantau.telegram" . }}'


def test_inhibition_knows_only_scopes_that_alerts_have() -> None:
    """A scope misspelt in an inhibition would let every child through without a word."""
    rules = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["inhibit_rules"]
    named: set[str] = set()
    for rule in rules:
        for matcher in rule["source_matchers"] + rule["target_matchers"]:
            label, _, value = re.fullmatch(r'(\w+)(=~|!=|=)"(.+)"', matcher).groups()  # type: ignore[union-attr]
            named |= set(value.split("|")) if label == "scope" else set()
    assert named == SCOPES - {"watchdog"}
    assert {alert["labels"]["scope"] for alert in shipped_alerts().values()} == SCOPES


def test_no_secret_is_written_in_the_file() -> None:
    """Passwords and tokens are named by file only."""
    text = CONFIG.read_text(encoding="utf-8")
    assert not re.search(r"(password|token|secret|credentials|api_key)\s*:", text)
    assert len(re.findall(r"(password|token)_file:", text)) == 2


@pytest.mark.parametrize(
    ("template", "alerts", "expected"),
    [
        ("title", [FIRING], "GANGGUAN ISP telkom: IspOutage"),
        ("title", [RESOLVED], "PULIH ISP telkom: IspOutage"),
        ("title", [FIRING, RESOLVED], "GANGGUAN ISP telkom (1 menyala, 1 pulih): IspOutage"),
        (
            "text",
            [FIRING],
            "GANGGUAN ISP telkom: IspOutage\nSatu ISP padam.\n\n- ISP telkom: 143 dari 143 titik.\n"
            "  Sejak (since): 02-03-2026 04:30:00 WITA\n\nTindakan (runbook): docs/runbooks/IspOutage.md\n",
        ),
        (
            "telegram",
            [RESOLVED],
            "PULIH ISP telkom: IspOutage\nSatu ISP padam.\n\n"
            "- Pulih (resolved) ISP telkom: 02-03-2026 05:00:01 WITA, lamanya (lasted) 30m1s\n"
            "docs/runbooks/IspOutage.md",
        ),
    ],
)
def test_words_of_a_notification(template: str, alerts: list[Alert], expected: str, tmp_path: Path) -> None:
    """The first line fits a lock screen, times are WITA, a recovery says how long it lasted."""
    assert rendered(template, alerts, tmp_path) == expected


def test_telegram_stays_below_its_limit(tmp_path: Path) -> None:
    """Of 1000 alerts ten are named and the number is said; Telegram refuses more than 4096 characters."""
    text = rendered("telegram", [FIRING] * 1000, tmp_path)
    assert text.count("143 dari 143") == 10
    assert "(10 dari 1000.)" in text
    assert len(text) < 4096
