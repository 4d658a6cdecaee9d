"""Table A and how each rupiah of it comes about: two sheets, row by row the same lines."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pantau.reports.statement import Statement
from pantau.reports.statement.rows import Ratio
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
from pantau.reports.workbook.money import COLUMNS as MONEY
from pantau.reports.workbook.money import MoneyLine, money_row
from pantau.reports.workbook.terms import TermsCells
from pantau.reports.workbook.words import STANDINGS, said

POINTS: dict[str, TableColumn] = {
    "point": TableColumn(("ID titik", "Point"), "text", 18),
    "name": TableColumn(("Nama", "Name"), "text", 34),
    "kelurahan": TableColumn(("Kelurahan", "Kelurahan"), "text", 18),
    "category": TableColumn(("Kategori", "Category"), "text", 18),
    "start": TableColumn(("Mulai (WITA)", "From (WITA)"), "time", 18),
    "end": TableColumn(("Sampai (WITA)", "Until (WITA)"), "time", 18),
    "contract": TableColumn(("T_kontrak (detik)", "Under contract (s)"), "number", 12),
    "off_hours": TableColumn(("Di luar jam layanan", "Off hours"), "number", 12),
    "unobserved": TableColumn(("D_tanpa_data", "Unobserved"), "number", 14),
    "up": TableColumn(("Hidup", "Up"), "number", 12),
    "tolerated": TableColumn(("Ditoleransi", "Tolerated"), "number", 11),
    "excluded": TableColumn(("D_dikecualikan", "Excluded"), "number", 15),
    "charged": TableColumn(("D_ditanggung", "Charged"), "number", 14),
    "assessed": TableColumn(("T_dinilai", "Assessed"), "number", 12),
    "availability": TableColumn(("Ketersediaan", "Availability"), "percent", 12),
    "coverage": TableColumn(("Cakupan", "Coverage"), "percent", 12),
    "objective": TableColumn(("SLA", "SLA"), "percent", 10),
    "standing": TableColumn(("Penilaian", "Standing"), "text", 16),
    "fee": TableColumn(("Biaya sebulan", "Monthly fee"), "rupiah", 13),
    "gross": TableColumn(("Biaya", "Fee"), "rupiah", 13),
    "restitution": TableColumn(("Potongan", "Deduction"), "rupiah", 13),
    "held": TableColumn(("Ditahan", "Held"), "rupiah", 13),
    "payable": TableColumn(("Dibayar", "Payable"), "rupiah", 13),
    "short": TableColumn(("Gangguan pendek", "Short outages"), "number", 10),
    "unstable": TableColumn(("Tidak stabil", "Unstable"), "text", 10),
}
_PLACE = {name: place for place, name in enumerate(POINTS)}
_SUMMED = ("contract", "off_hours", "unobserved", "up", "tolerated", "excluded", "charged", "assessed")
_MONEY = ("gross", "restitution", "held", "payable")


def cells_of(points: Sheet, row: int) -> Callable[[str], str]:
    """How formulas name the cells of a row of table A."""
    return lambda name: points.ref(row, _PLACE[name])


def points_sheets(
    book: Book, statement: Statement, starts: Sequence[date], versions: Sequence[TermsCells]
) -> Callable[[str], str]:
    """Write both sheets; returns how formulas elsewhere name the sums, by the names of `POINTS`."""
    points = book.sheet(
        ("Titik", "Points"),
        ("Tabel A: per titik", "Table A: by point"),
        (
            "Detik. T_kontrak = di luar jam + tanpa data + hidup + ditoleransi + dikecualikan + ditanggung.",
            "Seconds. Under contract = off hours + unobserved + up + tolerated + excluded + charged.",
        ),
    )
    reckoning = book.sheet(
        ("Perhitungan", "Reckoning"),
        ("Perhitungan potongan per baris", "How each line's deduction comes about"),
        (
            "Bilangan bulat, pembagian panjang, dibulatkan sekali (0,5 ke atas): (a/b) × (g/h). Rumus: docs/sla.md.",
            "Whole numbers, long division, rounded once (a half upwards): (a/b) × (g/h). Formulas: docs/sla.md.",
        ),
    )
    zone, last = ZoneInfo(statement.timezone), FIRST_ROW + max(1, len(statement.points)) - 1
    whole = _whole(statement)
    lines = [
        MoneyLine(
            row,
            FIRST_ROW + number,
            versions[_version_at(row.start, starts, zone)],
            whole,
            cells_of(points, FIRST_ROW + number),
            cells_of(points, TOTALS_ROW),
        )
        for number, row in enumerate(statement.points)
    ]
    money = {line.row_number: money_row(book, line) for line in lines}
    reckoning.table(list(MONEY.values()), [list(money[line.row_number].values()) for line in lines], frozen_columns=2)
    places = {name: place for place, name in enumerate(MONEY)}
    rows = [_point_row(book, reckoning, places, line, money[line.row_number]) for line in lines]
    points.table(list(POINTS.values()), rows, frozen_columns=2)
    _write_totals(book, points, statement, last)
    return cells_of(points, TOTALS_ROW)


def _version_at(second: int, starts: Sequence[date], zone: ZoneInfo) -> int:
    """Which version of the terms holds at a second: the latest that has begun."""
    day = datetime.fromtimestamp(second, zone).date()
    return max(number for number, start in enumerate(starts) if start <= day)


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

    owed = f"({own('contract')}-{own('off_hours')})"
    return [
        row.point,
        row.name,
        row.kelurahan,
        row.category,
        row.start,
        row.end,
        row.contract_seconds,
        row.off_hours_seconds,
        row.unobserved_seconds,
        Formula(
            "-".join(own(name) for name in ("contract", "off_hours", "unobserved", "tolerated", "excluded", "charged")),
            row.up_seconds,
        ),
        row.tolerated_seconds,
        row.excluded_seconds,
        row.charged_seconds,
        Formula(f"{owed}-{own('unobserved')}-{own('excluded')}", row.assessed_seconds),
        Formula(
            f'IF({own("assessed")}=0,"{UNKNOWN}",1-{own("charged")}/{own("assessed")})',
            _share(row.availability),
        ),
        Formula(
            f"IF({owed}=0,0,1-{own('unobserved')}/{owed})",
            _share(row.coverage),
        ),
        row.objective,
        Formula(reckoning.ref(number, places["standing"]), book.say(said(STANDINGS, row.standing))),
        row.monthly_fee,
        from_reckoning("gross"),
        from_reckoning("restitution"),
        from_reckoning("held"),
        from_reckoning("payable"),
        row.short_outages,
        book.say(("ya", "yes") if row.unstable else ("tidak", "no")),
    ]


def _write_totals(book: Book, points: Sheet, statement: Statement, last: int) -> None:
    sums = statement.summary
    values = {
        "contract": sums.contract_seconds,
        "off_hours": sums.off_hours_seconds,
        "unobserved": sums.unobserved_seconds,
        "up": sums.up_seconds,
        "tolerated": sums.tolerated_seconds,
        "excluded": sums.excluded_seconds,
        "charged": sums.charged_seconds,
        "assessed": sums.assessed_seconds,
    }
    points.put(TOTALS_ROW, 0, book.say(("Jumlah", "Total")), bold=True)
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
        points.put(TOTALS_ROW, _PLACE[name], formula, "percent", bold=True)
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
