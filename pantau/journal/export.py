"""Writes a journal out as CSV: what an auditor needs to check the chain with no tool of ours.

CSV and not Parquet: it opens in any office's spreadsheet and is still read in twenty years, and a Parquet writer would
add 40 MB of compiled code to a container that watches hotspots.
"""

import csv
from collections.abc import Callable
from pathlib import Path

from pantau.journal.entries import Kind
from pantau.journal.reading import Reader
from pantau.states import State

ENTRY_FIELDS = (
    "number", "kind", "subject", "at_ns", "recorded_ns", "before", "after", "up", "reason", "requests", "unanswered",
    "first_ns", "detail", "digest",
)  # fmt: skip
HOUR_FIELDS = ("entry", "since_ns", "at_ns", "hotspot", "requests", "replies", *(f"{s.label}_ms" for s in State))


def export(
    reader: Reader, folder: Path, after: int = 0, progress: Callable[[int], None] = lambda _: None
) -> tuple[Path, Path]:
    """Write all entries beyond the number `after` to ``entries.csv``, and their hours' sums to ``hours.csv``.

    Fields are as they were hashed (see `pantau.journal.chain`), digests in hexadecimal, an absent value empty.
    `progress` hears of an entry's number now and then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries_file, hours_file = folder / "entries.csv", folder / "hours.csv"
    with (
        entries_file.open("w", newline="", encoding="utf-8") as entries,
        hours_file.open("w", newline="", encoding="utf-8") as hours,
    ):
        write_entry, write_hour = csv.writer(entries).writerow, csv.writer(hours).writerow
        write_entry(ENTRY_FIELDS)
        write_hour(HOUR_FIELDS)
        for entry in reader.entries(after):
            event = entry.event
            write_entry((entry.number, event.kind.label, event.subject, event.at_ns, event.recorded_ns, *event[4:12],
                         entry.digest.hex()))  # fmt: skip
            if event.kind is Kind.HOUR:
                for row in reader.hours(event.at_ns - 1, event.at_ns):
                    if row.entry == entry.number:
                        sums = row.sums
                        write_hour((entry.number, row.start_ns, row.end_ns, sums.hotspot, sums.requests, sums.replies,
                                    *sums.state_ms))  # fmt: skip
            if entry.number % 1000 == 0:
                progress(entry.number)
    return entries_file, hours_file
