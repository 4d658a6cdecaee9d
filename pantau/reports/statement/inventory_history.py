"""The inventories that a month is reported from: what held at each moment, as the journal chained it.

Where nothing was chained before the month's end, a journal from before there were inventories in it, today's files are
what there is, and the statement says so.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from pantau.errors import JournalError
from pantau.inventory import Assignment, Exclusion, Inventory, MaintenanceWindow
from pantau.inventory.projection import (
    KINDS,
    Lines,
    Restorer,
    file_of,
    line_key,
    lines_in,
    lines_of,
    settings_in,
    statement_id,
)
from pantau.journal import ChainedInventory, Reader
from pantau.reports.accounting import Month, Span
from pantau.reports.statement.evidence import seconds
from pantau.reports.statement.inventory_changes import InventoryChange, changes_after, changes_within

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
    settings: Mapping[str, Any] | None = None
    """How it was measured then, as `pantau.inventory.projection` has it; `None` of today's files."""


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
    """From the journal's beginning to the month's end; none where today's files are used."""
    legacy_until: int | None = None
    """Up to when nothing was chained, of a journal that is older; what was announced by then is believed."""
    approved: Collection[str] = ()
    """What was said too late and two people have signed: see `statement_id`."""
    changes: tuple[InventoryChange, ...] = ()
    """What was said otherwise within the month, and after it."""

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

    @property
    def entries(self) -> frozenset[int]:
        """The entries that a figure may rest on."""
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
        return ALWAYS[0] if place <= 0 and self.legacy_until is not None else self.announced[max(place, 0)].at

    def _union(self, kind: str) -> Iterator[Any]:
        found = {record.id: record for one in self.held for record in getattr(one.inventory, kind)}
        yield from (found[name] for name in sorted(found))


def history_of(
    reader: Reader, today: Inventory, month: Month, zone: ZoneInfo, approved: Collection[str] = ()
) -> InventoryHistory:
    """What held in a month; `JournalError` where what was chained cannot be read. `today` are today's files."""
    start, end = month.span(zone)
    everything = reader.inventories()
    chained = [one for one in everything if seconds(one.at_ns) < end]
    if not chained:
        return InventoryHistory.of_files(today)
    contents = _Contents(reader, Restorer(today), _approved_lines(today, approved))
    first = max((place for place, one in enumerate(chained) if seconds(one.at_ns) <= start), default=0)
    ours = list(_changes(chained[first:], lambda one: one.files))
    edges = [ALWAYS[0], *(seconds(one.at_ns) for one in ours[1:]), ALWAYS[1]]
    held = [contents.held(one, span) for one, span in zip(ours, pairwise(edges), strict=True)]
    said = [(one.since, one.lines) for one in held]
    later_on = partial(contents.said_at, everything[len(chained) :])
    later = changes_after(contents.lines(ours[-1]), today, month, approved, later_on)
    told = _changes(chained, lambda one: [one.files.get(file_of(kind)) for kind in ("maintenance", "exclusions")])
    return InventoryHistory(
        today,
        tuple(held),
        tuple(contents.announced(one) for one in told),
        seconds(chained[0].at_ns) if reader.follows_legacy() else None,
        approved,
        (*changes_within(said, month), *later),
    )


def _changes(
    chained: Sequence[ChainedInventory], what: Callable[[ChainedInventory], Any]
) -> Iterator[ChainedInventory]:
    """Those that differ from the one before in what is asked for, and the first."""
    for place, one in enumerate(chained):
        if not place or what(one) != what(chained[place - 1]):
            yield one


class _Contents:
    """What the journal has beneath the entries; each content is read, and proved, once."""

    def __init__(
        self, reader: Reader, restorer: Restorer, approved: Mapping[str, Mapping[tuple[str, ...], str]]
    ) -> None:
        self._reader = reader
        self._restorer = restorer
        self._approved = approved
        self._texts: dict[str, bytes | None] = {}

    def lines(self, one: ChainedInventory) -> Mapping[str, Lines]:
        """As they were chained."""
        try:
            return lines_in(one.files, self._text)
        except ValueError as error:
            raise _unreadable(one, error) from error

    def held(self, one: ChainedInventory, span: Span) -> HeldInventory:
        """With what two people have signed in its place."""
        lines = {kind: self._signed(kind, own) for kind, own in self.lines(one).items()}
        try:
            inventory, settings = self._restorer.inventory(lines), settings_in(one.files, self._text)
        except ValueError as error:
            raise _unreadable(one, error) from error
        return HeldInventory(span[0], span[1], inventory, lines, one.entry, seconds(one.at_ns), one.digest, settings)

    def announced(self, one: ChainedInventory) -> Announced:
        """Of one inventory only what it announces: the others are as old as the journal."""
        kinds = [file_of(kind) for kind in ("maintenance", "exclusions")]
        lines = self.lines(one._replace(files={name: one.files[name] for name in kinds if name in one.files}))
        try:
            windows, exclusions = (self._restorer.records(kind, lines[kind]) for kind in ("maintenance", "exclusions"))
        except ValueError as error:
            raise _unreadable(one, error) from error
        return Announced(seconds(one.at_ns), one.entry, windows, exclusions)

    def said_at(self, later: Sequence[ChainedInventory], kind: str, line: str) -> int | None:
        """Since when, without a gap up to today, a line has been chained; `None` where it is not."""
        since = None
        for one in reversed(later):
            text = self._text(one.files.get(file_of(kind), ""))
            if text is None or line.encode() not in text.splitlines():
                break
            since = seconds(one.at_ns)
        return since

    def _text(self, digest: str) -> bytes | None:
        """A content; none where it has not the digest that was chained."""
        if digest not in self._texts:
            text = self._reader.blob(digest)
            proved = text is not None and hashlib.sha256(text).hexdigest() == digest
            self._texts[digest] = text if proved else None
        return self._texts[digest]

    def _signed(self, kind: str, lines: Lines) -> Lines:
        """The lines with what two people have signed in place of what stood there."""
        signed = self._approved.get(kind, {})
        kept = (line for line in lines if line_key(kind, line) not in signed) if signed else lines
        return (
            tuple(sorted((*kept, *signed.values()), key=lambda line: (line_key(kind, line), line))) if signed else lines
        )


def _approved_lines(today: Inventory, approved: Collection[str]) -> Mapping[str, Mapping[tuple[str, ...], str]]:
    """Of today's records those that are approved as they stand, by kind and key."""
    found: dict[str, dict[tuple[str, ...], str]] = {}
    for kind in KINDS if approved else ():
        for line in lines_of(kind, getattr(today, kind)):
            if statement_id(kind, line) in approved:
                found.setdefault(kind, {})[line_key(kind, line)] = line
    return found


def _unreadable(one: ChainedInventory, error: ValueError) -> JournalError:
    return JournalError(f"the inventory of entry {one.entry} cannot be read ({error}); see `pantau journal verify`")


def as_history(inventory: Inventory | InventoryHistory) -> InventoryHistory:
    """An inventory alone is today's files."""
    return inventory if isinstance(inventory, InventoryHistory) else InventoryHistory.of_files(inventory)
