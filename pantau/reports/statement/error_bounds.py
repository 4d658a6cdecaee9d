"""How far a line's seconds and rupiah may be off: the sum of what the edges of its outages may be.

An outage is booked right to an interval of asking, and so is each part of one that was answered within. One that is
within that of the threshold might be charged or not. All errors together are the most that can be, not what is
expected: some lengthen, others shorten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from pantau.reports.accounting import Account, Delivery, Level, SettlementLine, restitution, rupiah


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """Charged time that a line may have had, at least and at most, and what of its rupiah rests on that."""

    least: int
    """Seconds."""
    most: int
    seconds: int
    """The greater distance from what is charged."""
    rupiah: int | None
    """The greatest that the deduction may be off; `None` where no rupiah is computed."""


def error_bounds(lines: Sequence[SettlementLine], interval_seconds: float) -> list[ErrorBound]:
    """Of each line of a contract; `interval_seconds` is the error of one outage."""
    off = ceil(interval_seconds)
    reaches = [_reach(line.account, off) for line in lines]
    assessed = sum(line.account.assessed for line in lines)
    wholes = [
        1 - Fraction(min(assessed, sum(reach[side] for reach in reaches)), assessed) if assessed else None
        for side in (0, 1)
    ]
    return [_bound(line, reach, wholes) for line, reach in zip(lines, reaches, strict=True)]


def _reach(account: Account, off: int) -> tuple[int, int]:
    """The least and the most seconds that might have been charged."""
    least = most = account.charged
    threshold = account.segment.terms.threshold_seconds
    for share in account.shares:
        error = off * (1 + len(share.answered.spans))
        charged, whole = share.charged.seconds, share.outage.seconds
        if charged:
            least -= charged if whole - error <= threshold else min(error, charged)
            most += error
        elif share.tolerated and whole <= threshold < whole + error:
            most += share.tolerated + error
    return max(0, least), min(account.assessed, most)


def _bound(line: SettlementLine, reach: tuple[int, int], wholes: Sequence[Fraction | None]) -> ErrorBound:
    charged = line.account.charged
    seconds = max(charged - reach[0], reach[1] - charged)
    if line.amounts is None:
        return ErrorBound(*reach, seconds, None)
    if line.amounts.held:
        return ErrorBound(*reach, seconds, 0)
    amounts = [_deduction(line, end, whole) for end, whole in zip(reach, wholes, strict=True)]
    return ErrorBound(*reach, seconds, max(abs(amount - line.amounts.restitution) for amount in amounts))


def _deduction(line: SettlementLine, charged: int, whole: Fraction | None) -> int:
    """What would be deducted for so many charged seconds; `whole` is the contract's availability then."""
    account, terms = line.account, line.account.segment.terms
    own = 1 - Fraction(charged, account.assessed) if account.assessed else None
    judged = own if terms.level is Level.POINT else whole
    if terms.method is None or terms.objective is None or judged is None:
        return 0
    delivery = Delivery(
        fee=account.segment.fee,
        monthly_fee=account.segment.monthly_fee,
        downtime=Fraction(charged, account.segment.counted_month),
        availability=judged,
        objective=terms.objective,
        steps=terms.steps,
    )
    return rupiah(restitution(terms.method, delivery, terms.cap))
