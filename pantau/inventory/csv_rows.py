"""CSV as text becomes rows of cells (RFC 4180), of which every character is accounted for.

A quote that somebody meant as a ditto mark opens a cell that ends at the next one, rows later: the table still has its
right width, and the rows between are gone. So a cell that holds a line end and a delimiter is complained of, as are a
quote within a cell that is not quoted and a cell that is a ditto mark itself. It knows nothing of columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab"}
LONGEST_CELL = 4_096
LONGEST_ROW = 100_000
"""Characters."""

_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTED = re.compile(r'"([^"]*(?:""[^"]*)*)"')
_DITTO = frozenset({'"', "''", "``", "\u201c", "\u201d", "\u201e", "\u2033", "\u3003"})
_CURE = "close the quote, and write a quote inside a quoted cell twice"


Complaint = tuple[int, int, str]
"""The line, the index of the cell, and what is wrong with it."""


class QuotingError(Exception):
    """The quotes do not pair; where one row ends and the next begins cannot be known."""

    def __init__(self, line: int, fault: str) -> None:
        super().__init__(f'has a quote (") that does not pair ({fault}); {_CURE}')
        self.line = line


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row that is not blank."""

    line: int
    """Where it begins, from 1."""
    cells: list[str]
    """Without the blanks around them."""
    complaints: tuple[Complaint, ...] = ()
    several_lines: tuple[int, ...] = ()
    """The indices of the cells that hold a line end."""


def csv_rows(text: str, delimiter: str, line: int = 1) -> Iterator[CsvRow]:
    """The rows of `text`, whose first line has the number `line`. Raises `QuotingError`."""
    begin = 0
    while begin < len(text):
        end = _LINE.match(text, begin).end()  # type: ignore[union-attr]  # it always matches
        row, end, last = _row(text, begin, end, delimiter, line)
        if any(row.cells):
            yield row
        line_end = _LINE_END.match(text, end)
        begin, line = (line_end.end(), last + 1) if line_end else (end, last)


def _row(text: str, begin: int, end: int, delimiter: str, line: int) -> tuple[CsvRow, int, int]:
    """The row from `begin`, where it ends, and the number of its last line; `end` is where its first line ends."""
    quoted, last = text.find('"', begin, end) >= 0, line
    if quoted:
        cells, complaints, end, last = _quoted_row(text, begin, delimiter, line)
    else:
        cells, complaints = text[begin:end].split(delimiter), []
    if end - begin > LONGEST_ROW:
        complaints.append((line, 0, f"the row is longer than {LONGEST_ROW} characters; is it one?"))
        return CsvRow(line, cells[:1] or [""], tuple(complaints)), end, last
    stripped = [cell.strip() for cell in cells]
    if end - begin > LONGEST_CELL:
        long = [index for index, cell in enumerate(stripped) if len(cell) > LONGEST_CELL]
        complaints += [(line, index, f"is longer than {LONGEST_CELL} characters; shorten it") for index in long]
    if not _DITTO.isdisjoint(stripped):
        marks = [index for index, cell in enumerate(stripped) if cell in _DITTO]
        complaints += [(line, index, f"{stripped[index]} is a ditto mark; write the value out") for index in marks]
    several = tuple(i for i, cell in enumerate(stripped) if _LINE_END.search(cell)) if last > line else ()
    return CsvRow(line, stripped, tuple(complaints), several), end, last


def _quoted_row(text: str, begin: int, delimiter: str, line: int) -> tuple[list[str], list[Complaint], int, int]:
    """The cells of a row in which there is a quote, what is wrong with them, where it ends and on which line."""
    first, bare = line, _bare(delimiter)
    cells: list[str] = []
    complaints: list[Complaint] = []
    while True:
        index = len(cells)
        if text.startswith('"', begin):
            match = _QUOTED.match(text, begin)
            if match is None:
                raise QuotingError(first, "unexpected end of data")
            cell = match[1].replace('""', '"')
            line_ends = len(_LINE_END.findall(match[1]))
            if line_ends and delimiter in cell:
                complaints.append((line, index, _swallowed(line, line + line_ends, delimiter)))
            line += line_ends
        else:
            match = bare.match(text, begin)
            cell = match[0] if match else ""
            if '"' in cell:
                complaints.append((line, index, f'holds a quote (") but is not quoted; {_CURE}'))
        cells.append(cell)
        begin = match.end() if match else begin
        if not text.startswith(delimiter, begin):
            break
        begin += len(delimiter)
    if begin < len(text) and text[begin] not in "\r\n":
        raise QuotingError(first, f"'{delimiter}' expected after '\"'")
    return cells, complaints, begin, line


def _bare(delimiter: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(delimiter)}\r\n]*")


def _swallowed(first: int, last: int, delimiter: str) -> str:
    name = DELIMITER_NAMES.get(delimiter, delimiter)
    return (
        f'one cell holds lines {first} to {last} with a {name} in them: a quote (") opens it and '
        "another ends it; is it a ditto mark? write the value out, and close each quote on its own row"
    )
