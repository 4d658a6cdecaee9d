"""Workbooks: xlsx, xls and ods. The only file that knows `python-calamine`."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

from pantau.intake.errors import IntakeError
from pantau.intake.lists.sheets import Cell, ListSheet, OpenedList, SheetRow, is_blank
from pantau.intake.lists.texts import cleaned

MOST_ROWS, MOST_COLUMNS = 200_000, 200


def read_workbook(data: bytes, file: Path) -> OpenedList:
    """Every sheet that is shown, its merged cells filled. Raises `IntakeError`."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
        shown = [one.name for one in metadata if one.visible == SheetVisibleEnum.Visible]
        sheets = tuple(_sheet(book, name) for name in shown)
    except PasswordError as error:
        raise IntakeError(f"{file}: has a password; save a copy without one") from error
    except (CalamineError, ZipError) as error:
        raise IntakeError(f"{file}: is no workbook that can be read ({error}); save it again as xlsx") from error
    hidden = [one.name for one in metadata if one.name not in shown]
    return OpenedList("workbook", sheets, tuple(f"hidden sheet '{name}' was not read" for name in hidden))


def _sheet(book: CalamineWorkbook, name: str) -> ListSheet:
    sheet = book.get_sheet_by_name(name)
    table: list[list[Any]] = sheet.to_python(skip_empty_area=False, nrows=MOST_ROWS)
    _fill_merged(table, getattr(sheet, "merged_cell_ranges", None) or ())
    return ListSheet(name, list(_rows(table)))


def _rows(table: list[list[Any]]) -> Iterator[SheetRow]:
    for number, values in enumerate(table, 1):
        cells = [_cell(value) for value in values[:MOST_COLUMNS]]
        if not is_blank(cells):
            yield SheetRow(number, cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        text, _ = cleaned(value)
        return " ".join(text.split()) or None
    if isinstance(value, timedelta):
        return str(value)
    return value  # type: ignore[no-any-return]  # calamine gives what `Cell` lists


def _fill_merged(table: list[list[Any]], ranges: Any) -> None:
    """A merged cell's value stands in each row that it covers, and in its first column alone."""
    for (top, left), (bottom, _) in ranges:
        if top >= len(table) or left >= len(table[top]):
            continue
        for row in range(top + 1, min(bottom + 1, len(table))):
            if left < len(table[row]) and table[row][left] in ("", None):
                table[row][left] = table[top][left]
