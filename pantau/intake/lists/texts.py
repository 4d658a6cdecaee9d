"""Bytes of a list as text: in any encoding that can be told, or that is said; and CSV with any separator."""

import codecs
import re
from collections import Counter
from pathlib import Path

from pantau.intake.errors import IntakeError
from pantau.intake.lists.sheets import Cell, ListSheet, OpenedList, SheetRow
from pantau.inventory.csv_rows import QuotingError, csv_rows
from pantau.inventory.encodings import foreign
from pantau.inventory.wording import quote

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SEPARATORS = (";", ",", "\t", "|")
_SAYS = re.compile(r'"?sep=([^\r\n]?)"?[,;\t|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
_SAMPLE_LINES = 200
_BARE_QUOTE = 'holds a quote (")'


def decoded(data: bytes, file: Path, encoding: str | None) -> tuple[str, str]:
    """The text, and which encoding it was in. Raises `IntakeError` where none is certain and none was said."""
    if encoding is not None:
        return _decoded_as(data, file, encoding), encoding
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decoded_as(data[len(mark) :] if name == "utf-8" else data, file, name), name.upper()
    if b"\0" in data[:1000]:
        name = "utf-16-le" if data[:1000][1::2].count(0) > data[:1000][::2].count(0) else "utf-16-be"
        return _decoded_as(data, file, name), name.upper()
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        guess = foreign(data)
        if guess is None:
            line = data[: error.start].count(b"\n") + 1
            cure = "save it as UTF-8, or say which with --encoding, such as --encoding cp1252"
            raise IntakeError(f"{file}:{line}: is not UTF-8, and its encoding cannot be told; {cure}") from error
        return _decoded_as(data, file, guess.iconv), guess.name


def _decoded_as(data: bytes, file: Path, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise IntakeError(f"{quote(encoding)} is no encoding that is known; write --encoding cp1252") from error
    except UnicodeDecodeError as error:
        raise IntakeError(f"{file}: is not {encoding} (byte {error.start}); say another with --encoding") from error


def cleaned(text: str) -> tuple[str, int]:
    """The text without characters that nobody sees, and how many there were; a mark in the middle is one."""
    clean, count = _UNSEEN.subn("", text)
    return clean, count


def read_csv(data: bytes, file: Path, encoding: str | None) -> OpenedList:
    """A CSV file as one sheet. Raises `IntakeError`."""
    text, name = decoded(data, file, encoding)
    text, unseen = cleaned(text)
    said = _SAYS.match(text)
    text, first = (text[said.end() :], 2) if said else (text, 1)
    separator = said[1] if said and said[1] else _separator(text)
    remarks = [f"{name}, {_NAMES.get(separator, separator)}"]
    remarks += [f"{unseen} characters that nobody sees were deleted"] if unseen else []
    try:
        rows = [_row(row.line, row.cells, row.complaints) for row in csv_rows(text, separator, first)]
    except QuotingError as error:
        remarks.append(f"{error} (line {error.line}): quotes were taken as they stand")
        lines = enumerate(re.split(r"\r\n|\r|\n", text), first)
        rows = [_naive(number, line, separator) for number, line in lines if line.strip(f" {separator}")]
    return OpenedList("CSV", (ListSheet("", rows),), tuple(remarks))


_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


def _row(number: int, cells: list[str], complaints: tuple[tuple[int, int, str], ...]) -> SheetRow:
    """A quote within a cell is what it is: the seconds of a coordinate, the inches of a mast."""
    taken: list[Cell] = list(cells)
    wrong = [message for _, _, message in complaints if not message.startswith(_BARE_QUOTE)]
    return SheetRow(number, taken, wrong[0] if wrong else "")


def _naive(number: int, line: str, separator: str) -> SheetRow:
    cells: list[Cell] = [cell.strip().strip('"') for cell in line.split(separator)]
    return SheetRow(number, cells, 'holds a quote (") without its other half' if line.count('"') % 2 else "")


def _separator(text: str) -> str:
    """The one that parts the most lines into equally many cells; a comma within coordinates parts few alike."""
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()][:_SAMPLE_LINES]

    def fitness(separator: str) -> tuple[int, int]:
        counts = Counter(_outside_quotes(line).count(separator) for line in lines)
        counts.pop(0, None)
        if not counts:
            return 0, 0
        cells, number = max(counts.items(), key=lambda one: (one[1], one[0]))
        return number, cells

    return max(_SEPARATORS, key=fitness)


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)
