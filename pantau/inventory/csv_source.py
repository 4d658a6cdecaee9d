"""CSV as it comes from spreadsheets: byte order mark, comma, semicolon or tab, quoted newlines, Windows line ends.

The header alone decides what the delimiter is: that of the three which gives the most known columns, so that the same
file is always read in the same way.
"""

import csv
import io
from collections.abc import Collection, Iterator
from pathlib import Path

from pantau.errors import Problem
from pantau.inventory.office_names import cure_for_name
from pantau.inventory.source import Branch, Listing
from pantau.inventory.wording import listed

DELIMITERS = ",;\t"


def parse_csv(
    text: str, file: Path, columns: Collection[str], required: Collection[str]
) -> tuple[Listing | None, list[Problem]]:
    """The rows of `text` as mappings of non-empty cells; `None` where header or quoting leave nothing to go on.

    `columns` are all known names, `required` those that the header must have.
    """
    delimiter = _delimiter(text, columns)
    rows = _rows(text, delimiter)
    problems: list[Problem] = []
    try:
        line, cells = next(rows, (0, []))
        if not cells:
            return None, [Problem(file, 0, "", f"the file is empty; begin with the columns {','.join(required)}")]
        header = _header(cells, columns)
        problems += _check_header(cells, file, line, columns, required)
        if not set(required) <= set(header):
            return None, problems
        listing = Listing(line)
        for line, cells in rows:
            if len(cells) != len(header):
                problems.append(Problem(file, line, "", _wrong_length(len(cells), len(header), delimiter)))
                continue
            listing.append(_row(line, header, cells))
            listing.lines.append(line)
    except _QuotingError as error:
        return None, [*problems, Problem(file, error.line, "", str(error))]
    return listing, problems


class _QuotingError(Exception):
    """The quotes do not pair; where one row ends and the next begins cannot be known."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line it begins on (a quoted cell may hold line ends)."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield begins, stripped
            begins = reader.line_num + 1
    except csv.Error as error:
        hint = "close the quote, and write a quote inside a quoted cell twice"
        raise _QuotingError(begins, f'has a quote (") that does not pair ({error}); {hint}') from error


def _delimiter(text: str, columns: Collection[str]) -> str:
    header = next((line for line in text.splitlines() if line.strip(" ,;\t")), "")
    split = {delimiter: header.split(delimiter) for delimiter in DELIMITERS}

    def known(delimiter: str) -> tuple[int, int]:
        cells = split[delimiter]
        return sum(cell.strip(' "') in columns for cell in cells), len(cells)

    return max(DELIMITERS, key=known)  # of equals the first: the comma


def _header(cells: list[str], columns: Collection[str]) -> list[str]:
    """The column of each cell; empty for one whose values are not read (unknown, nameless, or named before)."""
    return [cell if cell in columns and cell not in cells[:index] else "" for index, cell in enumerate(cells)]


def _check_header(
    cells: list[str], file: Path, line: int, columns: Collection[str], required: Collection[str]
) -> list[Problem]:
    problems = []
    for index, cell in enumerate(cells):
        if not cell:
            if any(cells[index:]):  # spreadsheets like to append empty columns; those harm nobody
                problems.append(Problem(file, line, "", f"column {index + 1} has no name; name it or delete it"))
        elif cell in cells[:index]:
            problems.append(Problem(file, line, cell, "this column is there twice; delete one"))
        elif cell not in columns:
            problems.append(Problem(file, line, cell, f"is not a known column; {cure_for_name(cell, columns)}"))
    missing = [column for column in required if column not in cells]
    if missing:
        problems.append(Problem(file, line, "", f"the header lacks {listed(missing)}; add what is missing"))
    return problems


def _wrong_length(found: int, expected: int, delimiter: str) -> str:
    name = {",": "comma", ";": "semicolon", "\t": "tab"}[delimiter]
    if found > expected:
        return f"has {found} cells, the header has {expected}; put a cell with a {name} in it in double quotes"
    return f"has {found} cells, the header has {expected}; add the missing ones, empty if need be"


def _row(line: int, header: list[str], cells: list[str]) -> Branch:
    row = Branch(line)
    row.update((column, cell) for column, cell in zip(header, cells, strict=True) if column and cell)
    return row
