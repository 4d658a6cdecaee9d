"""From the inventory's contracts and assignments to the accounting core's terms, exactly.

What a contract leaves open takes the product's default, and `defaulted` names it, so that a report can say so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from zoneinfo import ZoneInfo

from pantau.inventory import Assignment, Contract, ContractTerms
from pantau.reports import accounting
from pantau.reports.accounting import ContractDates, Terms, TermsVersion, midnight

_PLAIN = {
    "degraded_counts": "degraded_counts",
    "isolated_counts": "isolated_counts",
    "no_internet_counts": "no_internet_counts",
    "late_repair_penalised": "late_repair_penalised",
    "service_hours": "service_hours",
}
_SECONDS = {
    "threshold": "threshold_seconds",
    "maintenance_notice": "notice_seconds",
    "maintenance_allowance": "allowance_seconds",
    "repair_limit": "repair_limit_seconds",
}
_RATIOS = {
    "sla_ratio": "objective",
    "minimum_coverage_ratio": "minimum_coverage",
    "deduction_cap_ratio": "cap",
    "penalty_permille": "penalty_permille",
    "penalty_cap_ratio": "penalty_cap",
}
_CHOICES: Mapping[str, tuple[str, type]] = {
    "method": ("method", accounting.Method),
    "level": ("level", accounting.Level),
    "denominator": ("denominator", accounting.Denominator),
    "repair_starts": ("repair_starts", accounting.RepairStart),
    "penalty_base": ("penalty_base", accounting.PenaltyBase),
}


def exact(value: float) -> Fraction:
    """The fraction that was written: 0.98 is 98/100, not the nearest binary number."""
    return Fraction(repr(value))


def terms_of(written: ContractTerms, base: Terms | None = None) -> Terms:
    """`base`, or the product's defaults, with all that is written in its place."""
    given: dict[str, object] = {}
    for name in ContractTerms.model_fields:
        value = getattr(written, name)
        if value is None:
            continue
        if name in _PLAIN:
            given[_PLAIN[name]] = value
        elif name in _SECONDS:
            given[_SECONDS[name]] = round(value)
        elif name in _RATIOS:
            given[_RATIOS[name]] = exact(value)
        elif name in _CHOICES:
            field, kind = _CHOICES[name]
            given[field] = kind(value)
        else:
            given |= _structured(name, value)
    return replace(base or Terms(), **given)  # type: ignore[arg-type]


def defaulted(contract: Contract) -> tuple[str, ...]:
    """The terms that the contract leaves open, by their names in the inventory."""
    return tuple(name for name in ContractTerms.model_fields if getattr(contract, name) is None)


def dates_of(contract: Contract, zone: ZoneInfo) -> ContractDates:
    """The contract as time, one version for itself and one for each addendum."""
    terms = terms_of(contract)
    versions = [TermsVersion(midnight(contract.start, zone), terms)]
    for addendum in contract.addenda:
        terms = terms_of(addendum, terms)
        versions.append(TermsVersion(midnight(addendum.start, zone), terms))
    span = midnight(contract.start, zone), midnight(contract.end, zone)
    return ContractDates(contract.id, span, tuple(versions), contract.value)


def assignments_of(
    contract: Contract, assignments: Iterable[Assignment], zone: ZoneInfo
) -> list[accounting.AssignmentSpan]:
    """Those of one contract, in Unix seconds."""

    def second(day: date | None) -> int | None:
        return None if day is None else midnight(day, zone)

    return [
        accounting.AssignmentSpan(
            point=one.hotspot,
            contract=contract.id,
            start=midnight(one.start, zone),
            end=midnight(one.end or contract.end, zone),
            monthly_fee=one.monthly_fee,
            objective=None if one.sla_ratio is None else exact(one.sla_ratio),
            accepted=second(one.accepted),
            stopped=second(one.stopped),
        )
        for one in assignments
        if one.contract == contract.id
    ]


def _structured(name: str, value: object) -> dict[str, object]:
    """The terms that are tables of their own."""
    if name == "steps":
        rows = value if isinstance(value, tuple) else ()
        return {
            "steps": tuple(accounting.RestitutionStep(exact(row.below_ratio), exact(row.deduct_ratio)) for row in rows)
        }
    if name == "admitted_causes":
        return {"admitted_causes": frozenset(value if isinstance(value, tuple) else ())}
    per_day, monthly, charged = (getattr(value, field) for field in ("per_day", "monthly", "charged"))
    return {"instability": accounting.Instability(per_day, round(monthly), charged)}
