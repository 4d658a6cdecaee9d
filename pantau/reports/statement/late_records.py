"""What inventories said of a month too late: which of it two people have signed, and what is listed for them to sign.

An item names the record as it stands (see `statement_id`), so that a signature is for what was read: another spelling
of it is another record. It counts in the month of its list alone: what is signed for April changes no March.
"""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pantau.inventory import Inventory, MaintenanceWindow
from pantau.inventory.projection import RecordChange, statement_id
from pantau.inventory.projection.writing import key_of, line_of_record, plain
from pantau.journal import ItemKind, ListItem, Reader
from pantau.people import approved_items, signed_lists
from pantau.reports.accounting import Month
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.inventory_reading import history_of, people_of
from pantau.reports.statement.survey import Survey

_NS = 1_000_000_000
_BY_REGISTER = ("maintenance", "exclusions")
"""Kinds of which the register of exclusions knows what is too late, within the month as well as after it."""
_NOT_SIGNED = ("people", "settings")
"""Kinds that hold as they were chained, whatever anybody signs."""


def signed_history(reader: Reader, today: Inventory, month: Month, zone: ZoneInfo) -> InventoryHistory:
    """What held in a month, with what two people have signed of what was said too late."""
    return history_of(reader, today, month, zone, approved_records(reader, today, month, zone))


def approved_records(reader: Reader, today: Inventory, month: Month, zone: ZoneInfo) -> frozenset[str]:
    """The records that two people have approved on lists of that month, each by its `statement_id`."""
    people = people_of(reader, today)
    found: set[str] = set()
    for kind in (ItemKind.WINDOW, ItemKind.INVENTORY):
        lists = [one for one in signed_lists(reader, people, zone, kind=kind) if one.content.month == str(month)]
        found |= {item.code for item, _ in approved_items(lists, kind).values() if item.code}
    return frozenset(found)


def late_items(survey: Survey, _reader: Reader) -> Iterator[ListItem]:
    """What was said too late and two have not signed, as items of a list; what went without a day is none."""
    for name, record in sorted(survey.exclusions.unsigned.items()):
        kind = "maintenance" if isinstance(record, MaintenanceWindow) else "exclusions"
        yield _item(RecordChange(kind, None, plain(record), line_of_record(record)), name)
    for one in survey.history.changes:
        change = one.change
        if one.status == "proposed" and change.line and change.kind not in (*_BY_REGISTER, *_NOT_SIGNED):
            yield _item(change, statement_id(change.kind, change.line))


def _item(change: RecordChange, name: str) -> ListItem:
    now = json.loads(change.line)
    window = change.kind == "maintenance"
    point = now.get("hotspot") or (now.get("target", "") if now.get("scope") == "hotspot" else "")
    paper = now.get("reason") if window else now.get("document")
    return ListItem(
        kind=ItemKind.WINDOW if window else ItemKind.INVENTORY,
        target=" ".join(key_of(change.kind, now)),
        subject=str(point),
        start=None,
        end=None,
        code=name,
        document=str(paper or ""),
        effect=None,
        reason="; ".join(_told(*field) for field in change.fields()),
    )


def _told(name: str, then: str | None, now: str | None) -> str:
    told = now if then is None else f"{then} -> {now}"
    return f"{name} {told}" if name else str(told)
