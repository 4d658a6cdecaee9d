"""What a file holds before anything is known of its meaning: text in mappings and lists that remember their lines.

Both formats, YAML and CSV, arrive in this one form, with every scalar as text.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pantau.errors import Problem
from pantau.inventory.encodings import foreign
from pantau.inventory.wording import every_unprintable, strange

Step = str | int
"""A key of a mapping or an index of a list; several of them lead to a value."""

_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LINE_END = re.compile("\r\n|\r|\n")


class Branch(dict[str, object]):
    """A mapping, the line it begins on and the lines of its keys. A key without a value has a line only."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Listing(list[object]):
    """A list, the line it begins on and the lines of its items."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def line_of(root: Branch, path: Sequence[Step]) -> int:
    """The line of the value that `path` leads to, or of the last thing on the way that is there."""
    line = root.line
    here: object = root
    for step in path:
        if isinstance(here, Branch) and isinstance(step, str) and step in here.lines:
            line, here = here.lines[step], here.get(step)
        elif isinstance(here, Listing) and isinstance(step, int) and step < len(here):
            line, here = here.lines[step], here[step]
        else:
            break
    return line


def decode(data: bytes, file: Path) -> str | list[Problem]:
    """The text of UTF-8 bytes, with or without a byte order mark, or everything in it that is no text."""
    if data.startswith(_BYTE_ORDER_MARKS):
        message = "is UTF-16, not UTF-8; save it as UTF-8 (in Excel: 'CSV UTF-8', not 'Unicode Text')"
        return [Problem(file, 1, "", message)]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = 1 + len(_LINE_END.findall(data[: error.start].decode("utf-8", "replace")))
        return [Problem(file, line, "", f"byte 0x{data[error.start]:02X} is not UTF-8{_looks_like(data, file)}")]
    return list(_strange_lines(text, file)) or text


def _looks_like(data: bytes, file: Path) -> str:
    """Which encoding it is, as far as it can be told, and how to make UTF-8 of it."""
    excel = "in Excel: 'CSV UTF-8'; or: " if file.suffix.lower() == ".csv" else ""
    guess = foreign(data)
    if guess is None:
        return f"; save it as UTF-8 ({excel}iconv -f ENCODING -t UTF-8 {file.name}, with the encoding it was saved in)"
    return f", it looks like {guess.name}; save it as UTF-8 ({excel}iconv -f {guess.iconv} -t UTF-8 {file.name})"


def _strange_lines(text: str, file: Path) -> Iterator[Problem]:
    """Each line with an unprintable character, once for each that it holds."""
    begin, line = 0, 1
    seen: set[tuple[int, str]] = set()
    for found in every_unprintable(text):
        line += len(_LINE_END.findall(text, begin, found.start()))
        begin = found.start()
        if (line, found[0]) not in seen:
            seen.add((line, found[0]))
            yield Problem(file, line, "", strange(found[0]))
