"""The small parts of the PDF: signs of days, numbers of entries, halves of tables, drawings."""

import re

import pytest

from lab.samples.accounting import WITA, at
from pantau.reports.pdf.calendar import Run, kind_of, runs
from pantau.reports.pdf.charts import Bar, BarPart, bars, dots, stacked, trend
from pantau.reports.pdf.pages import few, in_columns, outage_text, pairs, together
from pantau.reports.statement.rows import ChangeRow
from pantau.texts import Formats


@pytest.mark.parametrize(
    ("permille", "kind"),
    [
        (None, "unknown"),
        (0, "dead"),
        (1, "bad"),
        (499, "bad"),
        (500, "poor"),
        (979, "poor"),
        (980, "good"),
        (1000, "good"),
    ],
)
def test_each_day_has_its_sign(permille: int | None, kind: str) -> None:
    """The edges of good, poor, bad and dead; an unobserved day is none of them."""
    assert kind_of(permille) == kind


def test_days_of_one_kind_are_one_run() -> None:
    """Neighbouring days of one kind are one piece of markup, which sets faster."""
    assert runs([1000, 990, 0, None, None, 700]) == [
        Run("good", "●●"),
        Run("dead", "✖"),
        Run("unknown", "··"),
        Run("poor", "▲"),
    ]


def test_of_many_entries_the_ends_are_named() -> None:
    """Beyond four, the first and the last entry and their count."""
    assert (few([]), few([3, 5, 8, 9]), few([3, 5, 8, 9, 12])) == ("", "3, 5, 8, 9", "3 … 12 (5)")


def test_a_table_in_two_halves_is_read_down_the_left_first() -> None:
    """An odd last row has no partner."""
    assert list(pairs([1, 2, 3, 4, 5])) == [(1, 4), (2, 5), (3, None)]
    assert list(pairs([])) == []


def test_an_outage_is_told_by_point_and_time() -> None:
    """An id of another form is returned as it is."""
    formats = Formats("id", WITA)
    assert outage_text(f"BTG-01@{at('04-10 12:30')}", formats) == "BTG-01, 10/04 12:30:00"
    assert outage_text("kelurahan:x", formats) == "kelurahan:x"


def test_changes_of_one_kind_at_one_moment_are_one_line() -> None:
    """Changes of another kind or contract are lines of their own."""
    rows = [ChangeRow(1, "added", "A", ""), ChangeRow(1, "moved_in", "B", "k"), ChangeRow(1, "added", "C", "")]
    assert [(row.what, points) for row, points in together(rows)] == [("added", ["A", "C"]), ("moved_in", ["B"])]


def test_what_is_not_known_is_not_drawn() -> None:
    """A row without a value has a dash, and neither dot nor line."""
    months = [("Mar", None, "—"), ("Apr", 0.99, "99 %"), ("May", 0.5, "50 %")]
    drawn = trend(months, 0.98)
    assert drawn.count("<circle") == 2
    assert drawn.count('stroke-width="2"') == 1
    assert ">—</text>" in drawn
    rows = [Bar("A", None, "—"), Bar("B", 1.0, "100 %")]
    assert dots(rows, None).count("<circle") == 1
    assert len(re.findall(r"<rect", bars(rows))) == 3


def test_a_scale_reaches_down_to_the_lowest() -> None:
    """The scale begins at the next ten below the lowest value."""
    drawn = dots([Bar("A", 0.573, "57,3 %")], 0.98)
    assert ">50 %</text>" in drawn
    (x,) = re.findall(r'<circle cx="([\d.]+)"', drawn)
    assert 190 < float(x) < 190 + 375 * 0.2
    assert ">90 %</text>" in dots([Bar("A", 0.95, "95 %")], 0.98)
    assert ">0 %</text>" in dots([Bar("A", 0.0, "0 %")], 0.98)


def test_a_part_however_small_is_seen() -> None:
    """A part is at least one unit wide."""
    drawn = stacked([BarPart("Up", 1_000_000, "#000"), BarPart("Down", 1, "#f00"), BarPart("None", 0, "#0f0")])
    assert re.findall(r'width="([\d.]+)" height="16.0"', drawn) == ["658.00", "1.00"]


def test_words_in_a_drawing_are_only_words() -> None:
    """Labels are escaped."""
    assert "<b>" not in bars([Bar("<b>", 0.5, "<b>")])


def test_many_late_repairs_are_lines_and_no_cells() -> None:
    """As many side by side as the page is wide, each under the one above; what is wider has a line of its own."""
    assert in_columns([f"P-{number}, 10/04 00:00:00" for number in range(1, 8)], 60) == (
        "P-1, 10/04 00:00:00   P-2, 10/04 00:00:00\n"
        "P-3, 10/04 00:00:00   P-4, 10/04 00:00:00\n"
        "P-5, 10/04 00:00:00   P-6, 10/04 00:00:00\n"
        "P-7, 10/04 00:00:00"
    )
    assert in_columns(["x" * 200, "y"]) == f"{'x' * 200}\ny"
    assert in_columns([]) == ""
