"""What inventories say differently about one month: those within it, and today's files against its last one.

A record is compared as far as it concerns the month: an assignment that ends in May is not another one in April. What
says nothing of time (the ISP that a hotspot has) is a statement about now; it is listed all the same where it decides
what a contract pays for.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from pantau.inventory import Contract
from pantau.inventory.projection import KINDS, Lines, RecordChange, changes_between
from pantau.inventory.projection.comparing import Data, View
from pantau.reports.accounting import Month
from pantau.reports.statement.inventory_rows import InventoryChangeRow

_FIELDS: Mapping[str, tuple[str, ...]] = {
    "hotspots": ("id", "kecamatan", "isp", "kelurahan", "access", "upstream"),
    "uplinks": ("id", "kecamatan", "isp", "upstream"),
}
"""Of what has no day, only what decides whose fault and whose service it is: an address is changed as it comes."""


@dataclass(frozen=True, slots=True)
class InventoryChange:
    """One record that was said otherwise, and what that counts."""

    change: RecordChange
    at: int | None
    status: str

    def rows(self) -> Iterator[InventoryChangeRow]:
        """A row a field."""
        for name, then, now in self.change.fields():
            yield InventoryChangeRow(self.at, self.status, self.change.kind, self.change.record, name, then, now)


def changes_within(lines: list[tuple[int, Mapping[str, Lines]]], month: Month) -> Iterator[InventoryChange]:
    """Between inventories that followed each other in the month, each with the second at which it was chained."""
    for (_, before), (at, after) in pairwise(lines):
        for kind in KINDS:
            if before[kind] != after[kind]:
                for change in changes_between(kind, before[kind], after[kind], _views(month)[kind]):
                    yield InventoryChange(change, at, "held")


def changes_after(
    last: Mapping[str, Lines],
    today: Mapping[str, Lines],
    month: Month,
    said_at: Callable[[str, str], int | None],
) -> Iterator[InventoryChange]:
    """Today's files against the month's last inventory with what two have signed in it.

    `said_at` tells when a line of a kind was chained.
    """
    for kind in KINDS:
        for change in changes_between(kind, last[kind], today[kind], _views(month)[kind]):
            at = said_at(kind, change.line) if change.line else None
            # Whose signature counts is as it was chained last: who signs a month does so after it.
            holds = kind == "people" and at is not None
            yield InventoryChange(change, at, "held" if holds else "proposed")


def changes_signed(
    last: Mapping[str, Lines],
    signed: Mapping[str, Lines],
    month: Month,
    said_at: Callable[[str, str], int | None],
) -> Iterator[InventoryChange]:
    """What two have signed, against the month's last inventory as it was chained."""
    for kind in (kind for kind in KINDS if last[kind] != signed[kind]):
        for change in changes_between(kind, last[kind], signed[kind], _views(month)[kind]):
            yield InventoryChange(change, said_at(kind, change.line) if change.line else None, "approved")


def other_clocks(then: ZoneInfo, now: ZoneInfo) -> Iterator[InventoryChange]:
    """That today's settings have another time zone: by it the month would be cut elsewhere."""
    if then.key != now.key:
        before, after = ({"id": "pantau.yml", "timezone": zone.key} for zone in (then, now))
        yield InventoryChange(RecordChange("settings", before, after), None, "proposed")


def concerns(change: RecordChange, contract: Contract, points: Collection[str], targets: Collection[str]) -> bool:
    """Whether a change is about a contract, its points, or what they are claimed to be excused by.

    A contract that came or went is told in those between the same two: it may have no statement of its own.
    """
    sides = [side for side in (change.then, change.now) if side is not None]
    if change.kind == "contracts" and len(sides) == 1:
        return (sides[0]["kecamatan"], sides[0]["isp"]) == (contract.kecamatan, contract.isp)
    return any(_about(change.kind, side, contract.id, points, targets) for side in sides)


def _about(kind: str, data: Data, contract: str, points: Collection[str], targets: Collection[str]) -> bool:
    match kind:
        case "contracts":
            return bool(data["id"] == contract)
        case "assignments":
            return bool(data["contract"] == contract)
        case "settings" | "people":
            return True
        case "site_visits":
            return data["hotspot"] in points
        case "exclusions" | "maintenance":
            return data["target"] in targets
        case _:
            return data["id"] in targets or data["id"] in points


def _views(month: Month) -> Mapping[str, View]:
    """Each kind's records as far as they concern a month; days as the files have them can be compared as texts."""
    first, after = month.first_day.isoformat(), month.next.first_day.isoformat()

    def days(data: Data) -> Data | None:
        """A contract or an assignment, its days cut to the month."""
        start, end = max(data["start"], first), min(data.get("end", after), after)
        if start >= end:
            return None
        cut = {"start": start, "end": end} | {
            name: min(max(data[name], first), after) for name in ("accepted", "stopped") if name in data
        }
        if "addenda" in data:
            cut["addenda"] = [one for one in data["addenda"] if one["start"] < after]
        return {name: value for name, value in (dict(data) | cut).items() if _tells(name, value, first, after)}

    def times(data: Data) -> Data | None:
        """An exclusion or a window."""
        return data if data["start"] < after and data["end"] > first else None

    def dated(data: Data) -> Data | None:
        """A visit."""
        return data if first <= data["date"] < after else None

    def undated(kind: str) -> View:
        return lambda data: {name: data[name] for name in _FIELDS.get(kind, tuple(data)) if name in data}

    known: dict[str, View] = {
        **dict.fromkeys(("contracts", "assignments"), days),
        **dict.fromkeys(("exclusions", "maintenance"), times),
        "site_visits": dated,
    }
    return {kind: known.get(kind) or undated(kind) for kind in KINDS}


def _tells(name: str, value: object, first: str, after: str) -> bool:
    """Whether a day says something of the month: an end after it, an acceptance before it, say what is so anyway."""
    return not (name in ("end", "stopped") and value == after) and not (name == "accepted" and value == first)
