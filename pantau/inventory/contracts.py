"""A contract as its papers have it: who, when, how much, and how service is measured and paid.

A term that the contract leaves open stays `None`: the report then takes the product's default and says that it did. The
defaults, and the reason for each, stand in docs/sla.md.
"""

from pydantic import BaseModel, Field

from pantau.inventory.fields import FROZEN, Amount, Day, Hours, Id, Ratio, Reference, Seconds, SecondsOrNone, Text
from pantau.inventory.vocabulary import (
    Cause,
    ContractLevel,
    FeeDenominator,
    Payment,
    PenaltyOf,
    RepairClock,
    RestitutionMethod,
)


class DeductionStep(BaseModel):
    """A row of a stepped table (method R5)."""

    model_config = FROZEN
    below_ratio: Ratio = Field(description="Availability below this, 0 to 1 ...")
    deduct_ratio: Ratio = Field(description="... deducts this share of the fee, 0 to 1.")


class InstabilityLimits(BaseModel):
    """When many short outages, each within the threshold, are instability (ketidakstabilan)."""

    model_config = FROZEN
    per_day: int = Field(10, ge=0, le=1000, description="More short outages than this in one day ...")
    monthly: SecondsOrNone = Field(3600.0, description="... or more time of them in a month.")
    charged: bool = Field(False, description="Whether they are charged then.")


class ContractTerms(BaseModel):
    """What may change with an addendum."""

    model_config = FROZEN
    sla_ratio: Ratio | None = Field(None, description="Promised availability, 0 to 1; none if the contract is silent.")
    method: RestitutionMethod | None = Field(
        None, description="How downtime is deducted; without it the report computes no amounts."
    )
    steps: tuple[DeductionStep, ...] | None = Field(None, description="The table of method R5.")
    level: ContractLevel | None = Field(
        None, description="What the SLA is tested on: per_point (default) or the aggregate of all points."
    )
    denominator: FeeDenominator | None = Field(
        None, description="Which month the fee is for: calendar_days (default) or contract_days."
    )
    threshold: SecondsOrNone | None = Field(
        None, description="An outage up to this long is not charged (default 5m; 0s charges all)."
    )
    minimum_coverage_ratio: Ratio | None = Field(
        None, description="A point that was observed less is inconclusive (default 0.95)."
    )
    deduction_cap_ratio: Ratio | None = Field(
        None, description="Greatest share of a line's fee that is deducted (default 1)."
    )
    degraded_counts: bool | None = Field(None, description="Whether degraded time is downtime (default false).")
    isolated_counts: bool | None = Field(
        None, description="Whether time behind the ISP's suspension page is downtime (default true)."
    )
    no_internet_counts: bool | None = Field(
        None, description="Whether time in which clients of a reachable point get nothing is downtime (default true)."
    )
    service_hours: Hours = Field(None, description="24x7 (default), or daily hours as in 06:00-22:00.")
    maintenance_notice: SecondsOrNone | None = Field(
        None, description="How long before a window it must be filed (default 48h)."
    )
    maintenance_allowance: SecondsOrNone | None = Field(
        None, description="Downtime in windows that a month may have uncharged (default: no limit)."
    )
    admitted_causes: tuple[Cause, ...] | None = Field(
        None, description="Causes for which an exclusion may be accepted (default: all)."
    )
    repair_limit: Seconds | None = Field(None, description="How long a repair may take, as in 24h (default: no limit).")
    repair_starts: RepairClock | None = Field(
        None, description="When a repair's clock begins: outage, detection (default) or ticket."
    )
    penalty_permille: float | None = Field(
        None, gt=0, le=1000, description="Penalty (denda) for each day late, in permille (default: none)."
    )
    penalty_base: PenaltyOf | None = Field(
        None, description="What the permille is of: monthly_fee (default) or contract_value."
    )
    penalty_cap_ratio: Ratio | None = Field(
        None, description="Greatest share of the month's fees that penalties take (default 1; never more than payable)."
    )
    late_repair_penalised: bool | None = Field(
        None, description="Whether a repair beyond its limit is lateness (default false)."
    )
    instability: InstabilityLimits | None = Field(None, description="When short outages are instability.")


class Addendum(ContractTerms):
    """A change of the terms from `start` on: what it leaves out stays as it was."""

    number: Text = Field(description="Number of the paper.")
    start: Day = Field(description="First day on which it holds.")


class Contract(ContractTerms):
    """What one kecamatan has agreed with one ISP, for the days from `start` up to, not including, `end`."""

    id: Id = Field(description="Permanent id.")
    kecamatan: Reference = Field(description="Id of the kecamatan that signs and pays.")
    isp: Reference = Field(description="Id of the ISP that serves.")
    start: Day = Field(description="First day.")
    end: Day = Field(description="The day after the last.")
    order_number: Text | None = Field(None, description="Number of the order (surat pesanan) of the e-catalogue.")
    catalogue_package: Text | None = Field(None, description="Id of the e-catalogue's package.")
    agreement_number: Text | None = Field(None, description="Number of the agreement (surat perjanjian).")
    signed: Day | None = Field(None, description="When the agreement was signed.")
    value: Amount | None = Field(
        None,
        description="Value of the whole contract before PPN, in the currency's smallest units.",
    )
    payment: Payment = Field("monthly", description="How it is paid: monthly, stages or once.")
    points: int | None = Field(None, ge=0, le=1_000_000, description="How many points its annex lists.")
    objection_days: int = Field(7, ge=0, le=366, description="Days in which either side may object to a report.")
    addenda: tuple[Addendum, ...] = Field((), description="Changes of the terms, with the day from which they hold.")
