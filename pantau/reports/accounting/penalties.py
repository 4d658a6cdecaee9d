"""Penalty (denda) for lateness. It is no restitution: another clause, another column, never added silently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.reports.accounting.calendar import WITA, days
from pantau.reports.accounting.money import rupiah
from pantau.reports.accounting.repairs import Repair
from pantau.reports.accounting.segments import AssignmentSpan, ContractDates
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
    """The id of the outage that was repaired late."""

    @property
    def amount(self) -> int:
        """Whole rupiah."""
        return rupiah(self.days * self.permille * self.base / 1000)


def late_activations(
    month: Span, contract: ContractDates, assignments: Iterable[AssignmentSpan], zone: ZoneInfo = WITA
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


def late_repairs(
    repairs: Iterable[Repair], terms: Terms, contract: ContractDates, monthly_fee: int
) -> Iterator[Penalty]:
    """For each repair beyond the limit its begun days, where the contract calls that lateness."""
    base = _base(terms, contract, monthly_fee)
    if terms.penalty_permille is None or not terms.late_repair_penalised or base is None:
        return
    for repair in repairs:
        if repair.over_limit:
            count = -(-repair.over_limit // _DAY)
            yield Penalty(Lateness.REPAIR, repair.outage.point, count, terms.penalty_permille, base, repair.outage.id)


def _base(terms: Terms, contract: ContractDates, monthly_fee: int) -> int | None:
    return contract.value if terms.penalty_base is PenaltyBase.CONTRACT_VALUE else monthly_fee
