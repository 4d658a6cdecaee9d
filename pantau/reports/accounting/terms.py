"""What a contract says about measuring and paying, and what holds where it says nothing.

Ratios are exact fractions: 42336/43200 against 0.98 must be "met", which no float promises.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from fractions import Fraction


class Method(StrEnum):
    """How downtime becomes a deduction (restitusi); see docs/sla.md."""

    R1 = "R1"
    """The fee times what availability lacks to the objective."""
    R1B = "R1b"
    """As R1, normalised: a point that was dead all month costs nothing."""
    R2 = "R2"
    """The fee times downtime over the month's time, even when the objective was met."""
    R3 = "R3"
    """R2, but only where the objective was missed."""
    R4 = "R4"
    """R2 over the promised part of the month's time."""
    R5 = "R5"
    """A table of steps in the contract."""


class Level(StrEnum):
    """What the objective is tested on."""

    POINT = "per_point"
    AGGREGATE = "aggregate"


class Denominator(StrEnum):
    """Which month the monthly fee is for."""

    CALENDAR = "calendar_days"
    CONTRACT = "contract_days"


class RepairStart(StrEnum):
    """When the clock of a repair begins."""

    OUTAGE = "outage"
    DETECTION = "detection"
    TICKET = "ticket"


class PenaltyBase(StrEnum):
    """What a penalty's permille is of."""

    CONTRACT_VALUE = "contract_value"
    MONTHLY_FEE = "monthly_fee"


@dataclass(frozen=True, slots=True)
class RestitutionStep:
    """One row of R5's table: availability below `below` deducts `deduct` of the fee. The lowest that applies counts."""

    below: Fraction
    deduct: Fraction


@dataclass(frozen=True, slots=True)
class Instability:
    """When many short outages, each within the threshold, are called instability, and whether they are charged."""

    per_day: int = 10
    """More short outages than this in one day."""
    seconds: int = 3600
    """Or more seconds of them in the month."""
    charged: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters of one version of a contract. Defaults are the product's, not the contract's: print them."""

    objective: Fraction | None = None
    """Promised availability; without it no rupiah is computed."""
    method: Method | None = None
    """Without it no rupiah is computed either."""
    steps: tuple[RestitutionStep, ...] = ()
    level: Level = Level.POINT
    denominator: Denominator = Denominator.CALENDAR
    threshold_seconds: int = 300
    """An outage up to this long is listed, but not charged."""
    minimum_coverage: Fraction = Fraction(95, 100)
    """A point that was observed less is inconclusive, and its payment is held."""
    cap: Fraction = Fraction(1)
    """The greatest share of a line's fee that may be deducted."""
    degraded_counts: bool = False
    """Whether slow or lossy service is downtime."""
    isolated_counts: bool = True
    """Whether time behind the ISP's suspension page is downtime."""
    no_internet_counts: bool = True
    """Whether time in which clients of a reachable point get nothing is downtime."""
    service_hours: tuple[time, time] | None = None
    """Daily, local time; `None` means round the clock."""
    notice_seconds: int = 48 * 3600
    """How long before its start a maintenance window must have been filed."""
    allowance_seconds: int | None = None
    """How much maintenance is admitted in a month; `None` sets no limit."""
    admitted_causes: frozenset[str] | None = None
    """Causes for which an exclusion may be accepted; `None` admits all."""
    repair_limit_seconds: int | None = None
    repair_starts: RepairStart = RepairStart.DETECTION
    penalty_permille: Fraction | None = None
    """Of the base, for each day late; without it there is no penalty."""
    penalty_base: PenaltyBase = PenaltyBase.MONTHLY_FEE
    penalty_cap: Fraction = Fraction(1)
    """The greatest share of the month's fees that penalties may take; what is payable is never below 0 either way."""
    late_repair_penalised: bool = False
    instability: Instability = Instability()

    @property
    def pays(self) -> bool:
        """Whether these terms say enough to compute rupiah."""
        return (
            self.objective is not None
            and self.method is not None
            and (self.method is not Method.R5 or bool(self.steps))
        )
