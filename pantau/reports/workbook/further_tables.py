"""Parts 9 to 12 and the penalties of part 13: repairs, quality, recapitulation, trend and site checks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from pantau.reports.statement import Statement
from pantau.reports.statement.audit_rows import TwinRow, UnacceptedRow
from pantau.reports.statement.payment_rows import CorrectionRow, PenaltyRow
from pantau.reports.statement.rows import QualityRow, RecapRow, TrendRow, VisitRow
from pantau.reports.workbook.book import FIRST_ROW, TOTALS_ROW, Book, Cell, Formula, TableColumn, cell_name
from pantau.reports.workbook.fields import TableField, write_fields
from pantau.reports.workbook.terms import RatioCells
from pantau.texts import mark

_MEASURES = [
    TableColumn(mark("Measure"), "text", 34),
    TableColumn(mark("Value"), "number", 34),
]
_QUALITY = [
    TableColumn(mark("Point ID"), "text", 18),
    TableColumn(mark("Requests"), "number", 12),
    TableColumn(mark("Replies"), "number", 12),
    TableColumn(mark("Loss"), "percent", 12),
]
_RECAP = [
    TableColumn(mark("Group"), "text", 30),
    TableColumn(mark("Lines"), "number", 8),
    TableColumn(mark("D_charged (s)"), "number", 14),
    TableColumn(mark("Assessed (s)"), "number", 14),
    TableColumn(mark("Availability"), "percent", 12),
    TableColumn(mark("Coverage"), "percent", 12),
    TableColumn(mark("Not met"), "number", 10),
]
_PENALTIES = [
    TableColumn(mark("Kind"), "text", 22),
    TableColumn(mark("Point ID"), "text", 18),
    TableColumn(mark("Days"), "number", 8),
    TableColumn(mark("Permille: numerator"), "number", 10),
    TableColumn(mark("Permille: denominator"), "number", 8),
    TableColumn(mark("Base"), "rupiah", 16),
    TableColumn(mark("Penalty"), "rupiah", 14),
    TableColumn(mark("Outage"), "text", 30),
]
_TREND: list[TableField[TrendRow]] = [
    TableField(mark("Month"), "text", 10, lambda row: row.month),
    TableField(mark("Points"), "number", 8, lambda row: row.points),
    TableField(mark("Availability"), "percent", 12, lambda row: row.availability),
    TableField(mark("Coverage"), "percent", 12, lambda row: row.coverage),
]


def further_tables(book: Book, statement: Statement) -> None:
    """Write the sheets of the parts 9 to 12."""
    _repairs(book, statement)
    _quality(book, statement)
    _recap(book, book.say(mark("By kelurahan")), statement.by_kelurahan)
    category = book.words["category"]
    by_category = [replace(row, group=category(row.group)) for row in statement.by_category]
    _recap(book, book.say(mark("By category")), by_category)
    trend = book.sheet(book.say(mark("Trend")), book.say(mark("Trend by months")), book.say(mark("The same contract")))
    write_fields(trend, _TREND, statement.trend)
    _visits(book, statement)
    _paid_points(book, statement)


def _repairs(book: Book, statement: Statement) -> None:
    found = statement.repairs
    sheet = book.sheet(
        book.say(mark("Repairs")),
        book.say(mark("MTTR, MTBF and repair times")),
        book.say(mark("Charged outages that have ended.")),
    )
    entries: list[tuple[str, Cell]] = [
        (mark("Charged outages"), found.outages),
        (mark("Repairs"), found.repairs),
        (mark("Unfinished"), found.unfinished),
        (mark("MTTR (s)"), found.mttr_seconds),
        (mark("Median (s)"), found.median_seconds),
        (mark("Longest (s)"), found.longest_seconds),
        (mark("Longest outage"), found.longest_outage),
        (mark("MTBF (s)"), found.mtbf_seconds),
        (mark("Repair limit (s)"), found.limit_seconds),
        *((mark("Over the limit"), outage) for outage in found.late),
    ]
    sheet.table(_MEASURES, ([book.say(label), value] for label, value in entries))


def _quality(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        book.say(mark("Quality")),
        book.say(mark("Quality (for information)")),
        book.say(mark("Not paid by, unless the contract says so.")),
    )
    sheet.table(_QUALITY, (_quality_cells(row, at) for at, row in enumerate(statement.quality, FIRST_ROW)))


def _quality_cells(row: QualityRow, at: int) -> list[Cell]:
    loss: Cell = None
    if row.loss is not None:
        loss = Formula(f"1-{cell_name(at, 2)}/{cell_name(at, 1)}", row.loss.numerator / row.loss.denominator)
    return [row.point, row.requests, row.replies, loss]


def _recap(book: Book, name: str, rows: Iterable[RecapRow]) -> None:
    sheet = book.sheet(name, name, book.say(mark("Availability = 1 − charged/assessed")))
    sheet.table(_RECAP, (_recap_cells(row, at) for at, row in enumerate(rows, FIRST_ROW)))


def _recap_cells(row: RecapRow, at: int) -> list[Cell]:
    availability: Cell = None
    if row.availability is not None:
        share = row.availability.numerator / row.availability.denominator
        availability = Formula(f"1-{cell_name(at, 2)}/{cell_name(at, 3)}", share)
    seconds = row.charged_seconds, row.assessed_seconds
    return [row.group or None, row.lines, *seconds, availability, row.coverage, row.missed]


def _visits(book: Book, statement: Statement) -> None:
    result = book.words["visit"]
    fields: list[TableField[VisitRow]] = [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Date"), "day", 12, lambda row: date.fromisoformat(row.date)),
        TableField(mark("By"), "text", 18, lambda row: row.by),
        TableField(mark("Found"), "text", 30, lambda row: result(row.result)),
        TableField(mark("Download Mbps"), "number", 10, lambda row: row.download_mbps),
        TableField(mark("Upload Mbps"), "number", 10, lambda row: row.upload_mbps),
        TableField(mark("Photo"), "text", 30, lambda row: row.photo),
        TableField(mark("Note"), "text", 40, lambda row: row.note),
    ]
    sample = ", ".join(statement.visit_sample)
    sheet = book.sheet(
        book.say(mark("Site checks")),
        book.say(mark("Site checks")),
        book.say(mark("Sample (seed %(seed)s): %(points)s"), seed=statement.visit_seed, points=sample),
    )
    write_fields(sheet, fields, statement.visits)


def _paid_points(book: Book, statement: Statement) -> None:
    """What an auditor asks of points that are paid for."""
    twin, result, names = book.words["twin"], book.words["visit"], {row.point: row.name for row in statement.points}
    twins: list[TableField[TwinRow]] = [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Name"), "text", 34, lambda row: names.get(row.point)),
        TableField(mark("In common"), "text", 28, lambda row: twin(row.ground)),
        TableField(mark("With"), "text", 50, lambda row: ", ".join(row.others)),
    ]
    sheet = book.sheet(
        book.say(mark("One place")), book.say(mark("Points at one place, or at one address")), book.say(mark("Table A"))
    )
    write_fields(sheet, twins, statement.twins)
    unaccepted: list[TableField[UnacceptedRow]] = [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Name"), "text", 34, lambda row: names.get(row.point)),
        TableField(mark("Paid since"), "time", 18, lambda row: row.start),
        TableField(mark("Monthly fee"), "rupiah", 13, lambda row: row.monthly_fee),
        TableField(mark("Last visit"), "day", 12, lambda row: date.fromisoformat(row.visited) if row.visited else None),
        TableField(mark("Found"), "text", 30, lambda row: result(row.found) if row.found else None),
    ]
    title = book.say(mark("Points that are paid for without a recorded acceptance"))
    write_fields(
        book.sheet(book.say(mark("Not accepted")), title, book.say(mark("Table A"))), unaccepted, statement.unaccepted
    )


def penalties_sheet(book: Book, statement: Statement, permille: RatioCells | None) -> str:
    """Write part 13's penalties, by the term's cells where there are; returns the cell of their sum."""
    sheet = book.sheet(
        book.say(mark("Penalties")),
        book.say(mark("Penalties for lateness")),
        book.say(mark("Days × permille/1000 × base, rounded once; no restitution.")),
    )
    rows = statement.penalties
    count = sheet.table(_PENALTIES, (_penalty_cells(book, row, at, permille) for at, row in enumerate(rows, FIRST_ROW)))
    cells = f"{cell_name(FIRST_ROW, 6)}:{cell_name(FIRST_ROW + max(1, count) - 1, 6)}"
    sheet.put(TOTALS_ROW, 0, book.say(mark("Total")), bold=True)
    sheet.put(TOTALS_ROW, 6, Formula(f"SUM({cells})", sum(row.amount for row in rows)), "rupiah", bold=True)
    return sheet.ref(TOTALS_ROW, 6)


def _penalty_cells(book: Book, row: PenaltyRow, at: int, term: RatioCells | None) -> list[Cell]:
    over, _, under = row.permille.partition("/")
    permille: tuple[Cell, Cell] = int(over), int(under or 1)
    if term is not None and term.value == Fraction(row.permille):
        permille = Formula(term.over, int(over)), Formula(term.under, int(under or 1))
    amount = Formula(_penalty(at), row.amount)
    return [book.words["penalty"](row.kind), row.point, row.days, *permille, row.base, amount, row.outage]


def corrections_sheet(book: Book, statement: Statement) -> str:
    """Write part 13's corrections of earlier months; returns the cell of their sum."""
    words = book.words
    fields: list[TableField[CorrectionRow]] = [
        TableField(mark("Kind"), "text", 26, lambda row: words["correction"](row.kind)),
        TableField(mark("Month"), "text", 10, lambda row: row.month),
        TableField(mark("Edition"), "text", 30, lambda row: row.edition),
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Amount"), "rupiah", 16, lambda row: row.amount),
        TableField(mark("Decision (entry)"), "number", 12, lambda row: row.entry or None),
        TableField(mark("Document"), "text", 24, lambda row: row.document),
        TableField(mark("Signed by"), "text", 24, lambda row: ", ".join(row.approved_by)),
        TableField(mark("At (%(zone)s)"), "time", 18, lambda row: row.at),
        TableField(mark("Not counted because"), "text", 30, lambda row: words["settlement refusal"](row.refusal)),
    ]
    sheet = book.sheet(
        book.say(mark("Corrections")),
        book.say(mark("Corrections of earlier months")),
        book.say(mark("Held money that two people have settled, and what a new version of a FINAL changes.")),
    )
    count = write_fields(sheet, fields, statement.corrections)
    cells = f"{cell_name(FIRST_ROW, 4)}:{cell_name(FIRST_ROW + max(1, count) - 1, 4)}"
    sheet.put(TOTALS_ROW, 0, book.say(mark("Total")), bold=True)
    sheet.put(TOTALS_ROW, 4, Formula(f"SUM({cells})", statement.payment.correction), "rupiah", bold=True)
    return sheet.ref(TOTALS_ROW, 4)


def _penalty(row: int) -> str:
    """days x base x permille is far below 2^53; half a rupiah goes upwards."""
    days, over, under, base = (cell_name(row, place) for place in (2, 3, 4, 5))
    return f"INT((2*{days}*{base}*{over}+1000*{under})/(2000*{under}))"
