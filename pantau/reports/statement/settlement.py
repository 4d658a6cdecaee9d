"""The core applied to one contract's month, before its results become rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from pantau.inventory import Contract
from pantau.reports.accounting import (
    ContractDates,
    Penalty,
    Repairs,
    SettlementLine,
    late_activations,
    late_repairs,
    repairs_of,
)
from pantau.reports.statement.booking import Booking
from pantau.reports.statement.disputes import Supposing
from pantau.reports.statement.holding import NOTHING, Disputed, held
from pantau.reports.statement.survey import Survey
from pantau.reports.statement.terms import assignments_of, dates_of


@dataclass(frozen=True, slots=True)
class ContractSettlement:
    """The core's results for one contract's month, before they become rows."""

    contract: Contract
    dates: ContractDates
    lines: Sequence[SettlementLine]
    """What waits for a second signature is held in them."""
    disputed: Sequence[Disputed]
    """Of each line."""
    booking: Booking
    """To reckon again under other decisions."""
    repairs: Sequence[Repairs]
    """Of each line."""
    penalties: Sequence[Penalty]


def settle_contract(contract: Contract, survey: Survey) -> ContractSettlement:
    """Account, settle and penalise one contract's month."""
    span = survey.month.span(survey.zone)
    dates = dates_of(contract, survey.zone)
    assignments = assignments_of(contract, survey.inventory.assignments, survey.zone)
    booking = Booking(contract, survey, dates, assignments)
    accounts = booking.accounts
    lines, disputed = booking.lines(Supposing.IN_FORCE), [NOTHING] * len(accounts)
    if booking.disputes:
        others = (Supposing.ALL_THAT_EXCUSE, Supposing.NONE_THAT_WAITS_TO_GO)
        lines, disputed = held(lines, [booking.lines(supposing) for supposing in others])
    repairs = [repairs_of(one) for one in accounts]
    penalties = [*late_activations(span, dates, assignments, survey.zone)]
    for one, own in zip(accounts, repairs, strict=True):
        penalties += late_repairs(own.repairs, one.segment.terms, dates, one.segment.monthly_fee)
    return ContractSettlement(contract, dates, lines, disputed, booking, repairs, penalties)
