"""The commands `pantau outage`: parse, call, show. Exit status 2: it cannot."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

import typer
from rich.table import Table

from pantau.cli.groups import LazyGroup, Listed
from pantau.cli.journal_opening import opened
from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.outage_people import speaker
from pantau.cli.speaking import note, shown_console, tell
from pantau.errors import JournalError
from pantau.inventory import Configuration
from pantau.journal.decisions import Decision, decide
from pantau.journal.entries import Kind
from pantau.journal.reading import Reader
from pantau.journal.sources import OFFICE
from pantau.journal.store import Store
from pantau.journal.timeline import Outage

if TYPE_CHECKING:
    from pantau.reports.causes import DecisionLedger


class OutageCommands(LazyGroup):
    """What needs the month's reckoning; each imported when it is called."""

    listed: ClassVar = {
        "propose": Listed(
            "pantau.cli.outage_propose",
            "propose",
            "Write one list of all that would change a month's money: to read, to sign, and then to approve.",
        ),
        "settle": Listed(
            "pantau.cli.outage_settle",
            "settle",
            "Propose what becomes of held money: a list of its own, which two people approve.",
        ),
        "approve": Listed(
            "pantau.cli.outage_approve",
            "approve",
            "Approve a list of decisions. It counts once two people have, at least one of them with a key.",
        ),
    }


app = typer.Typer(
    cls=OutageCommands, help="Outages: list them, name their cause, exclude them, by two.", no_args_is_help=True
)

_NS = 1_000_000_000
_OWN_FAULT = "pemantau"

Number = Annotated[int, typer.Argument(help="The outage's number, as `pantau outage list` shows it.")]
Person = Annotated[str, typer.Option(help="Who says so: an id of people.yml. It stands in the journal for good.")]
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
        found = [outage for outage in found if outage.down_ns > longer_than * _NS]
        first_ns = min((outage.start_ns for outage in found), default=start_ns)
        ledger = _ledger(reader, configuration, (min(first_ns, start_ns), end_ns))
        _show(sorted(found, key=lambda outage: -outage.down_ns), ledger, zone)


@app.command("classify")
def classify(
    number: Number,
    cause: Annotated[str, typer.Argument(help="The cause's code, such as fo_putus or listrik_pln.")],
    person: Person,
    reason: Reason,
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Name the cause of an outage. An earlier one is not edited: the new one stands beside it.

    A cause that would change money (pemantau, our own fault, or any other in its place), and any of an outage that runs
    over a month's end, is proposed: it counts when two have approved it on a list (`pantau outage propose`).

    Example: pantau outage classify 4711 fo_putus --person "Ani L." --reason "tiket 88, foto tim"
    """
    _known_cause(cause)
    _decide(
        config,
        journal,
        number,
        lambda outage, who: decide(outage, Kind.CAUSE, time.time_ns(), code=cause, person=who, reason=reason),
        person,
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
    accepted_by: Annotated[str, typer.Option(help="Who accepted it on paper; two signatures count.")] = "",
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Propose that an outage is not charged, or that this is taken back with --code "". Nothing is edited.

    It counts when two have approved it on a list (`pantau outage propose`); until then its money is held.

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
        lambda outage, who: decide(
            outage,
            Kind.EXCLUSION,
            time.time_ns(),
            code=code,
            person=who,
            reason=reason,
            document=document,
            accepted_by=accepted_by,
        ),
        person,
    )


def _known_cause(code: str) -> None:
    """The codes are those of the reports, which know the journal: asked for when a person decides, and not before."""
    from pantau.reports.causes import Cause

    codes = [str(one) for one in Cause]
    if code not in codes:
        raise JournalError(f"{code!r} is no cause; the causes are {', '.join(codes)}")


def _decide(
    config: Path, url: str | None, number: int, decision_of: Callable[[Outage, str], Decision], person: str
) -> None:
    with opened(config, url) as (reader, configuration):
        who, outage = speaker(configuration, person), reader.outage(number)
        if outage is None:
            raise JournalError(f"entry {number} began no outage; `pantau outage list` shows their numbers")
        decision = decision_of(outage, who)
        with Store(url or configuration.settings.journal.url, config.parent, OFFICE, create=False) as store:
            *_, entry = store.append([decision.event])  # before it, where this machine is behind: that it is
        local = datetime.fromtimestamp(outage.start_ns / _NS, configuration.settings.zone)
        tell(f"entry {entry.number}: {decision.kind.label} of outage {number}, {outage.hotspot}, {local:%F %T}")
        over = _runs_over(outage, configuration.settings.zone)
        if decision.kind is Kind.EXCLUSION or decision.code == _OWN_FAULT or over:
            month = f"pantau outage propose --month {local:%Y-%m}"
            note("proposed", f"it changes money, and counts when two have approved it: {month}")


def _runs_over(outage: Outage, zone: tzinfo) -> bool:
    """Whether an outage runs over a month's end, or lasts: whatever its cause, two have to say whose it is."""
    begun, ended = (
        None if one is None else datetime.fromtimestamp(one / _NS, zone).strftime("%Y-%m")
        for one in (outage.start_ns, None if outage.end_ns is None else outage.end_ns - 1)
    )
    return begun != ended


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


def _ledger(reader: Reader, configuration: Configuration, span_ns: tuple[int, int]) -> "DecisionLedger":
    """What people decided about outages that began in a span."""
    from pantau.reports.causes import DecisionLedger
    from pantau.reports.statement.decided import decisions_in
    from pantau.reports.statement.inventory_reading import people_of

    span = span_ns[0] // _NS - 1, span_ns[1] // _NS
    people = people_of(reader, configuration.inventory)
    return DecisionLedger(decisions_in(reader, span, people, configuration.settings.zone))


def _show(outages: list[Outage], ledger: "DecisionLedger", zone: tzinfo) -> None:
    table = Table("nomor", "titik", "mulai", "selesai", "mati (detik)", "keputusan", "sebab", "dikecualikan", box=None)
    for outage in outages:
        end = "" if outage.end_ns is None else f"{datetime.fromtimestamp(outage.end_ns / _NS, zone):%F %T}"
        table.add_row(
            str(outage.number),
            outage.hotspot,
            f"{datetime.fromtimestamp(outage.start_ns / _NS, zone):%F %T}",
            end,
            str(outage.down_ns // _NS),
            *_decided(outage, ledger, zone),
        )
    shown_console(soft_wrap=True).print(table)


def _decided(outage: Outage, ledger: "DecisionLedger", zone: tzinfo) -> tuple[str, str, str]:
    """How far the decisions about an outage have come, its cause, and for what it is excluded."""
    from pantau.reports.causes import DecisionKind
    from pantau.reports.statement.disputes import status_of
    from pantau.reports.words import words_in

    codes, statuses = [], set()
    for kind in DecisionKind:
        records = [one for _, one in ledger.about(outage.hotspot, outage.entries, kind)]
        codes.append(records[-1].latest.code if records else "")
        statuses |= {status_of(kind, record, runs_over=_runs_over(outage, zone)).value for record in records}
    word = words_in("id")["decision"]
    return ", ".join(word(status) for status in sorted(statuses)), codes[0], codes[1]
