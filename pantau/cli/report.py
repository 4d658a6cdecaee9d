"""The command `pantau report`: parses and calls. Its subcommands come from the packages that own them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress
from rich.table import Table

from pantau.cli.extras import require
from pantau.cli.groups import LazyGroup, Listed
from pantau.cli.options import CONFIG, SPOKEN, JournalUrl
from pantau.cli.speaking import note, shown_console
from pantau.errors import ReportError
from pantau.inventory import load
from pantau.reports.accounting import Month
from pantau.reports.publishing import ContractResult, ReportRequest, ReportRun, make
from pantau.reports.publishing.city import ProgressCallback
from pantau.reports.publishing.edition_files import FORMATS
from pantau.reports.reading import now
from pantau.reports.words import translation, words_in
from pantau.texts import LANGUAGES, Formats, mark


class ReportCommands(LazyGroup):
    """What else can be made of a month; each imported when it is called."""

    listed: ClassVar = {
        "simulate": Listed(
            "pantau.cli.report_simulate",
            "simulate",
            "Say what each method of restitution would have cost in a month, per contract and in all.",
        ),
        "witness": Listed(
            "pantau.cli.report_witness",
            "witness",
            "Hold Prometheus beside the journal: of each point the seconds down and seen, and where they differ.",
        ),
        "reason": Listed(
            "pantau.cli.report_witness",
            "reason",
            "Record why journal and Prometheus differ about points in a month, so that a FINAL can be made.",
        ),
        "desk": Listed(
            "pantau.cli.report_desk",
            "desk",
            "Write what a kecamatan and its ISPs have to settle: "
            "every point, how it fared, what is wrong, room to agree.",
        ),
    }


app = typer.Typer(cls=ReportCommands, invoke_without_command=True)
_NO_ZONE = ZoneInfo("UTC")
"""Nothing in the table is a time."""
_CHOICES = ("--contract", "--kecamatan", "--isp", "--city")


@app.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    month: Annotated[
        str, typer.Option(help="The month, YYYY-MM; it begins and ends at 00:00 of the settings' timezone.")
    ] = "",
    contract: Annotated[str, typer.Option(help="Only this contract, by its id.")] = "",
    kecamatan: Annotated[str, typer.Option(help="All contracts of this kecamatan, and their recap.")] = "",
    isp: Annotated[str, typer.Option(help="All contracts of this ISP, and their recap.")] = "",
    city: Annotated[bool, typer.Option("--city", help="All contracts, and the city's recap.")] = False,
    final: Annotated[
        bool, typer.Option("--final", help="Not a draft: a version that is never overwritten. For signatures.")
    ] = False,
    lang: Annotated[str, typer.Option(help=f"Language of PDF and XLSX: {SPOKEN}.")] = "id",
    formats: Annotated[
        str, typer.Option("--format", help="Of pdf,xlsx,json,csv those wanted. A FINAL always has all.")
    ] = ",".join(FORMATS),
    output: Annotated[Path, typer.Option(help="Folder; reports go to OUTPUT/MONTH/CONTRACT/.")] = Path("laporan"),
    prometheus: Annotated[
        str, typer.Option(help="URL of the second witness: a Prometheus that scraped the exporter in that month.")
    ] = "",
    without_second_witness: Annotated[
        str,
        typer.Option(metavar="REASON", help="FINAL without asking Prometheus; REASON stands in the report."),
    ] = "",
    trend: Annotated[int, typer.Option(min=1, max=24, help="Months in the trend, this one included.")] = 6,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Contracts at once.")] = os.cpu_count() or 1,
    config: Annotated[Path, typer.Option("--config", "-c", help="The settings file.")] = CONFIG,
    journal: JournalUrl = None,
) -> None:
    """Make a month's reports from the journal: PDF, XLSX with live formulas, JSON, CSV annexes, SHA256SUMS.

    Without --final a draft, which the next draft replaces. With --final a version for signatures: once written it is
    never changed; when the data have changed since, the next version says what differs, and which one it corrects.

    Exit status: 0 all made, 1 some contract's report was refused (the table says why), 2 cannot.

    Examples:
      pantau report --month 2024-04 --contract madidir-telkom
      pantau report --month 2024-04 --city --final --prometheus http://localhost:9090
    """
    if context.invoked_subcommand is not None:
        return
    require("reports")
    _one_choice(contract, kecamatan, isp, city=city)
    if lang not in LANGUAGES:
        raise ReportError(f"{lang!r} is no language; choose one of {', '.join(LANGUAGES)}")
    request = ReportRequest(
        month=_month(month),
        output=output,
        made_at=now(),
        contract=contract,
        kecamatan=kecamatan,
        isp=isp,
        final=final,
        language=lang,
        formats=_formats(formats),
        prometheus=prometheus,
        without_second_witness=without_second_witness,
        jobs=jobs,
        trend_months=trend,
    )
    _make_and_show(request, config, journal)


def _make_and_show(request: ReportRequest, config: Path, journal: str | None) -> None:
    configuration = load(config)
    with _progress() as show_progress:
        made = make(request, configuration, journal or configuration.settings.journal.url, _software(), show_progress)
    _show(made, request.language)
    for sentence in made.notes:
        note("warning", sentence)
    if any(one.edition is None for one in made.outcomes):
        raise typer.Exit(1)


def _one_choice(contract: str, kecamatan: str, isp: str, *, city: bool) -> None:
    given = [bool(contract), bool(kecamatan), bool(isp), city]
    if sum(given) != 1:
        raise ReportError(f"say what to report: one of {', '.join(_CHOICES)}")


def _month(text: str) -> Month:
    if not text:
        raise ReportError("say which month: --month YYYY-MM, such as --month 2024-04")
    try:
        return Month.parse(text)
    except ValueError as error:
        raise ReportError(str(error)) from error


def _formats(text: str) -> frozenset[str]:
    asked = {part.strip() for part in text.split(",") if part.strip()}
    if not asked or not asked <= set(FORMATS):
        raise ReportError(f"{text!r} is no list of formats; choose some of {','.join(FORMATS)}")
    return frozenset(asked)


def _software() -> str:
    """The version, and the commit where this is a checkout."""
    root = Path(__file__).parents[2]
    if not (root / ".git").exists() or shutil.which("git") is None:
        return f"pantau {version('pantau')}"
    asked = subprocess.run(
        ["git", "-C", str(root), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    )
    return f"pantau {version('pantau')} {asked.stdout.strip()}".strip()


@contextmanager
def _progress() -> Iterator[ProgressCallback]:
    """A progress bar on standard error, where a person looks. It has no thread: processes are forked beside it."""
    console = shown_console(stderr=True)
    with Progress(console=console, transient=True, auto_refresh=False, disable=not console.is_terminal) as progress:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total)
            progress.update(tasks[what], completed=done)
            progress.refresh()

        yield show


def _show(made: ReportRun, lang: str) -> None:
    say = translation(lang).gettext
    table = Table(box=None)
    for head in (
        mark("Contract"),
        mark("Points"),
        mark("Availability"),
        mark("Payable"),
        mark("Status"),
        mark("Files"),
    ):
        table.add_column(say(head), overflow="fold")
    for one in made.outcomes:
        availability, payable = one.summary.availability, one.payment.payable
        table.add_row(
            one.contract,
            str(one.summary.points),
            f"{availability.percent} %" if availability else "—",
            "—" if payable is None else Formats(lang, _NO_ZONE, one.money).rupiah(payable),
            _state(one, lang),
            str(one.place or "—"),
        )
    console = shown_console(soft_wrap=True, highlight=False, markup=False)
    # Whoever writes it into a file wants a contract a line, however long the names of the folders are.
    console.print(table, width=None if console.is_terminal else 400)
    if made.recap is not None:
        console.print(f"{say(mark('Recap'))}: {made.recap}")


def _state(one: ContractResult, lang: str) -> str:
    status = words_in(lang)["status"]
    if one.edition is None:
        return f"{status('refused')}: {one.note}"
    return f"{status(one.edition.status)} {one.edition.version}" + (f" ({one.note})" if one.note else "")
