"""Reads from the journal which inventories held in a month, and proves each content by the digest that was chained."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pantau.errors import JournalError
from pantau.inventory import Exclusion, Inventory, MaintenanceWindow, Person
from pantau.inventory.projection import (
    KINDS,
    Lines,
    Restorer,
    file_of,
    lines_in,
    lines_of,
    restored_settings,
    settings_in,
    statement_id,
)
from pantau.journal import ChainedInventory, Reader
from pantau.people import PeopleHistory
from pantau.reports.accounting import Month, Span, Terms
from pantau.reports.statement.evidence import seconds
from pantau.reports.statement.exclusion_register import local_second
from pantau.reports.statement.inventory_changes import changes_after, changes_signed, changes_within, other_clocks
from pantau.reports.statement.inventory_history import ALWAYS, Announced, HeldInventory, InventoryHistory
from pantau.reports.statement.signed_lines import signed_by_kind, with_signed

_ANNOUNCED = ("maintenance", "exclusions")
_PEOPLE = file_of("people")
_DAY = 86_400
"""An opening of a weekly window lasts no longer."""


def history_of(
    reader: Reader, today: Inventory, month: Month, zone: ZoneInfo, approved: Collection[str] = ()
) -> InventoryHistory:
    """See `Histories`."""
    return Histories(reader, today, month, zone).signed(approved)


class Histories:
    """What held in a month, under whatever two people have signed; each content is read and proved once.

    `today` are today's files, `zone` the clocks of today's settings: the month is cut by those that were chained.
    `JournalError` where what was chained cannot be read.
    """

    def __init__(self, reader: Reader, today: Inventory, month: Month, zone: ZoneInfo) -> None:
        self._reader, self._today, self._month, self._zone = reader, today, month, zone
        self._everything = reader.inventories()
        self._contents = _Contents(reader, Restorer(today))
        known = [one for one in self._everything if seconds(one.at_ns) < month.span(zone)[1]]
        self._clocks = self._contents.zone(known[-1]) if known else zone
        self._people = self._contents.people(self._everything)

    def signed(self, approved: Collection[str] = ()) -> InventoryHistory:
        """If two people had signed these records, each by its `statement_id`; of two of one record the last."""
        contents, clocks, month = self._contents, self._clocks, self._month
        start, end = month.span(clocks)
        chained = [one for one in self._everything if seconds(one.at_ns) < end]
        if not chained:
            return replace(InventoryHistory.of_files(self._today), people=self._people)
        first = max((place for place, one in enumerate(chained) if seconds(one.at_ns) <= start), default=0)
        ours = list(_changes(chained[first:], lambda one: one.files))
        edges = [ALWAYS[0], *(seconds(one.at_ns) for one in ours[1:]), ALWAYS[1]]
        records = self.records(approved)
        signed = signed_by_kind(records)
        held = [contents.held(one, span, signed) for one, span in zip(ours, pairwise(edges), strict=True)]
        said = [(one.since, one.lines) for one in held]
        later_on = partial(contents.said_at, self._everything[len(chained) :])
        later = (
            *changes_signed(contents.lines(ours[-1]), held[-1].lines, month, later_on),
            *changes_after(held[-1].lines, self._lines, month, later_on),
        )
        horizon = _horizon([one.inventory for one in held], (start, end), clocks)
        base = max((place for place, one in enumerate(chained) if seconds(one.at_ns) <= horizon), default=0)
        told = _changes(chained[base:], lambda one: [one.files.get(file_of(kind)) for kind in _ANNOUNCED])
        return InventoryHistory(
            self._today,
            tuple(held),
            tuple(contents.announced(one) for one in told),
            seconds(chained[base].at_ns) <= horizon or self._reader.follows_legacy(),
            records,
            (*changes_within(said, month), *later, *other_clocks(clocks, self._zone)),
            self._people,
            clocks,
        )

    @cached_property
    def _lines(self) -> Mapping[str, Lines]:
        """Today's records."""
        return {kind: lines_of(kind, getattr(self._today, kind)) for kind in KINDS}

    def records(self, approved: Collection[str]) -> dict[str, str]:
        """The approved records, as two have signed them, by their names: whatever files say by now."""
        if not approved:
            return {}
        today = {statement_id(kind, line): line for kind, lines in self._lines.items() for line in lines}
        found = ((name, today.get(name) or self._contents.record(name, self._everything)) for name in approved)
        return {name: line for name, line in found if line is not None}


def people_of(reader: Reader, today: Inventory) -> PeopleHistory:
    """Whose signatures count, and when; today's people, as long as the journal has no inventory."""
    return _Contents(reader, Restorer(today)).people(reader.inventories())


def _horizon(held: Sequence[Inventory], month: Span, zone: ZoneInfo) -> int:
    """By when whatever is announced was announced early enough for this month; what was chained before says no more.

    A journal of years would have to be proved for a window that each week has; so it is the longest notice that any
    contract asks for, before the first opening, and before the first accepted exclusion.
    """
    terms = [terms for one in held for contract in one.contracts for terms in (contract, *contract.addenda)]
    notice = max([one.maintenance_notice or 0 for one in terms] + [Terms().notice_seconds]) + _DAY
    moments = [month[0]]
    for one in held:
        dated: tuple[MaintenanceWindow | Exclusion, ...] = (*one.maintenance, *one.exclusions)
        for what in dated:
            start, end = local_second(what.start, zone), local_second(what.end, zone)
            if end <= month[0] or month[1] <= start:
                continue
            if isinstance(what, Exclusion):
                moments.append(start if what.accepted_by else month[0])
            else:
                moments.append((max(start, month[0] - _DAY) if what.weekly else start) - int(notice))
    return min(moments)


def _changes(
    chained: Sequence[ChainedInventory], what: Callable[[ChainedInventory], Any]
) -> Iterator[ChainedInventory]:
    """Those that differ from the one before in what is asked for, and the first."""
    for place, one in enumerate(chained):
        if not place or what(one) != what(chained[place - 1]):
            yield one


class _Contents:
    """What the journal has beneath the entries; each content is read, and proved, once."""

    def __init__(self, reader: Reader, restorer: Restorer) -> None:
        self._reader = reader
        self._restorer = restorer
        self._texts: dict[str, bytes | None] = {}

    def lines(self, one: ChainedInventory) -> Mapping[str, Lines]:
        """As they were chained."""
        try:
            return lines_in(one.files, self._text)
        except ValueError as error:
            raise _unreadable(one, error) from error

    def people(self, everything: Sequence[ChainedInventory]) -> PeopleHistory:
        """By all inventories: an approval is given after its month, and an older one counts as well."""
        told = _changes(everything, lambda one: one.files.get(_PEOPLE))
        return PeopleHistory(tuple((one.entry, self._people(one)) for one in told), self._restorer.today.people)

    def _people(self, one: ChainedInventory) -> tuple[Person, ...]:
        """Those of one inventory; one without a content of them says that there are none."""
        text = self._text(one.files[_PEOPLE]) if _PEOPLE in one.files else b""
        try:
            if text is None:
                raise ValueError(f"the content of {_PEOPLE} is missing")
            return self._restorer.records("people", tuple(text.decode().splitlines()))
        except ValueError as error:
            raise _unreadable(one, error) from error

    def zone(self, one: ChainedInventory) -> ZoneInfo:
        """The clocks of its settings."""
        try:
            return ZoneInfo(str(settings_in(one.files, self._text).get("timezone")))
        except (ValueError, OSError, ZoneInfoNotFoundError) as error:
            raise _unreadable(one, error) from error

    def held(self, one: ChainedInventory, span: Span, approved: Mapping[str, Lines]) -> HeldInventory:
        """With what two people have signed in its place."""
        lines = {kind: with_signed(kind, own, approved.get(kind, ())) for kind, own in self.lines(one).items()}
        try:
            inventory = self._restorer.inventory(lines)
            settings = restored_settings(settings_in(one.files, self._text))
        except ValueError as error:
            raise _unreadable(one, error) from error
        return HeldInventory(span[0], span[1], inventory, lines, one.entry, seconds(one.at_ns), one.digest, settings)

    def announced(self, one: ChainedInventory) -> Announced:
        """Of one inventory only what it announces: the others are as old as the journal."""
        names = [file_of(kind) for kind in _ANNOUNCED]
        lines = self.lines(one._replace(files={name: one.files[name] for name in names if name in one.files}))
        try:
            windows, exclusions = (self._restorer.records(kind, lines[kind]) for kind in _ANNOUNCED)
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

    def record(self, name: str, everything: Sequence[ChainedInventory]) -> str | None:
        """The record with this `statement_id` that was kept with a list or chained; `None` where there is none."""
        kind, _, digest = name.partition(":")
        kept = self._text(digest) if kind in KINDS else None
        if kept is not None:
            return kept.decode()
        chained = dict.fromkeys(one.files.get(file_of(kind), "") for one in everything)
        lines = (line for content in chained for line in (self._text(content) or b"").decode().splitlines())
        return next((line for line in lines if statement_id(kind, line) == name), None)

    def _text(self, digest: str) -> bytes | None:
        """A content; none where it has not the digest that was chained."""
        if digest not in self._texts:
            text = self._reader.blob(digest)
            proved = text is not None and hashlib.sha256(text).hexdigest() == digest
            self._texts[digest] = text if proved else None
        return self._texts[digest]


def _unreadable(one: ChainedInventory, error: Exception) -> JournalError:
    return JournalError(f"the inventory of entry {one.entry} cannot be read ({error}); see `pantau journal verify`")
