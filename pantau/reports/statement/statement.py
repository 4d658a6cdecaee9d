"""The month's statement of one contract: a plain value with all that its report prints. See the package's docstring."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from pantau.reports.statement.audit_rows import Sampling, TwinRow, UnacceptedRow
from pantau.reports.statement.decision_table import DecisionRow, PersonRow
from pantau.reports.statement.inventory_rows import InventoryChangeRow, InventoryRow
from pantau.reports.statement.measured import MeasuredRow
from pantau.reports.statement.measuring import Measuring
from pantau.reports.statement.observed import AmendedRow
from pantau.reports.statement.payment_rows import CorrectionRow, Payment, PenaltyRow
from pantau.reports.statement.rows import (
    CalendarRow,
    ChangeRow,
    EventRow,
    ExclusionRow,
    PointRow,
    QualityRow,
    RecapRow,
    RepairSummary,
    StatementSummary,
    TrendRow,
    UnobservedRow,
    VisitRow,
)
from pantau.texts.money import Money

SHAPE = 1
"""Raised when a field changes its meaning or goes; new fields do not raise it."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who, and by which documents."""

    contract: str
    kecamatan: str
    kecamatan_name: str
    isp: str
    isp_name: str
    isp_legal_name: str
    order_number: str
    catalogue_package: str
    agreement_number: str
    signed: str | None
    contract_start: str
    contract_end: str
    value: int | None
    payment: str
    annex_points: int | None
    objection_days: int


@dataclass(frozen=True, slots=True)
class Basis:
    """Part 2: the terms that held, version by version, and which of them are the product's defaults."""

    start: str
    """The first day on which this version holds."""
    document: str
    """Number of the agreement or of the addendum."""
    terms: Mapping[str, Any]
    """By their names in `pantau.reports.accounting.Terms`; ratios as exact fractions in text (``49/50``)."""
    defaulted: tuple[str, ...]
    """Names, as the inventory has them, that the contract leaves open."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One contract's month."""

    month: str
    start: int
    end: int
    timezone: str
    days: tuple[str, ...]
    """The month's days, in the order of `CalendarRow.permille`."""
    parties: Parties
    basis: tuple[Basis, ...]
    summary: StatementSummary
    points: tuple[PointRow, ...]
    events: tuple[EventRow, ...]
    exclusions: tuple[ExclusionRow, ...]
    unobserved: tuple[UnobservedRow, ...]
    changes: tuple[ChangeRow, ...]
    calendar: tuple[CalendarRow, ...]
    repairs: RepairSummary
    quality: tuple[QualityRow, ...]
    by_kelurahan: tuple[RecapRow, ...]
    by_category: tuple[RecapRow, ...]
    trend: tuple[TrendRow, ...]
    visits: tuple[VisitRow, ...]
    visit_seed: str
    visit_sample: tuple[str, ...]
    """As in `sampling`."""
    sampling: Sampling
    """The points that a site check should visit, and how they were drawn."""
    twins: tuple[TwinRow, ...]
    unaccepted: tuple[UnacceptedRow, ...]
    measuring: Measuring
    """The coarsest settings of `measured`."""
    penalties: tuple[PenaltyRow, ...]
    payment: Payment
    corrections: tuple[CorrectionRow, ...] = ()
    """Part 13: what earlier months pay or take back now."""
    inventories: tuple[InventoryRow, ...] = ()
    """Which inventories held in the month, in order of time."""
    inventory_changes: tuple[InventoryChangeRow, ...] = ()
    """What was said otherwise within the month, and after it: it grows with what is said later, and decides nothing."""
    measured: tuple[MeasuredRow, ...] = ()
    """By which settings it was measured, as they were chained, in order of time."""
    shape: int = SHAPE
    decisions: tuple[DecisionRow, ...] = ()
    """Keputusan: in the order of outages, then of entries."""
    people: tuple[PersonRow, ...] = ()
    """Those whom the inventory knows and decisions of this month name."""
    amended: tuple[AmendedRow, ...] = ()
    """Part 6: what had been unknown and was told late, and what of that does not count."""
    currency: str = "IDR"
    """By ISO 4217; every amount is a whole number of its smallest units."""
    currency_digits: int = 0
    """Decimal places of an amount as it is printed."""

    @property
    def money(self) -> Money:
        """How its amounts are printed."""
        return Money(self.currency, self.currency_digits)


def as_data(value: Any) -> Any:
    """A statement, or a part of it, as what JSON can hold."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [as_data(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): as_data(item) for key, item in value.items()}
    return value
