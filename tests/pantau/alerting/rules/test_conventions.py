"""What every rule has is put there by code, and what no code can put there is asked for."""

import pytest
import yaml

from pantau.alerting.rules.conventions import applied, breaches
from pantau.alerting.rules.figures import Figure, FigureKind, parse

HALF = parse("half", FigureKind.SHARE, "0.5")
HOLD = parse("hold", FigureKind.DURATION, "5m")
RULE = """\
groups:
  - name: g
    rules:
      - alert: HotspotDown
        expr: a > 0
        labels: {severity: page, scope: hotspot}
        annotations:
          summary: Down.
          description: >-
            It is
            down.
          dashboard_url: /d/x

      - alert: HotspotUp
        expr: a == 0
        labels: {severity: page, scope: hotspot}
        annotations: &words
          summary: Up.
          description: It is up.
      - alert: HotspotUp
        expr: a == 1
        labels: {severity: ticket, scope: hotspot}
        annotations: *words
"""


def line(text: str) -> str:
    """What becomes of one line."""
    return applied(text).rstrip("\n")


def test_behind_each_threshold_stands_its_name_once() -> None:
    """Two of one name on a line are named once, two names in their order."""
    assert line(f"  a >= {HALF}") == "  a >= 0.5  # half"
    assert line(f"  a >= {HALF} and b[{HOLD}] >= {HALF}") == "  a >= 0.5 and b[5m] >= 0.5  # half, hold"
    assert line(f"for: {HOLD}") == "for: 5m  # hold"


def test_words_and_labels_get_no_comment() -> None:
    """There `#` would be part of the text; after them comments begin again."""
    head, words = (
        f"  - alert: A\n    labels: {{step: {HOLD}}}\n",
        f"    annotations:\n      where: >-\n        {HALF}\n",
    )
    assert applied(f"{head}{words}    for: {HOLD}").splitlines() == [
        "  - alert: A",
        "    labels: {step: 5m}",
        "    annotations:",
        "      where: >-",
        "        0.5",
        "      runbook_url: docs/runbooks/A.md",
        "    for: 5m  # hold",
    ]


def test_a_bare_figure_leaves_no_name() -> None:
    """For where no comment can stand, as in a name."""
    assert line(f"record: city:outage:held{HOLD.bare}") == "record: city:outage:held5m"


def test_each_alert_gets_its_runbook_before_the_dashboard() -> None:
    """Also the last one, also by an alias, and nothing else changes."""
    text = applied(RULE)
    rules = yaml.safe_load(text)["groups"][0]["rules"]
    urls = [rule["annotations"]["runbook_url"] for rule in rules]
    assert urls == [f"docs/runbooks/{name}.md" for name in ("HotspotDown", "HotspotUp", "HotspotUp")]
    assert list(rules[0]["annotations"]) == ["summary", "description", "runbook_url", "dashboard_url"]
    assert [row for row in text.splitlines() if "runbook_url" not in row] == RULE.splitlines()


def test_a_whole_alert_breaches_nothing() -> None:
    """The check does not cry over nothing."""
    assert list(breaches(yaml.safe_load(applied(RULE)))) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("severity: page, ", "", "HotspotDown has no severity; write one of page, ticket, info into its labels"),
        ("severity: page", "severity: loud", "HotspotDown has no severity; write one of page, ticket, info"),
        (", scope: hotspot", "", "HotspotDown has no scope; write into its labels what it is about"),
        ("          summary: Down.\n", "", "HotspotDown has no summary; write one into its annotations"),
        ("description: It is up.", "describes: x", "HotspotUp has no description; write one into its annotations"),
        (
            "annotations: *words",
            "annotations: {summary: a, description: b}",
            "HotspotUp has no runbook; write its annotations on lines of their own",
        ),
    ],
)
def test_what_an_alert_lacks_is_named(old: str, new: str, sentence: str) -> None:
    """By the alert, with what to write."""
    assert old in RULE
    found = list(breaches(yaml.safe_load(applied(RULE.replace(old, new, 1)))))
    assert found
    assert found[0].startswith(sentence)


def test_a_figure_is_text_only_between_marks() -> None:
    """What a template prints carries its name until the conventions are applied."""
    assert isinstance(HALF, Figure)
    assert str(HALF) == "\ue000half\ue0010.5\ue002"
