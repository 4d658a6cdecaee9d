"""The commands `pantau journal backup` and `restore`: parse, call, and prove what was made."""

import time
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import tell
from pantau.inventory import load
from pantau.journal.backup import back_up, prune, url_of_copy
from pantau.journal.backup import restore as put_back
from pantau.journal.closing.proof import proved
from pantau.journal.heads import end_of
from pantau.journal.reading import Reader
from pantau.journal.verification import KeptDigest, parse_expected
from pantau.people.signing import check_signature


def backup(
    output: Annotated[Path, typer.Option(help="Folder for the copy; on another disk, and then on another machine.")],
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Remove all but so many of the latest copies there.")] = None,
) -> None:
    """Copy the journal while it is written, prove the copy entry by entry, and print the line to keep.

    The exporter goes on meanwhile. SQLite is copied by its online backup, PostgreSQL by pg_dump. The last line is that
    of `pantau journal verify`: it tells whether what is put back one day is what was copied.

    Example: pantau journal backup --output /var/backups/pantau --keep 14
    """
    url = journal or load(config).settings.journal.url
    with Reader(url, config.parent) as reader:
        head = end_of(reader.heads())
    file = back_up(url, config.parent, output, head.number, time.time_ns())
    tell(file)
    copied = url_of_copy(file)
    if copied is None:
        tell(f"{head.number} entries at the least; they are proved when it is put back")
        tell(f"{head.number}:{head.digest.hex()}")
    else:
        _prove(copied, file.parent, KeptDigest(head.number, head.digest) if head.number else None)
    for old in prune(output, keep) if keep is not None else ():
        tell(f"removed {old}")


def restore(
    file: Annotated[Path, typer.Argument(help="What `pantau journal backup` has made.")],
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    expected: Annotated[str | None, typer.Option(help="NUMBER:DIGEST that was printed when it was made.")] = None,
) -> None:
    """Put a copy of the journal in its place, and prove it entry by entry. Where a journal is, nothing is done.

    Stop `pantau run` before. What was recorded since the copy was made is not in it: the time from then to the start of
    the exporter becomes unknown, and nobody is charged for it.

    Example: pantau journal restore /var/backups/pantau/journal-20260301T023000Z-000048211.sqlite
    """
    kept = parse_expected(expected) if expected else None
    url = journal or load(config).settings.journal.url
    put_back(file, url, config.parent)
    _prove(url, config.parent, kept)


def _prove(url: str, folder: Path, kept: KeptDigest | None) -> None:
    """Print the findings and leave with status 1, or print the line to keep."""
    with Reader(url, folder) as reader:
        findings = list(proved(reader, kept, signatures=check_signature))
        head = end_of(reader.heads())
    for finding in findings:
        tell(finding)
    if findings:
        raise typer.Exit(1)
    tell(f"{head.number} entries, none changed")
    tell(f"{head.number}:{head.digest.hex()}")
