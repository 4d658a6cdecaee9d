"""The core applied to one contract's month, before its results become rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from pantau.inventory import Contract
from pantau.reports.accounting import (
    Account,
    ContractDates,
    ContractSegment,
    ExclusionClaim,
    Penalty,
    Refusal,
    Repairs,
    SettlementLine,
    book,
    late_activations,
    late_repairs,
    repairs_of,
    segments_of,
    settle,
)
from pantau.reports.statement.held_terms import held_assignments, held_dates
from pantau.reports.statement.survey import Survey


@dataclass(frozen=True, slots=True)
class ContractSettlement:
    """The core's results for one contract's month, before they become rows."""

    contract: Contract
    dates: ContractDates
    lines: Sequence[SettlementLine]
    repairs: Sequence[Repairs]
    """Of each line."""
    penalties: Sequence[Penalty]
    if_approved: Sequence[SettlementLine]
    """The lines as they would be if two people signed all that is proposed; where nothing is, the lines themselves."""


def settle_contract(contract: Contract, survey: Survey) -> ContractSettlement:
    """Account, settle and penalise one contract's month."""
    span = survey.month.span(survey.zone)
    dates = held_dates(contract, survey.history.held, survey.zone)
    assignments = held_assignments(contract, survey.inventory.assignments, survey.history, survey.zone)
    claimed = [
        (segment, survey.exclusions.of(segment.point, contract, survey.in_maintenance(segment.point)))
        for segment in segments_of(span, dates, assignments)
    ]
    accounts = [_booked(segment, claims, survey) for segment, claims in claimed]
    lines = settle(accounts)
    if_approved = lines
    if any(ruling.refusal is Refusal.PROPOSED for one in accounts for ruling in one.rulings):
        signed = ((segment, [claim.approved for claim in claims]) for segment, claims in claimed)
        if_approved = settle([_booked(segment, claims, survey) for segment, claims in signed])
    repairs = [repairs_of(one) for one in accounts]
    penalties = [*late_activations(span, dates, assignments, survey.zone)]
    for one, own in zip(accounts, repairs, strict=True):
        penalties += late_repairs(own.repairs, one.segment.terms, dates, one.segment.monthly_fee)
    return ContractSettlement(contract, dates, lines, repairs, penalties, if_approved)


def _booked(segment: ContractSegment, claims: Sequence[ExclusionClaim], survey: Survey) -> Account:
    outages, visible = survey.outages_of(segment.point, segment.terms)
    return book(segment, outages, visible, claims, survey.zone)
