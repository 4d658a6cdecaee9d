"""The accounting core: pure, exact, and the only place where downtime becomes money.

Intervals are half-open and in whole Unix seconds (``spans``), months and days those of the contract's time zone
(``calendar``), ratios fractions (``terms``), money whole rupiah (``money``). Data flows one way:

    stretches -> outages ┐
    contract + assignments -> segments ├-> account -> settlement (lines, totals), repairs, penalties
    exclusions -> rulings ┘

No I/O, no clock, no float, no third-party library. Each charged second is in an `OutageShare` whose outage names the
entries of the journal that it was made of, so that each rupiah can be traced to a probe. See docs/sla.md.
"""

from pantau.reports.accounting.account import Account, Booking, OutageShare, account, book_month
from pantau.reports.accounting.calendar import Month, daily, days, local_clock, local_day, midnight
from pantau.reports.accounting.corrections import (
    CorrectionKind,
    FinalVersion,
    HeldSettlement,
    PaymentCorrection,
    SettlementRefusal,
    corrections_in,
    refusal_of,
    still_held,
)
from pantau.reports.accounting.exclusions import ExclusionClaim, ExclusionRuling, Refusal, admitted
from pantau.reports.accounting.instability import Flapping
from pantau.reports.accounting.money import rupiah
from pantau.reports.accounting.outages import (
    OFFLINE,
    ONLINE,
    Condition,
    Stretch,
    WholeOutage,
    counted_conditions,
    outages_of,
    seen,
)
from pantau.reports.accounting.penalties import Lateness, Penalty, capped, late_activations, late_repairs
from pantau.reports.accounting.repairs import Repair, RepairClock, Repairs, repairs_of, together
from pantau.reports.accounting.restitution import Delivery, restitution
from pantau.reports.accounting.segments import AssignmentSpan, ContractDates, ContractSegment, TermsVersion, segments_of
from pantau.reports.accounting.settlement import Amounts, SettlementLine, Standing, Totals, settle, total
from pantau.reports.accounting.spans import Span, Spans
from pantau.reports.accounting.terms import (
    Denominator,
    Instability,
    Level,
    Method,
    PenaltyBase,
    RepairStart,
    RestitutionStep,
    Terms,
)

__all__ = [
    "OFFLINE",
    "ONLINE",
    "Account",
    "Amounts",
    "AssignmentSpan",
    "Booking",
    "Condition",
    "ContractDates",
    "ContractSegment",
    "CorrectionKind",
    "Delivery",
    "Denominator",
    "ExclusionClaim",
    "ExclusionRuling",
    "FinalVersion",
    "Flapping",
    "HeldSettlement",
    "Instability",
    "Lateness",
    "Level",
    "Method",
    "Month",
    "OutageShare",
    "PaymentCorrection",
    "Penalty",
    "PenaltyBase",
    "Refusal",
    "Repair",
    "RepairClock",
    "RepairStart",
    "Repairs",
    "RestitutionStep",
    "SettlementLine",
    "SettlementRefusal",
    "Span",
    "Spans",
    "Standing",
    "Stretch",
    "Terms",
    "TermsVersion",
    "Totals",
    "WholeOutage",
    "account",
    "admitted",
    "book_month",
    "capped",
    "corrections_in",
    "counted_conditions",
    "daily",
    "days",
    "late_activations",
    "late_repairs",
    "local_clock",
    "local_day",
    "midnight",
    "outages_of",
    "refusal_of",
    "repairs_of",
    "restitution",
    "rupiah",
    "seen",
    "segments_of",
    "settle",
    "still_held",
    "together",
    "total",
]
