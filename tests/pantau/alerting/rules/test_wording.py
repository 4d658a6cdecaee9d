"""A threshold in the words of people: exact, in both languages."""

import pytest

from pantau.alerting.rules.figures import FigureKind, parse
from pantau.alerting.rules.wording import FILTERS


@pytest.mark.parametrize(
    ("word", "kind", "value", "text"),
    [
        ("percent", FigureKind.SHARE, "0.6", "60 %"),
        ("percent", FigureKind.SHARE, "0.125", "12.5 %"),
        ("kata", FigureKind.COUNT, "2", "dua"),
        ("kata", FigureKind.COUNT, "11", "11"),
        ("words", FigureKind.COUNT, "3", "three"),
        ("words", FigureKind.NUMBER, "2.5", "2.5"),
        ("times", FigureKind.NUMBER, "2", "twice"),
        ("times", FigureKind.NUMBER, "3", "three times"),
        ("times", FigureKind.NUMBER, "1.5", "1.5 times"),
        ("brief", FigureKind.SECONDS, "14400", "4h"),
        ("brief", FigureKind.SECONDS, "86400", "24h"),
        ("brief", FigureKind.SECONDS, "604800", "7d"),
        ("brief", FigureKind.SECONDS, "90", "90s"),
        ("brief", FigureKind.SECONDS, "1.5", "1.5s"),
        ("brief_apart", FigureKind.SECONDS, "2", "2 s"),
        ("brief_apart", FigureKind.DURATION, "24h", "24 h"),
        ("milliseconds", FigureKind.SECONDS, "0.05", "50 ms"),
        ("lama", FigureKind.DURATION, "15m", "15 menit"),
        ("lama", FigureKind.DURATION, "90s", "90 detik"),
        ("lasting", FigureKind.DURATION, "15m", "15 minutes"),
        ("lasting", FigureKind.DURATION, "60s", "1 minute"),
        ("lasting", FigureKind.DURATION, "1h", "1 hour"),
        ("lasting", FigureKind.DURATION, "48h", "2 days"),
    ],
)
def test_each_form(word: str, kind: FigureKind, value: str, text: str) -> None:
    """As an alert or a runbook says it."""
    assert FILTERS[word](parse("name", kind, value)) == text
