"""Where a sheet's table begins: below titles, in one row or two, or nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from pantau.intake.lists.columns import field_of, heading_key, is_either, known_headings
from pantau.intake.lists.network_addresses import looks_like_address
from pantau.intake.lists.sheets import Cell, ListSheet, SheetRow, shown_cell

_SEARCHED_ROWS = 40
_LEAST_KNOWN = 2


@dataclass(frozen=True, slots=True)
class TableHead:
    """The headings of a table, and where its rows begin."""

    headings: tuple[str, ...]
    row: int
    """The number of the head's last row; 0 where there is none."""
    first: int
    """The index, among the sheet's rows, of the first row of values."""
    known: int
    """How many headings are known."""


def find_head(sheet: ListSheet, said: int | None = None) -> TableHead:
    """The head of a sheet: the row that was said, or the first of those with the most known headings."""
    if said is None and sheet.rows and sheet.rows[0].number == 0:  # of a document: its keys, whatever they are
        headings = tuple(shown_cell(cell) for cell in sheet.rows[0].cells)
        return TableHead(headings, 0, 1, _count(headings))
    best, known = -1, 0
    for index, row in enumerate(sheet.rows[:_SEARCHED_ROWS] if said is None else sheet.rows):
        if said is not None:
            if row.number == said:
                best, known = index, known_headings(row.cells)
        elif (count := known_headings(row.cells)) > known and not any(map(looks_like_address, row.cells)):
            best, known = index, count
    if best < 0 or (said is None and known < _LEAST_KNOWN and len(sheet.rows[best].cells) > 1):
        return TableHead((), 0, 0, 0)
    return _whole(sheet.rows, best)


def _whole(rows: Sequence[SheetRow], index: int) -> TableHead:
    """The head with the row above or below it, where that one has the other half of its headings."""
    head = rows[index]
    after = rows[index + 1] if index + 1 < len(rows) else None
    if after is not None and _is_second(head.cells, after.cells):
        headings = _joined(head.cells, after.cells)
        return TableHead(headings, after.number, index + 2, _count(headings))
    before = rows[index - 1] if index > 0 else None
    if before is not None and before.number == head.number - 1 and _is_first(before.cells, head.cells):
        headings = _joined(before.cells, head.cells)
        return TableHead(headings, head.number, index + 1, _count(headings))
    headings = tuple(shown_cell(cell) for cell in head.cells)
    return TableHead(headings, head.number, index + 1, _count(headings))


def _is_second(head: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a row parts headings of the one above: words alone, known ones, and blank or alike under the others."""
    words = [shown_cell(cell) for cell in below]
    if not any(words) or any(not isinstance(cell, str | None) for cell in below):
        return False
    own = [(place, word) for place, word in enumerate(words) if word and word != _at(head, place)]
    known = [word for place, word in own if field_of(word) or field_of(f"{_group(head, place)} {word}")]
    return bool(known) and len(known) * 2 >= len(own) and not any(map(looks_like_address, below))


def _is_first(above: Sequence[Cell], head: Sequence[Cell]) -> bool:
    """Whether a row above has headings where this one has none."""
    lone = [shown_cell(cell) for place, cell in enumerate(above) if shown_cell(cell) and not _at(head, place)]
    return bool(lone) and any(map(field_of, lone))


def _joined(above: Sequence[Cell], below: Sequence[Cell]) -> tuple[str, ...]:
    width = max(len(above), len(below))
    headings = []
    for place in range(width):
        upper, lower = _at(above, place), _at(below, place)
        group = _group(above, place) if lower else upper
        if not lower or heading_key(lower) == heading_key(upper):
            headings.append(upper or lower)
        else:
            headings.append(lower if field_of(lower) and not is_either(lower) else f"{group} {lower}".strip())
    return tuple(headings)


def _group(above: Sequence[Cell], place: int) -> str:
    """The heading of a merged cell, whose value stands in its first column alone."""
    return next((word for at in range(place, -1, -1) if (word := _at(above, at))), "")


def _at(cells: Sequence[Cell], place: int) -> str:
    return shown_cell(cells[place]) if place < len(cells) else ""


def _count(headings: Sequence[str]) -> int:
    return sum(bool(field_of(one)) for one in headings)
