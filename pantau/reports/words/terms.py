"""A contract's terms: their labels, the words of their choices, and what a term means that is absent."""

from collections.abc import Mapping

from pantau.texts import mark

LABELS: Mapping[str, tuple[str, str]] = {
    "sla_ratio": ("objective", mark("Promised availability (SLA)")),
    "method": ("method", mark("Method of deduction (restitusi)")),
    "steps": ("steps", mark("Table of deductions (R5)")),
    "level": ("level", mark("The SLA is tested on")),
    "denominator": ("denominator", mark("The monthly fee is for")),
    "threshold": ("threshold_seconds", mark("Outage threshold (up to it not charged)")),
    "minimum_coverage_ratio": ("minimum_coverage", mark("Minimum coverage")),
    "deduction_cap_ratio": ("cap", mark("Cap of the deduction, of a line's fee")),
    "degraded_counts": ("degraded_counts", mark("Slow or lossy service counts as downtime")),
    "isolated_counts": ("isolated_counts", mark("The ISP's suspension page counts as downtime")),
    "no_internet_counts": ("no_internet_counts", mark("A reachable point without internet counts as downtime")),
    "service_hours": ("service_hours", mark("Service hours")),
    "maintenance_notice": ("notice_seconds", mark("Notice before maintenance")),
    "maintenance_allowance": ("allowance_seconds", mark("Maintenance allowance of a month")),
    "admitted_causes": ("admitted_causes", mark("Causes for which an exclusion may be accepted")),
    "repair_limit": ("repair_limit_seconds", mark("A repair may take")),
    "repair_starts": ("repair_starts", mark("A repair's clock starts at")),
    "penalty_permille": ("penalty_permille", mark("Penalty (denda) for each day late")),
    "penalty_base": ("penalty_base", mark("The penalty is of")),
    "penalty_cap_ratio": ("penalty_cap", mark("Cap of the penalties, of the month's fees")),
    "late_repair_penalised": ("late_repair_penalised", mark("A late repair is penalised")),
    "instability": ("instability", mark("Called unstable: short outages beyond")),
}
"""By the inventory's name: the core's name and the label."""
METHODS = {
    "R1": mark("R1: the fee times what availability lacks to the SLA"),
    "R1b": mark("R1b: the fee times (1 − availability ÷ SLA)"),
    "R2": mark("R2: pro rata for all charged downtime, even where the SLA is met"),
    "R3": mark("R3: pro rata for all charged downtime, but only where the SLA is not met"),
    "R4": mark("R4: as R2, divided by the SLA"),
    "R5": mark("R5: the contract's table of steps"),
}
CHOICES = {
    "per_point": mark("each point"),
    "aggregate": mark("the contract as a whole"),
    "calendar_days": mark("all days of the calendar month"),
    "contract_days": mark("the month's days within the contract"),
    "outage": mark("the outage"),
    "detection": mark("its detection"),
    "ticket": mark("the ticket"),
    "contract_value": mark("the contract's value"),
    "monthly_fee": mark("the point's monthly fee"),
}
ABSENT = {
    "objective": mark("the contract does not say"),
    "method": mark("the contract does not say"),
    "service_hours": mark("round the clock, every day"),
    "allowance_seconds": mark("no limit"),
    "admitted_causes": mark("all"),
    "repair_limit_seconds": mark("no limit"),
    "penalty_permille": mark("no penalty"),
}
