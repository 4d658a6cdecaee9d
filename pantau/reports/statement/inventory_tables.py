"""From a survey's inventories to the rows of one contract's statement."""

from collections.abc import Collection, Iterator

from pantau.inventory import Contract, Inventory
from pantau.inventory.carrying import above, upstreams
from pantau.reports.accounting import Span
from pantau.reports.statement.inventory_changes import concerns
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.inventory_rows import InventoryChangeRow, InventoryRow
from pantau.reports.statement.survey import Survey


def inventory_rows(history: InventoryHistory, month: Span) -> Iterator[InventoryRow]:
    """The inventories that held in the month, and what is used for the time before the first."""
    if not history.chained:
        yield InventoryRow(*month, "files", None, "")
        return
    first = history.held[0]
    if first.since > month[0]:
        yield InventoryRow(month[0], min(first.since, month[1]), "first", first.entry, first.digest)
    for one in history.held:
        start, end = max(month[0], one.start, one.since), min(month[1], one.end)
        if start < end:
            yield InventoryRow(start, end, "chained", one.entry, one.digest)


def targets_of(contract: Contract, points: Collection[str], inventory: Inventory) -> set[str]:
    """What a window or an exclusion may name to concern a contract's points."""
    upstream_of = upstreams(inventory)
    carriers = {carrier for point in points for carrier in above(point, upstream_of)}
    return {*points, *carriers, contract.isp, contract.kecamatan}


def inventory_change_rows(contract: Contract, points: set[str], survey: Survey) -> Iterator[InventoryChangeRow]:
    """What concerns the contract, in the order in which it was said; what is in the files alone is last."""
    if not survey.history.changes:
        return
    targets = targets_of(contract, points, survey.inventory)
    for one in survey.history.changes:
        if concerns(one.change, contract, points, targets):
            yield from one.rows()
