"""Drafts beside the inventory: which points are new, what of others has changed, and which the list has no more."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pantau.intake.lists.drafts import Draft, joined_notes, parted_notes
from pantau.intake.lists.reading import ReadList
from pantau.intake.lists.sheets import Doubt, Effect
from pantau.inventory import Hotspot, Inventory, canonical_address
from pantau.inventory.wards import ward_key

_NEW_NUMBER = "{district}-{number:03}"
_ALMOST = 5e-7
"""Degrees: half a decimetre."""


@dataclass(frozen=True, slots=True)
class PointChange:
    """What of a hotspot differs."""

    id: str
    row: int
    values: Mapping[str, tuple[str, str]]
    """Field to what it was, and what it will be."""


@dataclass(slots=True)
class Update:
    """What an import would do."""

    added: dict[str, Draft] = field(default_factory=dict)
    """By the id that they have, or are given."""
    changed: list[PointChange] = field(default_factory=list)
    same: int = 0
    gone: list[str] = field(default_factory=list)
    """Ids of hotspots that are not retired, and not in the list."""
    planned: int = 0
    """New points without an address: planned until they have one."""


def compare(read: ReadList, inventory: Inventory, status: str = "") -> Update:
    """What the drafts mean for the inventory; ids are made for those that have none. Adds to the list's doubts."""
    known = _Known(inventory, read)
    update = Update()
    met: set[str] = set()
    new: list[Draft] = []
    for draft in read.drafts:
        hotspot = known.find(draft)
        if hotspot is None:
            new.append(draft)
        elif hotspot.id in met:
            read.doubts.found.append(_doubt(draft, hotspot.id, "is the same point again", Effect.LEFT_OUT))
        else:
            met.add(hotspot.id)
            values = _differences(draft, hotspot)
            if values:
                update.changed.append(PointChange(hotspot.id, draft.row, values))
            else:
                update.same += 1
    taken = {one.id for kind in (inventory.uplinks, inventory.hotspots) for one in kind} | {
        draft.values["id"] for draft in new if draft.values.get("id")
    }
    owned = {one.address: one.id for one in inventory.active_hotspots}
    owned |= {one.address: one.id for one in inventory.probed_uplinks if one.address}
    numbers = _Numbers(taken)
    for draft in new:
        _settle(draft, status, owned, read, update)
        draft.values.setdefault("id", "")
        id_ = draft.values["id"] or numbers.next(draft.values["kecamatan"])
        draft.values["id"] = id_
        update.added[id_] = draft
    update.gone = [one.id for one in inventory.hotspots if one.id not in met and one.status != "retired"]
    return update


class _Known:
    """The hotspots that there are, by all that one is known again by."""

    def __init__(self, inventory: Inventory, read: ReadList) -> None:
        self._read = read
        self._by_id = inventory.hotspot_by_id
        self._by_number: dict[str, list[Hotspot]] = {}
        self._by_address = {one.address: one for one in inventory.hotspots if one.address and one.status != "retired"}
        self._by_name: dict[tuple[str, str], list[Hotspot]] = {}
        for one in inventory.hotspots:
            self._by_name.setdefault((one.kecamatan, ward_key(one.name)), []).append(one)
            if one.id.isdigit():
                self._by_number.setdefault(one.id.lstrip("0"), []).append(one)
        self._named = Counter(_name_key(draft) for draft in read.drafts)
        self._ids = {draft.values.get("id", "") for draft in read.drafts}

    def find(self, draft: Draft) -> Hotspot | None:
        """By its id; else its address; else its name, where there is one of it in its district."""
        id_ = draft.values.get("id", "")
        if id_ in self._by_id:
            return self._by_id[id_]
        if id_.isdigit() and len(same := self._by_number.get(id_.lstrip("0"), [])) == 1:
            self._say(draft, id_, f"is {same[0].id} without its zeros")
            return same[0]
        found = self._by_address.get(draft.values.get("address", ""))
        if found is not None and found.id not in self._ids:
            if id_:
                self._say(draft, id_, f"is {found.id} by its address: an id is permanent")
            return found
        same = self._by_name.get(_name_key(draft), [])
        if not id_ and len(same) == 1 and self._named[_name_key(draft)] == 1:
            return same[0]
        return None

    def _say(self, draft: Draft, value: str, reason: str) -> None:
        self._read.doubts.found.append(_doubt(draft, value, reason, Effect.TAKEN))


class _Numbers:
    """Ids for those that have none: the district's and the next number that is free."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._last: Counter[str] = Counter()

    def next(self, district: str) -> str:
        while True:
            self._last[district] += 1
            candidate = _NEW_NUMBER.format(district=district, number=self._last[district])
            if candidate not in self._taken:
                self._taken.add(candidate)
                return candidate


def _settle(draft: Draft, status: str, owned: Mapping[str, str], read: ReadList, update: Update) -> None:
    """A new point without an address is planned, and so is one whose address is another's."""
    address = draft.values.get("address", "")
    if address and (other := owned.get(address)):
        read.doubts.found.append(_doubt(draft, address, f"is the address of {other} too", Effect.WITHOUT))
        draft.values["address"], draft.values["status"] = "", "planned"
    said = draft.values.get("status") or status or "active"
    if said == "active" and not draft.values.get("address"):
        said = "planned"
        update.planned += 1
    draft.values["status"] = said


def _differences(draft: Draft, hotspot: Hotspot) -> dict[str, tuple[str, str]]:
    """The fields that the list says otherwise; what it does not say stays."""
    found = {}
    for name, value in draft.values.items():
        if name == "id" or not value:
            continue
        before = _text(getattr(hotspot, name))
        if not _alike(name, before, value):
            found[name] = before, value
    if hotspot.status == "planned" and not hotspot.address and "address" in found and "status" not in draft.values:
        found["status"] = "planned", "active"
    if "status" in found and found["status"][1] == "active" and not (draft.values.get("address") or hotspot.address):
        del found["status"]
    note = joined_notes(parted_notes(hotspot.note or "") | draft.notes)
    if draft.notes and note != (hotspot.note or ""):
        found["note"] = hotspot.note or "", note
    return found


def _alike(name: str, before: str, value: str) -> bool:
    if name in ("latitude", "longitude") and before:
        return abs(float(before) - float(value)) < _ALMOST
    if name == "address" and before:
        return canonical_address(before) == canonical_address(value)
    return before == value


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _name_key(draft: Draft) -> tuple[str, str]:
    return draft.values.get("kecamatan", ""), ward_key(draft.values.get("name", ""))


def _doubt(draft: Draft, value: str, reason: str, effect: Effect) -> Doubt:
    return Doubt(draft.sheet, draft.row, "", value, reason, effect)
