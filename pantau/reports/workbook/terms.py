"""The sheet of part 2: the terms, version by version, as cells that the formulas of all lines read.

Whoever changes a live term here sees at once what it would have cost. Others decide which seconds are charged, and
that takes the journal: each row says which it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pantau.reports.statement import Basis, Statement
from pantau.reports.words.terms import ABSENT, LABELS
from pantau.reports.workbook.book import HEAD_ROW, Book, Sheet, TableColumn
from pantau.texts import mark

_RATIOS = ("objective", "cap", "minimum_coverage", "penalty_permille", "penalty_cap")
"""Terms that stand as numerator and denominator, in this order."""
_LIVE = ("method", "objective", "cap", "minimum_coverage", "steps", "level", "denominator")
"""Terms from which the formulas of this workbook follow."""
_LIVE_OF_ONE = ("penalty_permille",)
"""Where only one version holds in the month, for a penalty does not say by which it is."""
_TABLES = ("steps",)
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
    """The cell; it holds words."""
    level_value: str
    denominator: str
    denominator_value: str
    objective: RatioCells | None
    cap: RatioCells
    minimum_coverage: RatioCells
    penalty_cap: RatioCells
    steps: tuple[tuple[RatioCells, RatioCells], ...]
    """Below, deduct; the lowest first."""
    penalty_permille: RatioCells | None = None
    """Where the formulas of penalties may read it."""

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
    heads.append(TableColumn(mark("Does a change here change the rupiah of this workbook?"), "text", 44))
    sheet.table(heads, [])
    writer = _Writer(book, sheet, statement.basis)
    found = [writer.version(place) for place in range(len(statement.basis))]
    return [date.fromisoformat(basis.start) for basis in statement.basis], found


class _Writer:
    """Writes the versions side by side; the same row is the same term in all of them."""

    def __init__(self, book: Book, sheet: Sheet, versions: Sequence[Basis]) -> None:
        self._book, self._sheet, self._versions = book, sheet, versions
        self._most_steps = max((len(basis.terms["steps"]) for basis in versions), default=0)
        self._row = HEAD_ROW

    def version(self, place: int) -> TermsCells:
        """All terms of one version."""
        basis, column, self._row = self._versions[place], 1 + 2 * place, HEAD_ROW
        terms, cells = basis.terms, {}
        self._begin(basis, mark("Document"))
        self._sheet.put(self._row, column, basis.document or None)
        self._begin(basis, _LABELS["method"], "method")
        self._sheet.put(self._row, column, terms["method"])
        method = self._sheet.ref(self._row, column)
        shares = {name: self._ratio(basis, column, name, terms[name]) for name in _RATIOS}
        steps = self._steps(basis, column)
        for name in _OTHERS:
            self._begin(basis, _LABELS[name], name)
            self._sheet.put(self._row, column, _plain(self._book, name, terms[name]))
            cells[name] = self._sheet.ref(self._row, column)
        cap, coverage, penalty_cap = (shares[name] for name in ("cap", "minimum_coverage", "penalty_cap"))
        if cap is None or coverage is None or penalty_cap is None:
            raise ValueError(f"terms from {basis.start} lack caps or coverage: they are not of `reports.accounting`")
        return TermsCells(
            method=method,
            method_value=terms["method"],
            level=cells["level"],
            level_value=terms["level"],
            denominator=cells["denominator"],
            denominator_value=terms["denominator"],
            objective=shares["objective"],
            cap=cap,
            minimum_coverage=coverage,
            penalty_cap=penalty_cap,
            steps=steps,
            penalty_permille=shares["penalty_permille"] if len(self._versions) == 1 else None,
        )

    def _begin(self, basis: Basis, message: str, name: str = "") -> None:
        """The next row: its label before the first version, and behind the last whether it is live."""
        self._row += 1
        if basis is self._versions[0]:
            unit = f", {self._book.say(mark('seconds'))}" if name.endswith("_seconds") else ""
            self._sheet.put(self._row, 0, self._book.say(message) + unit + (" *" if _open(name, basis) else ""))
        if basis is self._versions[-1] and name:
            live = name in _LIVE or (name in _LIVE_OF_ONE and len(self._versions) == 1)
            told = mark("✔ yes") if live else mark("✖ no: it takes the journal; see docs/sla.md")
            self._sheet.put(self._row, 1 + 2 * len(self._versions), self._book.say(told))

    def _ratio(self, basis: Basis, column: int, name: str, text: str | None) -> RatioCells | None:
        self._begin(basis, _LABELS[name], name)
        absent = self._book.say(ABSENT[name]) if name in ABSENT else None
        return _share(self._sheet, self._row, column, text, absent)

    def _steps(self, basis: Basis, column: int) -> tuple[tuple[RatioCells, RatioCells], ...]:
        """The ladder, the lowest step first; a version with fewer steps than another has dashes."""
        steps = sorted(basis.terms["steps"], key=lambda step: Fraction(step["below"]))
        found = []
        for number in range(self._most_steps):
            step = steps[number] if number < len(steps) else {"below": None, "deduct": None}
            self._begin(basis, mark("Step: below"), "steps")
            below = _share(self._sheet, self._row, column, step["below"])
            self._begin(basis, mark("Step: deducts"), "steps")
            deduct = _share(self._sheet, self._row, column, step["deduct"])
            if below and deduct:
                found.append((below, deduct))
        return tuple(found)


def _share(sheet: Sheet, row: int, column: int, text: str | None, absent: str | None = None) -> RatioCells | None:
    if text is None:
        sheet.put(row, column, absent)
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
        case Mapping():
            told = {"count": value["per_day"], "time": f"{value['seconds']} {book.say(mark('seconds'))}"}
            charged = mark("charged") if value["charged"] else mark("not charged")
            return book.say(mark("%(count)s a day or %(time)s a month"), **told) + f"; {book.say(charged)}"
        case _ if name == "admitted_causes":
            return ", ".join(map(book.words["cause"], value)) or book.say(mark("none"))
        case _:
            return "–".join(value)
