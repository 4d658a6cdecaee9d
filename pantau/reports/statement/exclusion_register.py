"""Which exclusions of the inventories concern which point, by their scope.

A window or an exclusion counts by itself where the inventory that held at that moment had it, as announced when the
journal first saw it. One that was said afterwards is proposed: it excludes nothing until two people have signed it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo

from pantau.inventory import Contract, Exclusion, Inventory, MaintenanceWindow
from pantau.inventory.carrying import above, upstreams
from pantau.inventory.projection import line_of_record, statement_id
from pantau.reports.accounting import ExclusionClaim, Span, Spans, Terms
from pantau.reports.accounting.spans import NO_TIME
from pantau.reports.statement.inventory_history import Announced, HeldInventory, InventoryHistory, as_history

UNLISTED = "unlisted-window"
"""The id of maintenance that the inventory does not explain."""
_NS = 1_000_000_000
_Target = tuple[str, str]
_Record = TypeVar("_Record", bound=MaintenanceWindow | Exclusion)
_Claims = defaultdict[_Target, list[ExclusionClaim]]


def _claims() -> _Claims:
    return defaultdict(list)


@dataclass(slots=True)
class _Part:
    """What was claimed while the same carried the same."""

    upstream_of: Mapping[str, str | None]
    windows: _Claims = field(default_factory=_claims)
    events: _Claims = field(default_factory=_claims)

    def carriers(self, point: str) -> list[str]:
        return [point, *above(point, self.upstream_of)]


class ExclusionRegister:
    """All that may exclude downtime in one span."""

    def __init__(self, inventory: Inventory | InventoryHistory, span: Span, zone: ZoneInfo) -> None:
        self._span, self._zone, self._history = span, zone, as_history(inventory)
        self._parts: list[_Part] = []
        self._edges: dict[_Target, list[int]] = {}
        self.unsigned: dict[str, MaintenanceWindow | Exclusion] = {}
        """What was said too late and two people have not signed, by its `statement_id`."""
        terms = (terms for one in self._history.inventory.contracts for terms in (one, *one.addenda))
        self._notices = {int(one.maintenance_notice or 0) for one in terms} | {Terms().notice_seconds}
        for held in self._history.held:
            self._take(held)
        if self._history.chained:
            self._take_late(self._history)

    def of(self, point: str, contract: Contract, in_maintenance: Spans = NO_TIME) -> list[ExclusionClaim]:
        """The claims that concern a point while this contract pays for it: the contract names its ISP and kecamatan.

        Of `in_maintenance`, time that was noted as maintenance, what no window of the inventory explains is listed too,
        as not accepted: a window that the inventory no longer has excludes nothing, and must not disappear.
        """
        found: list[ExclusionClaim] = []
        for part in self._parts:
            if part.events:
                targets = [("hotspot", point), ("isp", contract.isp), ("kecamatan", contract.kecamatan)]
                targets += [("uplink", carrier) for carrier in part.carriers(point)]
                found += [one for target in targets for one in part.events.get(target, ())]
        windows = self.windows_of(point, contract.isp, contract.kecamatan)
        gone = in_maintenance - Spans.of(window.span for window in windows)
        unlisted = [ExclusionClaim(UNLISTED, span, "pemeliharaan") for span in gone]
        return [*self._whole(found), *windows, *unlisted]

    def windows_of(self, point: str, isp: str, kecamatan: str) -> list[ExclusionClaim]:
        """The maintenance windows of a point; one of a hotspot or an uplink takes along all that it carries."""
        found: list[ExclusionClaim] = []
        for part in self._parts:
            if part.windows:
                targets = [("isp", isp), ("kecamatan", kecamatan)]
                targets += [(scope, carrier) for scope in ("hotspot", "uplink") for carrier in part.carriers(point)]
                found += [one for target in targets for one in part.windows.get(target, ())]
        return self._whole(found)

    def _whole(self, claims: list[ExclusionClaim]) -> list[ExclusionClaim]:
        """Claims that were cut where one inventory followed another, in one piece again: notice is before the whole."""
        if len(self._history.held) == 1:
            return claims
        joined: dict[ExclusionClaim, list[Span]] = {}
        for one in claims:
            joined.setdefault(replace(one, span=(0, 0)), []).append(one.span)
        return [replace(one, span=span) for one, spans in joined.items() for span in Spans.of(spans)]

    def _take(self, held: HeldInventory) -> None:
        """What one inventory says of the time in which it held."""
        upstream_of = upstreams(held.inventory)
        if not self._parts or self._parts[-1].upstream_of != upstream_of:
            self._parts.append(_Part(upstream_of))
        part, within = self._parts[-1], (held.start, held.end)
        for window in held.inventory.maintenance:
            for reach in _openings(window, self._span, self._zone):
                piece = _meet(reach, within)
                target = window.scope, window.target
                part.windows[target] += [self._window(window, one, held) for one in self._cut(piece, target)]
        for record in held.inventory.exclusions:
            reach = _reach(record, self._zone)
            piece = _meet(reach, within)
            if piece[0] < piece[1] and _touch(reach, self._span) and self._in_time(record, reach, held):
                part.events[record.scope, record.target].append(_event(record, piece))

    def _cut(self, piece: Span, target: _Target) -> Iterator[Span]:
        """A piece, cut where any window that was ever announced for the target opens or closes."""
        if target not in self._edges:
            own = (one for told in self._history.announced for one in told.maintenance)
            known = {(one.start, one.end, one.weekly): one for one in own if (one.scope, one.target) == target}
            openings = (reach for one in known.values() for reach in _openings(one, self._span, self._zone))
            self._edges[target] = sorted({edge for reach in openings for edge in reach})
        inner = [edge for edge in self._edges[target] if piece[0] < edge < piece[1]]
        yield from (span for span in pairwise([piece[0], *inner, piece[1]]) if span[0] < span[1])

    def _window(self, window: MaintenanceWindow, piece: Span, held: HeldInventory) -> ExclusionClaim:
        declared = local_second(window.filed_at, self._zone)
        since = self._history.announced_since(held, lambda one: _opened(one, window, piece, self._zone))
        claim = _maintenance(window, piece, max(declared, since))
        if declared >= since:
            return claim
        proved = replace(claim, letter=declared)
        if self._is_signed("maintenance", window):
            return proved.approved
        if any(declared <= piece[0] - notice < since for notice in self._notices):
            self.unsigned[statement_id("maintenance", line_of_record(window))] = window
        return proved

    def _in_time(self, record: Exclusion, reach: Span, held: HeldInventory) -> bool:
        """Whether it was said before the fact, as it stands; one that nobody has accepted excludes nothing anyway."""
        said = _said(record)
        since = self._history.announced_since(held, lambda one: any(_said(it) == said for it in one.exclusions))
        return not record.accepted_by or since <= reach[0]

    def _take_late(self, history: InventoryHistory) -> None:
        """What the last inventory of the month, or today's files, say of time in which nobody had said it yet."""
        known = _held_time(self._parts)
        part, last = self._parts[-1], history.held[-1].inventory
        for window in _both(last.maintenance, history.today.maintenance):
            target = window.scope, window.target
            for reach in _openings(window, self._span, self._zone):
                for piece in Spans.of([reach]) - known["maintenance", *target]:
                    claim = _maintenance(window, piece, local_second(window.filed_at, self._zone))
                    part.windows[target].append(self._signed(claim, "maintenance", window))
        for record in _both(last.exclusions, history.today.exclusions):
            reach, target = _reach(record, self._zone), (record.scope, record.target)
            if record.accepted_by and _touch(reach, self._span):
                for piece in Spans.of([reach]) - known[record.id, *target]:
                    part.events[target].append(self._signed(_event(record, piece), "exclusions", record))

    def _signed(self, claim: ExclusionClaim, kind: str, record: MaintenanceWindow | Exclusion) -> ExclusionClaim:
        signed = self._is_signed(kind, record)
        if not signed:
            self.unsigned[statement_id(kind, line_of_record(record))] = record
        return replace(claim, proposed=not signed)

    def _is_signed(self, kind: str, record: MaintenanceWindow | Exclusion) -> bool:
        approved = self._history.approved
        return bool(approved) and statement_id(kind, line_of_record(record)) in approved


def _held_time(parts: Sequence[_Part]) -> defaultdict[tuple[str, str, str], Spans]:
    """When windows were open for a target, under ``maintenance``; and of each accepted exclusion, under its id."""
    found: defaultdict[tuple[str, str, str], Spans] = defaultdict(Spans)
    for part in parts:
        for target, claims in part.windows.items():
            found["maintenance", *target] |= Spans.of(one.span for one in claims)
        for target, claims in part.events.items():
            for one in claims:
                if one.accepted_by:
                    found[one.id, *target] |= Spans.of([one.span])
    return found


def _both(then: Sequence[_Record], now: Sequence[_Record]) -> Iterator[_Record]:
    """Each record once, as it decides."""
    by_line: dict[str, _Record] = {line_of_record(one): one for one in (*then, *now)}
    yield from by_line.values()


def _opened(announced: Announced, window: MaintenanceWindow, piece: Span, zone: ZoneInfo) -> bool:
    """Whether windows that were announced then open for the same target over all of `piece`."""
    own = [one for one in announced.maintenance if (one.scope, one.target) == (window.scope, window.target)]
    if any((one.start, one.end, one.weekly) == (window.start, window.end, window.weekly) for one in own):
        return True
    return not Spans.of([piece]) - Spans.of(reach for one in own for reach in _openings(one, piece, zone))


def _said(record: Exclusion) -> tuple[object, ...]:
    """What of an exclusion lowers a charge."""
    what = record.scope, record.target, record.start, record.end, record.cause
    return *what, record.document, bool(record.accepted_by)


def _event(record: Exclusion, reach: Span) -> ExclusionClaim:
    return ExclusionClaim(record.id, reach, record.cause, record.document or "", record.accepted_by or "")


def _maintenance(window: MaintenanceWindow, reach: Span, filed: int) -> ExclusionClaim:
    return ExclusionClaim(window.id, reach, "pemeliharaan", window.reason, window.approved_by, filed)


def _reach(record: Exclusion, zone: ZoneInfo) -> Span:
    return local_second(record.start, zone), local_second(record.end, zone)


def _openings(window: MaintenanceWindow, span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """A window's openings that touch `span`, whole."""
    calendar, at = window.calendar(zone), span[0]
    while (opening := calendar.occurrence(at * _NS)) is not None and opening.start_ns < span[1] * _NS:
        at = opening.end_ns // _NS
        yield opening.start_ns // _NS, at


def _meet(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def local_second(time: datetime, zone: ZoneInfo) -> int:
    """The Unix second of a time on the clocks of `zone`."""
    return int(time.replace(tzinfo=zone).timestamp())
