"""Wards (kelurahan) by the spellings people use. A name alone never identifies one: names recur across kecamatan."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pantau.inventory.models import Kelurahan

_NUMERALS = {"i": "satu", "1": "satu", "ii": "dua", "2": "dua", "iii": "tiga", "3": "tiga", "iv": "empat", "4": "empat"}
_WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=4096)
def ward_key(name: str) -> str:
    """`name` without what spellings differ in: case, accents, spaces, hyphens, and the final numeral's form."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    words = _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))
    if len(words) > 1:
        words[-1] = _NUMERALS.get(words[-1], words[-1])
    return "".join(words)


class Wards:
    """Finds a ward by kecamatan and name, other spelling or code."""

    def __init__(self, wards: Iterable[Kelurahan]) -> None:
        self._by_spelling: dict[tuple[str, str], Kelurahan] = {}
        self._names: dict[str, list[str]] = {}
        self._kecamatan: dict[str, list[str]] = {}
        for ward in wards:
            self._names.setdefault(ward.kecamatan, []).append(ward.name)
            for key in {ward_key(spelling) for spelling in (ward.name, ward.code, *ward.aliases)}:
                self._by_spelling.setdefault((ward.kecamatan, key), ward)
                self._kecamatan.setdefault(key, []).append(ward.kecamatan)

    def find(self, kecamatan: str, spelling: str) -> Kelurahan | None:
        """The ward of that kecamatan that is spelled so, or `None`."""
        return self._by_spelling.get((kecamatan, ward_key(spelling)))

    def kecamatan_of(self, spelling: str) -> list[str]:
        """The ids of all kecamatan that have a ward spelled so."""
        return self._kecamatan.get(ward_key(spelling), [])

    def names(self, kecamatan: str) -> list[str]:
        """The names of the wards of a kecamatan."""
        return self._names.get(kecamatan, [])
