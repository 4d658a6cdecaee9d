"""The core applied to one contract's month, before its results become rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from pantau.inventory import Contract
from pantau.reports.accounting import (
    Account,
    AssignmentSpan,
    ContractDates,
    ExclusionClaim,
    Penalty,
    RepairClock,
    Repairs,
    SettlementLine,
    Spans,
    admitted,
    capped,
    late_activations,
    late_repairs,
    repairs_of,
    total,
)
from pantau.reports.statement.held_terms import held_assignments, held_dates
from pantau.reports.statement.reckoning import Reckoning
from pantau.reports.statement.survey import Survey


@dataclass(frozen=True, slots=True)
class ContractSettlement:
    """The core's results for one contract's month, before they become rows."""

    contract: Contract
    dates: ContractDates
    lines: Sequence[SettlementLine]
    """What waits for two signatures is held in them."""
    reckoning: Reckoning
    """To reckon again under other decisions."""
    repairs: Sequence[Repairs]
    """Of each line."""
    penalties: Sequence[Penalty]
    penalty: int
    """What of the penalties is charged: no more than their cap, nor than is payable."""


def settle_contract(contract: Contract, survey: Survey) -> ContractSettlement:
    """Account, settle and penalise one contract's month."""
    span = survey.month.span(survey.zone)
    dates = held_dates(contract, survey.history.held, survey.zone)
    assignments = held_assignments(contract, survey.inventory.assignments, survey.history, survey.zone)
    reckoning = Reckoning(contract, survey, dates, assignments)
    accounts, lines = reckoning.accounts, reckoning.lines
    claims = {point: reckoning.claims(point) for point in dict.fromkeys(one.segment.point for one in accounts)}
    clocks = [_clock(one, accounts, claims[one.segment.point], dates, assignments) for one in accounts]
    penalties = [*late_activations(span, dates, assignments, survey.zone)]
    for one, clock in zip(accounts, clocks, strict=True):
        penalties += late_repairs(one, dates, clock)
    terms = dates.terms_in(span)
    penalty = capped(penalties, terms.penalty_cap, total(lines)) if terms else 0
    repairs = [repairs_of(one, clock) for one, clock in zip(accounts, clocks, strict=True)]
    return ContractSettlement(contract, dates, lines, reckoning, repairs, penalties, penalty)


def _clock(
    one: Account,
    accounts: Sequence[Account],
    claims: Sequence[ExclusionClaim],
    dates: ContractDates,
    assignments: Sequence[AssignmentSpan],
) -> RepairClock:
    """What counts towards a repair's limit: of this month what was ruled, of those before it what was accepted."""
    point, month = one.segment.point, one.segment.month
    ruled = Spans.of(
        span for other in accounts if other.segment.point == point for share in other.shares for span in share.excluded
    )
    before = Spans.of([(min((claim.span[0] for claim in claims), default=month[0]), month[0])])
    served = Spans.of(own.service for own in assignments if own.point == point) & Spans.of([dates.span])
    return RepairClock(served, ruled | (admitted(claims, one.segment.terms) & before))
