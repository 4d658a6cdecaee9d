"""Penalty (denda) for lateness. It is no restitution: another clause, another column, never added silently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.reports.accounting.account import Account
from pantau.reports.accounting.calendar import days
from pantau.reports.accounting.money import rupiah
from pantau.reports.accounting.repairs import ALWAYS, RepairClock
from pantau.reports.accounting.segments import AssignmentSpan, ContractDates
from pantau.reports.accounting.settlement import Totals
from pantau.reports.accounting.spans import Span
from pantau.reports.accounting.terms import PenaltyBase, Terms

_DAY = 86_400


class Lateness(StrEnum):
    """What was late."""

    ACTIVATION = "activation"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Penalty:
    """days x permille/1000 x base, rounded half-up once."""

    kind: Lateness
    point: str
    days: int
    permille: Fraction
    base: int
    outage: str = ""
    """The id of the outage that was repaired late, or not at all."""
    undecided: bool = False
    """Whether the outage waits for a decision: excused, it costs no penalty."""

    @property
    def amount(self) -> int:
        """Whole rupiah."""
        return rupiah(self.days * self.permille * self.base / 1000)


def late_activations(
    month: Span, contract: ContractDates, assignments: Iterable[AssignmentSpan], zone: ZoneInfo
) -> Iterator[Penalty]:
    """For each point the days of this month between its assignment's start and its accepted function test."""
    terms = contract.terms_in(month)
    for assignment in assignments:
        if terms is None or terms.penalty_permille is None or assignment.contract != contract.id:
            continue
        late = max(month[0], assignment.start), min(month[1], assignment.accepted or 0)
        count = len(list(days(late, zone))) if late[0] < late[1] else 0
        base = _base(terms, contract, assignment.monthly_fee)
        if count and base is not None:
            yield Penalty(Lateness.ACTIVATION, assignment.point, count, terms.penalty_permille, base)


def late_repairs(account: Account, contract: ContractDates, clock: RepairClock = ALWAYS) -> Iterator[Penalty]:
    """For each charged outage the days that it began to be late in this segment, where the contract penalises that.

    A point that is never repaired is late as well: each segment has the days that its own time adds, so an outage over
    several months, or over an addendum, costs as much as if it lay in one.
    """
    segment = account.segment
    terms, (start, end) = segment.terms, segment.span
    base = _base(terms, contract, segment.monthly_fee)
    if terms.penalty_permille is None or not terms.late_repair_penalised or base is None:
        return
    for share in account.shares:
        outage = share.outage
        before, after = (-(-clock.over_limit(outage, terms, until) // _DAY) for until in (start, end))
        if share.charged and after > before:
            undecided = bool(share.undecided)
            kind = Lateness.REPAIR
            yield Penalty(kind, segment.point, after - before, terms.penalty_permille, base, outage.id, undecided)


def capped(penalties: Iterable[Penalty], cap: Fraction, totals: Totals) -> int:
    """What of a month's penalties is charged: at most `cap` of its fees, and never more than is payable.

    Without rupiah in the contract there is nothing to hold them against, and they stand as they are.
    """
    whole = sum(one.amount for one in penalties)
    if totals.amounts is None:
        return whole
    return min(whole, int(cap * totals.amounts.gross), totals.amounts.payable)


def _base(terms: Terms, contract: ContractDates, monthly_fee: int) -> int | None:
    return contract.value if terms.penalty_base is PenaltyBase.CONTRACT_VALUE else monthly_fee
