"""By which settings a month was measured: those that were chained, each with when it held."""

from dataclasses import dataclass, replace
from itertools import groupby

from pantau.inventory.settings import Settings
from pantau.reports.accounting import Span
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.measuring import Measuring, measuring_of


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """How a part of the month was measured; times in seconds."""

    start: int
    end: int
    entry: int | None
    """The journal's entry that has the settings; `None` of today's files."""
    vantage: str
    interval_seconds: float
    timeout_seconds: float
    packets: int
    confirm_attempts: int
    confirm_spacing_seconds: float
    recover_after: int
    surely_seen_seconds: float
    """An outage at least this long was seen."""


def measured_in(history: InventoryHistory, month: Span, today: Measuring) -> tuple[Measuring, tuple[MeasuredRow, ...]]:
    """The coarsest settings that held in the month, which its figures may be held to, and all of them in order.

    `today` has who measures, which no inventory says, and the settings of today, where none were chained.
    """
    told: list[tuple[Span, int | None, Measuring]] = []
    for one in history.held:
        span = max(month[0], one.start), min(month[1], one.end)
        if span[0] < span[1]:
            told.append((span, one.entry, today if one.settings is None else _then(one.settings, today)))
    rows: list[MeasuredRow] = []
    for measuring, same in groupby(told, key=lambda one: one[2]):
        run = list(same)
        rows.append(_row((run[0][0][0], run[-1][0][1]), run[0][1], measuring))
    coarsest = max(told, key=lambda one: (one[2].surely_seen_seconds, one[0]), default=(month, None, today))
    return coarsest[2], tuple(rows)


def _then(settings: Settings, today: Measuring) -> Measuring:
    return replace(measuring_of(settings), office=today.office, operator=today.operator, told=today.told)


def _row(span: Span, entry: int | None, told: Measuring) -> MeasuredRow:
    return MeasuredRow(
        start=span[0],
        end=span[1],
        entry=entry,
        vantage=told.vantage,
        interval_seconds=told.interval_seconds,
        timeout_seconds=told.timeout_seconds,
        packets=told.packets,
        confirm_attempts=told.confirm_attempts,
        confirm_spacing_seconds=told.confirm_spacing_seconds,
        recover_after=told.recover_after,
        surely_seen_seconds=told.surely_seen_seconds,
    )
