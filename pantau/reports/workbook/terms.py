"""The sheet of part 2: the terms, version by version, as cells that the formulas of all lines read.

Whoever changes a term here sees at once what it would have cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pantau.reports.statement import Basis, Statement
from pantau.reports.workbook.book import HEAD_ROW, Book, Said, Sheet, TableColumn

_PARAMETERS: tuple[tuple[str, Said], ...] = (
    ("objective", ("SLA", "SLA")),
    ("cap", ("Batas potongan", "Cap of deductions")),
    ("minimum_coverage", ("Cakupan minimum", "Minimum coverage")),
)
_OTHERS: dict[str, Said] = {
    "level": ("Tingkat SLA", "Level"),
    "denominator": ("Penyebut biaya", "Fee's month"),
    "threshold_seconds": ("Ambang gangguan (detik)", "Threshold (seconds)"),
    "degraded_counts": ("Terganggu dihitung", "Degraded counts"),
    "isolated_counts": ("Isolir dihitung", "Isolated counts"),
    "service_hours": ("Jam layanan", "Service hours"),
    "notice_seconds": ("Pemberitahuan pemeliharaan (detik)", "Notice of maintenance (seconds)"),
    "allowance_seconds": ("Jatah pemeliharaan (detik/bulan)", "Maintenance allowance (seconds/month)"),
    "admitted_causes": ("Sebab yang dapat dikecualikan", "Causes that may be excluded"),
    "repair_limit_seconds": ("Batas perbaikan (detik)", "Repair limit (seconds)"),
    "repair_starts": ("Perbaikan dihitung sejak", "Repair starts"),
    "penalty_permille": ("Denda (permil/hari)", "Penalty (permille/day)"),
    "penalty_base": ("Dasar denda", "Penalty base"),
    "late_repair_penalised": ("Perbaikan terlambat didenda", "Late repair penalised"),
}


_VALUES: dict[str, Said] = {
    "per_point": ("per titik", "each point"),
    "aggregate": ("seluruh titik bersama", "all points together"),
    "calendar_days": ("hari kalender", "calendar days"),
    "contract_days": ("hari kontrak", "contract days"),
    "outage": ("awal gangguan", "the outage"),
    "detection": ("saat diketahui", "its detection"),
    "ticket": ("tiket", "the ticket"),
    "monthly_fee": ("biaya sebulan", "monthly fee"),
    "contract_value": ("nilai kontrak", "contract value"),
    "True": ("ya", "yes"),
    "False": ("tidak", "no"),
}
_NONE: dict[str, Said] = {
    "service_hours": ("24x7", "24x7"),
    "allowance_seconds": ("tanpa batas", "no limit"),
    "admitted_causes": ("semua", "all"),
    "repair_limit_seconds": ("tanpa batas", "no limit"),
    "penalty_permille": ("tanpa denda", "no penalty"),
}
"""What a term means that is not there."""


@dataclass(frozen=True, slots=True)
class RatioCells:
    """A ratio in two cells, and its value."""

    over: str
    under: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class TermsCells:
    """Where the terms of one version stand."""

    method: str
    """The cell."""
    method_value: str | None
    level: str
    objective: RatioCells | None
    cap: RatioCells
    minimum_coverage: RatioCells
    steps: tuple[tuple[RatioCells, RatioCells], ...]
    """Below, deduct; the lowest first."""

    @property
    def pays(self) -> bool:
        """Whether rupiah can be computed by it."""
        return bool(self.objective and self.method_value and (self.method_value != "R5" or self.steps))


def terms_sheet(book: Book, statement: Statement) -> tuple[list[date], list[TermsCells]]:
    """Write the sheet; returns the versions' first days and cells, in their order."""
    sheet = book.sheet(
        ("Dasar", "Terms"),
        ("Dasar dan ketentuan kontrak", "Terms of the contract"),
        (
            "Rumus di lembar lain membaca sel ini. * = tidak tertulis di kontrak; nilai bawaan Pantau.",
            "The formulas of the other sheets read these cells. * = not in the contract; Pantau's default.",
        ),
    )
    heads = [TableColumn(("Ketentuan", "Term"), "text", 38)]
    for basis in statement.basis:
        day = date.fromisoformat(basis.start)
        heads += [
            TableColumn((f"sejak {day:%d/%m/%Y}", f"from {day:%d/%m/%Y}"), "text", 16),
            TableColumn(("per", "of"), "text", 10),
        ]
    sheet.table(heads, [])
    found = [_version(book, sheet, 1 + 2 * place, basis) for place, basis in enumerate(statement.basis)]
    return [date.fromisoformat(basis.start) for basis in statement.basis], found


def _version(book: Book, sheet: Sheet, column: int, basis: Basis) -> TermsCells:
    terms, row = basis.terms, HEAD_ROW + 1
    first = column == 1

    def label(said: Said, name: str = "") -> None:
        if first:
            sheet.put(row, 0, book.say(said) + (" *" if _open(name, basis) else ""))

    label(("Dokumen", "Paper"))
    sheet.put(row, column, basis.document or None)
    row += 1
    label(("Metode restitusi", "Method"), "method")
    sheet.put(row, column, terms["method"])
    method = sheet.ref(row, column)
    shares: dict[str, RatioCells | None] = {}
    for name, said in _PARAMETERS:
        row += 1
        label(said, name)
        shares[name] = _share(sheet, row, column, terms[name])
    steps = sorted(terms["steps"], key=lambda step: Fraction(step["below"]))
    places = []
    for step in steps:
        row += 1
        label(("Tangga: di bawah", "Step: below"), "steps")
        below = _share(sheet, row, column, step["below"])
        row += 1
        label(("Tangga: potongan", "Step: deducts"), "steps")
        deduct = _share(sheet, row, column, step["deduct"])
        if below and deduct:
            places.append((below, deduct))
    for name, said in _OTHERS.items():
        row += 1
        label(said, name)
        sheet.put(row, column, _plain(book, name, terms[name]))
    cap, coverage = shares["cap"], shares["minimum_coverage"]
    if cap is None or coverage is None:
        raise ValueError(f"the terms from {basis.start} lack cap or coverage: they are not of `reports.accounting`")
    return TermsCells(method, terms["method"], terms["level"], shares["objective"], cap, coverage, tuple(places))


def _share(sheet: Sheet, row: int, column: int, text: str | None) -> RatioCells | None:
    if text is None:
        sheet.put(row, column, None)
        sheet.put(row, column + 1, None)
        return None
    value = Fraction(text)
    sheet.put(row, column, value.numerator, "number")
    sheet.put(row, column + 1, value.denominator, "number")
    return RatioCells(sheet.ref(row, column), sheet.ref(row, column + 1), value)


_WRITTEN: Mapping[str, str] = {
    "objective": "sla_ratio",
    "cap": "deduction_cap_ratio",
    "minimum_coverage": "minimum_coverage_ratio",
    "threshold_seconds": "threshold",
    "notice_seconds": "maintenance_notice",
    "allowance_seconds": "maintenance_allowance",
    "repair_limit_seconds": "repair_limit",
}
"""By the inventory's names, in which `Basis.defaulted` speaks."""


def _open(name: str, basis: Basis) -> bool:
    return _WRITTEN.get(name, name) in basis.defaulted


def _plain(book: Book, name: str, value: Any) -> str | int | None:
    match value:
        case None:
            return book.say(_NONE[name]) if name in _NONE else None
        case bool() | str():
            return book.say(_VALUES.get(str(value), (str(value), str(value))))
        case int():
            return value
        case _:
            return ", ".join(str(item) for item in value) or None
