"""The command `pantau report simulate`: parses and calls."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from pantau.cli.options import SPOKEN
from pantau.cli.speaking import shown_console, tell
from pantau.errors import ReportError
from pantau.reports.accounting import Method
from pantau.reports.reading import surveyed
from pantau.reports.simulation.baseline import Baseline
from pantau.reports.simulation.presentation import as_csv, as_json, notes, table
from pantau.reports.simulation.simulation import Simulation
from pantau.reports.simulation.simulation import simulate as simulation_of
from pantau.texts import LANGUAGES

_FORMATS = ("table", "json", "csv")
_MOST_FEE = 10**12
_MOST_DIGITS = 12
_WIDTH = 160


def simulate(
    month: Annotated[str, typer.Option(help="The month, YYYY-MM, such as the one before the negotiation.")],
    methods: Annotated[str, typer.Option(help="Methods to compare: some of R1,R1b,R2,R3,R4,R5.")] = "R1,R1b,R2,R3,R4",
    contract: Annotated[list[str] | None, typer.Option(help="Only this contract; may be repeated.")] = None,
    fee: Annotated[
        int | None,
        typer.Option(
            min=0, max=_MOST_FEE, help="Fee a month of a point without a contract, in the currency's smallest unit."
        ),
    ] = None,
    sla: Annotated[str | None, typer.Option(help="SLA where no contract names one, as 0.98.")] = None,
    steps: Annotated[str, typer.Option(help="Steps of R5 where no contract has them: 0.98:0.10,0.90:0.25.")] = "",
    form: Annotated[str, typer.Option("--format", help="table, json or csv.")] = "table",
    output: Annotated[Path | None, typer.Option(help="File to write, in place of the terminal.")] = None,
    lang: Annotated[str, typer.Option(help=f"Language of the table: {SPOKEN}.")] = LANGUAGES[0],
    config: Annotated[Path, typer.Option("--config", "-c", help="The settings file.")] = Path("config/pantau.yml"),
    journal: Annotated[str | None, typer.Option(help="URL of the journal, in place of journal.url.")] = None,
) -> None:
    """Say what each method of restitution would have cost in a month, per contract and in all.

    Thresholds, exclusions and denominators are each contract's own; only the method changes. With --fee and --sla also
    for the points that no contract pays for yet. R2 and R4 deduct even where the SLA is met; how much is said.

    Example: pantau report simulate --month 2024-03 --methods R1,R2,R3 --fee 500000 --sla 0.98
    """
    if form not in _FORMATS or lang not in LANGUAGES:
        wrong, known = (form, _FORMATS) if form not in _FORMATS else (lang, LANGUAGES)
        raise ReportError(f"{wrong!r} is not one of {', '.join(known)}")
    if fee is not None and sla is None:
        raise ReportError("a fee alone tells of no method; give --sla too, such as --sla 0.98")
    chosen = _methods(methods)
    baseline = Baseline(fee, None if sla is None else _ratio(sla, "--sla"), _steps(steps))
    with surveyed(config, journal, month) as (_, survey):
        try:
            found = simulation_of(survey, chosen, baseline, tuple(contract or ()))
        except ValueError as error:
            raise ReportError(str(error)) from error
    if not found.rows:
        raise ReportError(f"no contract holds in {month}; give --fee and --sla to reckon with points without one")
    text = {"table": _as_text, "json": lambda *_: as_json(found), "csv": lambda *_: as_csv(found)}[form](found, lang)
    if output is None:
        typer.echo(text, nl=False)
    else:
        _write(output, text)


def _methods(text: str) -> list[Method]:
    known = {method.value.lower(): method for method in Method}
    names = [name.strip().lower() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise ReportError(f"{text!r} names no methods; write some of {','.join(method.value for method in Method)}")
    return list(dict.fromkeys(known[name] for name in names))


def _ratio(text: str, option: str) -> Fraction:
    try:
        if len(text) > _MOST_DIGITS or "/" in text or "e" in text.lower():
            raise ValueError(text)
        value = Fraction(text)
    except ValueError as error:
        raise ReportError(f"{option} {text[:40]!r} is no ratio; for 98 % write 0.98") from error
    if not 0 < value <= 1:
        raise ReportError(f"{option} {text!r} is not above 0 and at most 1; for 98 % write 0.98")
    return value


def _steps(text: str) -> tuple[tuple[Fraction, Fraction], ...]:
    pairs = [part.partition(":") for part in text.split(",") if part.strip()]
    if any(not colon for _, colon, _ in pairs):
        raise ReportError(f"--steps {text!r} is no table; write BELOW:DEDUCT, as in 0.98:0.10,0.90:0.25")
    return tuple((_ratio(below.strip(), "--steps"), _ratio(deduct.strip(), "--steps")) for below, _, deduct in pairs)


def _as_text(found: Simulation, lang: str) -> str:
    console = shown_console(soft_wrap=True, width=_WIDTH, highlight=False)
    with console.capture() as captured:
        console.print(table(found, lang))
        for note in notes(found, lang):
            console.print(Text(note))
    return captured.get()


def _write(output: Path, text: str) -> None:
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReportError(f"{output} cannot be written ({error.strerror}); choose another place by --output") from error
    tell(output)
