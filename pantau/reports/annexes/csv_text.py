"""A table as the bytes of a CSV file."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

from pantau.csv_text import csv_rows_to

Value = str | int | float | bool | None


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """What is not known is an empty field."""
    out = StringIO()
    write = csv_rows_to(out)
    write(heads)
    for row in rows:
        write(row)
    return out.getvalue().encode()


def local(second: int, zone: ZoneInfo) -> str:
    """A Unix second as ISO 8601, with the offset of `zone`."""
    return datetime.fromtimestamp(second, zone).isoformat()
