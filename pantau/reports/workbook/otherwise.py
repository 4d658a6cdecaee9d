"""The sheets of what would be deducted if what waits for two signatures were signed, beside the one of what is.

What people have yet to decide is reckoned both ways, with the same formulas: excused where it is charged now, charged
where it is excused now. What is deducted, or paid, in each of them is certain; the rest is held. A sheet is there only
where something waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pantau.reports.accounting import Standing
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import PointRow, Ratio
from pantau.reports.workbook.book import FIRST_ROW, Book
from pantau.reports.workbook.money import COLUMNS, MoneyLine, money_row
from pantau.texts import mark

_RESTITUTION, _PAYABLE = (list(COLUMNS).index(name) for name in ("restitution", "payable"))
_UNJUDGED = (Standing.INCONCLUSIVE.value, Standing.NOT_ASSESSABLE.value)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which what waits may end."""

    column: str
    """Of table A, with the seconds that it moves."""
    sign: str
    """Whether they leave what is charged, or join it."""
    name: str
    title: str
    note: str
    seconds: Callable[[PointRow], int]
    judged: Callable[[PointRow], Ratio | None]


_WAYS = (
    _Way(
        "undecided",
        "-",
        mark("If excused"),
        mark("The deduction if all that is undecided were excused"),
        mark("As the reckoning, without the undecided seconds. The difference of both deductions is held."),
        lambda row: -row.undecided_seconds,
        lambda row: row.judged_if_excused,
    ),
    _Way(
        "contested",
        "+",
        mark("If charged"),
        mark("The deduction if all that is contested were charged"),
        mark("As the reckoning, with the contested seconds. The difference of both deductions is held."),
        lambda row: row.contested_seconds,
        lambda row: row.judged_if_withdrawn,
    ),
)


def with_other_ways(book: Book, statement: Statement, lines: Sequence[MoneyLine]) -> list[MoneyLine]:
    """The lines, each with the cells of what is deducted and paid in the other ways, where something waits."""
    found = {line.row_number: line for line in lines}
    for way in _WAYS:
        moved = sum(way.seconds(row) for row in statement.points)
        concerned = [line for line in lines if _concerned(line, way, moved)]
        if not concerned:
            continue
        sheet = book.sheet(book.say(way.name), book.say(way.title), book.say(way.note))
        rows = []
        for number, line in enumerate(concerned, FIRST_ROW):
            whole = line.whole[0], line.whole[1] + moved
            supposed = replace(line, row=_supposed(line.row, way), row_number=number, whole=whole, way=way.column)
            rows.append(money_row(book, replace(supposed, sign=way.sign)))
            cells = sheet.ref(number, _RESTITUTION), sheet.ref(number, _PAYABLE)
            before = found[line.row_number]
            found[line.row_number] = replace(before, others=(*before.others, cells))
        sheet.table(list(COLUMNS.values()), [list(row.values()) for row in rows], frozen_columns=2)
    return [found[line.row_number] for line in lines]


def _concerned(line: MoneyLine, way: _Way, moved: int) -> bool:
    """Under an SLA of the whole contract every line depends on what waits of any."""
    row = line.row
    if row.gross is None or row.standing in _UNJUDGED:
        return False
    return bool(way.seconds(row) or (line.version.level_value == "aggregate" and moved))


def _supposed(row: PointRow, way: _Way) -> PointRow:
    """The row with its seconds moved, and with the standing that it has then."""
    standing, judged, objective = row.standing, way.judged(row), row.objective
    assessed = row.assessed_seconds + way.seconds(row)
    if judged is None or not assessed:
        standing = Standing.NOT_ASSESSABLE.value
    elif objective is not None:
        share, promised = (Fraction(one.numerator, one.denominator) for one in (judged, objective))
        standing = (Standing.MET if share >= promised else Standing.MISSED).value
    charged = row.charged_seconds + way.seconds(row)
    return replace(row, charged_seconds=charged, assessed_seconds=assessed, standing=standing)
