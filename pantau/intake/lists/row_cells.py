"""The cells of one row by the field that each is taken for, the draft that comes of them, and what is doubted."""

from collections.abc import Sequence

from pantau.intake.lists.columns import ListColumn
from pantau.intake.lists.drafts import Draft
from pantau.intake.lists.sheets import Cell, Doubt, Effect, SheetRow, shown_cell

_LONGEST_NOTE = 500


class RowCells:
    """One row, while it is read."""

    def __init__(self, sheet: str, row: SheetRow, columns: Sequence[ListColumn]) -> None:
        self.draft = Draft(sheet, row.number)
        self.doubts: list[Doubt] = []
        within = [column for column in columns if column.index < len(row.cells)]
        self._cells = {column.field: row.cells[column.index] for column in within if column.field}
        self._headings = {column.field: column.heading for column in within if column.field}
        for column in within:
            if column.field in ("", "note"):
                self.keep("" if column.field == "note" else column.heading, shown_cell(row.cells[column.index]))

    def has(self, field: str) -> bool:
        """Whether the list has a column of it."""
        return field in self._cells

    def cell(self, field: str) -> Cell:
        """What stands there; nothing where there is no such column."""
        return self._cells.get(field)

    def text(self, field: str) -> str:
        """The same as text."""
        return shown_cell(self.cell(field))

    def doubt(self, field: str, value: str, reason: str, effect: Effect) -> None:
        """Tell what is doubted; `field` is told by its heading where it has one."""
        heading = self._headings.get(field, field)
        self.doubts.append(Doubt(self.draft.sheet, self.draft.row, heading, value, reason, effect))

    def heading(self, field: str) -> str:
        """The heading of a field's column."""
        return self._headings.get(field, field)

    def keep(self, heading: str, value: str) -> None:
        """Keep as a note what no field takes."""
        clean = " ".join(value.replace(";", ",").split())[:_LONGEST_NOTE]
        if clean:
            self.draft.notes.setdefault(heading.replace(";", ",").replace(":", " ").strip(), clean)

    def keep_field(self, field: str, value: str = "") -> None:
        """The same of a field's cell that cannot be taken as what it should be."""
        self.keep(self.heading(field), value or self.text(field))
