"""Districts, wards and ISPs by whatever a list calls them, and by where a point lies."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pantau.intake.cities.plan import NamedEntry, unique_ids
from pantau.inventory import Isp, Kecamatan, Kelurahan
from pantau.inventory.places import Box
from pantau.inventory.wards import Wards, ward_key
from pantau.inventory.wording import edits

_DISTRICT = re.compile(r"^\s*(kecamatan|kec|distrik|district)\b\s*[.:]?\s*", re.IGNORECASE)
_WARD = re.compile(r"^\s*(kelurahan|kel|desa|ds|ward)\b\s*[.:]?\s*", re.IGNORECASE)
_BODY = re.compile(r"^\s*(pt|cv)\b\s*[.:]?\s*|\b(tbk|persero)\b\.?|\([^)]*\)", re.IGNORECASE)
_SHORTEST_WITH_A_SLIP = 5
NEW_ISPS = 50
"""More new ISPs than this are no ISPs: it is another column."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The id that a word leads to; `nearly` where only a slip of the finger lies between."""

    id: str = ""
    nearly: str = ""
    """The name that was meant."""


class Districts:
    """Those of the inventory, by their ids, names and codes."""

    def __init__(self, known: Iterable[Kecamatan]) -> None:
        self.names = {one.id: one.name for one in known}
        self._by_key: dict[str, str] = {}
        for one in known:
            for spelling in (one.id, one.name, one.code or "", one.bps_code or "", (one.code or "").replace(".", "")):
                if spelling:
                    self._by_key.setdefault(ward_key(spelling), one.id)

    def find(self, text: str) -> Matched:
        """By its name, with or without the word for a district before it."""
        return _find(_DISTRICT.sub("", text), self._by_key, self.names)

    @property
    def only(self) -> str:
        """The id of the one district, where there is one only."""
        return next(iter(self.names)) if len(self.names) == 1 else ""


class WardFinder:
    """The wards of the inventory, by name within a district, and by the boxes that a point lies in."""

    def __init__(self, known: Iterable[Kelurahan]) -> None:
        self._known = tuple(known)
        self._wards = Wards(self._known)
        self._by_name: dict[str, list[Kelurahan]] = {}
        for one in self._known:
            for spelling in {ward_key(one.name), ward_key(one.code), *map(ward_key, one.aliases)}:
                self._by_name.setdefault(spelling, []).append(one)
        self._boxes = [(box, one) for one in self._known if (box := Box.of([one])) is not None]
        self.city = Box.of([one for _, one in self._boxes])

    def __bool__(self) -> bool:
        return bool(self._known)

    def find(self, district: str, text: str) -> Matched:
        """The name of a ward of a district, as the inventory spells it."""
        bare = _WARD.sub("", text)
        ward = self._wards.find(district, text) or self._wards.find(district, bare)
        if ward is not None:
            return Matched(ward.name)
        near = one_slip(bare, self._wards.names(district))
        return Matched(near, near) if near else Matched()

    def box(self, district: str, name: str) -> Box | None:
        """The box of a ward."""
        ward = self._wards.find(district, name)
        return Box.of([ward]) if ward else None

    def district_of_name(self, text: str) -> str:
        """The id of the one district that has a ward so called, else empty."""
        found = self._by_name.get(ward_key(text)) or self._by_name.get(ward_key(_WARD.sub("", text)), [])
        districts = {one.kecamatan for one in found}
        return districts.pop() if len(districts) == 1 else ""

    def district_of_place(self, latitude: float, longitude: float) -> str:
        """The id of the one district whose wards' boxes a point lies in, else empty."""
        inside = {
            one.kecamatan
            for box, one in self._boxes
            if box.south <= latitude <= box.north and box.west <= longitude <= box.east
        }
        return inside.pop() if len(inside) == 1 else ""


@dataclass(slots=True)
class IspFinder:
    """ISPs of the inventory, and those that a list brings."""

    known: tuple[Isp, ...]
    new: dict[str, NamedEntry] = field(default_factory=dict)
    """By the key of their name."""
    _by_key: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.known:
            for spelling in filter(None, (one.id, one.name, one.legal_name)):
                self._by_key.setdefault(_isp_key(spelling), one.id)

    @property
    def only(self) -> str:
        """The id of the one ISP, where there is one only."""
        return self.known[0].id if len(self.known) == 1 else ""

    def find(self, text: str) -> Matched:
        """By its name, whatever legal form stands around it; a new one where nothing is near."""
        names = {one.id: one.name for one in self.known} | {one.id: one.name for one in self.new.values()}
        found = _find(text, self._by_key, names, _isp_key)
        if found.id:
            return found
        key = _isp_key(text)
        if not key or len(self.new) >= NEW_ISPS:
            return Matched()
        name = " ".join(text.split())
        one = NamedEntry(unique_ids([_BODY.sub("", name)], names, "isp")[0], name)
        self.new[key] = one
        self._by_key[key] = one.id
        return Matched(one.id)


def _isp_key(text: str) -> str:
    return ward_key(_BODY.sub("", text))


def one_slip(text: str, names: Iterable[str]) -> str:
    """The one name that is a single letter away from what is written, else empty.

    Not where that letter makes it another number or direction, nor where two names are as near: `Winenet Dua` and
    `Winenet Tiga` are two wards, and a ward that is in no list is not the one that looks like it.
    """
    key = ward_key(text)
    if len(key) < _SHORTEST_WITH_A_SLIP:
        return ""
    near = [name for name in names if abs(len(ward_key(name)) - len(key)) <= 1 and edits(key, ward_key(name)) == 1]
    if len(near) != 1 or _digits(near[0]) != _digits(text):
        return ""
    return near[0]


def _digits(text: str) -> list[str]:
    return re.findall(r"[0-9]+|\b[ivx]+\b", text.casefold())


def _find(
    text: str, by_key: Mapping[str, str], names: Mapping[str, str], key: Callable[[str], str] = ward_key
) -> Matched:
    if (found := by_key.get(key(text))) is not None:
        return Matched(found)
    spelled = {name: id_ for id_, name in names.items()}
    near = one_slip(text, spelled)
    return Matched(spelled[near], near) if near else Matched()
