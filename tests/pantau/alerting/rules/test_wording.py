"""A threshold in the words of people: exact, in both languages."""

import pytest

from pantau.alerting.rules.figures import Kind, parse
from pantau.alerting.rules.wording import FILTERS


@pytest.mark.parametrize(
    ("word", "kind", "value", "text"),
    [
        ("percent", Kind.SHARE, "0.6", "60 %"),
        ("percent", Kind.SHARE, "0.125", "12.5 %"),
        ("kata", Kind.COUNT, "2", "dua"),
        ("kata", Kind.COUNT, "11", "11"),
        ("words", Kind.COUNT, "3", "three"),
        ("words", Kind.NUMBER, "2.5", "2.5"),
        ("times", Kind.NUMBER, "2", "twice"),
        ("times", Kind.NUMBER, "3", "three times"),
        ("times", Kind.NUMBER, "1.5", "1.5 times"),
        ("brief", Kind.SECONDS, "14400", "4h"),
        ("brief", Kind.SECONDS, "86400", "24h"),
        ("brief", Kind.SECONDS, "604800", "7d"),
        ("brief", Kind.SECONDS, "90", "90s"),
        ("brief", Kind.SECONDS, "1.5", "1.5s"),
        ("brief_apart", Kind.SECONDS, "2", "2 s"),
        ("brief_apart", Kind.DURATION, "24h", "24 h"),
        ("milliseconds", Kind.SECONDS, "0.05", "50 ms"),
        ("lama", Kind.DURATION, "15m", "15 menit"),
        ("lama", Kind.DURATION, "90s", "90 detik"),
        ("lasting", Kind.DURATION, "15m", "15 minutes"),
        ("lasting", Kind.DURATION, "60s", "1 minute"),
        ("lasting", Kind.DURATION, "1h", "1 hour"),
        ("lasting", Kind.DURATION, "48h", "2 days"),
    ],
)
def test_each_form(word: str, kind: Kind, value: str, text: str) -> None:
    """As an alert or a runbook says it."""
    assert FILTERS[word](parse("name", kind, value)) == text
