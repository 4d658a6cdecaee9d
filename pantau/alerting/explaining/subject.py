"""What is asked about: a hotspot, an uplink, an ISP or a kecamatan, and the labels that alerts about it may carry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from pantau.alerting.errors import AlertingError
from pantau.alerting.matchers import Labels
from pantau.inventory import Hotspot, Inventory, Isp, Kecamatan, Uplink

Kind = Literal["hotspot", "uplink", "isp", "kecamatan"]
KINDS: tuple[Kind, ...] = ("hotspot", "uplink", "isp", "kecamatan")
_PLACES = (*KINDS, "contract", "window")


@dataclass(frozen=True)
class Subject:
    """`labels` holds itself and all that is wider: what carries it, whose it is, where it stands."""

    kind: Kind
    id: str
    name: str
    labels: Mapping[str, frozenset[str]]
    phones: tuple[str, ...] = ()
    """Of its ISP and its kecamatan: whom to call, as the inventory says."""

    def concerned_by(self, labels: Labels) -> bool:
        """Whether an alert with these labels speaks of this or of something around it, and not of a part or another."""
        return all(labels[place] in self.labels.get(place, ()) for place in _PLACES if labels.get(place))

    def compatible_with(self, labels: Labels) -> bool:
        """Whether a series with these labels may say something of it: its parts count, what carries it does not."""
        known = {**self.labels, self.kind: {self.id}}
        return all(labels[place] in values for place, values in known.items() if labels.get(place))

    def is_named_by(self, labels: Labels) -> bool:
        """Whether an alert with these labels is about this very thing; one that names only its window is, too."""
        return labels.get("scope") == self.kind and labels.get(self.kind, self.id) == self.id

    def within(self, windows: frozenset[str]) -> "Subject":
        """The same, with the maintenance windows that concern it."""
        return replace(self, labels={**self.labels, "window": windows})


def find_subject(text: str, inventory: Inventory) -> Subject:
    """The subject of that id, or `KIND:ID`; `AlertingError` if there is none, or more than one."""
    kind, _, rest = text.partition(":")
    kinds, id_ = ([one for one in KINDS if one == kind], rest) if rest else (list(KINDS), text)
    found = [subject for one in kinds if (subject := _of_kind(one, id_, inventory)) is not None]
    if len(found) > 1:
        choices = ", ".join(f"{subject.kind}:{subject.id}" for subject in found)
        raise AlertingError(f"{text!r} is more than one thing; ask for one of {choices}")
    if not found:
        raise AlertingError(f"{text!r} is no id of a hotspot, uplink, ISP or kecamatan{_nearest(id_, inventory)}")
    return found[0]


def _nearest(id_: str, inventory: Inventory) -> str:
    known = [*inventory.hotspot_by_id, *inventory.uplink_by_id, *inventory.isp_by_id, *inventory.kecamatan_by_id]
    near = get_close_matches(id_, known, 3)
    return f"; did you mean {' or '.join(near)}?" if near else "; `pantau check` reads the inventory that it must be in"


def _of_kind(kind: Kind, id_: str, inventory: Inventory) -> Subject | None:
    match kind:
        case "hotspot" if id_ in inventory.hotspot_by_id:
            hotspot = inventory.hotspot_by_id[id_]
            around = {"isp": {hotspot.isp}, "kecamatan": {hotspot.kecamatan}}
            around["uplink"] = set(_carriers(hotspot, inventory))
            return _subject(kind, id_, hotspot.name, around, inventory)
        case "uplink" if id_ in inventory.uplink_by_id:
            uplink = inventory.uplink_by_id[id_]
            places = {"isp": uplink.isp, "kecamatan": uplink.kecamatan}
            around = {place: {value} for place, value in places.items() if value}
            around["uplink"] = {id_, *_carriers(uplink, inventory)}
            return _subject(kind, id_, uplink.name, around, inventory)
        case "isp" if id_ in inventory.isp_by_id:
            return _subject(kind, id_, inventory.isp_by_id[id_].name, {}, inventory)
        case "kecamatan" if id_ in inventory.kecamatan_by_id:
            return _subject(kind, id_, inventory.kecamatan_by_id[id_].name, {}, inventory)
    return None


def _subject(kind: Kind, id_: str, name: str, around: Mapping[str, set[str]], inventory: Inventory) -> Subject:
    labels = {place: frozenset(values) for place, values in {kind: {id_}, **around}.items() if values}
    return Subject(kind, id_, name, labels, tuple(_phones(labels, inventory)))


def _carriers(start: Hotspot | Uplink, inventory: Inventory) -> Iterator[str]:
    """The uplinks that carry it, the nearest first; a hotspot on the way is passed through."""
    here = start.upstream
    while here is not None:
        if here in inventory.uplink_by_id:
            yield here
            here = inventory.uplink_by_id[here].upstream
        else:
            here = inventory.hotspot_by_id[here].upstream


def _phones(labels: Mapping[str, frozenset[str]], inventory: Inventory) -> Iterator[str]:
    offices: list[Isp | Kecamatan] = [inventory.isp_by_id[id_] for id_ in labels.get("isp", ())]
    offices += [inventory.kecamatan_by_id[id_] for id_ in labels.get("kecamatan", ())]
    for office in offices:
        yield from (f"{office.name} {contact.value}" for contact in office.contacts if contact.kind == "phone")
