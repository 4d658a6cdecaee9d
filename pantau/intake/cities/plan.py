"""What a new city is made of, before any of it is written: its districts, wards, ISPs and the words for them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pantau.intake.cities.regions import Edges


@dataclass(frozen=True, slots=True)
class PlannedDistrict:
    """A kecamatan, or what another country calls it."""

    id: str
    name: str
    code: str = ""
    centre: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PlannedWard:
    """A kelurahan or desa, or what another country calls it."""

    code: str
    name: str
    district: str
    """The id of its district."""
    edges: Edges | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedEntry:
    """An id and the name that people read: an ISP; an address and its name: a canary."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CityPlan:
    """All that `pantau init` writes of a city."""

    name: str
    """As people call it: Kota Bandung."""
    zone: str
    """IANA name."""
    districts: tuple[PlannedDistrict, ...]
    wards: tuple[PlannedWard, ...] = ()
    outlines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """GeoJSON features of the districts, by code."""
    code: str = ""
    isps: tuple[NamedEntry, ...] = ()
    canaries: tuple[NamedEntry, ...] = ()
    """Name and address."""
    office: str = ""
    operator: str = ""
    district_word: str = "Kecamatan"
    ward_word: str = "Kelurahan"
    language: str = "id"

    @property
    def vantage(self) -> str:
        """The name of the place that looks."""
        return f"noc-{slug(re.sub(r'^(Kota|Kabupaten)( Administrasi)? ', '', self.name))}"


def slug(name: str) -> str:
    """An id of a name: small letters and digits with hyphens between; empty where it has no Latin ones."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def unique_ids(names: Sequence[str], taken: Iterable[str] = (), fallback: str = "x") -> list[str]:
    """An id for each name, none twice: a number follows where two names come to the same."""
    used = set(taken)
    ids = []
    for name in names:
        base = slug(name) or fallback
        candidate, number = base, 1
        while candidate in used:
            number += 1
            candidate = f"{base}-{number}"
        used.add(candidate)
        ids.append(candidate)
    return ids
