"""What each line of the scripted month costs, by arithmetic of the script's own: nothing here is the report's code.

Seconds come from the script, and are right to an interval an outage; so each amount has a least and a most. From the
report's own seconds the same arithmetic has to give the report's amounts to the rupiah.
"""

from dataclasses import dataclass
from fractions import Fraction

from lab.month.story import MINIMUM_COVERAGE, STEPS
from pantau.reports.statement.rows import PointRow

UNJUDGED = "inconclusive"


@dataclass(frozen=True, slots=True)
class Seconds:
    """The seconds of one line that money rests on."""

    contract: int
    unseen: int
    charged: int
    undecided: int
    """Of the charged ones those of an outage that goes on at the month's end."""
    perhaps: int = 0
    """Likewise, of one that ended so shortly before it that its first answer came after it."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a line is paid by."""

    method: str
    objective: Fraction
    monthly_fee: int
    month: int
    """The seconds that the monthly fee is for."""

    def gross(self, contract: int) -> int:
        """The line's fee in whole rupiah."""
        return _half_up(Fraction(self.monthly_fee * contract, self.month))

    def deducted(self, contract: int, assessed: int, charged: int) -> int:
        """The deduction in whole rupiah, at most the fee."""
        if assessed <= 0:
            return 0
        charged = min(max(charged, 0), assessed)
        fee, up = Fraction(self.monthly_fee * contract, self.month), Fraction(assessed - charged, assessed)
        amount = self._amount(fee, up, Fraction(self.monthly_fee * charged, self.month))
        return _half_up(min(fee, max(Fraction(0), amount)))

    def _amount(self, fee: Fraction, up: Fraction, down: Fraction) -> Fraction:
        """By the method: `up` is the availability, `down` the downtime's share of the monthly fee."""
        match self.method:
            case "R1":
                return fee * (self.objective - up)
            case "R1b":
                return fee * (1 - up / self.objective)
            case "R2":
                return down
            case "R3":
                return down if up < self.objective else Fraction(0)
            case "R4":
                return down / self.objective
            case _:
                return _stepped(fee, up)


@dataclass(frozen=True, slots=True)
class MoneyVerdict:
    """One line's rupiah against the script's."""

    point: str
    contract: str
    row: PointRow
    gross: int
    least: int
    """The least that may be deducted or held of a line that is judged; of another the whole fee."""
    most: int
    certain: tuple[int, int]
    """The least and the most of it that is deducted whatever is decided yet."""
    recomputed: tuple[int, int]
    """Restitution and held from the report's own seconds."""

    @property
    def conclusive(self) -> bool:
        """Whether it tests rupiah at all."""
        return self.row.standing != UNJUDGED

    @property
    def wrong(self) -> bool:
        """Whether an amount is not what the script makes of the same facts."""
        restitution, held = self.row.restitution or 0, self.row.held or 0
        return (
            self.row.gross != self.gross
            or (restitution, held) != self.recomputed
            or not self.least <= restitution + held <= self.most
            or not self.certain[0] <= restitution <= self.certain[1]
            or self.row.payable != self.gross - restitution - held
        )


def money_verdict(
    contract: str, row: PointRow, price: Price, truth: Seconds, charged_bound: int, unseen_bound: int
) -> MoneyVerdict:
    """A line's amounts against the script's seconds, which are right to these bounds."""
    total, gross = truth.contract, price.gross(truth.contract)
    reported = Seconds(row.contract_seconds, row.unobserved_seconds, row.charged_seconds, row.undecided_seconds)
    if Fraction(total - truth.unseen, total) < MINIMUM_COVERAGE:
        return MoneyVerdict(row.point, contract, row, gross, gross, gross, (0, 0), (0, gross))
    assessed, left = total - truth.unseen, truth.charged - truth.undecided
    excused, surely = assessed - truth.undecided, left - truth.perhaps
    slack = charged_bound + unseen_bound
    most = price.deducted(total, assessed - unseen_bound, truth.charged + charged_bound)
    return MoneyVerdict(
        row.point,
        contract,
        row,
        gross,
        price.deducted(total, assessed + unseen_bound, truth.charged - charged_bound),
        most if excused - truth.perhaps > slack else gross,
        (
            price.deducted(total, excused - truth.perhaps + slack, surely - charged_bound),
            price.deducted(total, excused - slack, left + charged_bound) if excused > slack else gross,
        ),
        recomputed(price, reported),
    )


def recomputed(price: Price, seconds: Seconds) -> tuple[int, int]:
    """Restitution and held, exactly, of these seconds.

    Where all that was seen is undecided, it may yet be excused: nothing is left to judge then, and the whole fee waits.
    """
    assessed = seconds.contract - seconds.unseen
    if 0 < assessed == seconds.undecided:
        return 0, price.gross(seconds.contract)
    most = price.deducted(seconds.contract, assessed, seconds.charged)
    least = price.deducted(seconds.contract, assessed - seconds.undecided, seconds.charged - seconds.undecided)
    return least, most - least


def _stepped(fee: Fraction, up: Fraction) -> Fraction:
    shares = [(Fraction(below), Fraction(deduct)) for below, deduct in STEPS if up < Fraction(below)]
    return fee * min(shares)[1] if shares else Fraction(0)


def _half_up(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))
