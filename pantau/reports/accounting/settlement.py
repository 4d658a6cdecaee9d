"""What a contract's month costs: one line per segment, rounded once, and totals that are the sums of the lines.

gross = restitution + held + payable, on each line and in total

What people have yet to decide (an outage that runs over the month's end, an exclusion with one signature, the
withdrawal of one) is reckoned both ways, as charged and as excused: what is deducted either way is the restitution,
what is paid either way is payable, and the rest is held.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
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
    """What is deducted whatever people decide yet."""
    held: int = 0
    """What waits: for a signed record of what was not seen, or for a decision about what was."""

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
    judged_if_excused: Fraction | None = None
    """As `judged`, with all that is undecided excused; what the restitution follows where something is."""
    judged_if_withdrawn: Fraction | None = None
    """As `judged`, with all that is contested charged; what is payable follows it where something is."""


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
    undecided: int
    contested: int
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


class Way(Enum):
    """How what waits for people's signatures may end."""

    AS_IT_IS = auto()
    """Nothing more is signed: what is undecided stays charged, what is contested stays excused."""
    EXCUSED = auto()
    """All that is undecided is excused."""
    WITHDRAWN = auto()
    """All that is contested is charged."""

    def of(self, account: Account) -> tuple[int, int]:
        """The seconds charged and assessed."""
        more = {Way.AS_IT_IS: 0, Way.EXCUSED: -account.undecided, Way.WITHDRAWN: account.contested}[self]
        return account.charged + more, account.assessed + more


def settle(accounts: Sequence[Account]) -> list[SettlementLine]:
    """The lines of one contract, in the order of its accounts."""
    whole = {way: availability_of(accounts, way) for way in Way}
    return [_line(account, whole) for account in accounts]


def availability_of(accounts: Iterable[Account], way: Way = Way.AS_IT_IS) -> Fraction | None:
    """1 - sum of charged / sum of assessed, if what waits ends in that way."""
    charged = assessed = 0
    for account in accounts:
        found = way.of(account)
        charged += found[0]
        assessed += found[1]
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
        undecided=sum(account.undecided for account in accounts),
        contested=sum(account.contested for account in accounts),
        amounts=Amounts(
            gross=sum(amounts.gross for amounts in paid),
            restitution=sum(amounts.restitution for amounts in paid),
            held=sum(amounts.held for amounts in paid),
        )
        if len(paid) == len(lines)
        else None,
    )


def _line(account: Account, whole: Mapping[Way, Fraction | None]) -> SettlementLine:
    by_point = account.segment.terms.level is Level.POINT
    judged = {way: availability_of([account], way) for way in Way} if by_point else whole
    standing = _standing(account, judged[Way.AS_IT_IS])
    amounts = _amounts(account, standing, judged)
    return SettlementLine(account, standing, judged[Way.AS_IT_IS], amounts, judged[Way.EXCUSED], judged[Way.WITHDRAWN])


def _standing(account: Account, judged: Fraction | None) -> Standing:
    terms = account.segment.terms
    if account.coverage < terms.minimum_coverage and account.segment.counted:
        return Standing.INCONCLUSIVE
    if account.availability is None or judged is None:
        return Standing.NOT_ASSESSABLE
    if terms.objective is None:
        return Standing.NO_OBJECTIVE
    return Standing.MET if judged >= terms.objective else Standing.MISSED


def _amounts(account: Account, standing: Standing, judged: Mapping[Way, Fraction | None]) -> Amounts | None:
    """What is certain whichever way it ends; the rest of the fee is held."""
    terms = account.segment.terms
    if not terms.pays or terms.method is None or terms.objective is None:
        return None
    gross = rupiah(account.segment.fee)
    if standing in {Standing.INCONCLUSIVE, Standing.NOT_ASSESSABLE}:
        return Amounts(gross=gross, held=gross)
    deductions = []
    for way in Way:
        charged, assessed = way.of(account)
        availability = judged[way]
        if availability is None or not assessed:
            # A point that was dead all month: excused, nothing is left to judge, and nothing of its fee is certain.
            return Amounts(gross=gross, held=gross)
        deductions.append(_deducted(account, charged, availability))
    least, most = min(deductions), max(deductions)
    return Amounts(gross=gross, restitution=least, held=most - least)


def _deducted(account: Account, charged: int, judged: Fraction) -> int:
    """Whole rupiah: the one place where a deduction is rounded."""
    segment, terms = account.segment, account.segment.terms
    if terms.method is None or terms.objective is None:
        return 0
    delivery = Delivery(
        fee=segment.fee,
        monthly_fee=segment.monthly_fee,
        downtime=Fraction(charged, segment.counted_month),
        availability=judged,
        objective=terms.objective,
        steps=terms.steps,
    )
    return rupiah(restitution(terms.method, delivery, terms.cap))
