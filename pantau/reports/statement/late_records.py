"""What inventories said of a month too late: which of it two people have signed, and what it would change.

An item names the record as it stands (see `statement_id`), so that a signature is for what was read: another spelling
of it is another record. It counts in the month of its list alone: what is signed for April changes no March. It holds
whatever files say later: what is typed over it, or taken out, waits for two signatures of its own.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from pantau.inventory import Inventory
from pantau.inventory.projection import RecordChange, line_of_record, statement_id
from pantau.inventory.projection.writing import plain
from pantau.journal import ItemKind, Reader
from pantau.people import ListedItem, PeopleHistory, SignedList, signed_lists
from pantau.reports.accounting import Month, outages_of
from pantau.reports.causes import DecisionStatus
from pantau.reports.statement.evidence import JournalEvidence
from pantau.reports.statement.exclusion_register import ExclusionRegister
from pantau.reports.statement.inventory_history import InventoryHistory
from pantau.reports.statement.inventory_reading import Histories, people_of
from pantau.reports.statement.late import (
    ALL_LATE,
    MOST_LATE,
    LateRecord,
    is_taken_back,
    record_in,
    signed_with,
    signed_without,
    taken_back,
)
from pantau.reports.statement.survey import BY_DEFAULT, Survey, reach_of

_KINDS = (ItemKind.WINDOW, ItemKind.INVENTORY)
_BY_REGISTER = ("maintenance", "exclusions")
"""Kinds of which the register of exclusions knows what is too late, within the month as well as after it."""
_NOT_SIGNED = ("people", "settings")
"""Kinds that hold as they were chained, whatever anybody signs."""


def signed_history(reader: Reader, today: Inventory, month: Month, zone: ZoneInfo) -> InventoryHistory:
    """What held in a month, with what two people have signed of what was said too late."""
    approved = approved_records(reader, today, month, zone)
    return Histories(reader, today, month, zone).signed(approved)


def approved_records(reader: Reader, today: Inventory, month: Month, zone: ZoneInfo) -> tuple[str, ...]:
    """The records that two people have approved on lists of that month, each by its `statement_id`, in their order."""
    signed, _ = _listed(reader, people_of(reader, today), month, zone)
    return tuple(one.item.code for one in _last(signed).values() if not is_taken_back(one.item.code))


def with_late(found: Survey, reader: Reader) -> Survey:
    """The survey with what was said too late, and what it would be if each of that were signed, or were not."""
    late = list(_late(found, reader))
    if not late:
        return found
    histories = Histories(reader, found.history.today, found.month, found.zone)
    approved = tuple(found.history.approved)
    unsigned = [one for one in late if one.status is DecisionStatus.PROPOSED]
    signed = [one for one in late if one.status is DecisionStatus.APPROVED]
    supposed = {ALL_LATE: signed_with(approved, *unsigned)}
    if len(unsigned) + len(signed) <= MOST_LATE:
        supposed |= {one.name: signed_with(approved, one) for one in unsigned}
        supposed |= {one.name: signed_without(approved, one) for one in signed}
    evidence = JournalEvidence(reader)
    otherwise = {name: _under(found, histories.signed(names), evidence) for name, names in supposed.items()}
    return replace(found, late=late, otherwise=otherwise)


def _under(found: Survey, history: InventoryHistory, evidence: JournalEvidence) -> Survey:
    """The same observations under another inventory; the causes stay as they were found."""
    inventory, span = history.inventory, found.month.span(found.zone)
    known = found.stretches
    new = [one.id for one in inventory.hotspots if one.status != "planned" and one.id not in known]
    stretches, whole = dict(evidence.stretches(new, span)) if new else {}, dict(found.whole)
    whole |= {point: outages_of(point, own, BY_DEFAULT) for point, own in stretches.items()}
    return replace(
        found,
        inventory=inventory,
        history=history,
        stretches={**known, **stretches} if new else known,
        whole=whole,
        exclusions=ExclusionRegister(history, reach_of(whole, span), found.zone),
    )


_Listed = tuple[list[ListedItem], list[ListedItem]]
"""The items that two have approved, in the order in which they came to count, and the others as they were proposed."""


def _listed(reader: Reader, people: PeopleHistory, month: Month, zone: ZoneInfo) -> _Listed:
    lists: dict[str, SignedList] = {}
    for kind in _KINDS:
        lists |= {one.proposed.sha256: one for one in signed_lists(reader, people, zone, kind=kind)}
    own = [one for one in lists.values() if one.content.month == str(month)]
    approved = sorted((one for one in own if one.approved_by), key=lambda one: one.order)
    waiting = sorted((one for one in own if not one.approved_by), key=lambda one: one.proposed.number)
    return list(_items(approved)), list(_items(waiting))


def _items(lists: list[SignedList]) -> Iterator[ListedItem]:
    for one in lists:
        yield from (ListedItem(item, one) for item in one.content.items if item.kind in _KINDS and item.code)


def _last(signed: list[ListedItem]) -> Mapping[tuple[str, str], ListedItem]:
    """Of several items about one record, by its kind and what it is known by, the last that came to count."""
    found: dict[tuple[str, str], ListedItem] = {}
    for one in signed:
        key = _kind(one.item.code), one.item.target
        found.pop(key, None)
        found[key] = one
    return found


def _late(found: Survey, reader: Reader) -> Iterator[LateRecord]:
    """What is signed, then what is not."""
    signed, waiting = _listed(reader, found.history.signers, found.month, found.zone)
    known, last = _known(found, reader, signed), set(_last(signed).values())
    for one in signed:
        change = known.get(one.item.code) if one in last else None
        status = DecisionStatus.SUPERSEDED if change is None else DecisionStatus.APPROVED
        yield LateRecord(one.item.code, change, status, one)
    on_lists = {one.item.code: one for one in waiting}
    for name, (change, instead) in _unsigned(found).items():
        yield LateRecord(name, change, DecisionStatus.PROPOSED, on_lists.get(name), instead)


def _unsigned(found: Survey) -> Mapping[str, tuple[RecordChange, str]]:
    """What was said too late and two have not signed, by its name, each with the signed record that it would replace.

    What went without a day is none, unless two have signed it: that they take back.
    """
    unsigned: dict[str, tuple[RecordChange, str]] = {}
    for name, record in sorted(found.exclusions.unsigned.items()):
        kind = next(kind for kind in _BY_REGISTER if name.startswith(f"{kind}:"))
        unsigned[name] = RecordChange(kind, None, plain(record), line_of_record(record)), ""
    for change in (one.change for one in found.history.changes if one.status == "proposed"):
        before = statement_id(change.kind, change.line_then) if change.line_then else ""
        instead = before if before in found.history.approved else ""
        if change.line and (instead or change.kind not in (*_BY_REGISTER, *_NOT_SIGNED)):
            unsigned[statement_id(change.kind, change.line)] = change, instead
        elif instead:
            whole = json.loads(change.line_then)
            unsigned[taken_back(instead)] = RecordChange(change.kind, whole, None, "", change.line_then), instead
    return unsigned


def _known(found: Survey, reader: Reader, signed: Collection[ListedItem]) -> Mapping[str, RecordChange]:
    """What two have signed, by the names that lists have: records, and records that were taken back."""
    approved = {
        statement_id(one.change.kind, one.change.line): one.change
        for one in found.history.changes
        if one.status == "approved" and one.change.kind not in _BY_REGISTER
    }
    known: dict[str, RecordChange] = {}
    for name, line in found.history.approved.items():
        known[name] = approved.get(name) or RecordChange(_kind(name), None, json.loads(line), line)
    names = [one.item.code for one in signed if is_taken_back(one.item.code)]
    if names:
        histories = Histories(reader, found.history.today, found.month, found.zone)
        records = histories.records([record_in(name) for name in names])
        for name in names:
            line = records.get(record_in(name), "")
            if line:
                known[name] = RecordChange(_kind(name), json.loads(line), None, "", line)
    return known


def _kind(name: str) -> str:
    return name.partition(":")[0]
