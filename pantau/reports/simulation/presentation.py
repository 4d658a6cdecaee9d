"""A simulation for people: a table in the terminal, CSV for a spreadsheet, JSON for programs."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict
from gettext import NullTranslations

from rich.table import Table
from rich.text import Text

from pantau.reports.accounting import WITA
from pantau.reports.simulation.simulation import Cost, Simulation, SimulationRow
from pantau.reports.words import translation
from pantau.texts import Formats


def table(simulation: Simulation, language: str) -> Table:
    """A row a contract, and the sums; per method what would be deducted."""
    words, formats = translation(language), Formats(language, WITA)
    _ = words.gettext
    made = Table(
        title=_("Restitution by method, {month} (rupiah, before PPN)").format(month=simulation.month), box=None
    )
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
    words, formats = translation(language), Formats(language, WITA)
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
        yield _("Without SLA, and so without rupiah: {names}. Give --sla.").format(names=", ".join(silent))
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


def as_json(simulation: Simulation) -> str:
    """All of it; ratios exact, with their percentage."""
    return json.dumps(asdict(simulation), indent=2, ensure_ascii=False) + "\n"


def as_csv(simulation: Simulation) -> str:
    """A line for each contract and method; the last ones, without a contract's id, are the sums."""
    text = io.StringIO()
    write = csv.writer(text, lineterminator="\n").writerow
    write(
        (
            "month",
            "contract",
            "kecamatan",
            "isp",
            "supposed",
            "points",
            "lines",
            "met",
            "missed",
            "inconclusive",
            "availability_percent",
            "coverage_percent",
            "gross",
            "held",
            "own_method",
            "method",
            "restitution",
            "payable",
            "restitution_though_met",
            "lines_though_met",
        )
    )
    for row in (*simulation.rows, simulation.total):
        for cost in row.costs:
            write(_line(simulation.month, row, cost))
    return text.getvalue()


def _line(month: str, row: SimulationRow, cost: Cost) -> tuple[object, ...]:
    return (
        month,
        row.contract,
        row.kecamatan,
        row.isp,
        int(row.supposed),
        row.points,
        row.lines,
        row.met,
        row.missed,
        row.inconclusive,
        row.availability.percent if row.availability else "",
        row.coverage.percent if row.coverage else "",
        row.gross,
        row.held,
        row.own_method,
        cost.method,
        cost.restitution,
        cost.payable,
        cost.though_met,
        cost.lines_though_met,
    )


def _cells(row: SimulationRow, name: str, formats: Formats) -> Iterator[str]:
    yield name
    yield str(row.points)
    yield formats.ratio(row.availability)
    yield f"{row.met}/{row.lines}"
    yield formats.rupiah(row.gross)
    yield formats.rupiah(row.held)
    for cost in row.costs:
        yield formats.rupiah(cost.restitution)
