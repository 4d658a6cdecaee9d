"""What the terminal shows of a message: since the first lost probe, and at the end how it ended."""

from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from pantau.alerting.sentences import ENDINGS
from pantau.stack.notices import notice
from pantau.stack.receiver import Notification

NOW = datetime(2026, 3, 1, 20, 34, 20, tzinfo=UTC)
"""Four minutes and twenty seconds after the fault."""


def shown(status: str, **annotations: str) -> str:
    """The terminal's lines for a message about one ISP."""
    notes = {"summary": "Satu ISP padam. (An ISP is down.)", "since": "02-03-2026 04:30:00 WITA", **annotations}
    labels = {"alertname": "IspOutage", "severity": "page", "isp": "telkom"}
    alert: dict[str, Any] = {"status": status, "labels": labels, "annotations": notes}
    alert |= {"startsAt": "2026-03-01T20:32:00Z", "endsAt": "2026-03-01T20:34:12Z"}
    message: dict[str, Any] = {"status": status, "receiver": "page", "alerts": [alert]}
    message |= {"commonLabels": labels, "commonAnnotations": notes}
    console = Console(width=200, color_system=None)
    with console.capture() as captured:
        console.print(notice(Notification.model_validate(message), NOW))
    return captured.get()


def test_an_outage_is_as_old_as_its_first_lost_probe() -> None:
    """Not as the alert."""
    text = shown("firing")
    assert text.startswith("▲ GANGGUAN (firing)  Satu ISP padam.")
    assert "umur (age) 4m20s" in text


def test_a_recovery_says_nothing_of_what_was_wrong() -> None:
    """And how long it lasted as the message says it."""
    text = shown("resolved", ended="recovered", lasted="4m 10s")
    assert text.startswith("✔ PULIH (resolved)")
    assert "padam" not in text
    assert "lamanya (lasted) 4m10s" in text


@pytest.mark.parametrize("ended", ["", *ENDINGS])
def test_only_what_answers_has_recovered(ended: str) -> None:
    """A window, points taken out, another cause, and what nobody knows are told as such, with what is silent."""
    text = shown("resolved", ended=ended, silent="82 dari 82 titik")
    assert ("PULIH" in text) == (ended in ("recovered", "partly"))
    assert ("✔" in text) == (ended == "recovered")
    assert "masih diam (still silent): 82 dari 82 titik" in text
