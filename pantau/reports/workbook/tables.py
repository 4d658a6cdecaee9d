"""Tables B to F: outages, exclusions, unobserved time, changes and days. Only what adds up is a formula here."""

from datetime import date

from pantau.reports.statement import Statement
from pantau.reports.statement.rows import ChangeRow, EventRow, ExclusionRow, UnobservedRow
from pantau.reports.words import Words
from pantau.reports.workbook.book import FIRST_ROW, TOTALS_ROW, Book, Formula, TableColumn, cell_name
from pantau.reports.workbook.fields import TableField, numbers, write_fields
from pantau.texts import mark

_DOWN, _EXCLUDED, _CHARGED = 6, 7, 8
"""The columns of table B that have sums."""


def lettered_tables(book: Book, statement: Statement) -> None:
    """Write a sheet for each of the tables B to F."""
    _events(book, statement)
    _exclusions(book, statement)
    _unobserved(book, statement)
    _changes(book, statement)
    _calendar(book, statement)


def _event_fields(words: Words) -> list[TableField[EventRow]]:
    cause, strength = words["cause"], words["strength"]
    return [
        TableField(mark("Outage"), "text", 30, lambda row: row.outage),
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Name"), "text", 30, lambda row: row.name),
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("Ended (%(zone)s)"), "time", 18, lambda row: row.end),
        TableField(mark("Down, all of it (s)"), "number", 12, lambda row: row.seconds),
        TableField(mark("Of it here"), "number", 12, lambda row: row.down_seconds),
        TableField(mark("Excluded"), "number", 12, lambda row: row.excluded_seconds),
        TableField(mark("Charged"), "number", 12, lambda row: row.charged_seconds),
        TableField(mark("Of it undecided"), "number", 12, lambda row: row.undecided_seconds),
        TableField(mark("Excluded, contested"), "number", 12, lambda row: row.contested_seconds),
        TableField(mark("Held because"), "text", 26, lambda row: words["wait"](row.waits_for)),
        TableField(mark("Answered now and then (s)"), "number", 12, lambda row: row.answered_seconds),
        TableField(mark("Repair (s)"), "number", 12, lambda row: row.repair_seconds),
        TableField(mark("Over the limit"), "number", 12, lambda row: row.over_limit_seconds),
        TableField(mark("Kind of outage"), "text", 16, lambda row: words["state"](row.kind) if row.kind else None),
        TableField(mark("Cause"), "text", 24, lambda row: cause(row.cause)),
        TableField(mark("Proposed"), "text", 24, lambda row: cause(row.proposed)),
        TableField(mark("Strength"), "text", 12, lambda row: strength(row.strength)),
        TableField(mark("Facts"), "text", 40, words.facts),
        TableField(mark("Restart told by"), "text", 16, lambda row: words.told_by(row.uptime_told_by) or None),
        TableField(mark("Incident"), "text", 30, lambda row: row.incident),
        TableField(mark("Points"), "number", 8, lambda row: row.incident_points),
        TableField(mark("Decided by"), "text", 18, lambda row: row.decided_by),
        TableField(mark("Decided at (%(zone)s)"), "time", 18, lambda row: row.decided_at),
        TableField(mark("Reason"), "text", 30, lambda row: row.decided_reason),
        TableField(mark("Journal's entries"), "text", 20, lambda row: numbers(row.entries)),
    ]


def _events(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        book.say(mark("Events")),
        book.say(mark("Table B: outages")),
        book.say(mark("Above the threshold; the journal's entries prove it.")),
    )
    rows = statement.events
    count = write_fields(sheet, _event_fields(book.words), rows, frozen_columns=2)
    for place, value in (
        (_DOWN, sum(row.down_seconds for row in rows)),
        (_EXCLUDED, sum(row.excluded_seconds for row in rows)),
        (_CHARGED, sum(row.charged_seconds for row in rows)),
    ):
        cells = f"{cell_name(FIRST_ROW, place)}:{cell_name(FIRST_ROW + max(1, count) - 1, place)}"
        sheet.put(TOTALS_ROW, place, Formula(f"SUM({cells})", value), "number", bold=True)


def _exclusions(book: Book, statement: Statement) -> None:
    words = book.words
    fields: list[TableField[ExclusionRow]] = [
        TableField(mark("Exclusion"), "text", 20, lambda row: words["exclusion"](row.exclusion)),
        TableField(mark("Kind"), "text", 14, lambda row: words["kind"](row.kind)),
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("Until (%(zone)s)"), "time", 18, lambda row: row.end),
        TableField(mark("Cause"), "text", 18, lambda row: words["cause"](row.cause)),
        TableField(mark("Document"), "text", 24, lambda row: row.document),
        TableField(mark("Accepted by"), "text", 20, lambda row: row.accepted_by),
        TableField(mark("Announced (%(zone)s)"), "time", 18, lambda row: row.filed),
        TableField(mark("Lines"), "number", 8, lambda row: row.points),
        TableField(mark("Seconds excluded"), "number", 14, lambda row: row.excluded_seconds),
        TableField(mark("Seconds charged in it"), "number", 14, lambda row: row.charged_seconds),
        TableField(mark("Not counted because"), "text", 30, lambda row: ", ".join(map(words["refusal"], row.refusals))),
    ]
    sheet = book.sheet(
        book.say(mark("Exclusions")),
        book.say(mark("Table C: exclusions")),
        book.say(mark("Only what was accepted with a document counts.")),
    )
    write_fields(sheet, fields, statement.exclusions)


def _unobserved(book: Book, statement: Statement) -> None:
    reason = book.words["reason"]
    fields: list[TableField[UnobservedRow]] = [
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("Until (%(zone)s)"), "time", 18, lambda row: row.end),
        TableField(mark("Reason"), "text", 30, lambda row: reason(row.reason)),
        TableField(mark("Points"), "number", 8, lambda row: row.points),
        TableField(mark("Point-seconds"), "number", 14, lambda row: row.point_seconds),
        TableField(mark("Journal's entries"), "text", 24, lambda row: numbers(row.entries)),
    ]
    sheet = book.sheet(
        book.say(mark("Unobserved")),
        book.say(mark("Table D: unobserved")),
        book.say(mark("Never charged to the ISP.")),
    )
    write_fields(sheet, fields, statement.unobserved, frozen_columns=2)


def _changes(book: Book, statement: Statement) -> None:
    change = book.words["change"]
    fields: list[TableField[ChangeRow]] = [
        TableField(mark("At (%(zone)s)"), "time", 18, lambda row: row.at),
        TableField(mark("Change"), "text", 34, lambda row: change(row.what)),
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Detail"), "text", 40, lambda row: row.detail),
    ]
    sheet = book.sheet(
        book.say(mark("Changes")),
        book.say(mark("Table E: changes")),
        book.say(mark("Of points and terms within the month.")),
    )
    write_fields(sheet, fields, statement.changes)


def _calendar(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        book.say(mark("Calendar")),
        book.say(mark("Table F: day by day")),
        book.say(mark("Permille of the observed time in which it answered; — = not observed, or not under contract.")),
    )
    days = [date.fromisoformat(day) for day in statement.days]
    columns = [
        TableColumn(mark("Point ID"), "text", 18),
        TableColumn(mark("Name"), "text", 30),
        *(TableColumn(f"{day:%d}", "number", 6) for day in days),
    ]
    sheet.table(columns, ([row.point, row.name, *row.permille] for row in statement.calendar), frozen_columns=2)
