"""The core applied to one contract's month, before its results become rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from pantau.inventory import Contract
from pantau.reports.accounting import (
    ContractDates,
    Penalty,
    Repairs,
    SettlementLine,
    book,
    late_activations,
    late_repairs,
    repairs_of,
    segments_of,
    settle,
)
from pantau.reports.statement.survey import Survey
from pantau.reports.statement.terms import assignments_of, dates_of


@dataclass(frozen=True, slots=True)
class ContractSettlement:
    """The core's results for one contract's month, before they become rows."""

    contract: Contract
    dates: ContractDates
    lines: Sequence[SettlementLine]
    repairs: Sequence[Repairs]
    """Of each line."""
    penalties: Sequence[Penalty]


def settle_contract(contract: Contract, survey: Survey) -> ContractSettlement:
    """Account, settle and penalise one contract's month."""
    span = survey.month.span(survey.zone)
    dates = dates_of(contract, survey.zone)
    assignments = assignments_of(contract, survey.inventory.assignments, survey.zone)
    accounts = []
    for segment in segments_of(span, dates, assignments):
        outages, visible = survey.outages_of(segment.point, segment.terms)
        claims = survey.exclusions.of(segment.point, contract, survey.in_maintenance(segment.point))
        accounts.append(book(segment, outages, visible, claims, survey.zone))
    lines = settle(accounts)
    repairs = [repairs_of(one) for one in accounts]
    penalties = [*late_activations(span, dates, assignments, survey.zone)]
    for one, own in zip(accounts, repairs, strict=True):
        penalties += late_repairs(own.repairs, one.segment.terms, dates, one.segment.monthly_fee)
    return ContractSettlement(contract, dates, lines, repairs, penalties)
