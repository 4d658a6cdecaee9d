"""What the columns of a list are, by their headings in either language, and by what stands in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pantau.intake.errors import IntakeError
from pantau.intake.lists.sheets import Cell
from pantau.inventory.yaml_source import parse_yaml

_FILE = "words.yml"


@cache
def _words(table: str) -> Mapping[str, str]:
    """One table of `words.yml`, turned round: what each word means."""
    text = (files("pantau.intake.lists") / _FILE).read_text(encoding="utf-8")
    root, problems = parse_yaml(text, Path(_FILE))
    if root is None or problems:
        raise IntakeError(f"{_FILE} of the package cannot be read: {problems}")
    tables = root[table]
    return {str(word): meant for meant, words in tables.items() for word in words} if isinstance(tables, dict) else {}


FIELDS: Mapping[str, str] = _words("headings")
CATEGORIES: Mapping[str, str] = _words("categories")
ACCESS: Mapping[str, str] = _words("access")
STATUSES: Mapping[str, str] = _words("statuses")
"""A point that is down is in service: that it does not answer is what is measured."""
_EITHER = {
    "alamat": ("address", "street"),
    "address": ("address", "street"),
    "alamat lokasi": ("street", "street"),
    "lokasi": ("name", "both"),
    "location": ("name", "both"),
    "the geom": ("both", "note"),
    "operator": ("isp", "note"),
    "type": ("category", "note"),
    "tipe": ("category", "note"),
    "jenis": ("category", "access"),
}
"""Headings that two things are called by: what stands below tells which."""
_UNIT = re.compile(r"\((?:[^()]*)\)|\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column, and what it is taken for."""

    index: int
    heading: str
    field: str
    """A field of a hotspot, `both` (latitude and longitude in one), `number`, or empty: kept as a note."""
    by_content: bool = False


def heading_key(text: str) -> str:
    """A heading without case, punctuation, and what stands in brackets."""
    words = re.findall(r"[^\W_]+", _UNIT.sub(" ", text).casefold())
    return " ".join(words) or " ".join(re.findall(r"[^\W_]+", text.casefold()))


def field_of(heading: str) -> str:
    """The field that a heading certainly names, or empty."""
    key = heading_key(heading)
    if key in _EITHER:
        return _EITHER[key][0]
    if key in FIELDS:
        return FIELDS[key]
    bare = re.sub(r"\b(?:data|nama|wifi|hotspot|titik|publik|public|1000|program)\b", " ", key)
    return FIELDS.get(" ".join(bare.split()), "")


def is_either(heading: str) -> tuple[str, str] | None:
    """The two things that a heading may be called for."""
    return _EITHER.get(heading_key(heading))


def known_headings(cells: Sequence[Cell]) -> int:
    """How many cells of a row are headings that are known."""
    return sum(isinstance(cell, str) and bool(field_of(cell)) for cell in cells)
