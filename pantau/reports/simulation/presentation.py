"""A simulation for people: a table in the terminal, CSV for a spreadsheet, JSON for programs."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from rich.table import Table
from rich.text import Text

from pantau.csv_text import csv_rows_to
from pantau.reports.simulation.simulation import Cost, Simulation, SimulationRow
from pantau.reports.words import translation
from pantau.texts import Formats
from pantau.texts.money import Money

_NO_ZONE = ZoneInfo("UTC")
"""Nothing here is a time."""
_CSV: Mapping[str, Callable[[SimulationRow, Cost], object]] = {
    "contract": lambda row, _cost: row.contract,
    "kecamatan": lambda row, _cost: row.kecamatan,
    "isp": lambda row, _cost: row.isp,
    "supposed": lambda row, _cost: int(row.supposed),
    "points": lambda row, _cost: row.points,
    "lines": lambda row, _cost: row.lines,
    "met": lambda row, _cost: row.met,
    "missed": lambda row, _cost: row.missed,
    "inconclusive": lambda row, _cost: row.inconclusive,
    "availability_percent": lambda row, _cost: row.availability.percent if row.availability else "",
    "coverage_percent": lambda row, _cost: row.coverage.percent if row.coverage else "",
    "gross": lambda row, _cost: row.gross,
    "held": lambda row, _cost: row.held,
    "own_method": lambda row, _cost: row.own_method,
    "method": lambda _row, cost: cost.method,
    "restitution": lambda _row, cost: cost.restitution,
    "payable": lambda _row, cost: cost.payable,
    "restitution_though_met": lambda _row, cost: cost.though_met,
    "lines_though_met": lambda _row, cost: cost.lines_though_met,
}
"""The columns after the month; behind them stands the currency, of whose smallest units the amounts are."""


def table(simulation: Simulation, language: str) -> Table:
    """A row a contract, and the sums; per method what would be deducted."""
    words, formats = translation(language), _formats(simulation, language)
    _ = words.gettext
    title = _("Restitution by method, {month} ({currency}, before PPN)")
    made = Table(title=title.format(month=simulation.month, currency=formats.currency_name), box=None)
    made.add_column(_("Contract"))
    for name in (_("Points"), _("Availability"), _("SLA met"), _("Fee"), _("Held")):
        made.add_column(name, justify="right")
    for method in simulation.methods:
        made.add_column(method, justify="right")
    for row in simulation.rows:
        made.add_row(*map(Text, _cells(row, row.contract, formats)))
    made.add_section()
    made.add_row(*(Text(cell, "bold") for cell in _cells(simulation.total, _("Total"), formats)))
    return made


def notes(simulation: Simulation, language: str) -> Iterator[str]:
    """What must be said beside the table."""
    words, formats = translation(language), _formats(simulation, language)
    _ = words.gettext
    for cost in simulation.total.costs:
        if cost.lines_though_met and cost.though_met is not None:
            yield _("{method} deducts {amount} from {lines} lines although their SLA was met.").format(
                method=cost.method, amount=formats.rupiah(cost.though_met), lines=cost.lines_though_met
            )
        elif cost.method in ("R2", "R4"):
            yield _("{method} deducts even where the SLA is met; this month no such line had downtime.").format(
                method=cost.method
            )
    yield from _what_is_assumed(simulation, words, formats)
    silent = [row.contract for row in simulation.rows if row.gross is None]
    if silent:
        yield _("Without SLA, and so without amounts: {names}. Give --sla.").format(names=", ".join(silent))
    without_steps = {cost.method for row in simulation.rows for cost in row.costs if row.gross and cost.payable is None}
    if without_steps:
        yield _("{methods} needs a table of steps: in the contract, or by --steps.").format(
            methods=", ".join(sorted(without_steps))
        )
    if simulation.total.inconclusive:
        yield _("{count} lines were seen too little to be judged: their fee is held, whatever the method.").format(
            count=simulation.total.inconclusive
        )


def _what_is_assumed(simulation: Simulation, words: NullTranslations, formats: Formats) -> Iterator[str]:
    _ = words.gettext
    if simulation.baseline_fee is not None:
        points = sum(row.points for row in simulation.rows if row.supposed)
        yield _("For {points} points without a contract {fee} a month and an SLA of {sla} are assumed.").format(
            points=points, fee=formats.rupiah(simulation.baseline_fee), sla=formats.ratio(simulation.baseline_objective)
        )
    else:
        yield _("Points without a contract are left out; give --fee and --sla to have them in.")


def _formats(simulation: Simulation, language: str) -> Formats:
    return Formats(language, _NO_ZONE, Money(simulation.currency, simulation.currency_digits))


def as_json(simulation: Simulation) -> str:
    """All of it; ratios exact, with their percentage."""
    return json.dumps(asdict(simulation), indent=2, ensure_ascii=False) + "\n"


def as_csv(simulation: Simulation) -> str:
    """A line for each contract and method; the last ones, without a contract's id, are the sums."""
    text = io.StringIO()
    write = csv_rows_to(text, "\n")
    write(["month", *_CSV, "currency"])
    for row in (*simulation.rows, simulation.total):
        for cost in row.costs:
            write([simulation.month, *(value(row, cost) for value in _CSV.values()), simulation.currency])
    return text.getvalue()


def _cells(row: SimulationRow, name: str, formats: Formats) -> Iterator[str]:
    yield name
    yield str(row.points)
    yield formats.ratio(row.availability)
    yield f"{row.met}/{row.lines}"
    yield formats.rupiah(row.gross)
    yield formats.rupiah(row.held)
    for cost in row.costs:
        yield formats.rupiah(cost.restitution)
