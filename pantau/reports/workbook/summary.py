"""The first sheet: who, when, which edition, and what is payable; its figures are formulas over table A."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pantau.reports.edition import Edition
from pantau.reports.statement import Measuring, Statement
from pantau.reports.workbook.book import UNKNOWN, Book, Cell, Formula, Kind, cell_name
from pantau.reports.workbook.division import floor
from pantau.reports.workbook.terms import RatioCells
from pantau.texts import mark

_Entry = tuple[str, Cell, Kind]


@dataclass(frozen=True, slots=True)
class PaymentCells:
    """The cells of other sheets that part 13 rests on, beside table A's sums."""

    penalties: str
    """The sum of the penalties."""
    penalty_cap: RatioCells | None
    """`None` where no terms hold."""
    corrections: str
    """The sum of the corrections."""


def summary_sheet(
    book: Book, statement: Statement, edition: Edition
) -> Callable[[Callable[[str], str], PaymentCells], None]:
    """Begin the sheet, which stands first; the function returned writes it when the other sheets' cells are known.

    It takes the names of table A's sums, and those of the penalties and corrections.
    """
    parties = statement.parties
    sheet = book.sheet(
        book.say(mark("Summary")),
        book.say(mark("Service report %(month)s"), month=statement.month),
        f"{parties.kecamatan_name} – {parties.isp_name}; {book.words['status'](edition.status)}",
        landscape=False,
    )
    sheet.widths(44, 70)

    def write(total: Callable[[str], str], cells: PaymentCells) -> None:
        row = 3
        for label, value, kind in (*_documents(book, statement, edition), *_figures(statement, total)):
            sheet.put(row, 0, book.head(label))
            sheet.put(row, 1, value, kind)
            row += 1
        _payment(book, statement, total, cells, lambda *cell: sheet.put(*cell), row + 1)

    return write


def _documents(book: Book, statement: Statement, edition: Edition) -> Iterator[_Entry]:
    parties = statement.parties
    yield mark("Contract"), parties.contract, "text"
    yield mark("Kecamatan"), parties.kecamatan_name, "text"
    yield mark("ISP"), parties.isp_legal_name or parties.isp_name, "text"
    yield mark("Order"), parties.order_number or None, "text"
    yield mark("Agreement"), parties.agreement_number or None, "text"
    yield mark("Period from (%(zone)s)"), book.local(statement.start), "text"
    yield mark("Period until (%(zone)s)"), book.local(statement.end), "text"
    yield mark("Report number"), edition.number, "text"
    yield mark("Status"), book.words["status"](edition.status), "text"
    yield mark("Version"), edition.version, "number"
    yield mark("Made (%(zone)s)"), book.local(edition.made_at), "text"
    yield mark("SHA-256 of the data"), edition.data_sha256, "text"
    yield mark("SHA-256 of the facts that are signed (facts.json)"), edition.facts_sha256, "text"
    yield mark("Journal up to entry"), edition.journal_entry, "number"
    yield mark("That entry's hash"), edition.journal_hash, "text"
    anchor = edition.anchor
    yield mark("Outside anchor up to entry"), anchor.entry if anchor else book.say(mark("no outside anchor")), "text"
    if anchor:
        yield mark("Stamped (%(zone)s)"), book.local(anchor.stamped_at), "text"
        yield mark("By the authority"), anchor.authority, "text"
    yield mark("Software"), edition.software, "text"
    yield from _measuring(statement.measuring)
    if len(statement.measured) > 1:
        yield mark("Settings that held in the month (annex measured.csv)"), len(statement.measured), "number"


def _measuring(told: Measuring) -> Iterator[_Entry]:
    """How it was measured: the settings in force, and what follows from them."""
    yield mark("Measured by"), told.office or None, "text"
    yield mark("Operator"), told.operator or None, "text"
    yield mark("Measured from"), told.vantage, "text"
    yield mark("Asked every (s)"), told.interval_seconds, "number"
    yield mark("An answer is waited for (s)"), told.timeout_seconds, "number"
    yield mark("Repeated questions before an outage"), told.confirm_attempts, "number"
    yield mark("Answered rounds that end an outage"), told.recover_after, "number"
    yield mark("Outages never seen, up to (s)"), told.never_seen_seconds, "number"
    yield mark("Outages always seen, from (s)"), told.surely_seen_seconds, "number"
    yield mark("Of 120 outages as long as the interval not seen"), told.example_missed, "number"
    yield mark("Error of the begin or end of an outage, up to (s)"), told.edge_seconds, "number"


def _figures(statement: Statement, total: Callable[[str], str]) -> Iterator[_Entry]:
    sums = statement.summary
    yield mark("Points"), sums.points, "number"
    yield mark("Lines of table A"), sums.lines, "number"
    for label, name, value in (
        (mark("Under contract (s)"), "contract", sums.contract_seconds),
        (mark("D_unobserved (s)"), "unobserved", sums.unobserved_seconds),
        (mark("D_excluded (s)"), "excluded", sums.excluded_seconds),
        (mark("D_charged (s)"), "charged", sums.charged_seconds),
        (mark("Assessed (s)"), "assessed", sums.assessed_seconds),
    ):
        yield label, Formula(total(name), value), "number"
    for label, name, ratio in (
        (mark("Availability (weighted by time)"), "availability", sums.availability),
        (mark("Coverage"), "coverage", sums.coverage),
    ):
        share = UNKNOWN if ratio is None else ratio.numerator / ratio.denominator
        yield label, Formula(total(name), share), "percent"


def _payment(
    book: Book,
    statement: Statement,
    total: Callable[[str], str],
    cells: PaymentCells,
    put: Callable[[int, int, Cell, Kind], None],
    row: int,
) -> None:
    """Part 13; a deduction and a penalty are two things, and stand in two lines."""
    paid = statement.payment
    first = row + 1
    put(row, 0, book.say(mark("Payment (before PPN)")), "text")
    lines: tuple[tuple[str, str, int | None], ...] = (
        (mark("Fee"), total("gross"), paid.gross),
        (mark("Deduction (restitution)"), total("restitution"), paid.restitution),
        (mark("Held for a signed record or a decision"), total("held"), paid.held),
    )
    for place, (label, text, value) in enumerate(lines):
        put(first + place, 0, book.say(label), "text")
        put(first + place, 1, Formula(text, _known(value)), "rupiah")
    gross, restitution, held, payable, penalty = (cell_name(first + place, 1) for place in range(5))
    put(first + 3, 0, book.say(mark("Payable")), "text")
    put(first + 3, 1, Formula(_if_known(gross, f"{gross}-{restitution}-{held}"), _known(paid.payable)), "rupiah")
    put(first + 4, 0, book.say(mark("Penalty (another clause)")), "text")
    put(first + 4, 1, Formula(_capped(cells, gross, payable), paid.penalty), "rupiah")
    put(first + 5, 0, book.say(mark("Payable after penalty")), "text")
    after = Formula(_if_known(gross, f"{payable}-{penalty}"), _known(paid.payable_after_penalty))
    put(first + 5, 1, after, "rupiah")
    rest, corrected = cell_name(first + 5, 1), cell_name(first + 6, 1)
    put(first + 6, 0, book.say(mark("Corrections of earlier months")), "text")
    put(first + 6, 1, Formula(cells.corrections, paid.correction), "rupiah")
    put(first + 7, 0, book.say(mark("Payable in all, at least 0")), "text")
    in_all = Formula(_if_known(gross, f"MAX(0,{rest}+{corrected})"), _known(paid.payable_in_all))
    put(first + 7, 1, in_all, "rupiah")
    if paid.gross is None:
        note = mark("The contract names no SLA or no method: availability is reported, no rupiah is computed.")
        put(first + 8, 0, book.say(note), "text")


def _capped(cells: PaymentCells, gross: str, payable: str) -> str:
    """The sum of the penalties, no more than their cap and than what is payable."""
    cap = cells.penalty_cap
    if cap is None:
        return cells.penalties
    limit = floor(f"{gross}*{cap.over}", cap.under)
    return f"IF(ISNUMBER({gross}),MIN({cells.penalties},{limit},{payable}),{cells.penalties})"


def _if_known(cell: str, formula: str) -> str:
    return f'IF(ISNUMBER({cell}),{formula},"{UNKNOWN}")'


def _known(value: int | None) -> int | str:
    return UNKNOWN if value is None else value
