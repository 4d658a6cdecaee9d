"""The commands `pantau outage`: parse, call, show. Exit status 2: it cannot."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import shown_console, tell
from pantau.errors import JournalError
from pantau.journal.decisions import Decision, decide
from pantau.journal.entries import Kind
from pantau.journal.sources import OFFICE
from pantau.journal.store import Store
from pantau.journal.timeline import Outage

app = typer.Typer(help="Outages: list them, name their cause, exclude them.", no_args_is_help=True)

_NS = 1_000_000_000

Number = Annotated[int, typer.Argument(help="The outage's number, as `pantau outage list` shows it.")]
Person = Annotated[str, typer.Option(help="Who decides. It stands in the journal for good.")]
Reason = Annotated[str, typer.Option(help="Why: a ticket, a visit, a photo.")]


@app.command("list")
def list_outages(
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    month: Annotated[str | None, typer.Option(help="YYYY-MM, local time; without it the last 24 hours.")] = None,
    hotspot: Annotated[list[str] | None, typer.Option(help="Only this hotspot; may be repeated.")] = None,
    longer_than: Annotated[int, typer.Option(min=0, help="Only outages longer than so many seconds.")] = 300,
    source: Annotated[
        str | None, typer.Option(help="VANTAGE or VANTAGE/SHARD, where several wrote the journal.")
    ] = None,
) -> None:
    """List outages with their numbers, longest first; with what people decided about them.

    Example: pantau outage list --month 2024-04 --hotspot BTG-07-1004-003
    """
    with opened(config, journal, source) as (reader, configuration):
        zone = configuration.settings.zone
        start_ns, end_ns = _span(month, zone)
        found = [outage for history in reader.histories(start_ns, end_ns, hotspot) for outage in history.outages]
        decisions = reader.decisions(0, end_ns)
        found = [outage for outage in found if outage.down_ns > longer_than * _NS]
        _show(sorted(found, key=lambda outage: -outage.down_ns), decisions, zone)


@app.command("classify")
def classify(
    number: Number,
    cause: Annotated[str, typer.Argument(help="The cause's code, such as fo_putus or listrik_pln.")],
    person: Person,
    reason: Reason,
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Name the cause of an outage. An earlier one is not edited: the new decision stands beside it, and holds.

    Example: pantau outage classify 4711 fo_putus --person "Ani L." --reason "tiket 88, foto tim"
    """
    _known_cause(cause)
    _decide(
        config,
        journal,
        number,
        lambda outage: decide(outage, Kind.CAUSE, time.time_ns(), code=cause, person=person, reason=reason),
    )


@app.command("exclude")
def exclude(
    number: Number,
    person: Person,
    reason: Reason,
    code: Annotated[
        str, typer.Option(help="The cause for which it is not charged, such as kahar; empty takes an exclusion back.")
    ],
    document: Annotated[str, typer.Option(help="Number of the document that it rests on.")] = "",
    accepted_by: Annotated[str, typer.Option(help="Who accepted it for the kecamatan; empty while proposed.")] = "",
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Exclude an outage from what is charged, or take that back with --code "". Nothing is edited.

    Example: pantau outage exclude 4711 --code kahar --document BA-12/2024 --accepted-by "Camat Maesa" --person "Ani L."
    --reason "gempa 12 April"
    """
    if code:
        _known_cause(code)
    if code and not document.strip():
        raise JournalError("an exclusion rests on a document: give its number with --document")
    _decide(
        config,
        journal,
        number,
        lambda outage: decide(
            outage,
            Kind.EXCLUSION,
            time.time_ns(),
            code=code,
            person=person,
            reason=reason,
            document=document,
            accepted_by=accepted_by,
        ),
    )


def _known_cause(code: str) -> None:
    """The codes are those of the reports, which know the journal: asked for when a person decides, and not before."""
    from pantau.reports.causes import Cause

    codes = [str(one) for one in Cause]
    if code not in codes:
        raise JournalError(f"{code!r} is no cause; the causes are {', '.join(codes)}")


def _decide(config: Path, url: str | None, number: int, decision_of: Callable[[Outage], Decision]) -> None:
    with opened(config, url) as (reader, configuration):
        outage = reader.outage(number)
        if outage is None:
            raise JournalError(f"entry {number} began no outage; `pantau outage list` shows their numbers")
        decision = decision_of(outage)
        with Store(url or configuration.settings.journal.url, config.parent, OFFICE, create=False) as store:
            (entry,) = store.append([decision.event])
        local = datetime.fromtimestamp(outage.start_ns / _NS, configuration.settings.zone)
        tell(f"entry {entry.number}: {decision.kind.label} of outage {number}, {outage.hotspot}, {local:%F %T}")


def _span(month: str | None, zone: tzinfo) -> tuple[int, int]:
    now = datetime.now(zone)
    if month is None:
        return round((now - timedelta(days=1)).timestamp()) * _NS, round(now.timestamp()) * _NS
    try:
        start = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    except ValueError as error:
        raise JournalError(f"{month!r} is no month; write YYYY-MM, such as 2024-04") from error
    end = (start + timedelta(days=32)).replace(day=1)
    return round(start.timestamp()) * _NS, round(end.timestamp()) * _NS


def _show(outages: list[Outage], decisions: list[Decision], zone: tzinfo) -> None:
    causes = {one.outage: one.code for one in decisions if one.kind is Kind.CAUSE}
    exclusions = {one.outage: one.code for one in decisions if one.kind is Kind.EXCLUSION}
    table = Table("nomor", "titik", "mulai", "selesai", "mati (detik)", "sebab", "dikecualikan", box=None)
    for outage in outages:
        end = "" if outage.end_ns is None else f"{datetime.fromtimestamp(outage.end_ns / _NS, zone):%F %T}"
        table.add_row(
            str(outage.number),
            outage.hotspot,
            f"{datetime.fromtimestamp(outage.start_ns / _NS, zone):%F %T}",
            end,
            str(outage.down_ns // _NS),
            causes.get(outage.number, ""),
            exclusions.get(outage.number, ""),
        )
    shown_console(soft_wrap=True).print(table)
