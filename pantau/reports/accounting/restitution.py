"""The methods by which downtime becomes a deduction (restitusi), as exact fractions of a rupiah.

`fee` is the line's own (already pro rata), `monthly_fee` and `downtime` speak of the month: R2 to R4 deduct
`monthly_fee x downtime`, which for a point that was served all month is `fee x downtime`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from pantau.reports.accounting.terms import Method, RestitutionStep


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the methods look at."""

    fee: Fraction
    """Rupiah for the line's own part of the month."""
    monthly_fee: int
    downtime: Fraction
    """Charged seconds over the month's owed seconds: D/T_bulan."""
    availability: Fraction
    objective: Fraction
    steps: tuple[RestitutionStep, ...] = ()

    @property
    def met(self) -> bool:
        """Exactly at the objective is met."""
        return self.availability >= self.objective


def _difference(delivery: Delivery) -> Fraction:
    return delivery.fee * max(Fraction(0), delivery.objective - delivery.availability)


def _normalised_difference(delivery: Delivery) -> Fraction:
    if not delivery.objective:
        return Fraction(0)
    return delivery.fee * max(Fraction(0), 1 - delivery.availability / delivery.objective)


def _pro_rata(delivery: Delivery) -> Fraction:
    return delivery.monthly_fee * delivery.downtime


def _pro_rata_if_missed(delivery: Delivery) -> Fraction:
    return Fraction(0) if delivery.met else _pro_rata(delivery)


def _pro_rata_of_promised(delivery: Delivery) -> Fraction:
    return _pro_rata(delivery) / delivery.objective if delivery.objective else Fraction(0)


def _stepped(delivery: Delivery) -> Fraction:
    """Of the steps above the availability, the lowest: with steps at 98 % and 95 %, 94 % falls under the latter."""
    applying = [step for step in delivery.steps if delivery.availability < step.below]
    return delivery.fee * min(applying, key=lambda step: step.below).deduct if applying else Fraction(0)


_FORMULAE: Mapping[Method, Callable[[Delivery], Fraction]] = {
    Method.R1: _difference,
    Method.R1B: _normalised_difference,
    Method.R2: _pro_rata,
    Method.R3: _pro_rata_if_missed,
    Method.R4: _pro_rata_of_promised,
    Method.R5: _stepped,
}


def restitution(method: Method, delivery: Delivery, cap: Fraction = Fraction(1)) -> Fraction:
    """Rupiah, exact, at most `cap` of the line's fee."""
    return min(_FORMULAE[method](delivery), cap * delivery.fee)
