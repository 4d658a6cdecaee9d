"""The inventories that a month is reported from: what held at each moment, as the journal chained it.

Where nothing was chained before the month's end, a journal from before there were inventories in it, today's files are
what there is, and the statement says so.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from pantau.inventory import Assignment, Exclusion, Inventory, MaintenanceWindow
from pantau.inventory.projection import Lines
from pantau.inventory.settings import Settings
from pantau.people import PeopleHistory
from pantau.reports.accounting import Span
from pantau.reports.statement.inventory_changes import InventoryChange

ALWAYS: Span = (-(1 << 62), 1 << 62)
_UNDATED = ("isps", "kecamatan", "contracts", "uplinks", "hotspots")
"""Kinds whose records hold from when they were chained on; those of the others say themselves when they hold."""


@dataclass(frozen=True, slots=True)
class HeldInventory:
    """One inventory, and when in the month it held."""

    start: int
    """Unix second; of the month's first one before all time, of the last the end after it."""
    end: int
    inventory: Inventory
    lines: Mapping[str, Lines]
    """Its projection by kind; empty of today's files."""
    entry: int | None = None
    """The entry that chained it; `None` of today's files."""
    since: int = ALWAYS[0]
    """When it was chained."""
    digest: str = ""
    """SHA-256 over its contents' names and digests."""
    settings: Settings | None = None
    """How it was measured then; `None` of today's files."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What was announced from some moment on: windows and exclusions as one inventory had them."""

    at: int
    entry: int
    maintenance: tuple[MaintenanceWindow, ...]
    exclusions: tuple[Exclusion, ...]


@dataclass(frozen=True)
class InventoryHistory:
    """What held in a month, and what was announced before."""

    today: Inventory
    held: tuple[HeldInventory, ...]
    """In order of time; at least one."""
    announced: tuple[Announced, ...] = ()
    """From when it can matter to the month's end; none where today's files are used."""
    believed: bool = False
    """Whether what the first of these announces was announced early enough: it was chained long before, or by the first
    exporter that could chain it."""
    approved: Mapping[str, str] = field(default_factory=dict)
    """What was said too late and two people have signed, as lines by `statement_id`; it holds whatever files say."""
    changes: tuple[InventoryChange, ...] = ()
    """What was said otherwise within the month, and after it."""
    people: PeopleHistory | None = None
    """Whose signatures count; `None` for those of today's files."""
    zone: ZoneInfo | None = None
    """The clocks by which the month was cut and windows were written then; `None` for those of today's settings."""

    @classmethod
    def of_files(cls, today: Inventory) -> "InventoryHistory":
        """Today's files, as if they had always held."""
        return cls(today, (HeldInventory(*ALWAYS, today, {}),))

    @property
    def chained(self) -> bool:
        """Whether it rests on the journal."""
        return self.held[-1].entry is not None

    @cached_property
    def inventory(self) -> Inventory:
        """Everything that the month is about: the last inventory of it, and what an earlier one had besides."""
        last = self.held[-1].inventory
        if self.people is not None:
            last = replace(last, people=self.people.everybody)
        if len(self.held) == 1:
            return last
        return replace(last, **{kind: tuple(self._union(kind)) for kind in _UNDATED})

    @cached_property
    def assigned(self) -> tuple[tuple[int, int, Mapping[str, list[Assignment]]], ...]:
        """From when to when all assignments stayed as they were, and what they were, by contract."""
        found = []
        for _, same in groupby(self.held, key=lambda one: one.lines.get("assignments")):
            run = list(same)
            by_contract: dict[str, list[Assignment]] = {}
            for one in run[0].inventory.assignments:
                by_contract.setdefault(one.contract, []).append(one)
            found.append((run[0].start, run[-1].end, by_contract))
        return tuple(found)

    @cached_property
    def signers(self) -> PeopleHistory:
        """Who could sign, and when."""
        return PeopleHistory.of_files(self.today.people) if self.people is None else self.people

    @property
    def entries(self) -> frozenset[int]:
        """The entries that a figure may rest on, and on that there was no other after the first of them."""
        return frozenset(
            [one.entry for one in self.held if one.entry is not None] + [one.entry for one in self.announced]
        )

    def announced_since(self, held: HeldInventory, has: Callable[[Announced], bool]) -> int:
        """Since when, without a gap, what `held` announces was announced; before all time if the chain is younger."""
        if not self.announced:
            return ALWAYS[0]
        place = bisect_right(self.announced, held.since, key=lambda one: one.at) - 1
        while place > 0 and has(self.announced[place - 1]):
            place -= 1
        return ALWAYS[0] if place <= 0 and self.believed else self.announced[max(place, 0)].at

    def _union(self, kind: str) -> Iterator[Any]:
        found = {record.id: record for one in self.held for record in getattr(one.inventory, kind)}
        yield from (found[name] for name in sorted(found))


def as_history(inventory: Inventory | InventoryHistory) -> InventoryHistory:
    """An inventory alone is today's files."""
    return inventory if isinstance(inventory, InventoryHistory) else InventoryHistory.of_files(inventory)
