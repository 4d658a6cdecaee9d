"""Table A and how each rupiah of it comes about: two sheets, row by row the same lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from pantau.reports.accounting import Span, daily, midnight
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import PointRow, Ratio
from pantau.reports.workbook.book import (
    FIRST_ROW,
    TOTALS_ROW,
    UNKNOWN,
    Book,
    Cell,
    Formula,
    Sheet,
    TableColumn,
    cell_name,
)
from pantau.reports.workbook.digits import decided_columns
from pantau.reports.workbook.money import COLUMNS as MONEY
from pantau.reports.workbook.money import MoneyLine, money_row
from pantau.reports.workbook.otherwise import with_other_ways
from pantau.reports.workbook.terms import TermsCells
from pantau.texts import mark

POINTS: dict[str, TableColumn] = {
    "point": TableColumn(mark("Point ID"), "text", 18),
    "name": TableColumn(mark("Name"), "text", 34),
    "kelurahan": TableColumn(mark("Kelurahan"), "text", 18),
    "category": TableColumn(mark("Category"), "text", 18),
    "start": TableColumn(mark("From (%(zone)s)"), "time", 18),
    "end": TableColumn(mark("Until (%(zone)s)"), "time", 18),
    "contract": TableColumn(mark("Under contract (s)"), "number", 12),
    "off_hours": TableColumn(mark("Off hours"), "number", 12),
    "unobserved": TableColumn(mark("D_unobserved"), "number", 14),
    "up": TableColumn(mark("Up"), "number", 12),
    "tolerated": TableColumn(mark("Tolerated"), "number", 11),
    "excluded": TableColumn(mark("D_excluded"), "number", 15),
    "charged": TableColumn(mark("D_charged"), "number", 14),
    "undecided": TableColumn(mark("Of it undecided"), "number", 12),
    "contested": TableColumn(mark("Excluded, contested"), "number", 12),
    "assessed": TableColumn(mark("Assessed"), "number", 12),
    "availability": TableColumn(mark("Availability"), "percent", 12),
    "coverage": TableColumn(mark("Coverage"), "percent", 12),
    "objective": TableColumn(mark("SLA"), "percent", 10),
    "standing": TableColumn(mark("Standing"), "text", 16),
    "fee": TableColumn(mark("Monthly fee"), "rupiah", 13),
    "gross": TableColumn(mark("Fee"), "rupiah", 13),
    "restitution": TableColumn(mark("Deduction"), "rupiah", 13),
    "held": TableColumn(mark("Held"), "rupiah", 13),
    "payable": TableColumn(mark("Payable"), "rupiah", 13),
    "short": TableColumn(mark("Short outages"), "number", 10),
    "relapses": TableColumn(mark("Answers within outages"), "number", 10),
    "answered": TableColumn(mark("Seconds of these"), "number", 10),
    "unstable": TableColumn(mark("Unstable"), "text", 10),
    "error": TableColumn(mark("D_charged: error ±"), "number", 12),
    "error_rupiah": TableColumn(mark("Deduction: error ±"), "rupiah", 13),
}
_PLACE = {name: place for place, name in enumerate(POINTS)}
_SUMMED = (
    "contract",
    "off_hours",
    "unobserved",
    "up",
    "tolerated",
    "excluded",
    "charged",
    "undecided",
    "contested",
    "assessed",
)
_MONEY = ("gross", "restitution", "held", "payable")


def cells_of(points: Sheet, row: int) -> Callable[[str], str]:
    """How formulas name the cells of a row of table A."""
    return lambda name: points.ref(row, _PLACE[name])


def points_sheets(
    book: Book, statement: Statement, starts: Sequence[date], versions: Sequence[TermsCells]
) -> Callable[[str], str]:
    """Write both sheets; returns how formulas elsewhere name the sums, by the names of `POINTS`."""
    points = book.sheet(
        book.say(mark("Points")),
        book.say(mark("Table A: by point")),
        book.say(mark("Seconds. Under contract = off hours + unobserved + up + tolerated + excluded + charged.")),
    )
    reckoning = book.sheet(
        book.say(mark("Reckoning")),
        book.say(mark("How each line's deduction comes about")),
        book.say(
            mark("Whole numbers, long division, rounded once (a half upwards): (a/b) × (g/h). Formulas: docs/sla.md.")
        ),
    )
    zone, last = ZoneInfo(statement.timezone), FIRST_ROW + max(1, len(statement.points)) - 1
    whole = _whole(statement)
    months = [_months(statement, basis.terms["service_hours"], zone) for basis in statement.basis]
    lines = [
        MoneyLine(
            row,
            FIRST_ROW + number,
            versions[_version_at(row.start, starts, zone)],
            whole,
            cells_of(points, FIRST_ROW + number),
            cells_of(points, TOTALS_ROW),
            months[_version_at(row.start, starts, zone)],
        )
        for number, row in enumerate(statement.points)
    ]
    lines = with_other_ways(book, statement, lines)
    money = {line.row_number: money_row(book, line) for line in lines}
    reckoning.table(list(MONEY.values()), [list(money[line.row_number].values()) for line in lines], frozen_columns=2)
    places = {name: place for place, name in enumerate(MONEY)}
    rows = [_point_row(book, reckoning, places, line, money[line.row_number]) for line in lines]
    columns = decided_columns(POINTS, lines)
    points.table(list(columns.values()), rows, frozen_columns=2)
    _write_totals(book, points, statement, last, columns)
    return cells_of(points, TOTALS_ROW)


def _version_at(second: int, starts: Sequence[date], zone: ZoneInfo) -> int:
    """Which version of the terms holds at a second: the latest that has begun."""
    day = datetime.fromtimestamp(second, zone).date()
    return max(number for number, start in enumerate(starts) if start <= day)


def _months(statement: Statement, hours: Sequence[str] | None, zone: ZoneInfo) -> dict[str, tuple[int, int]]:
    """See `MoneyLine.months`."""
    first, last = (
        midnight(date.fromisoformat(day), zone)
        for day in (statement.parties.contract_start, statement.parties.contract_end)
    )
    whole = statement.start, statement.end
    spans = {"calendar_days": whole, "contract_days": (max(first, whole[0]), min(last, whole[1]))}
    return {name: (span[1] - span[0], _within(span, hours, zone)) for name, span in spans.items()}


def _within(span: Span, hours: Sequence[str] | None, zone: ZoneInfo) -> int:
    if hours is None:
        return span[1] - span[0]
    opens, closes = map(time.fromisoformat, hours)
    return daily(span, opens, closes, zone).seconds


def _whole(statement: Statement) -> tuple[int, int]:
    """The contract's availability as numerator and denominator, not reduced."""
    assessed = statement.summary.assessed_seconds
    return assessed - statement.summary.charged_seconds, assessed


def _point_row(
    book: Book, reckoning: Sheet, places: Mapping[str, int], line: MoneyLine, money: Mapping[str, Cell]
) -> list[Cell]:
    row, number = line.row, line.row_number

    def own(name: str) -> str:
        return cell_name(number, _PLACE[name])

    def from_reckoning(name: str) -> Cell:
        held = money[name]
        return Formula(reckoning.ref(number, places[name]), held.value) if isinstance(held, Formula) else held

    cells: dict[str, Cell] = {
        "point": row.point,
        "name": row.name,
        "kelurahan": row.kelurahan,
        "category": book.words["category"](row.category),
        "start": row.start,
        "end": row.end,
        **_seconds(row, own),
        "objective": row.objective,
        "standing": Formula(reckoning.ref(number, places["standing"]), book.words["standing"](row.standing)),
        "fee": row.monthly_fee,
        **{name: from_reckoning(name) for name in _MONEY},
        "short": row.short_outages,
        "relapses": row.relapses,
        "answered": row.answered_seconds,
        "unstable": book.words.answer(row.unstable),
        "error": row.error_seconds,
        "error_rupiah": row.error_rupiah,
    }
    return [cells[name] for name in POINTS]


def _seconds(row: PointRow, own: Callable[[str], str]) -> dict[str, Cell]:
    """The seconds of a line and what follows from them; `own` names the line's cells."""
    classes = ("contract", "off_hours", "unobserved", "tolerated", "excluded", "charged")
    owed = f"({own('contract')}-{own('off_hours')})"
    share_down = f"{own('charged')}/{own('assessed')}"
    return {
        "contract": row.contract_seconds,
        "off_hours": row.off_hours_seconds,
        "unobserved": row.unobserved_seconds,
        "up": Formula("-".join(map(own, classes)), row.up_seconds),
        "tolerated": row.tolerated_seconds,
        "excluded": row.excluded_seconds,
        "charged": row.charged_seconds,
        "undecided": row.undecided_seconds,
        "contested": row.contested_seconds,
        "assessed": Formula(f"{owed}-{own('unobserved')}-{own('excluded')}", row.assessed_seconds),
        "availability": Formula(f'IF({own("assessed")}=0,"{UNKNOWN}",1-{share_down})', _share(row.availability)),
        "coverage": Formula(f"IF({owed}=0,0,1-{own('unobserved')}/{owed})", _share(row.coverage)),
    }


def _write_totals(
    book: Book, points: Sheet, statement: Statement, last: int, columns: Mapping[str, TableColumn]
) -> None:
    sums = statement.summary
    values = {
        "contract": sums.contract_seconds,
        "off_hours": sums.off_hours_seconds,
        "unobserved": sums.unobserved_seconds,
        "up": sums.up_seconds,
        "tolerated": sums.tolerated_seconds,
        "excluded": sums.excluded_seconds,
        "charged": sums.charged_seconds,
        "undecided": sum(row.undecided_seconds for row in statement.points),
        "contested": sum(row.contested_seconds for row in statement.points),
        "assessed": sums.assessed_seconds,
    }
    points.put(TOTALS_ROW, 0, book.say(mark("Total")), bold=True)
    for name in _SUMMED:
        points.put(TOTALS_ROW, _PLACE[name], Formula(f"SUM({_cells(name, last)})", values[name]), "number", bold=True)
    cell = {name: cell_name(TOTALS_ROW, _PLACE[name]) for name in _SUMMED}
    owed = f"({cell['contract']}-{cell['off_hours']})"
    availability = (
        Formula(
            f'IF({cell["assessed"]}=0,"{UNKNOWN}",1-{cell["charged"]}/{cell["assessed"]})', _share(sums.availability)
        ),
        Formula(f"IF({owed}=0,0,1-{cell['unobserved']}/{owed})", _share(sums.coverage)),
    )
    for name, formula in zip(("availability", "coverage"), availability, strict=True):
        points.put(TOTALS_ROW, _PLACE[name], formula, columns[name].kind, bold=True)
    paid = statement.payment
    for name, value in zip(_MONEY, (paid.gross, paid.restitution, paid.held, paid.payable), strict=True):
        cells = _cells(name, last)
        missing = f"COUNT({cells})<ROWS({cells})" if statement.points else "FALSE"
        total = Formula(f'IF({missing},"{UNKNOWN}",SUM({cells}))', UNKNOWN if value is None else value)
        points.put(TOTALS_ROW, _PLACE[name], total, "rupiah", bold=True)


def _cells(name: str, last: int) -> str:
    return f"{cell_name(FIRST_ROW, _PLACE[name])}:{cell_name(last, _PLACE[name])}"


def _share(ratio: Ratio | None) -> float | str:
    return UNKNOWN if ratio is None else ratio.numerator / ratio.denominator
