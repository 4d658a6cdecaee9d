"""The last sheets: what changed against the edition before, and the two witnesses side by side."""

from pantau.reports.edition import Edition, WitnessRow
from pantau.reports.workbook.book import Book, TableColumn
from pantau.reports.workbook.fields import TableField, write_fields
from pantau.texts import mark

_DIFFERENCES = [
    TableColumn(mark("Place"), "text", 60),
    TableColumn(mark("Before"), "text", 40),
    TableColumn(mark("Now"), "text", 40),
]


def provenance_sheets(book: Book, edition: Edition) -> None:
    """Write both sheets."""
    before = book.say(mark("First version"))
    if edition.supersedes:
        before = book.say(mark("Against version %(version)s"), version=edition.supersedes)
    differences = book.sheet(book.say(mark("Differences")), book.say(mark("Changes of versions")), before)
    differences.table(_DIFFERENCES, ([one.field, one.before, one.after] for one in edition.differences))
    witnesses = book.sheet(
        book.say(mark("Two witnesses")), book.say(mark("Journal and Prometheus")), _note(book, edition)
    )
    write_fields(witnesses, _witness_fields(book), edition.comparison.rows if edition.comparison else ())


def _note(book: Book, edition: Edition) -> str:
    found = edition.comparison
    if found is not None:
        percent = found.tolerance.percent
        return book.say(mark("%(server)s; tolerance %(percent)s %%"), server=found.server, percent=percent)
    return f"{book.say(mark('Prometheus was not asked.'))} {edition.without_second_witness}".strip()


def _witness_fields(book: Book) -> list[TableField[WitnessRow]]:
    return [
        TableField(mark("Point ID"), "text", 18, lambda row: row.point),
        TableField(mark("Down, journal (s)"), "number", 14, lambda row: row.journal_down_seconds),
        TableField(mark("Seen, journal"), "number", 14, lambda row: row.journal_seen_seconds),
        TableField(mark("Down, Prometheus"), "number", 14, lambda row: row.prometheus_down_seconds),
        TableField(mark("Seen, Prometheus"), "number", 14, lambda row: row.prometheus_seen_seconds),
        TableField(mark("Difference"), "percent", 12, lambda row: row.difference),
        TableField(mark("Agree?"), "text", 10, lambda row: book.words.answer(row.agrees)),
        TableField(mark("Reason"), "text", 50, lambda row: row.reason),
    ]
