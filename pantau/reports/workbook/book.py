"""What a workbook is written with: formats, typed cells, tables with frozen heads. The only file that knows XlsxWriter.

What comes from outside (names, reasons, notes) is always written as text: a name that begins with = is a name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pantau.reports.statement.office import OfficeWords
from pantau.reports.statement.rows import Ratio
from pantau.reports.words import words_in
from pantau.texts import Formats, mark

UNKNOWN = "—"
"""What is not known or not to be said: never 0."""
TOTALS_ROW, HEAD_ROW, FIRST_ROW = 2, 3, 4
"""Of a table, counted from 0: the title stands above, the sums under it, so that they are seen however long it is."""

_PAGE_WIDTH = 255
"""Characters that an A4 page may have across and still be read."""

Kind = Literal["text", "number", "rupiah", "time", "day", "percent", "fine percent"]
_NUMBER_FORMATS: dict[Kind, str] = {
    "text": "@",
    "number": "#,##0",
    "time": "dd/mm/yyyy hh:mm:ss",
    "day": "dd/mm/yyyy",
    "percent": "0.0000%",
    "fine percent": "0.000000000000%",
}


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula, and the value that we computed: shown until somebody recomputes."""

    text: str
    value: int | float | str


Cell = str | int | float | date | Ratio | Formula | None


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table."""

    head: str
    """In English, as the catalogue has it; what it lacks, such as a number, is written as it is."""
    kind: Kind
    width: int


def cell_name(row: int, column: int) -> str:
    """A cell as formulas of its own sheet name it; rows and columns from 0."""
    return str(xl_rowcol_to_cell(row, column))


class Book:
    """A workbook in the making. The same content and `made_at` give the same bytes."""

    def __init__(
        self,
        language: str,
        zone: ZoneInfo,
        made_at: int,
        title: str,
        told: OfficeWords = OfficeWords(),  # noqa: B008 - it is frozen
    ) -> None:
        self.words = words_in(language, told.levels)
        """The closed lists in the reader's language."""
        self._zone = zone
        self.zone_name = Formats(language, zone).zone_name
        """As people call it."""
        self._numbers = _NUMBER_FORMATS | {"rupiah": told.money.cell_format()}
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, {"in_memory": True})
        made = datetime.fromtimestamp(made_at, UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": "Pantau", "created": made})
        self._book.set_calc_mode("auto")
        self._formats: dict[tuple[Kind, bool], Any] = {}
        self._head = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#DCE6F1"}
        )
        self._title = self._book.add_format({"bold": True, "font_size": 14})
        self._note = self._book.add_format({"italic": True})

    def say(self, message: str, **values: object) -> str:
        """A message in the reader's language, with `values` in its places."""
        said = self.words.say(message)
        return said % values if values else said

    def head(self, message: str) -> str:
        """The head of a column, or a label, with the name of the zone where it speaks of times."""
        return self.words.say(message).replace("%(zone)s", self.zone_name)

    def local(self, second: int) -> str:
        """A Unix second on the clocks of the contract."""
        return f"{datetime.fromtimestamp(second, self._zone):%d/%m/%Y %H:%M:%S}"

    def sheet(self, name: str, title: str, note: str, *, landscape: bool = True) -> "Sheet":
        """A new sheet for A4, its title and note, already in the reader's language, in the first two rows."""
        page = self._book.add_worksheet(name)
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        page.set_footer(f"&L{name}&R&P / &N")
        if landscape:
            page.set_landscape()
        page.write_string(0, 0, title, self._title)
        page.write_string(1, 0, note, self._note)
        return Sheet(self, page, name)

    def format(self, kind: Kind, *, bold: bool = False) -> Any:
        """The format of a kind of cells."""
        if (kind, bold) not in self._formats:
            rules = {"num_format": self._numbers[kind], "border": 1, "bold": bold, "valign": "top"}
            rules |= {"text_wrap": True} if kind == "text" else {}
            self._formats[kind, bold] = self._book.add_format(rules)
        return self._formats[kind, bold]

    def head_format(self) -> Any:
        """Of a table's head."""
        return self._head

    def clock(self, second: int) -> datetime:
        """A Unix second as a spreadsheet has it: local, without zone."""
        return datetime.fromtimestamp(second, self._zone).replace(tzinfo=None)

    def close(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._bytes.getvalue()


class Sheet:
    """One sheet."""

    def __init__(self, book: Book, page: Any, name: str) -> None:
        self._book, self._page, self.name = book, page, name

    def ref(self, row: int, column: int) -> str:
        """A cell of this sheet as formulas of other sheets name it; rows and columns from 0."""
        return f"'{self.name}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"

    def put(self, row: int, column: int, value: Cell, kind: Kind = "text", *, bold: bool = False) -> None:
        """One typed cell. `None` is written as a dash."""
        page, shape = self._page, self._book.format(kind, bold=bold)
        match value:
            case None:
                page.write_string(row, column, UNKNOWN, shape)
            case Formula():
                page.write_formula(row, column, f"={value.text}", shape, value.value)
            case Ratio():
                page.write_number(row, column, value.numerator / value.denominator, shape)
            case str():
                page.write_string(row, column, value, shape)
            case int() if kind == "time":
                page.write_datetime(row, column, self._book.clock(value), shape)
            case int() | float():
                page.write_number(row, column, value, shape)
            case _:
                page.write_datetime(row, column, datetime.combine(value, datetime.min.time()), shape)

    def table(self, columns: Sequence[TableColumn], rows: Iterable[Sequence[Cell]], frozen_columns: int = 1) -> int:
        """A table with its head at `HEAD_ROW`, frozen, repeated in print, with filters; returns how many rows."""
        for place, column in enumerate(columns):
            self._page.write_string(HEAD_ROW, place, self._book.head(column.head), self._book.head_format())
            self._page.set_column(place, place, column.width)
        count = 0
        for count, row in enumerate(rows, start=1):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self.put(HEAD_ROW + count, place, value, column.kind)
        self._page.freeze_panes(FIRST_ROW, frozen_columns)
        self._page.set_row(HEAD_ROW, 45)
        self._page.repeat_rows(HEAD_ROW)
        wide = -(-sum(column.width for column in columns) // _PAGE_WIDTH)
        if wide > 1:
            # Two pages that can be read, each with the names of its rows, instead of one that cannot.
            self._page.fit_to_pages(wide, 0)
            self._page.repeat_columns(0, frozen_columns - 1)
        self._page.autofilter(HEAD_ROW, 0, HEAD_ROW + max(1, count), len(columns) - 1)
        if not count:
            self._page.write_string(FIRST_ROW, 0, self._book.say(mark("None.")))
        return count

    def widths(self, *widths: int) -> None:
        """Of the columns from the first on, in characters."""
        for place, width in enumerate(widths):
            self._page.set_column(place, place, width)
