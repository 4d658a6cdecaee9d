"""CSV that nobody's spreadsheet computes: the one place that writes it. It knows no tables.

A spreadsheet takes a cell for a formula that begins with = + - or @ (CWE-1236), also after blanks and quotes, and in
some languages their full-width forms. Where a cell begins is for the reader's locale to say: a file with commas that is
opened where lists have semicolons is split at each ``;`` of a name, quoted or not. So an apostrophe stands before each
such character that would begin a cell in any of them. `original` takes it away again, and nothing else.
"""

import csv
import re
from collections.abc import Callable, Iterable
from typing import TextIO

_SEPARATORS = ";\t|\r\n\v\f\x1c-\x1e\x85\u2028\u2029"
_UNSEEN = ' "\u00a0\u00ad\u2000-\u200f\u202f\u205f\u2060-\u2064\u3000\ufeff'
"""What may stand before it, and is taken for nothing: blanks, quotes, what has no width."""
_BEGINNERS = "=+\\-@\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
_LIVE = re.compile(rf"((?:\A|[{_SEPARATORS}])[{_UNSEEN}]*)('*)([{_BEGINNERS}])")
_SHIELDED = re.compile(rf"((?:\A|[{_SEPARATORS}])[{_UNSEEN}]*)'('*)([{_BEGINNERS}])")


def harmless(text: str) -> str:
    """`text` with an apostrophe before what would begin a formula."""
    return _LIVE.sub(r"\1'\2\3", text)


def original(text: str) -> str:
    """What `harmless` was given."""
    return _SHIELDED.sub(r"\1\2\3", text)


def csv_rows_to(file: TextIO, line_end: str = "\r\n") -> Callable[[Iterable[object]], None]:
    """Writes rows to a file that was opened with ``newline=""``. Numbers stay numbers; None is an empty field."""
    writer = csv.writer(file, lineterminator=line_end)

    def write(row: Iterable[object]) -> None:
        writer.writerow([harmless(value) if isinstance(value, str) else value for value in row])

    return write
