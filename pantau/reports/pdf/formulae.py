"""Part 2: each formula, worked with this contract's own numbers: those of the line that lost most.

The amounts are recomputed here by the core from the line's seconds, so an example that would not give the line's own
figure is noticed (`WorkedExample.agrees`), and printed as such.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from pantau.reports.accounting import Delivery, Method, RestitutionStep, Standing, midnight, restitution, rupiah
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import PointRow, Ratio
from pantau.texts import Formats, Translate, mark

FORMULAE = {
    "R1": mark("fee × (SLA − A), at least 0"),
    "R1b": mark("fee × (1 − A ÷ SLA), at least 0"),
    "R2": mark("monthly fee × charged ÷ month"),
    "R3": mark("monthly fee × charged ÷ month where A < SLA, else 0"),
    "R4": mark("monthly fee × charged ÷ (month × SLA)"),
    "R5": mark("fee × the share of the lowest step above A"),
}
"""By method; A is the availability that is held against the SLA."""
UNJUDGED = (Standing.INCONCLUSIVE.value, Standing.NOT_ASSESSABLE.value)
"""Of such a line nothing is deducted, and all is held."""


@dataclass(frozen=True, slots=True)
class WorkedFormula:
    """One formula, with the numbers in their places, and what comes out."""

    what: str
    formula: str
    numbers: str
    result: str


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """The formulae on one line of table A."""

    row: PointRow
    steps: tuple[WorkedFormula, ...]
    agrees: bool
    """Whether the recomputed fee and deduction are the line's."""


def example_row(statement: Statement) -> PointRow | None:
    """The line with the greatest deduction, then downtime, then time in all."""
    rows = [row for row in statement.points if row.availability is not None]
    return max(rows, key=lambda row: (_most(row), row.charged_seconds, row.contract_seconds), default=None)


def _most(row: PointRow) -> int:
    """What is deducted as long as nothing undecided is excused."""
    return (row.restitution or 0) + (0 if row.standing in UNJUDGED else row.held or 0)


def example(statement: Statement, say: Translate, formats: Formats) -> WorkedExample | None:
    """The worked example; `None` where no line could be assessed."""
    row = example_row(statement)
    if row is None:
        return None
    terms = terms_of(statement, row)
    steps = [*_times(row, say, formats)]
    if row.gross is None or row.objective is None or row.judged is None:
        return WorkedExample(row, tuple(steps), agrees=True)
    paid = row.paid_month_seconds
    fee = Fraction(row.monthly_fee * row.contract_seconds, paid)
    delivery = Delivery(
        fee=fee,
        monthly_fee=row.monthly_fee,
        downtime=Fraction(row.charged_seconds, row.owed_month_seconds),
        availability=_exact(row.judged),
        objective=_exact(row.objective),
        steps=tuple(RestitutionStep(Fraction(step["below"]), Fraction(step["deduct"])) for step in terms["steps"]),
    )
    steps.append(
        WorkedFormula(
            say(mark("Fee of the line")),
            say(mark("monthly fee × time under contract ÷ the month")),
            f"{formats.rupiah(row.monthly_fee)} × {formats.number(row.contract_seconds)} ÷ {formats.number(paid)}",
            formats.rupiah(rupiah(fee)),
        )
    )
    if row.standing in UNJUDGED:
        return WorkedExample(row, tuple(steps), agrees=rupiah(fee) == row.gross)
    deduction = rupiah(restitution(Method(terms["method"]), delivery, Fraction(terms["cap"])))
    steps.append(_deducted(row, terms, delivery, deduction, say, formats))
    ways = [deduction, *_otherwise(row, terms, delivery)]
    if row.held:
        steps.append(_held(row, ways, say, formats))
    certain = None not in ways
    least, most = (min(_known(ways)), max(_known(ways))) if certain else (0, rupiah(fee))
    found = rupiah(fee), least, most - least
    return WorkedExample(row, tuple(steps), agrees=found == (row.gross, row.restitution, row.held))


def _otherwise(row: PointRow, terms: Mapping[str, Any], delivery: Delivery) -> Iterator[int | None]:
    """What is deducted if what waits is signed: the undecided excused, the contested charged.

    `None` where nothing would be left to assess.
    """
    for seconds, judged in (
        (-row.undecided_seconds, row.judged_if_excused),
        (row.contested_seconds, row.judged_if_withdrawn),
    ):
        if judged is None or not row.assessed_seconds + seconds:
            yield None
            continue
        downtime = Fraction(row.charged_seconds + seconds, row.owed_month_seconds)
        other = replace(delivery, downtime=downtime, availability=_exact(judged))
        yield rupiah(restitution(Method(terms["method"]), other, Fraction(terms["cap"])))


def _known(ways: Iterable[int | None]) -> list[int]:
    return [one for one in ways if one is not None]


def _held(row: PointRow, ways: Sequence[int | None], say: Translate, formats: Formats) -> WorkedFormula:
    if None in ways:
        return WorkedFormula(
            say(mark("Of it held until it is decided")),
            say(mark("the whole fee: excused, nothing would be left to assess")),
            formats.rupiah(row.held),
            formats.rupiah(row.held),
        )
    least, most = min(_known(ways)), max(_known(ways))
    rule = mark("deduction − deduction without the undecided seconds")
    if row.contested_seconds:
        rule = mark("deduction with the contested seconds − deduction without the undecided ones")
    return WorkedFormula(
        say(mark("Of it held until it is decided")),
        say(rule),
        say(mark("%(most)s − %(least)s (%(seconds)s seconds undecided)"))
        % {
            "most": formats.rupiah(most),
            "least": formats.rupiah(least),
            "seconds": formats.number(row.undecided_seconds + row.contested_seconds),
        },
        formats.rupiah(most - least),
    )


def _times(row: PointRow, say: Translate, formats: Formats) -> list[WorkedFormula]:
    number = formats.number
    parts = [
        row.off_hours_seconds,
        row.unobserved_seconds,
        row.up_seconds,
        row.tolerated_seconds,
        row.excluded_seconds,
        row.charged_seconds,
    ]
    owed = row.contract_seconds - row.off_hours_seconds
    return [
        WorkedFormula(
            say(mark("Time under contract")),
            say(mark("outside hours + unobserved + up + short outages + excluded + charged")),
            " + ".join(map(number, parts)),
            say(mark("%(seconds)s seconds")) % {"seconds": number(row.contract_seconds)},
        ),
        WorkedFormula(
            say(mark("Time that is assessed")),
            say(mark("time under contract − outside hours − unobserved − excluded")),
            " − ".join(map(number, [row.contract_seconds, *parts[:2], row.excluded_seconds])),
            say(mark("%(seconds)s seconds")) % {"seconds": number(row.assessed_seconds)},
        ),
        WorkedFormula(
            say(mark("Availability (A)")),
            say(mark("1 − charged ÷ assessed")),
            f"1 − {number(row.charged_seconds)} ÷ {number(row.assessed_seconds)}",
            formats.decided(row.availability, row.objective),
        ),
        WorkedFormula(
            say(mark("Coverage")),
            say(mark("observed ÷ time in which service was owed")),
            f"{number(owed - row.unobserved_seconds)} ÷ {number(owed)}",
            formats.ratio(row.coverage),
        ),
    ]


def _deducted(
    row: PointRow, terms: Mapping[str, Any], delivery: Delivery, deduction: int, say: Translate, formats: Formats
) -> WorkedFormula:
    method, gross, monthly = terms["method"], formats.rupiah(row.gross), formats.rupiah(row.monthly_fee)
    charged, month = formats.number(row.charged_seconds), formats.number(row.owed_month_seconds)
    edges = [row.objective, *(Ratio.of(Fraction(step["below"])) for step in terms["steps"])]
    promised, judged = formats.ratio(row.objective), formats.decided(row.judged, *edges)
    pro_rata = f"{monthly} × {charged} ÷ {month}"
    missed = say(mark("A < SLA")) if row.standing == "missed" else say(mark("A ≥ SLA"))
    numbers = {
        "R1": f"{gross} × ({promised} − {judged})",
        "R1b": f"{gross} × (1 − {judged} ÷ {promised})",
        "R2": pro_rata,
        "R3": f"{missed} ({judged}; {promised}): {pro_rata if row.standing == 'missed' else '0'}",
        "R4": f"{monthly} × {charged} ÷ ({month} × {promised})",
        "R5": f"{gross}; A = {judged}",
    }[method]
    cap = Fraction(terms["cap"])
    if restitution(Method(method), delivery) > cap * delivery.fee:
        share = formats.short_ratio(Ratio.of(cap))
        numbers += say(mark("; at most %(share)s of %(fee)s")) % {"share": share, "fee": gross}
    what = say(mark("Deduction (restitusi), method %(method)s")) % {"method": method}
    return WorkedFormula(what, say(FORMULAE[method]), numbers, formats.rupiah(deduction))


def terms_of(statement: Statement, row: PointRow) -> Mapping[str, Any]:
    """The terms that hold when the line begins."""
    return [basis.terms for basis in statement.basis if _at(basis.start, statement) <= row.start][-1]


def _at(day: str, statement: Statement) -> int:
    return midnight(date.fromisoformat(day), ZoneInfo(statement.timezone))


def _exact(ratio: Ratio) -> Fraction:
    return Fraction(ratio.numerator, ratio.denominator)
