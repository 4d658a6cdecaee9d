"""What was said too late, as items of a list that two people sign."""

import json

from pantau.inventory.projection.writing import key_of
from pantau.journal import ItemKind, ListItem
from pantau.reports.statement.late import LateRecord


def item_of(late: LateRecord, effect: int | None = None) -> ListItem:
    """The item of a record that files or the chain have, or that two have signed and files have no more."""
    change = late.change
    now = json.loads(change.line or change.line_then) if change else {}
    window = change is not None and change.kind == "maintenance"
    point = now.get("hotspot") or (now.get("target", "") if now.get("scope") == "hotspot" else "")
    paper = now.get("reason") if window else now.get("document")
    return ListItem(
        kind=ItemKind.WINDOW if window else ItemKind.INVENTORY,
        target=" ".join(key_of(change.kind, now)) if change else "",
        subject=str(point),
        start=None,
        end=None,
        code=late.name,
        document=str(paper or ""),
        effect=effect,
        reason="; ".join(_told(*field) for field in change.fields()) if change else "",
    )


def _told(name: str, then: str | None, now: str | None) -> str:
    told = now if then is None else f"{then} -> {now or '-'}"
    return f"{name} {told}" if name else str(told)
