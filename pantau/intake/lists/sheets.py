"""Cells in rows, as every format arrives, and what is doubted of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import Enum

_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?")

Cell = str | int | float | bool | date | datetime | time | None
"""A text, or what a spreadsheet made of it."""


@dataclass(slots=True)
class SheetRow:
    """A row that is not blank."""

    number: int
    """As the program that shows the file numbers it."""
    cells: list[Cell]
    complaint: str = ""
    """What is wrong with the row as a whole, so that its cells may not be what was meant."""


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A table, with whatever stands above, below and beside it."""

    name: str
    """Empty where the format knows one table only."""
    rows: list[SheetRow]


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A file as it was read."""

    format: str
    sheets: tuple[ListSheet, ...]
    remarks: tuple[str, ...] = ()
    """What was done before anything was understood: the encoding, the separator, characters that nobody sees."""


class Effect(Enum):
    """What became of what is doubted."""

    TAKEN = ("diambil", "taken")
    """With what it surely means; look whether it does."""
    WITHOUT = ("tanpa nilai itu", "without that value")
    LEFT_OUT = ("baris ditinggalkan", "row left out")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that somebody should look at."""

    sheet: str
    row: int
    column: str
    """The heading, or empty where the row as a whole is meant."""
    value: str
    reason: str
    effect: Effect

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.sheet} {self.row}".strip()


@dataclass(slots=True)
class Doubts:
    """All of a list, in the order of its rows."""

    found: list[Doubt] = field(default_factory=list)

    def left_out(self) -> set[tuple[str, int]]:
        """The rows that came to nothing."""
        return {(one.sheet, one.row) for one in self.found if one.effect is Effect.LEFT_OUT}


def shown_cell(cell: Cell) -> str:
    """A cell as text; a whole number without its point, a moment as ISO 8601 has it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
    return cell.strip() if isinstance(cell, str) else str(cell)


def is_error(text: str) -> bool:
    """Whether it is what a spreadsheet shows where a formula failed: #N/A, #REF!."""
    return _ERROR.fullmatch(text) is not None


def is_blank(cells: Sequence[Cell]) -> bool:
    """Whether there is nothing in a row."""
    return not any(shown_cell(cell) for cell in cells)
