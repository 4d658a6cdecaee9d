"""A city by what somebody calls it: its name with or without Kota or Kabupaten, or its code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from pantau.intake.cities.regions import Region, cities
from pantau.inventory.wards import ward_key

_KIND = re.compile(r"^(kota|kabupaten|kab)\b\.?\s*", re.IGNORECASE)
_ADMINISTRATIVE = re.compile(r"^(administrasi|adm)\b\.?\s*", re.IGNORECASE)
_MOST_SUGGESTED = 6


@dataclass(frozen=True, slots=True)
class CitiesFound:
    """What a name leads to: one city, several of that name, or those that may have been meant."""

    certain: tuple[Region, ...]
    near: tuple[Region, ...] = ()

    def __str__(self) -> str:
        return ", ".join(f"{region.name} ({region.code})" for region in self.certain or self.near)


def find_city(text: str) -> CitiesFound:
    """The cities of that name or code; where there is none, the nearest names."""
    known = cities()
    digits = re.sub(r"[.\s]", "", text)
    if digits.isdigit():
        return CitiesFound(tuple(region for region in known if region.code.replace(".", "") == digits))
    whole = [region for region in known if _key(region.name) == _key(text)]
    if whole and _kind(text):
        return CitiesFound(tuple(whole))
    same = tuple(
        region for region in known if _bare(region.name) == _bare(text) and _kind(text) in ("", _kind(region.name))
    )
    return CitiesFound(same) if same else CitiesFound((), tuple(_near(text, known)))


def _near(text: str, known: Iterable[Region]) -> list[Region]:
    """Names that hold the word, and names that are spelled nearly so."""
    bare = _bare(text)
    by_bare: dict[str, list[Region]] = {}
    for region in known:
        by_bare.setdefault(_bare(region.name), []).append(region)
    holding = [name for name in by_bare if len(bare) > 3 and (bare in name or name in bare)]
    close = get_close_matches(bare, by_bare, n=_MOST_SUGGESTED, cutoff=0.75)
    names = dict.fromkeys([*close, *holding])
    return [region for name in names for region in by_bare[name]][:_MOST_SUGGESTED]


def _kind(text: str) -> str:
    """`kota` or `kabupaten`, or nothing."""
    match = _KIND.match(text.strip())
    return {"kab": "kabupaten"}.get(match[1].lower(), match[1].lower()) if match else ""


def _bare(text: str) -> str:
    return ward_key(_ADMINISTRATIVE.sub("", _KIND.sub("", text.strip())))


def _key(text: str) -> str:
    return _kind(text) + _bare(text)
