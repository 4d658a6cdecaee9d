"""Tables whose columns are fields of their rows: head, kind, width and value of a column stand together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pantau.reports.workbook.book import Cell, Kind, Sheet, TableColumn

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class TableField(Generic[Row]):
    """One column, and its cell in a row."""

    head: str
    kind: Kind
    width: int
    value: Callable[[Row], Cell]


def write_fields(sheet: Sheet, fields: Sequence[TableField[Row]], rows: Iterable[Row], frozen_columns: int = 1) -> int:
    """Write a table as `Sheet.table` does; returns how many rows."""
    columns = [TableColumn(field.head, field.kind, field.width) for field in fields]
    return sheet.table(columns, ([field.value(row) for field in fields] for row in rows), frozen_columns)


def numbers(entries: Iterable[int]) -> str:
    """The numbers of the journal's entries, as one text."""
    return ", ".join(str(number) for number in entries)
