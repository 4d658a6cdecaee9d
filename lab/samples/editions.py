"""Editions of a report, as publishing would make them."""

from fractions import Fraction

from pantau.reports.edition import Comparison, Difference, Edition, Status, WitnessDecision, WitnessRow
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import Ratio

MADE_AT = 1_714_800_000
"""4 May 2024, 13:20 WITA."""


SAID = WitnessDecision(
    "Prometheus was moved to another disk", "ani", "BA-7", 48_200, ("ani", "budi"), "one_key", "7a" * 32
)
"""Why one point differs, as two have approved it."""


def ratio(value: Fraction) -> Ratio:
    """A ratio that is there."""
    found = Ratio.of(value)
    assert found is not None
    return found


def edition(
    number: str = "maesa-telkom/2024-04/1", status: Status = "draft", comparison: Comparison | None = None
) -> Edition:
    """A first edition."""
    return Edition(
        number, status, 1, MADE_AT, "0.1.0 (27c7877)", 48_213, "5d" * 32, "c0ffee" * 10 + "abcd", None, (), comparison
    )


def correction(of: Statement) -> Edition:
    """A second version with what differs, and a comparison in which one point disagrees and another is not known."""
    rows = tuple(
        WitnessRow(
            row.point,
            row.charged_seconds,
            row.up_seconds,
            row.charged_seconds,
            row.up_seconds,
            ratio(Fraction(0)),
            True,
            "",
        )
        for row in of.points
    )
    rows = (
        WitnessRow(of.points[0].point, 3600, 86_400, 7200, 86_400, ratio(Fraction(1, 720)), False, ""),
        WitnessRow(of.points[1].point, 3600, 86_400, None, None, None, False, SAID.text, SAID),
        *rows[2:],
    )
    return Edition(
        "maesa-telkom/2024-04/2",
        "final",
        2,
        MADE_AT,
        "0.1.0 (27c7877)",
        48_213,
        "5d" * 32,
        "c0ffee" * 10 + "abcd",
        1,
        (Difference("payment.restitution", "16667", "0"), Difference("exclusions[x]", None, "1 h")),
        Comparison("http://127.0.0.1:9090", MADE_AT, ratio(Fraction(1, 1000)), rows),
    )
