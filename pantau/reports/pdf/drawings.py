"""Which figures are drawn, and what is written beside them."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from pantau.reports.pdf import charts
from pantau.reports.pdf.charts import Bar, BarPart
from pantau.reports.pdf.colours import BAD, BLUE, GOOD, MUTED, OTHER, SKY, WARNING
from pantau.reports.pdf.faults import causes
from pantau.reports.statement.rows import EventRow, Ratio, RecapRow, StatementSummary, TrendRow
from pantau.reports.words import Words
from pantau.texts import Formats, Translate, mark

LONGEST_LABEL = 34
"""Characters that a chart has room for beside a bar."""
MONTHS = 6


def time_parts(summary: StatementSummary, say: Translate) -> list[BarPart]:
    """Where the time of all points went."""
    return [
        BarPart(say(mark("Up")), summary.up_seconds, GOOD),
        BarPart(say(mark("Down, charged")), summary.charged_seconds, BAD),
        BarPart(say(mark("Down, excluded")), summary.excluded_seconds, WARNING),
        BarPart(say(mark("Short outages, not charged")), summary.tolerated_seconds, SKY),
        BarPart(say(mark("Not observed by us")), summary.unobserved_seconds, MUTED),
        BarPart(say(mark("Outside service hours")), summary.off_hours_seconds, OTHER),
    ]


def cause_chart(events: Iterable[EventRow], words: Words, formats: Formats) -> Markup:
    """A Pareto: each cause's share of the downtime, and the sum of shares down to it."""
    rows = causes(events)
    whole, run, found = sum(row.seconds for row in rows), 0, []
    for row in rows:
        run += row.seconds
        told = f"{formats.tenths(row.seconds, whole)} (Σ {formats.tenths(run, whole)})"
        color = WARNING if row.excluded > row.charged else BAD
        found.append(Bar(_short(words["cause"](row.cause)), row.seconds / whole, told, color))
    return charts.bars(found)


def kelurahan_chart(rows: Iterable[RecapRow], objective: Ratio | None, formats: Formats) -> Markup:
    """Availability by kelurahan, against the SLA where all lines have the same."""
    limit = _share(objective)
    found = []
    for row in rows:
        share = _share(row.availability)
        met = None if row.availability is None or objective is None else _reaches(row.availability, objective)
        sign = "" if met is None else "✔ " if met else "✖ "
        color = BLUE if met is None else GOOD if met else BAD
        told = sign + formats.decided(row.availability, objective)
        found.append(Bar(_short(row.group or "—"), share, told, color))
    return charts.dots(found, limit)


def trend_chart(rows: Sequence[TrendRow], objective: Ratio | None, formats: Formats) -> Markup:
    """The last six months."""
    points = [
        (formats.short_month(row.month), _share(row.availability), formats.decided(row.availability, objective))
        for row in rows[-MONTHS:]
    ]
    return charts.trend(points, _share(objective))


def _reaches(value: Ratio, limit: Ratio) -> bool:
    """Exactly: no float promises that."""
    return value.numerator * limit.denominator >= limit.numerator * value.denominator


def _share(ratio: Ratio | None) -> float | None:
    """For drawing only."""
    return None if ratio is None else ratio.numerator / ratio.denominator


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1]}…"
