"""CSV as it comes from spreadsheets: byte order mark, comma, semicolon or tab, quoted newlines, Windows line ends.

The header alone decides what the delimiter is, so that the same file is always read in the same way: that of the three
which gives the most known columns, or what Excel's own first line (``sep=;``) says.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from pantau.csv_text import original
from pantau.errors import Problem
from pantau.inventory.csv_rows import DELIMITER_NAMES, CsvRow, QuotingError, csv_rows
from pantau.inventory.office_names import cure_for_name
from pantau.inventory.source import Branch, Listing
from pantau.inventory.wording import listed, quote

DELIMITERS = tuple(DELIMITER_NAMES)
MOST_ROWS = 200_000
"""In one file."""
_MOST_COLUMNS = 200
_HEADER_WITHIN = 100_000
"""Characters."""
_OF_TWO = "holds a line end, and may be the end of one row and the beginning of another; write it on one line"
_SEPARATOR = re.compile(r'"?sep=([^\r\n]?)"?[,;\t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
"""Excel's own first line, which says what the delimiter is."""


def parse_csv(
    text: str, file: Path, columns: Collection[str], required: Collection[str]
) -> tuple[Listing | None, list[Problem]]:
    """The rows of `text` as mappings of non-empty cells; `None` where header or quoting leave nothing to go on.

    `columns` are all known names, `required` those that the header must have. Each row that is not blank is in the
    list or has a problem.
    """
    said = _SEPARATOR.match(text)
    if said and said[1] not in DELIMITERS:
        message = f"{quote(said[1])} is no delimiter that is read here; save it with commas, semicolons or tabs"
        return None, [Problem(file, 1, "", message)]
    text, first = (text[said.end() :], 2) if said else (text, 1)
    delimiter = said[1] if said else _delimiter(text, columns)
    rows = csv_rows(text, delimiter, first)
    problems: list[Problem] = []
    try:
        head = next(rows, None)
        if head is None:
            return None, [Problem(file, 0, "", f"the file is empty; begin with the columns {','.join(required)}")]
        header = _header(head.cells, columns)
        problems += _complaints(head, file, ())
        problems += _check_header(head.cells, file, head.line, columns, required)
        if not set(required) <= set(header):
            return None, problems
        listing = Listing(head.line)
        for number, (before, row, after) in enumerate(_with_neighbours(rows), 1):
            if number > MOST_ROWS:
                problems.append(
                    Problem(file, row.line, "", f"is row {number}, and {MOST_ROWS} are read; split the file")
                )
                break
            if row.several_lines and not row.complaints and _may_be_of_two(before, row, after, len(header)):
                where = header[row.several_lines[0]] if row.several_lines[0] < len(header) else ""
                problems.append(Problem(file, row.line, where, _OF_TWO))
                continue
            _take(row, header, delimiter, file, listing, problems)
    except QuotingError as error:
        return None, [*problems, Problem(file, error.line, "", str(error))]
    return listing, problems


def _with_neighbours(rows: Iterator[CsvRow]) -> Iterator[tuple[CsvRow | None, CsvRow, CsvRow | None]]:
    before, row = None, next(rows, None)
    while row is not None:
        after = next(rows, None)
        yield before, row, after
        before, row = row, after


def _may_be_of_two(before: CsvRow | None, row: CsvRow, after: CsvRow | None, width: int) -> bool:
    """Whether a cell of several lines may be the end of one row and the beginning of the next.

    What ends there had its other cells on a line of their own, or this row has none of them: the cell is its first.
    """
    return 0 in row.several_lines or any(
        one is not None and (one.complaints or len(one.cells) != width) for one in (before, after)
    )


def _take(
    row: CsvRow, header: list[str], delimiter: str, file: Path, listing: Listing, problems: list[Problem]
) -> None:
    """Put a row into the list, or say why not."""
    if row.complaints:
        problems += _complaints(row, file, header)
    elif len(row.cells) != len(header):
        problems.append(Problem(file, row.line, "", _wrong_length(len(row.cells), len(header), delimiter)))
    else:
        listing.append(_row(row.line, header, row.cells))
        listing.lines.append(row.line)


def _complaints(row: CsvRow, file: Path, header: Collection[str]) -> list[Problem]:
    names = list(header)
    return [
        Problem(file, line, names[index] if index < len(names) else "", message)
        for line, index, message in row.complaints
    ]


def _delimiter(text: str, columns: Collection[str]) -> str:
    lines = re.split(r"\r\n|\r|\n", text[:_HEADER_WITHIN])
    header = next((line for line in lines if line.strip(" ,;\t")), "")
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
    if len(cells) > _MOST_COLUMNS:
        return [Problem(file, line, "", f"has {len(cells)} columns, more than {_MOST_COLUMNS}; is it the right file?")]
    for index, written in enumerate(cells):
        cell = " ".join(written.split())
        if not cell:
            if any(cells[index:]):  # spreadsheets like to append empty columns; those harm nobody
                problems.append(Problem(file, line, "", f"column {index + 1} has no name; name it or delete it"))
        elif written in cells[:index]:
            problems.append(Problem(file, line, cell, "this column is there twice; delete one"))
        elif cell not in columns:
            problems.append(Problem(file, line, cell, f"is not a known column; {cure_for_name(cell, columns)}"))
    missing = [column for column in required if column not in cells]
    if missing:
        problems.append(Problem(file, line, "", f"the header lacks {listed(missing)}; add what is missing"))
    return problems


def _wrong_length(found: int, expected: int, delimiter: str) -> str:
    name = DELIMITER_NAMES[delimiter]
    if found > expected:
        return f"has {found} cells, the header has {expected}; put a cell with a {name} in it in double quotes"
    return f"has {found} cells, the header has {expected}; add the missing ones, empty if need be"


def _row(line: int, header: list[str], cells: list[str]) -> Branch:
    row = Branch(line)
    # What we write ourselves is shielded from spreadsheets, and is read as it was.
    told = (original(cell) if "'" in cell else cell for cell in cells)
    row.update((column, cell) for column, cell in zip(header, told, strict=True) if column and cell)
    return row
