"""The commands `pantau journal`: parse, call, show. Exit status 1 is a finding, 2 cannot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, ClassVar

import typer
from rich.progress import Progress

from pantau.cli.groups import LazyGroup, Listed
from pantau.cli.journal_opening import opened
from pantau.cli.journal_outside import SHELF, held_outside
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import note, shown_console, tell
from pantau.inventory import load
from pantau.journal.closing.proof import proved
from pantau.journal.database import named, open_database, resolve_url
from pantau.journal.export import export
from pantau.journal.heads import end_of
from pantau.journal.verification import parse_expected
from pantau.people.signing import check_signature


class JournalCommands(LazyGroup):
    """Those that need more than reading; each imported when it is called."""

    listed: ClassVar = {
        "anchor": Listed(
            "pantau.cli.journal_anchor",
            "anchor",
            "Have an authority outside stamp where the journal ends (RFC 3161), and mail that to the parties.",
        ),
        "backup": Listed(
            "pantau.cli.journal_backup",
            "backup",
            "Copy the journal while it is written, prove the copy entry by entry, and print the line to keep.",
        ),
        "restore": Listed(
            "pantau.cli.journal_backup",
            "restore",
            "Put a copy of the journal in its place, and prove it entry by entry. Where a journal is, nothing is done.",
        ),
        "close": Listed(
            "pantau.cli.journal_close",
            "close",
            "Close a year into a file of its own, which verifies alone; the journal goes on from it.",
        ),
        "inventory": Listed(
            "pantau.cli.journal_inventory",
            "list_inventories",
            "List what decided money: when it was chained, by which entry, and what changed.",
        ),
    }


app = typer.Typer(cls=JournalCommands, help="The journal: the evidence behind reports and bills.", no_args_is_help=True)


@app.command("verify")
def verify_journal(
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    expected: Annotated[
        str | None, typer.Option(help="NUMBER:DIGEST that somebody kept; tells if the journal was written anew.")
    ] = None,
    anchors: Annotated[
        Path | None, typer.Option(help="Folder with a party's copies of anchors, as they came by mail.")
    ] = None,
    roots: Annotated[
        Path | None, typer.Option(help="The authority's root (PEM), in place of tsa.roots: an auditor's own.")
    ] = None,
    reports: Annotated[Path, typer.Option(help="The shelf: the folder that `pantau report` writes to.")] = SHELF,
) -> None:
    """Prove that nothing was changed: compute every digest again, and name each entry that does not fit.

    Then hold all anchors, and the FINALs on the shelf, against the journal: a journal that was written anew or cut is
    named by its first entry that differs, and so is a FINAL that was altered, slipped in, or taken away.

    Keep the last line, by e-mail to all parties or on paper: who has it can tell a journal that was written anew.

    Example: pantau journal verify --expected 48211:9f2c... --anchors copies-of-kecamatan
    """
    kept = parse_expected(expected) if expected else None
    with opened(config, journal) as (reader, configuration):
        heads = reader.heads()
        head = end_of(heads)
        with _progress("verify", head.number) as progress:
            findings: list[object] = list(proved(reader, kept, progress, signatures=check_signature))
        outside = held_outside(reader, configuration, reports, anchors, roots)
    findings += outside.findings
    for finding in findings:
        tell(finding)
    for sentence in outside.notes:
        note("note", sentence)
    if findings:
        raise typer.Exit(1)
    if reader.carried:
        tell(f"verified beyond entry {reader.whole_from}; what is before lies in {reader.carried.file}")
    if len(heads) > 1:
        tell(", ".join(f"{one.source} up to {one.number}" for one in heads))
    for held in outside.held:
        tell(held)
    tell(f"{head.number} entries, none changed")
    tell(f"{head.number}:{head.digest.hex()}")


@app.command("export")
def export_journal(
    output: Annotated[Path, typer.Option(help="Folder for entries.csv, hours.csv and blobs/.")],
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    after: Annotated[int, typer.Option(min=0, help="Only entries beyond this number.")] = 0,
) -> None:
    """Write the journal as CSV, with every digest: what an auditor needs to check it without Pantau.

    Example: pantau journal export --output bukti-2024-04
    """
    with opened(config, journal) as (reader, _), _progress("export", reader.head().number) as progress:
        files = export(reader, output, after, progress)
    for file in files:
        tell(file)


@app.command("migrate")
def migrate_journal(config: JournalConfig = CONFIG, journal: JournalUrl = None) -> None:
    """Make the tables of a journal, or bring them up to date: what `pantau run` does where its role may.

    With a role that may only add (deploy/postgresql), run this as the one that owns the tables, then grants.sql.

    Example: pantau journal migrate --journal postgresql://pantau_migrator@db.example/pantau
    """
    url = resolve_url(journal or load(config).settings.journal.url, config.parent)
    open_database(url, create=True).dispose()
    tell(f"the tables of {named(url)} are up to date")


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, where a person looks at it."""
    console = shown_console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda number: progress.update(task, completed=number)
