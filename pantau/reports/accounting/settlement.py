"""What a contract's month costs: one line per segment, rounded once, and totals that are the sums of the lines.

gross = restitution + held + payable, on each line and in total
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pantau.reports.accounting.account import Account
from pantau.reports.accounting.money import rupiah
from pantau.reports.accounting.restitution import Delivery, restitution
from pantau.reports.accounting.terms import Level


class Standing(StrEnum):
    """Whether a line's objective was met, or why that cannot be said."""

    MET = "met"
    MISSED = "missed"
    INCONCLUSIVE = "inconclusive"
    """Too little was seen: payment waits for a signed record (berita acara)."""
    NOT_ASSESSABLE = "not_assessable"
    """Nothing is left to assess, for example because all of it is excluded."""
    NO_OBJECTIVE = "no_objective"


@dataclass(frozen=True, slots=True)
class Amounts:
    """Whole rupiah before PPN."""

    gross: int = 0
    restitution: int = 0
    held: int = 0

    @property
    def payable(self) -> int:
        """What is left of the fee; penalties are apart."""
        return self.gross - self.restitution - self.held


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One segment, judged."""

    account: Account
    standing: Standing
    judged: Fraction | None
    """The availability that the objective was tested on: the point's, or the contract's."""
    amounts: Amounts | None
    """`None` where the contract does not say how to pay."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over lines."""

    lines: int
    seconds: int
    off_hours: int
    unseen: int
    excluded: int
    charged: int
    tolerated: int
    assessed: int
    amounts: Amounts | None
    """`None` as soon as one line has no amounts."""

    @property
    def availability(self) -> Fraction | None:
        """Weighted by time: no mean of percentages."""
        return 1 - Fraction(self.charged, self.assessed) if self.assessed else None

    @property
    def coverage(self) -> Fraction:
        """The share of the owed time in which we could see."""
        owed = self.seconds - self.off_hours
        return Fraction(owed - self.unseen, owed) if owed else Fraction(0)


def settle(accounts: Sequence[Account]) -> list[SettlementLine]:
    """The lines of one contract, in the order of its accounts."""
    whole = availability_of(accounts)
    return [_line(account, whole) for account in accounts]


def availability_of(accounts: Iterable[Account]) -> Fraction | None:
    """1 - sum of charged / sum of assessed."""
    charged = assessed = 0
    for account in accounts:
        charged += account.charged
        assessed += account.assessed
    return 1 - Fraction(charged, assessed) if assessed else None


def total(lines: Sequence[SettlementLine]) -> Totals:
    """The sums of `lines`; amounts are sums of rounded amounts."""
    accounts = [line.account for line in lines]
    paid = [line.amounts for line in lines if line.amounts is not None]
    return Totals(
        lines=len(lines),
        seconds=sum(account.seconds for account in accounts),
        off_hours=sum(account.off_hours for account in accounts),
        unseen=sum(account.unseen.seconds for account in accounts),
        excluded=sum(account.excluded for account in accounts),
        charged=sum(account.charged for account in accounts),
        tolerated=sum(account.tolerated for account in accounts),
        assessed=sum(account.assessed for account in accounts),
        amounts=Amounts(
            gross=sum(amounts.gross for amounts in paid),
            restitution=sum(amounts.restitution for amounts in paid),
            held=sum(amounts.held for amounts in paid),
        )
        if len(paid) == len(lines)
        else None,
    )


def _line(account: Account, whole: Fraction | None) -> SettlementLine:
    terms = account.segment.terms
    judged = account.availability if terms.level is Level.POINT else whole
    standing = _standing(account, judged)
    return SettlementLine(account, standing, judged, _amounts(account, standing, judged))


def _standing(account: Account, judged: Fraction | None) -> Standing:
    terms = account.segment.terms
    if account.coverage < terms.minimum_coverage and account.segment.counted:
        return Standing.INCONCLUSIVE
    if account.availability is None or judged is None:
        return Standing.NOT_ASSESSABLE
    if terms.objective is None:
        return Standing.NO_OBJECTIVE
    return Standing.MET if judged >= terms.objective else Standing.MISSED


def _amounts(account: Account, standing: Standing, judged: Fraction | None) -> Amounts | None:
    segment, terms = account.segment, account.segment.terms
    if not terms.pays or terms.method is None or terms.objective is None:
        return None
    gross = rupiah(segment.fee)
    if standing in {Standing.INCONCLUSIVE, Standing.NOT_ASSESSABLE} or judged is None:
        return Amounts(gross=gross, held=gross)
    delivery = Delivery(
        fee=segment.fee,
        monthly_fee=segment.monthly_fee,
        downtime=Fraction(account.charged, segment.counted_month),
        availability=judged,
        objective=terms.objective,
        steps=terms.steps,
    )
    return Amounts(gross=gross, restitution=rupiah(restitution(terms.method, delivery, terms.cap)))
