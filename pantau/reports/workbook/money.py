"""One line's money as live formulas: from seconds and terms to whole rupiah.

The methods stand in docs/sla.md; here each is a share g/h, and what it is a share of: the fee of the line's own part of
the month (R1, R1b, R5: a/b = monthly fee x seconds / paid month), or of its downtime (R2 to R4: a/b = monthly fee x
charged / owed month).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pantau.reports.accounting import Standing
from pantau.reports.statement.rows import PointRow
from pantau.reports.workbook.book import Book, Cell, Formula, TableColumn, cell_name
from pantau.reports.workbook.division import STEPS, fits, floor, formulae, steps
from pantau.reports.workbook.terms import RatioCells, TermsCells
from pantau.texts import mark

_OF_DOWNTIME = ("R2", "R3", "R4")


def _number(head: str, width: int = 12) -> TableColumn:
    return TableColumn(head, "number", width)


COLUMNS: dict[str, TableColumn] = {
    "point": TableColumn(mark("Point ID"), "text", 18),
    "version": TableColumn(mark("Version"), "number", 7),
    "fee": TableColumn(mark("Monthly fee M"), "rupiah", 13),
    "seconds": _number(mark("Under contract T")),
    "paid": _number(mark("Paid month P")),
    "month": _number(mark("Owed month W")),
    "owed": _number(mark("Owed")),
    "seen": _number(mark("Observed")),
    "charged": _number(mark("Charged C")),
    "assessed": _number(mark("Assessed E")),
    "sn": _number(mark("SLA"), 8),
    "sd": _number(mark("per"), 8),
    "jn": _number(mark("Judged availability")),
    "jd": _number(mark("per")),
    "standing": TableColumn(mark("Standing"), "text", 16),
    "fq": _number(mark("M×T div P")),
    "fr": _number(mark("rest")),
    "gross": TableColumn(mark("Fee"), "rupiah", 13),
    "a": _number(mark("a: M×T or M×C"), 18),
    "b": _number(mark("b: P or W")),
    "g": _number(mark("share g"), 14),
    "h": _number(mark("of h"), 14),
    "about": TableColumn(mark("(a/b)×(g/h), about"), "number", 16),
    **{name: _number(name) for name in STEPS[:-1]},
    "result": TableColumn(mark("Rounded"), "rupiah", 13),
    "limit": TableColumn(mark("Cap"), "rupiah", 13),
    "restitution": TableColumn(mark("Deduction"), "rupiah", 13),
    "held": TableColumn(mark("Held"), "rupiah", 13),
    "payable": TableColumn(mark("Payable"), "rupiah", 13),
}
_PLACE = {name: place for place, name in enumerate(COLUMNS)}
_MONEY = list(COLUMNS)[list(COLUMNS).index("fq") :]


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One line of table A, and where it stands."""

    row: PointRow
    row_number: int
    """In both sheets, from 0."""
    version: TermsCells
    whole: tuple[int, int]
    """The contract's availability, numerator and denominator."""
    cell: Callable[[str], str]
    """Of this line in table A."""
    total: Callable[[str], str]
    """Of the sums of table A."""
    months: Mapping[str, tuple[int, int]]
    """By the denominator that a contract may choose, the seconds of its month, and of these in the service hours."""
    way: str = ""
    """The column of table A whose seconds are moved, where this is the line as it would be if what waits ended
    otherwise; `row` and `whole` are that line's."""
    sign: str = ""
    """Whether they leave what is charged, or join it: ``-`` or ``+``."""
    others: tuple[tuple[str, str], ...] = ()
    """The cells with what is deducted, and what is payable, in those other ways; none where nothing waits."""

    def here(self, name: str) -> str:
        """A cell of this line in this sheet."""
        return cell_name(self.row_number, _PLACE[name])


def share_of(
    method: str, s: Fraction, judged: tuple[int, int], ladder: Sequence[tuple[RatioCells, RatioCells]]
) -> tuple[int, int]:
    """g and h of a method: of SLA `s` and the judged availability as it is, not reduced."""
    (jn, jd), sn, sd = judged, s.numerator, s.denominator
    missing = max(0, sn * jd - jn * sd)
    match method:
        case "R1":
            return missing, sd * jd
        case "R1b":
            return missing, sn * jd
        case "R3":
            return int(missing > 0), 1
        case "R4":
            return (sd, sn) if sn else (0, 1)
        case "R5":
            for below, deduct in ladder:
                if jn * below.value.denominator < below.value.numerator * jd:
                    return deduct.value.numerator, deduct.value.denominator
            return 0, 1
        case _:
            return 1, 1


def money_row(book: Book, line: MoneyLine) -> dict[str, Cell]:
    """The cells of a line, by the names of `COLUMNS`."""
    row, here = line.row, line.here
    aggregate = line.version.level_value == "aggregate"
    judged = line.whole if aggregate else (row.assessed_seconds - row.charged_seconds, row.assessed_seconds)
    owed = row.contract_seconds - row.off_hours_seconds
    is_aggregate = f'{line.version.level}="{book.words["choice"]("aggregate")}"'

    def known(name: str) -> str:
        return f"IF({is_aggregate},{line.total(name)},{line.cell(name)})"

    found: dict[str, Cell] = {
        "point": row.point,
        "version": row.version,
        "fee": Formula(line.cell("fee"), row.monthly_fee),
        "seconds": Formula(line.cell("contract"), row.contract_seconds),
        "paid": _by_denominator(book, line, row.paid_month_seconds, 0),
        "month": _by_denominator(book, line, row.owed_month_seconds, 1),
        "owed": Formula(f"{line.cell('contract')}-{line.cell('off_hours')}", owed),
        "seen": Formula(f"{here('owed')}-{line.cell('unobserved')}", owed - row.unobserved_seconds),
        "charged": Formula(_left(line.cell, "charged", line), row.charged_seconds),
        "assessed": Formula(_left(line.cell, "assessed", line), row.assessed_seconds),
        **_objective(line),
        # The seconds that served are the same, excused or charged.
        "jn": Formula(f"{known('assessed')}-{known('charged')}", judged[0]),
        "jd": Formula(_left(known, "assessed", line), judged[1]),
        "standing": _standing(book, line),
    }
    objective = row.objective
    if objective is None or not line.version.pays or row.gross is None:
        return found | dict.fromkeys(_MONEY)
    return found | _amounts(book, line, Fraction(objective.numerator, objective.denominator), judged)


def _left(cell: Callable[[str], str], name: str, line: MoneyLine) -> str:
    """Seconds of table A; of what would be otherwise, without those that are undecided or with those contested."""
    return f"{cell(name)}{line.sign}{cell(line.way)}" if line.way else cell(name)


def _by_denominator(book: Book, line: MoneyLine, value: int, place: int) -> Cell:
    """The month that the terms' cell names; a plain number where it would not give the line's own."""
    if line.months[line.version.denominator_value][place] != value:
        return value
    calendar, contract = (line.months[name][place] for name in ("calendar_days", "contract_days"))
    word = book.words["choice"]("calendar_days")
    return Formula(f'IF({line.version.denominator}="{word}",{calendar},{contract})', value)


def _objective(line: MoneyLine) -> dict[str, Cell]:
    """From the terms; an assignment with an SLA of its own has it as a number."""
    own, terms = line.row.objective, line.version.objective
    if own is None:
        return {"sn": None, "sd": None}
    if terms is not None and terms.value == Fraction(own.numerator, own.denominator):
        return {"sn": Formula(terms.over, own.numerator), "sd": Formula(terms.under, own.denominator)}
    return {"sn": own.numerator, "sd": own.denominator}


def _standing(book: Book, line: MoneyLine) -> Formula:
    here, least = line.here, line.version.minimum_coverage
    words = {code.value: book.words["standing"](code) for code in Standing}
    judged = (
        f'"{words["no_objective"]}"'
        if line.row.objective is None
        else f'IF({here("jn")}*{here("sd")}>={here("sn")}*{here("jd")},"{words["met"]}","{words["missed"]}")'
    )
    return Formula(
        f'IF(AND({here("owed")}>0,{here("seen")}*{least.under}<{least.over}*{here("owed")}),"{words["inconclusive"]}",'
        f'IF(OR({here("assessed")}=0,{here("jd")}=0),"{words["not_assessable"]}",{judged}))',
        words[line.row.standing],
    )


def _amounts(book: Book, line: MoneyLine, objective: Fraction, judged: tuple[int, int]) -> dict[str, Cell]:
    row, here, method = line.row, line.here, line.version.method_value or ""
    fee, cap = row.monthly_fee * row.contract_seconds, line.version.cap
    fq, fr = divmod(fee, row.paid_month_seconds)
    of_downtime = method in _OF_DOWNTIME
    a = row.monthly_fee * row.charged_seconds if of_downtime else fee
    b = row.owed_month_seconds if of_downtime else row.paid_month_seconds
    g, h = share_of(method, objective, judged, line.version.steps)
    values = {"a": a, "b": b, "g": g, "h": h, **steps(a, b, max(g, 0), h or 1)}
    texts = {name: here(name) for name in ("a", "b", "g", "h", *STEPS)}
    terms = _share_formulae(line)
    is_downtime = "OR(" + ",".join(f'{line.version.method}="{one}"' for one in _OF_DOWNTIME) + ")"
    found: dict[str, Cell] = {
        "fq": Formula(floor(f"{here('fee')}*{here('seconds')}", here("paid")), fq),
        "fr": Formula(f"{here('fee')}*{here('seconds')}-{here('fq')}*{here('paid')}", fr),
        "gross": Formula(f"{here('fq')}+IF(2*{here('fr')}>={here('paid')},1,0)", row.gross or 0),
        "a": Formula(f"{here('fee')}*IF({is_downtime},{here('charged')},{here('seconds')})", a),
        "b": Formula(f"IF({is_downtime},{here('month')},{here('paid')})", b),
        "g": Formula(terms[0], g),
        "h": Formula(terms[1], h),
        "about": Formula(
            f"ROUND(IF({here('h')}=0,0,{here('a')}/{here('b')}*{here('g')}/{here('h')}),4)",
            round(a * g / (b * h), 4) if h else 0,
        ),
        **{name: Formula(text, values[name]) for name, text in formulae(texts).items()},
    }
    limit = 2 * fq * cap.value.numerator + 2 * fr * cap.value.numerator // row.paid_month_seconds
    limit = (limit + cap.value.denominator) // (2 * cap.value.denominator)
    part = floor(f"2*{here('fr')}*{cap.over}", here("paid"))
    found["limit"] = Formula(floor(f"2*{here('fq')}*{cap.over}+{part}+{cap.under}", f"2*{cap.under}"), limit)
    deduction, held, payable = _money(line, min(values["result"], limit))
    if not (fits(a, b, g, h or 1) and fits(fee, row.paid_month_seconds, cap.value.numerator, cap.value.denominator)):
        # Beyond what a spreadsheet's numbers hold exactly: our value stands there, and no formula that would err.
        return dict.fromkeys(found) | {"gross": row.gross, "restitution": deduction, "held": held, "payable": payable}
    waits = [book.words["standing"](code) for code in ("inconclusive", "not_assessable")]
    withheld = "OR(" + ",".join(f'{here("standing")}="{word}"' for word in waits) + ")"
    deducted = f"MIN({here('result')},{here('limit')})"
    deductions = ",".join([deducted, *(cells[0] for cells in line.others)])
    paid = ",".join([f"{here('gross')}-{deducted}", *(cells[1] for cells in line.others)])
    certain = f"MIN({deductions})" if line.others else deducted
    waiting = f"{here('gross')}-{here('restitution')}-MIN({paid})" if line.others else "0"
    return found | {
        "restitution": Formula(f"IF({withheld},0,{certain})", deduction),
        "held": Formula(f"IF({withheld},{here('gross')},{waiting})", held),
        "payable": Formula(f"{here('gross')}-{here('restitution')}-{here('held')}", payable),
    }


def _money(line: MoneyLine, deducted: int) -> tuple[int, int, int]:
    """Deducted, held and payable: the statement's, or what follows from the seconds that are moved."""
    row, gross = line.row, line.row.gross or 0
    if not line.way:
        return row.restitution or 0, row.held or 0, row.payable or 0
    return (0, gross, 0) if row.standing == Standing.NOT_ASSESSABLE.value else (deducted, 0, gross - deducted)


def _share_formulae(line: MoneyLine) -> tuple[str, str]:
    """g and h for whatever method the terms' cell names."""
    here, m = line.here, line.version.method
    sn, sd, jn, jd = (here(name) for name in ("sn", "sd", "jn", "jd"))
    missing = f"MAX(0,{sn}*{jd}-{jn}*{sd})"
    over, under = "0", "1"
    for below, deduct in reversed(line.version.steps):
        applies = f"{jn}*{below.under}<{below.over}*{jd}"
        over, under = f"IF({applies},{deduct.over},{over})", f"IF({applies},{deduct.under},{under})"
    g = f'IF({m}="R2",1,IF({m}="R3",IF({missing}>0,1,0),IF({m}="R4",IF({sn}=0,0,{sd}),IF({m}="R5",{over},{missing}))))'
    h = f'IF(OR({m}="R2",{m}="R3"),1,IF({m}="R4",IF({sn}=0,1,{sn}),IF({m}="R5",{under},IF({m}="R1b",{sn},{sd})*{jd})))'
    return g, h
