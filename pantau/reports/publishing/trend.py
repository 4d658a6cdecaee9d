"""The months before, of all contracts at once: a row each for the trend of part 11."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from pantau.inventory import Inventory
from pantau.journal import Reader
from pantau.reports.accounting import Month, midnight
from pantau.reports.statement import JournalEvidence, settle_contract, survey
from pantau.reports.statement.late_records import signed_history
from pantau.reports.statement.recaps import trend_rows
from pantau.reports.statement.rows import TrendRow

_NS = 1_000_000_000


def months_before(month: Month, count: int, reader: Reader, zone: ZoneInfo) -> list[Month]:
    """The `count` months before `month`, in order, as far back as the journal goes."""
    first = reader.entry(1)
    found: list[Month] = []
    while len(found) < count and first is not None:
        month = month.previous
        if month.span(zone)[1] * _NS <= first.event.recorded_ns:
            break
        found.insert(0, month)
    return found


def trend_of(today: Inventory, url: str, folder: Path, month: Month, zone: ZoneInfo) -> Mapping[str, TrendRow]:
    """One month's row of each contract that held in it, by the inventories of that month."""
    with Reader(url, folder) as reader:
        found = survey(signed_history(reader, today, month, zone), JournalEvidence(reader), month, zone)
    start, end = month.span(found.zone)

    def rows() -> Iterator[tuple[str, TrendRow]]:
        for contract in found.inventory.contracts:
            if midnight(contract.start, found.zone) < end and start < midnight(contract.end, found.zone):
                (row,) = trend_rows(contract, (), found, settle_contract(contract, found).lines)
                yield contract.id, row

    return dict(rows())
