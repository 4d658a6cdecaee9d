"""The monthly report as PDF: one statement and its edition, set on A4, in Indonesian or English.

    pdf(statement, edition)             # bytes; the same input gives the same bytes
    html(statement, edition, "en")      # what the PDF is set from

Parts 0 to 16 have one template each in ``templates/``; words come from `pantau.reports.words`. It computes
nothing that anybody is paid by: all figures are the statement's, and the worked examples take theirs from its lines.

    terms       part 2: each term, its value, and whether the contract or our default says so
    formulae    part 2: each formula with this contract's own numbers
    attention   part 1: what somebody has to look at or decide
    pages       what the templates are given
    faults      part 4: outages by cause and by fault
    drawings, charts, calendar    what is drawn, and how
    rendering   Jinja and WeasyPrint
"""

from pantau.reports.edition import Edition
from pantau.reports.pdf.pages import page_values
from pantau.reports.pdf.rendering import rendered, typeset
from pantau.reports.statement import Statement

__all__ = ["html", "pdf"]


def html(statement: Statement, edition: Edition, language: str = "id") -> str:
    """The report as one HTML document, styles and drawings within; `ValueError` for a language that we do not have."""
    return rendered(page_values(statement, edition, language), language, levels=statement.measuring.told.levels)


def pdf(statement: Statement, edition: Edition, language: str = "id") -> bytes:
    """The report as PDF, dated `edition.made_at`; the same input gives the same bytes.

    Raises `ReportError` where the system's libraries for setting pages are missing, `ValueError` as `html`.
    """
    return typeset(html(statement, edition, language), edition)
