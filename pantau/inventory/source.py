"""What a file holds before anything is known of its meaning: text in mappings and lists that remember their lines.

Both formats, YAML and CSV, arrive in this one form, with every scalar as text.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from pantau.errors import Problem
from pantau.inventory.wording import strange, unprintable

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


def decode(data: bytes, file: Path) -> str | Problem:
    """The text of UTF-8 bytes, with or without a byte order mark, or the first thing in it that is no text."""
    if data.startswith(_BYTE_ORDER_MARKS):
        return Problem(
            file, 1, "", "is UTF-16, not UTF-8; save it as UTF-8 (in Excel: 'CSV UTF-8', not 'Unicode Text')"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_at(data[: error.start].decode("utf-8", "replace"))
        excel = "in Excel: 'CSV UTF-8'; or: " if file.suffix.lower() == ".csv" else ""
        cure = f"save it as UTF-8 ({excel}iconv -f LATIN1 -t UTF-8 {file.name})"
        return Problem(file, line, "", f"byte 0x{data[error.start]:02X} is not UTF-8, it looks like Latin-1; {cure}")
    found = unprintable(text)
    return Problem(file, _line_at(text[: found.start()]), "", strange(found[0])) if found else text


def _line_at(before: str) -> int:
    return 1 + len(_LINE_END.findall(before))
