"""Table E: points added, moved, accepted, stopped, and addenda, within the month."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Inventory
from pantau.reports.accounting import AssignmentSpan, Span, midnight
from pantau.reports.statement.rows import ChangeRow
from pantau.reports.statement.terms import assignments_of


def change_rows(contract: Contract, inventory: Inventory, month: Span, zone: ZoneInfo) -> list[ChangeRow]:
    """In order of time, then of points."""
    rows = [*_addenda(contract, zone)]
    own = assignments_of(contract, inventory.assignments, zone)
    points = {one.point for one in own}
    others = [
        one
        for other in inventory.contracts
        if other.id != contract.id
        for one in assignments_of(other, inventory.assignments, zone)
        if one.point in points
    ]
    for one in own:
        rows += _of_assignment(one, [other for other in others if other.point == one.point])
    return sorted((row for row in rows if month[0] <= row.at < month[1]), key=lambda row: (row.at, row.point, row.what))


def _addenda(contract: Contract, zone: ZoneInfo) -> Iterator[ChangeRow]:
    for addendum in contract.addenda:
        yield ChangeRow(midnight(addendum.start, zone), "addendum", "", addendum.number)


def _of_assignment(one: AssignmentSpan, others: Iterable[AssignmentSpan]) -> Iterator[ChangeRow]:
    before = max((other for other in others if other.end <= one.start), key=lambda other: other.end, default=None)
    after = min((other for other in others if other.start >= one.end), key=lambda other: other.start, default=None)
    if before is None:
        yield ChangeRow(one.start, "added", one.point, "")
    else:
        yield ChangeRow(one.start, "moved_in", one.point, before.contract)
    if one.accepted is not None and one.accepted != one.start:
        yield ChangeRow(one.accepted, "accepted", one.point, "")
    if one.stopped is not None and one.stopped < one.end:
        yield ChangeRow(one.stopped, "stopped", one.point, "")
    elif after is None:
        yield ChangeRow(one.end, "ended", one.point, "")
    else:
        yield ChangeRow(one.end, "moved_out", one.point, after.contract)
