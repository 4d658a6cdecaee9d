"""The report as a workbook that can be recomputed: every figure that follows from others is a live formula.

    file = workbook(statement, edition, "id")

A reader changes a second, a fee or a term and sees what it does; the values beside the formulas are ours, for viewers
that do not recompute. The same statement and edition give the same bytes.
"""

from zoneinfo import ZoneInfo

from pantau.reports.edition import Edition
from pantau.reports.statement import Statement
from pantau.reports.workbook.book import Book
from pantau.reports.workbook.decisions import decisions_sheet
from pantau.reports.workbook.further_tables import corrections_sheet, further_tables, penalties_sheet
from pantau.reports.workbook.inventory import inventory_sheets
from pantau.reports.workbook.observed import observed_sheets
from pantau.reports.workbook.points import points_sheets
from pantau.reports.workbook.provenance import provenance_sheets
from pantau.reports.workbook.summary import PaymentCells, summary_sheet
from pantau.reports.workbook.tables import lettered_tables
from pantau.reports.workbook.terms import terms_sheet

__all__ = ["workbook"]


def workbook(statement: Statement, edition: Edition, language: str = "id") -> bytes:
    """The XLSX file; `ValueError` for a language that is none of `pantau.texts.LANGUAGES`."""
    book = Book(language, ZoneInfo(statement.timezone), edition.made_at, edition.number, statement.measuring.told)
    write_summary = summary_sheet(book, statement, edition)
    starts, versions = terms_sheet(book, statement)
    total = points_sheets(book, statement, starts, versions)
    caps = versions[-1].penalty_cap if versions else None
    penalties = penalties_sheet(book, statement, versions[0].penalty_permille if versions else None)
    write_summary(total, PaymentCells(penalties, caps, corrections_sheet(book, statement)))
    lettered_tables(book, statement)
    observed_sheets(book, statement)
    decisions_sheet(book, statement)
    further_tables(book, statement)
    inventory_sheets(book, statement)
    provenance_sheets(book, edition)
    return book.close()
