"""The commands `pantau report witness` and `pantau report reason`: parse, call, show. Exit status 1: they disagree."""

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from pantau.cli.options import SPOKEN
from pantau.cli.outage_people import speaker
from pantau.cli.speaking import shown_console, tell
from pantau.errors import ReportError
from pantau.inventory import load
from pantau.journal import OFFICE, Store, give_reason
from pantau.reports.accounting import midnight
from pantau.reports.edition import Comparison, WitnessRow
from pantau.reports.reading import month_of, surveyed
from pantau.reports.witness.comparing import compare
from pantau.reports.witness.reasons import NOT_ASKED, reasons_of
from pantau.reports.words import translation
from pantau.texts import LANGUAGES, Formats

_NS = 1_000_000_000
_SHOWN = 50

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; it says where the journal is.")]
Url = Annotated[str | None, typer.Option("--journal", help="URL of the journal, in place of journal.url.")]
MonthName = Annotated[str, typer.Option("--month", help="The month, YYYY-MM.")]
CONFIG = Path("config/pantau.yml")


def witness(
    month: MonthName,
    prometheus: Annotated[str, typer.Option(help="URL of a Prometheus that scraped the exporter in that month.")],
    everything: Annotated[bool, typer.Option("--all", help="Show the points that agree, too.")] = False,
    lang: Annotated[str, typer.Option(help=f"Language of the table: {SPOKEN}.")] = LANGUAGES[0],
    config: Config = CONFIG,
    journal: Url = None,
) -> None:
    """Hold Prometheus beside the journal: of each point the seconds down and seen, and where they differ.

    A FINAL report is refused while any differs by more than `witness.tolerance` (10 minutes of the month, and never
    more than 0.1 % of it) without a reason that two have approved. Exit status 1 then.

    Example: pantau report witness --month 2024-04 --prometheus http://localhost:9090
    """
    if lang not in LANGUAGES:
        raise ReportError(f"{lang!r} is not one of {', '.join(LANGUAGES)}")
    with surveyed(config, journal, month) as (reader, survey):
        tolerance = round(load(config).settings.witness.tolerance)
        comparison = compare(prometheus, survey, reasons_of(reader, survey), tolerance_seconds=tolerance)
        formats = Formats(lang, survey.zone)
    rows = [row for row in comparison.rows if everything or not row.agrees]
    console = shown_console(soft_wrap=True, highlight=False)
    if rows:
        console.print(_table(rows if everything else rows[:_SHOWN], formats))
    console.print(Text(_closing(comparison, len(rows), formats)))
    if comparison.open:
        raise typer.Exit(1)


def reason(
    month: MonthName,
    person: Annotated[str, typer.Option(help="Who says so. It stands in the journal for good.")],
    text: Annotated[str, typer.Option("--reason", help="Why journal and Prometheus differ.")],
    hotspots: Annotated[
        list[str] | None, typer.Argument(metavar="HOTSPOT...", help="The points that it explains.")
    ] = None,
    document: Annotated[str, typer.Option(help="Number of the document that it rests on.")] = "",
    not_asked: Annotated[
        bool, typer.Option("--not-asked", help="Not of points: why Prometheus was not asked at all.")
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take an earlier reason back; it stays readable.")
    ] = False,
    config: Config = CONFIG,
    journal: Url = None,
) -> None:
    """Record why journal and Prometheus differ about points in a month, so that a FINAL can be made.

    Nothing is edited: of several reasons for a point the last holds. It counts once two people have approved it
    (`pantau outage propose`); the report prints it with its document and their names.

    Example: pantau report reason BTG-07-1004-003 --month 2024-04 --person ani --document BA-7
    --reason "Prometheus mati"
    """
    if not_asked == bool(hotspots):
        raise ReportError("say what it explains: points by their ids, or --not-asked, and not both")
    if not withdraw and not document.strip():
        raise ReportError("a reason rests on a document: give its number with --document")
    configuration = load(config)
    start = midnight(month_of(month).first_day, configuration.settings.zone) * _NS
    named = hotspots or [NOT_ASKED]
    unknown = [name for name in hotspots or () if name not in configuration.inventory.hotspot_by_id]
    if unknown:
        raise ReportError(f"no hotspot of the inventory is called {unknown[0]!r}; ids stand in its hotspots")
    now, who = time.time_ns(), speaker(configuration, person)
    given = [
        give_reason(name, month, start, now, person=who, text=text, withdrawn=withdraw, document=document)
        for name in dict.fromkeys(named)
    ]
    with Store(journal or configuration.settings.journal.url, config.parent, OFFICE, create=False) as store:
        entries = store.append([one.event for one in given])
    for entry in entries:
        about = entry.event.subject or "not asking"
        tell(f"entry {entry.number}: {'withdrawn' if withdraw else 'reason'} for {about}, {month}")


def _table(rows: list[WitnessRow], formats: Formats) -> Table:
    _ = translation(formats.language).gettext
    table = Table(
        _("Point"),
        _("Down: journal"),
        _("Prometheus"),
        _("Seen: journal"),
        _("Prometheus"),
        _("Difference"),
        _("Reason"),
        box=None,
    )
    for row in rows:
        table.add_row(
            Text(row.point),
            formats.clock(row.journal_down_seconds),
            formats.clock(row.prometheus_down_seconds),
            formats.clock(row.journal_seen_seconds),
            formats.clock(row.prometheus_seen_seconds),
            formats.ratio(row.difference),
            Text(row.reason),
        )
    return table


def _closing(comparison: Comparison, shown: int, formats: Formats) -> str:
    _ = translation(formats.language).gettext
    differing = sum(not row.agrees for row in comparison.rows)
    words = _("{points} points; {differing} differ by more than {tolerance}, {open} of them unapproved.")
    sentence = words.format(
        points=len(comparison.rows),
        differing=differing,
        tolerance=formats.ratio(comparison.tolerance),
        open=len(comparison.open),
    )
    if shown > _SHOWN and shown == differing:
        sentence += " " + _("The first {shown} are shown; --all shows every point.").format(shown=_SHOWN)
    return sentence
