"""A table as the bytes of a CSV file."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from zoneinfo import ZoneInfo

Value = str | int | float | bool | None
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """What is not known is an empty field."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_harmless(value) if isinstance(value, str) else value for value in row])
    return out.getvalue().encode()


def local(second: int, zone: ZoneInfo) -> str:
    """A Unix second as ISO 8601, with the offset of `zone`."""
    return datetime.fromtimestamp(second, zone).isoformat()


def _harmless(text: str) -> str:
    """A name that begins with = must not be computed by whoever opens the file (CWE-1236)."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
