"""The commands `pantau journal`: parse, call, show. Exit status 1 is a finding, 2 cannot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import shown_console, tell
from pantau.journal.export import export
from pantau.journal.heads import end_of
from pantau.journal.verification import parse_expected, verify
from pantau.people.signing import check_signature

app = typer.Typer(help="The journal: the evidence behind reports and bills.", no_args_is_help=True)


@app.command("verify")
def verify_journal(
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    expected: Annotated[
        str | None, typer.Option(help="NUMBER:DIGEST that somebody kept; tells if the journal was written anew.")
    ] = None,
) -> None:
    """Prove that nothing was changed: compute every digest again, and name each entry that does not fit.

    Keep the last line, by e-mail to all parties or on paper: who has it can tell a journal that was written anew.

    Example: pantau journal verify --expected 48211:9f2c...
    """
    kept = parse_expected(expected) if expected else None
    with opened(config, journal) as (reader, _):
        heads = reader.heads()
        head = end_of(heads)
        with _progress("verify", head.number) as progress:
            findings = list(verify(reader, kept, progress, signatures=check_signature))
    for finding in findings:
        tell(str(finding))
    if findings:
        raise typer.Exit(1)
    if len(heads) > 1:
        tell(", ".join(f"{one.source} up to {one.number}" for one in heads))
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


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, where a person looks at it."""
    console = shown_console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda number: progress.update(task, completed=number)
