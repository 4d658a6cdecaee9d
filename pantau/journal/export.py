"""Writes a journal out as CSV: what an auditor needs to check the chain with no tool of ours.

CSV and not Parquet: it opens in any office's spreadsheet and is still read in twenty years, and a Parquet writer would
add 40 MB of compiled code to a container that watches hotspots.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pantau.csv_text import csv_rows_to
from pantau.journal.chain import FIELDS, fields_of
from pantau.journal.entries import Entry, Kind, facts_of
from pantau.journal.reading import Reader
from pantau.journal.sums import state_text

ENTRY_FIELDS = (*FIELDS, "digest")
HOUR_FIELDS = ("entry", "since_ns", "at_ns", "hotspot", "requests", "replies", "state_ms")


def export(
    reader: Reader, folder: Path, after: int = 0, progress: Callable[[int], None] = lambda _: None
) -> list[Path]:
    """Write all entries beyond the number `after` to ``entries.csv``, and their hours' sums to ``hours.csv``.

    Contents that entries name by their SHA-256 (of the inventory, lists of decisions, signatures) are written to files
    of that name in ``blobs``. Fields are as they were hashed (see `pantau.journal.chain`), but for the apostrophes of
    `pantau.csv_text`; digests in hexadecimal, an absent value empty. `progress` hears of an entry's number at times.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries_file, hours_file, blobs = folder / "entries.csv", folder / "hours.csv", folder / "blobs"
    written = [entries_file, hours_file]
    with _table(entries_file, ENTRY_FIELDS) as write_entry, _table(hours_file, HOUR_FIELDS) as write_hour:
        for entry in reader.entries(after):
            write_entry((*fields_of(entry), entry.digest.hex()))
            match entry.event.kind:
                case Kind.HOUR:
                    span = entry.event.since_ns, entry.event.at_ns
                    for hotspot, requests, replies, state_ms in reader.sums(entry):
                        write_hour((entry.number, *span, hotspot, requests, replies, state_text(state_ms)))
                case Kind.INVENTORY | Kind.PROPOSAL | Kind.APPROVAL:
                    written += _write_blobs(reader, entry, blobs)
                case _:
                    pass
            if entry.number % 1000 == 0:
                progress(entry.number)
    return written


@contextmanager
def _table(file: Path, fields: tuple[str, ...]) -> Iterator[Callable[[tuple[Any, ...]], Any]]:
    with file.open("w", newline="", encoding="utf-8") as text:
        write = csv_rows_to(text)
        write(fields)
        yield write


def _write_blobs(reader: Reader, entry: Entry, folder: Path) -> Iterator[Path]:
    """The contents that an entry names and that are not written yet; one that is missing is for `verify` to tell."""
    folder.mkdir(exist_ok=True)
    facts = facts_of(entry)
    files, named = facts.get("files"), {str(facts.get(name, "")) for name in ("list", "signature")}
    records = facts.get("records")
    named |= set(map(str, records)) if isinstance(records, list) else set()
    for digest in sorted(set(files.values()) if isinstance(files, dict) else named - {""}):
        content, file = reader.blob(digest), folder / digest
        if content is not None and not file.exists():
            file.write_bytes(content)
            yield file
