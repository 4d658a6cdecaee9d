"""The sheet of what would be deducted if all that is undecided were excused, beside the one in which it is charged.

What people have yet to decide is reckoned both ways, with the same formulas: the smaller deduction is certain, and the
difference is held. The sheet is there only where something is undecided.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from pantau.reports.accounting import Standing
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import PointRow
from pantau.reports.workbook.book import FIRST_ROW, Book
from pantau.reports.workbook.money import COLUMNS, MoneyLine, money_row
from pantau.texts import mark

_PLACE = list(COLUMNS).index("restitution")
_UNJUDGED = (Standing.INCONCLUSIVE.value, Standing.NOT_ASSESSABLE.value)


def with_excused(book: Book, statement: Statement, lines: Sequence[MoneyLine]) -> list[MoneyLine]:
    """The lines, each with the cell of what is certain to be deducted where something is undecided."""
    undecided = sum(row.undecided_seconds for row in statement.points)
    concerned = [line for line in lines if _concerned(line, undecided)]
    if not concerned:
        return list(lines)
    sheet = book.sheet(
        book.say(mark("If excused")),
        book.say(mark("The deduction if all that is undecided were excused")),
        book.say(mark("As the reckoning, without the undecided seconds. The difference of both deductions is held.")),
    )
    found = {line.row_number: line for line in lines}
    rows = []
    for number, line in enumerate(concerned, FIRST_ROW):
        whole = line.whole[0], line.whole[1] - undecided
        excused = replace(line, row=_excused(line.row), row_number=number, whole=whole, excused=True)
        rows.append(money_row(book, excused))
        found[line.row_number] = replace(line, least=sheet.ref(number, _PLACE))
    sheet.table(list(COLUMNS.values()), [list(row.values()) for row in rows], frozen_columns=2)
    return [found[line.row_number] for line in lines]


def _concerned(line: MoneyLine, undecided: int) -> bool:
    """Under an SLA of the whole contract every line depends on what is undecided of any."""
    row = line.row
    if row.gross is None or row.standing in _UNJUDGED:
        return False
    return bool(row.undecided_seconds or (line.version.level_value == "aggregate" and undecided))


def _excused(row: PointRow) -> PointRow:
    """The row without its undecided seconds, with what is certain to be deducted as its deduction."""
    standing, judged, objective = row.standing, row.judged_if_excused, row.objective
    if judged is None:
        standing = Standing.NOT_ASSESSABLE.value
    elif objective is not None:
        share, promised = (Fraction(one.numerator, one.denominator) for one in (judged, objective))
        standing = (Standing.MET if share >= promised else Standing.MISSED).value
    gross, certain = row.gross or 0, row.restitution or 0
    assessed = row.assessed_seconds - row.undecided_seconds
    if not assessed:
        standing = Standing.NOT_ASSESSABLE.value
    held = gross if standing == Standing.NOT_ASSESSABLE.value else 0
    return replace(
        row,
        charged_seconds=row.charged_seconds - row.undecided_seconds,
        assessed_seconds=assessed,
        standing=standing,
        held=held,
        restitution=0 if held else certain,
        payable=0 if held else gross - certain,
    )
