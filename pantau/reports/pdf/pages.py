"""What the templates are given: the statement and its edition, and what has to be made of them before it is set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from pantau.reports.edition import Edition
from pantau.reports.pdf import attention, charts
from pantau.reports.pdf.calendar import SIGNS, runs
from pantau.reports.pdf.drawings import cause_chart, kelurahan_chart, time_parts, trend_chart
from pantau.reports.pdf.faults import CauseGrounds, by_point, causes, incidents
from pantau.reports.pdf.formulae import FORMULAE, UNJUDGED, example, terms_of
from pantau.reports.pdf.lines import WIDTH, OutageLines, quality_lines, unaccepted_lines
from pantau.reports.pdf.point_lines import COLUMNS, SIGN_MM, PointLines
from pantau.reports.pdf.terms import TermSheet
from pantau.reports.statement import Statement
from pantau.reports.statement.observed import STATES, has_more_states
from pantau.reports.statement.rows import ChangeRow, PointRow, Ratio
from pantau.reports.words import Words, translation
from pantau.texts import Formats, Translate, mark
from pantau.texts.formats import DateInWords

_BLANK = "______________"
BLANK_DATE = DateInWords(_BLANK, _BLANK, _BLANK, _BLANK, "____-____-________")
"""Of a draft, which nobody signs yet."""
FEW_ENTRIES, MANY_ENTRIES = 4, 24
PARTS = (
    "00-cover.html",
    "00-reading.html",
    "01-summary.html",
    "02-basis.html",
    "03-table-a.html",
    "04-table-b.html",
    "05-table-c.html",
    "05-decisions.html",
    "06-table-d.html",
    "06-observed.html",
    "07-table-e.html",
    "07-inventory.html",
    "08-calendar.html",
    "09-repairs.html",
    "10-quality.html",
    "11-recaps.html",
    "12-visits.html",
    "13-payment.html",
    "14-objections.html",
    "15-record.html",
    "16-annexes.html",
)
"""The parts' templates, in order."""
CONTENTS = (
    ("reading", mark("How to read this report")),
    ("p1", mark("1. Summary")),
    ("p2", mark("2. Basis and definitions")),
    ("p3", mark("3. Table A: the points")),
    ("p4", mark("4. Table B: the outages above the threshold")),
    ("p5", mark("5. Table C: exclusions")),
    ("p5b", mark("Decisions (Keputusan)")),
    ("p6", mark("6. Table D: not observed")),
    ("p7", mark("7. Table E: changes")),
    ("p8", mark("8. Table F: the days")),
    ("p9", mark("9. Repairs: MTTR and MTBF")),
    ("p10", mark("10. Quality, for information")),
    ("p11", mark("11. Recapitulation and trend")),
    ("p12", mark("12. Site checks (uji petik)")),
    ("p13", mark("13. Payment")),
    ("p14", mark("14. Objections and how they were settled")),
    ("p15", mark("15. Record of the inspection (berita acara)")),
    ("p16", mark("16. Annexes: where every figure comes from")),
)
"""Where each part begins, for the table of contents."""


def page_values(statement: Statement, edition: Edition, language: str) -> Mapping[str, Any]:
    """The names that the templates use; `ValueError` for a language that we do not have."""
    told = statement.measuring.told
    said = translation(language).gettext

    def say(message: str) -> str:
        return told.levels.within(said(message))

    formats = Formats(language, ZoneInfo(statement.timezone), told.money)
    words = Words(say)
    return {
        "s": statement,
        "edition": edition,
        "language": language,
        "f": formats,
        "words": words,
        "m": statement.measuring,
        "who": Named(statement),
        "parts": PARTS,
        "contents": [(anchor, say(title)) for anchor, title in CONTENTS],
        "pairs": pairs,
        "few": few,
        "told_outage": lambda outage: outage_text(outage, formats),
        **_of_edition(statement, edition, words, formats),
        **_of_summary(statement, edition, say, formats),
        **_of_points(statement, words, formats),
        **_of_outages(statement, words, formats),
        **_of_payment(statement),
    }


Values = Mapping[str, Any]
"""Names of the templates, and what they stand for."""


def _of_edition(statement: Statement, edition: Edition, words: Words, formats: Formats) -> Values:
    """Who made it and when, whom it was compared with, who signs it."""
    say = words.say
    return {
        "made": formats.time(edition.made_at),
        "made_iso": _iso(edition.made_at),
        "witness_notes": list(attention.witness_notes(edition, Named(statement), words, say)),
        "apart": sum(not row.agrees for row in edition.comparison.rows) if edition.comparison else 0,
        "signers": _signers(statement, say),
        "signed": formats.date_in_words(edition.made_at) if edition.status == "final" else BLANK_DATE,
    }


def _of_summary(statement: Statement, edition: Edition, say: Translate, formats: Formats) -> Values:
    """Parts 1, 2 and 11: sentences, terms, worked examples, drawings."""
    objective, parts = _objective(statement), time_parts(statement.summary, say)
    terms = [basis.terms for basis in statement.basis]
    worst = [row.error_rupiah for row in statement.points if row.error_rupiah is not None]
    return {
        "objective": objective,
        "sentences": list(attention.verdict(statement, objective, say, formats)),
        "to_settle": attention.to_settle(statement, edition, say, formats),
        "time_parts": parts,
        "time_bar": charts.stacked(parts),
        "term_sheets": [(basis, list(TermSheet(say, formats, Words(say)).of(basis))) for basis in statement.basis],
        "example": example(statement, say, formats),
        "formulae": {method: say(formula) for method, formula in FORMULAE.items()},
        "methods": sorted({one["method"] for one in terms if one["method"]}),
        "thresholds": sorted({one["threshold_seconds"] for one in terms}),
        "worst_seconds": max((row.error_seconds for row in statement.points), default=None),
        "worst_rupiah": max(worst, default=None),
        "kelurahan_chart": kelurahan_chart(statement.by_kelurahan, objective, formats),
        "trend_chart": trend_chart(statement.trend, objective, formats),
    }


def _of_points(statement: Statement, words: Words, formats: Formats) -> Values:
    """Tables A, E and F, and parts 6, 10 and 12: all that has a line a point."""
    names = {row.point: row.name for row in statement.points}
    least_coverage = {row.version: _least_coverage(statement, row) for row in statement.points}
    return {
        "names": names,
        "least_coverage": least_coverage,
        "point_lines": PointLines(formats, words, least_coverage),
        "point_columns": [round(width * SIGN_MM, 3) for width in COLUMNS],
        "has_off_hours": bool(statement.summary.off_hours_seconds),
        "states": STATES,
        "states_rows": [row for row in statement.points if has_more_states(row)],
        "changes": together(statement.changes),
        "calendar": [(row, runs(row.permille)) for row in statement.calendar],
        "signs": SIGNS,
        "days_head": " ".join(f"{int(day[-2:]):2}" for day in statement.days),
        "days_width": round(4.79 * len(statement.days) + 3, 1),
        "quality_lines": quality_lines(statement.quality, formats, words),
        "unaccepted_lines": unaccepted_lines(statement.unaccepted, names, formats, words),
        "visited": {visit.point for visit in statement.visits},
    }


def _of_outages(statement: Statement, words: Words, formats: Formats) -> Values:
    """Table B and part 9."""
    grounds = CauseGrounds(statement.events, words)
    return {
        "causes": causes(statement.events),
        "causes_chart": cause_chart(statement.events, words, formats),
        "incidents": incidents(statement.events),
        "outages": by_point(statement.events),
        "outage_lines": OutageLines(formats, words, grounds.number, entries_of),
        "grounds": grounds,
        "decided": sum(row.decided_by is not None for row in statement.events),
        "late_repairs": in_columns([outage_text(outage, formats) for outage in statement.repairs.late]),
    }


def _of_payment(statement: Statement) -> Values:
    """Part 13: whose money waits, and for what."""
    held = [row for row in statement.points if row.held]
    return {
        "held_rows": held,
        "unjudged": UNJUDGED,
        "undecided": [row for row in held if row.standing not in UNJUDGED],
    }


class Named:
    """People's ids as the paper names them: with name, role and office, where the inventory knows them."""

    def __init__(self, statement: Statement) -> None:
        self._people = {row.id: f"{row.name} ({row.role}, {row.office})" for row in statement.people}

    def __call__(self, person: str) -> str:
        """The words for one."""
        return self._people.get(person, person)

    def all(self, people: Sequence[str]) -> str:
        """The words for several."""
        return ", ".join(map(self, people))


def pairs(rows: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Rows two by two, down the left half first, for tables in two halves; the last may be without partner."""
    half = -(-len(rows) // 2)
    for number in range(half):
        yield rows[number], rows[half + number] if half + number < len(rows) else None


def together(changes: Iterable[ChangeRow]) -> list[tuple[ChangeRow, list[str]]]:
    """Changes of one kind at one moment as one line, with their points: a contract's first month has hundreds."""

    def key(row: ChangeRow) -> tuple[int, str, str]:
        return row.at, row.what, row.detail

    groups = [list(rows) for _, rows in groupby(sorted(changes, key=key), key=key)]
    return [(rows[0], [row.point for row in rows]) for rows in groups]


def few(entries: Sequence[int]) -> str:
    """Numbers of entries; of many the first, the last, and how many there are."""
    if len(entries) <= FEW_ENTRIES:
        return ", ".join(map(str, entries))
    return f"{entries[0]} … {entries[-1]} ({len(entries)})"


def entries_of(entries: Sequence[int]) -> str:
    """All of them, while somebody may want to look each up; of a point that flaps data.json has the thousands."""
    return ", ".join(map(str, entries)) if len(entries) <= MANY_ENTRIES else few(entries)


def outage_text(outage: str, formats: Formats) -> str:
    """An outage's id, ``BTG-01@1712678400``, with its second as a time."""
    point, _, second = outage.rpartition("@")
    return f"{point}, {formats.short_time(int(second))}" if second.isdigit() else outage


def in_columns(texts: Sequence[str], width: int = WIDTH) -> str:
    """Texts side by side, of equally wide signs: a contract's thousand would be a thousand cells to set."""
    wide = max(map(len, texts), default=0) + 3
    columns = max(1, width // wide)
    rows = (texts[place : place + columns] for place in range(0, len(texts), columns))
    return "\n".join("".join(f"{text:{wide}}" for text in row).rstrip() for row in rows)


def _signers(statement: Statement, say: Translate) -> list[tuple[str, str]]:
    parties, told = statement.parties, statement.measuring.told
    return [
        (
            say(mark("For the buyer (PA/PPK or PPTK)")),
            f"{told.district_head} {parties.kecamatan_name}",
        ),
        (say(mark("For the provider")), parties.isp_legal_name or parties.isp_name),
        (say(mark("Verified by")), statement.measuring.office or say(mark("The office that measures"))),
    ]


def _iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def _least_coverage(statement: Statement, row: PointRow) -> Ratio | None:
    """The coverage that a line's terms ask for."""
    return Ratio.of(Fraction(terms_of(statement, row)["minimum_coverage"]))


def _objective(statement: Statement) -> Ratio | None:
    """The SLA, where all lines have the same."""
    found = {row.objective for row in statement.points}
    return found.pop() if len(found) == 1 else None
