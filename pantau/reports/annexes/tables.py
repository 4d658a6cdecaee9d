"""The statement's tables as CSV, one file each, with the fields of their rows as columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from pantau.reports.annexes.csv_text import Value, csv_bytes, local
from pantau.reports.statement import Statement
from pantau.reports.statement.audit_rows import TwinRow, UnacceptedRow
from pantau.reports.statement.decision_table import DecisionRow
from pantau.reports.statement.inventory_rows import InventoryChangeRow, InventoryRow
from pantau.reports.statement.measured import MeasuredRow
from pantau.reports.statement.observed import AmendedRow
from pantau.reports.statement.payment_rows import CorrectionRow, PenaltyRow
from pantau.reports.statement.rows import (
    CalendarRow,
    ChangeRow,
    EventRow,
    ExclusionRow,
    PointRow,
    QualityRow,
    Ratio,
    UnobservedRow,
    VisitRow,
)

_TABLES: Mapping[str, type] = {
    "points": PointRow,
    "events": EventRow,
    "exclusions": ExclusionRow,
    "decisions": DecisionRow,
    "unobserved": UnobservedRow,
    "amended": AmendedRow,
    "changes": ChangeRow,
    "quality": QualityRow,
    "visits": VisitRow,
    "penalties": PenaltyRow,
    "corrections": CorrectionRow,
    "twins": TwinRow,
    "unaccepted": UnacceptedRow,
    "inventories": InventoryRow,
    "inventory_changes": InventoryChangeRow,
    "measured": MeasuredRow,
}
_TIMES = {"start", "end", "at", "filed", "letter", "decided_at", "proposed_at", "approved_at"}


def table_files(statement: Statement) -> dict[str, bytes]:
    """By their names, ``points.csv`` and so on."""
    zone = ZoneInfo(statement.timezone)
    found = {f"{name}.csv": _table(kind, getattr(statement, name), zone) for name, kind in _TABLES.items()}
    return found | {"calendar.csv": _calendar(statement.days, statement.calendar)}


def _table(kind: type, rows: Sequence[Any], zone: ZoneInfo) -> bytes:
    names = [field.name for field in fields(kind)]
    return csv_bytes(names, ([_value(name, getattr(row, name), zone) for name in names] for row in rows))


def _value(name: str, value: Any, zone: ZoneInfo) -> Value:
    if isinstance(value, Ratio):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, tuple):
        return " ".join(str(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={item}" for key, item in value.items())
    if name in _TIMES and value is not None:
        return local(value, zone)
    return value  # type: ignore[no-any-return]


def _calendar(days: Sequence[str], rows: Sequence[CalendarRow]) -> bytes:
    def lines() -> Iterator[Sequence[Value]]:
        for row in rows:
            yield row.point, row.name, *row.permille

    return csv_bytes(["point", "name", *days], lines())
