"""How many decimals a column of ratios has: as many as decide on which side of its limit each lies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from pantau.reports.statement.rows import Ratio
from pantau.reports.workbook.book import TableColumn
from pantau.reports.workbook.money import MoneyLine
from pantau.texts.formats import deciding_percent


def decided_columns(columns: Mapping[str, TableColumn], lines: Sequence[MoneyLine]) -> dict[str, TableColumn]:
    """The columns of table A; a ratio that four decimals would put on the wrong side of its limit has twelve."""
    found = dict(columns)
    for name, pairs in (
        ("availability", [(line.row.availability, _exact(line.row.objective)) for line in lines]),
        ("coverage", [(line.row.coverage, line.version.minimum_coverage.value) for line in lines]),
    ):
        if any(value is not None and limit is not None and _misleads(value, limit) for value, limit in pairs):
            found[name] = replace(found[name], kind="fine percent", width=20)
    return found


def _misleads(value: Ratio, limit: Fraction) -> bool:
    return len(deciding_percent(Fraction(value.numerator, value.denominator), [limit])) > len(value.percent)


def _exact(ratio: Ratio | None) -> Fraction | None:
    return None if ratio is None else Fraction(ratio.numerator, ratio.denominator)
