"""The sheet of part 2: the terms, version by version, as cells that the formulas of all lines read.

Whoever changes a term here sees at once what it would have cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pantau.reports.statement import Basis, Statement
from pantau.reports.words.terms import ABSENT, LABELS
from pantau.reports.workbook.book import HEAD_ROW, Book, Sheet, TableColumn
from pantau.texts import mark

_RATIOS = ("objective", "cap", "minimum_coverage", "penalty_cap")
"""Terms that stand as numerator and denominator, in this order."""
_TABLES = ("steps", "instability")
"""Terms that are no single value."""
_LABELS: Mapping[str, str] = dict(LABELS.values())
_WRITTEN: Mapping[str, str] = {field: name for name, (field, _) in LABELS.items()}
"""The inventory's names, in which `Basis.defaulted` speaks, by those of `Basis.terms`."""
_OTHERS = tuple(field for field in _LABELS if field not in (*_RATIOS, *_TABLES, "method"))


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
    penalty_cap: RatioCells
    steps: tuple[tuple[RatioCells, RatioCells], ...]
    """Below, deduct; the lowest first."""

    @property
    def pays(self) -> bool:
        """Whether rupiah can be computed by it."""
        return bool(self.objective and self.method_value and (self.method_value != "R5" or self.steps))


def terms_sheet(book: Book, statement: Statement) -> tuple[list[date], list[TermsCells]]:
    """Write the sheet; returns the versions' first days and cells, in their order."""
    sheet = book.sheet(
        book.say(mark("Terms")),
        book.say(mark("Terms of the contract")),
        book.say(mark("The formulas of the other sheets read these cells. * = not in the contract; Pantau's default.")),
    )
    heads = [TableColumn(mark("Term"), "text", 44)]
    for basis in statement.basis:
        day = f"{date.fromisoformat(basis.start):%d/%m/%Y}"
        heads += [
            TableColumn(book.say(mark("from %(day)s"), day=day), "text", 20),
            TableColumn(mark("per"), "text", 10),
        ]
    sheet.table(heads, [])
    found = [_version(book, sheet, 1 + 2 * place, basis) for place, basis in enumerate(statement.basis)]
    return [date.fromisoformat(basis.start) for basis in statement.basis], found


def _version(book: Book, sheet: Sheet, column: int, basis: Basis) -> TermsCells:
    terms, row = basis.terms, HEAD_ROW + 1
    first = column == 1

    def label(message: str, name: str = "") -> None:
        if first:
            unit = f", {book.say(mark('seconds'))}" if name.endswith("_seconds") else ""
            sheet.put(row, 0, book.say(message) + unit + (" *" if _open(name, basis) else ""))

    label(mark("Document"))
    sheet.put(row, column, basis.document or None)
    row += 1
    label(_LABELS["method"], "method")
    sheet.put(row, column, terms["method"])
    method = sheet.ref(row, column)
    shares: dict[str, RatioCells | None] = {}
    for name in _RATIOS:
        row += 1
        label(_LABELS[name], name)
        shares[name] = _share(sheet, row, column, terms[name])
    steps = sorted(terms["steps"], key=lambda step: Fraction(step["below"]))
    places = []
    for step in steps:
        row += 1
        label(mark("Step: below"), "steps")
        below = _share(sheet, row, column, step["below"])
        row += 1
        label(mark("Step: deducts"), "steps")
        deduct = _share(sheet, row, column, step["deduct"])
        if below and deduct:
            places.append((below, deduct))
    for name in _OTHERS:
        row += 1
        label(_LABELS[name], name)
        sheet.put(row, column, _plain(book, name, terms[name]))
    cap, coverage, penalty_cap = (shares[name] for name in ("cap", "minimum_coverage", "penalty_cap"))
    if cap is None or coverage is None or penalty_cap is None:
        raise ValueError(f"the terms from {basis.start} lack caps or coverage: they are not of `reports.accounting`")
    return TermsCells(
        method, terms["method"], terms["level"], shares["objective"], cap, coverage, penalty_cap, tuple(places)
    )


def _share(sheet: Sheet, row: int, column: int, text: str | None) -> RatioCells | None:
    if text is None:
        sheet.put(row, column, None)
        sheet.put(row, column + 1, None)
        return None
    value = Fraction(text)
    sheet.put(row, column, value.numerator, "number")
    sheet.put(row, column + 1, value.denominator, "number")
    return RatioCells(sheet.ref(row, column), sheet.ref(row, column + 1), value)


def _open(name: str, basis: Basis) -> bool:
    return _WRITTEN.get(name) in basis.defaulted


def _plain(book: Book, name: str, value: Any) -> str | int:
    match value:
        case None:
            return book.say(ABSENT[name])
        case bool():
            return book.words.answer(value)
        case str():
            return book.words["choice"](value)
        case int():
            return value
        case _ if name == "admitted_causes":
            return ", ".join(map(book.words["cause"], value)) or book.say(mark("none"))
        case _:
            return "–".join(value)
