"""The sheet *Keputusan*: each decision with who, when, document and effect."""

from pantau.reports.statement import Statement
from pantau.reports.statement.decision_table import DecisionRow
from pantau.reports.workbook.book import Book
from pantau.reports.workbook.fields import TableField, write_fields
from pantau.texts import mark


def decisions_sheet(book: Book, statement: Statement) -> None:
    """Write the sheet."""
    sheet = book.sheet(
        book.say(mark("Decisions")),
        book.say(mark("Decisions (Keputusan)")),
        book.say(mark("What changes money counts once two people have approved it; until then it is held.")),
    )
    write_fields(sheet, _fields(book), statement.decisions)


def _fields(book: Book) -> list[TableField[DecisionRow]]:
    item, status, binding = (book.words[name] for name in ("item", "decision", "binding"))
    return [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point or None),
        TableField(mark("Outage"), "number", 10, lambda row: row.number or None),
        TableField(mark("From (%(zone)s)"), "time", 18, lambda row: row.start),
        TableField(mark("Until (%(zone)s)"), "time", 18, lambda row: row.end),
        TableField(mark("Decides"), "text", 14, lambda row: item(row.kind)),
        TableField(mark("Decision"), "text", 20, lambda row: book.words.decided(row.kind, row.code)),
        TableField(mark("Status"), "text", 20, lambda row: status(row.status)),
        TableField(mark("Effect"), "rupiah", 12, lambda row: row.effect),
        TableField(mark("Proposed by"), "text", 14, lambda row: row.proposed_by or None),
        TableField(mark("Reason"), "text", 30, lambda row: row.reason),
        TableField(mark("Document"), "text", 16, lambda row: row.document or None),
        TableField(mark("Approved by"), "text", 16, lambda row: ", ".join(row.approved_by) or None),
        TableField(mark("Rests on"), "text", 20, lambda row: binding(row.binding) if row.binding else None),
        TableField(mark("List (SHA-256)"), "text", 18, lambda row: row.list_sha256 or None),
        TableField(mark("Journal"), "number", 10, lambda row: row.entry or None),
    ]
