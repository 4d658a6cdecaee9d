"""Indonesia's provinces, cities, districts and wards, as the package brings them (see `../wilayah/README.md`).

The level of a region is the number of parts of its code: 71, 71.72, 71.72.01, 71.72.01.1001. Boxes are in degrees, WGS
84.
"""

import csv
import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

_DATA = files("pantau.intake") / "wilayah"
_CITY_DIGITS = len("71.72")


class Edges(NamedTuple):
    """The box that a region lies in."""

    south: float
    west: float
    north: float
    east: float

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of its middle."""
        return round((self.south + self.north) / 2, 5), round((self.west + self.east) / 2, 5)


@dataclass(frozen=True, slots=True)
class Region:
    """One of them."""

    code: str
    name: str
    edges: Edges | None

    @property
    def level(self) -> int:
        """1 a province, 2 a kabupaten or kota, 3 a kecamatan, 4 a kelurahan or desa."""
        return self.code.count(".") + 1


@cache
def _lines() -> tuple[str, ...]:
    """The file's lines: most are never looked at, so they stay text. No name holds a line end."""
    text = lzma.decompress((_DATA / "wilayah.csv.xz").read_bytes()).decode("utf-8")
    return tuple(text.splitlines()[1:])


def all_regions() -> tuple[Region, ...]:
    """All of them, by code."""
    return _regions(_lines())


@cache
def cities() -> tuple[Region, ...]:
    """The 514 kabupaten and kota."""
    return _regions(line for line in _lines() if line.find(",") == _CITY_DIGITS)


def province_of(code: str) -> str:
    """The name of the province that a code lies in."""
    return _regions(line for line in _lines() if line.startswith(f"{code[:2]},"))[0].name


def below(code: str) -> Iterator[Region]:
    """The regions one level below."""
    found = _regions(line for line in _lines() if line.startswith(f"{code}."))
    return (one for one in found if one.level == code.count(".") + 2)


def _regions(lines: Iterable[str]) -> tuple[Region, ...]:
    return tuple(Region(code, " ".join(name.split()), _edges(box)) for code, name, *box in csv.reader(lines))


def outlines(code: str) -> dict[str, Mapping[str, Any]]:
    """The features (GeoJSON) of a city's kecamatan by their code; one that the source lacks is missing."""
    return {kode: feature for kode, feature in _features().items() if kode.startswith(f"{code}.")}


@cache
def _features() -> Mapping[str, Mapping[str, Any]]:
    drawing = json.loads(lzma.decompress((_DATA / "kecamatan.geojson.xz").read_bytes()))
    return {feature["properties"]["kode"]: feature for feature in drawing["features"]}


def _edges(box: list[str]) -> Edges | None:
    """The box, where the source has one that is more than a point."""
    if not all(box):
        return None
    edges = Edges(*map(float, box))
    return edges if edges.south < edges.north and edges.west < edges.east else None
