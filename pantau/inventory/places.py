"""Where hotspots are: in which ward, within its box of coordinates, and not on top of each other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, floor, hypot, radians

from pantau.errors import Problem
from pantau.inventory.models import Kelurahan
from pantau.inventory.rows import Row, Rows
from pantau.inventory.wards import Wards
from pantau.inventory.wording import did_you_mean, listed, quote

MARGIN_METRES = 200
"""How far outside its ward's box a point may lie: boxes and GPS are not exact."""
NEAR_METRES = 15
"""Two active hotspots nearer than this are probably one, entered (and paid) twice."""
_METRES_PER_DEGREE = 111_320.0
_WARD_FIELDS = (
    "code",
    "name",
    "kecamatan",
    "aliases",
    "latitude_min",
    "latitude_max",
    "longitude_min",
    "longitude_max",
)


@dataclass(frozen=True, slots=True)
class Box:
    """Edges in degrees."""

    south: float
    north: float
    west: float
    east: float

    @classmethod
    def of(cls, wards: Iterable[Kelurahan]) -> "Box | None":
        """The least box around the boxes of `wards`; `None` where one of them has none."""
        edges = [(ward.latitude_min, ward.latitude_max, ward.longitude_min, ward.longitude_max) for ward in wards]
        known = [
            (south, north, west, east)
            for south, north, west, east in edges
            if south is not None and north is not None and west is not None and east is not None
        ]
        if not edges or len(known) < len(edges):
            return None
        souths, norths, wests, easts = zip(*known, strict=True)
        return cls(min(souths), max(norths), min(wests), max(easts))

    def misses(self, latitude: float, longitude: float) -> str | None:
        """The coordinate by which a point lies outside by more than the margin, or `None`."""
        margin = MARGIN_METRES / _METRES_PER_DEGREE
        if not self.south - margin <= latitude <= self.north + margin:
            return "latitude"
        margin /= cos(radians(self.north))
        return None if self.west - margin <= longitude <= self.east + margin else "longitude"

    def __str__(self) -> str:
        return f"latitude {self.south} to {self.north}, longitude {self.west} to {self.east}"


def check_places(rows: Rows) -> Iterator[Problem]:
    """Wards lie in the hotspot's kecamatan, coordinates in the ward's box, or in the city's where no ward is given."""
    known = [row.value for row in rows.usable("kelurahan", *_WARD_FIELDS)]
    wards = Wards(known)
    complete = "kelurahan" not in rows.incomplete and len(known) == len(rows["kelurahan"])
    city = Box.of(known) if complete else None
    listed_all = bool(known) and complete
    kecamatan = {row.written("id") for row in rows["kecamatan"]}
    for row in rows["hotspots"]:
        ward = None
        if row.checked.usable("kelurahan", "kecamatan") and row.value.kelurahan is not None:
            ward = wards.find(row.value.kecamatan, row.value.kelurahan)
            if ward is None and listed_all and row.value.kecamatan in kecamatan:
                yield _unknown_ward(row, wards)
        if row.checked.usable("latitude", "longitude") and None not in (row.value.latitude, row.value.longitude):
            yield from _check_box(row, ward, None if row.written("kelurahan") else city)


def check_pairs(rows: Rows) -> Iterator[Problem]:
    """Latitude and longitude are both given, or neither."""
    for kind in ("kecamatan", "kelurahan", "hotspots"):
        for row in rows.usable(kind, "latitude", "longitude"):
            if (row.value.latitude is None) != (row.value.longitude is None):
                lacking = "latitude" if row.value.latitude is None else "longitude"
                yield row.problem(lacking, "is missing, but its other half is given; give both or none")


def _unknown_ward(row: Row, wards: Wards) -> Problem:
    kecamatan, named = row.value.kecamatan, row.value.kelurahan
    elsewhere = wards.kecamatan_of(named)
    if elsewhere:
        message = f"{quote(named)} is a ward of {listed(elsewhere)}, not of {kecamatan}; correct one of the two"
        return row.problem("kelurahan", message)
    cure = did_you_mean(named, wards.names(kecamatan))
    return row.problem("kelurahan", f"{quote(named)} is not a ward of {kecamatan}; {cure}")


def _check_box(row: Row, ward: Kelurahan | None, city: Box | None) -> Iterator[Problem]:
    box = Box.of([ward]) if ward else city
    field = box.misses(row.value.latitude, row.value.longitude) if box else None
    if field:
        point = f"{row.value.latitude}, {row.value.longitude}"
        of = f"kelurahan {ward.name}" if ward else "the city"
        message = f"{point} is more than {MARGIN_METRES} m outside the box of {of} ({box})"
        yield row.problem(field, f"{message}; correct the coordinates{' or the kelurahan' if ward else ''}")


def check_distances(rows: Rows) -> Iterator[Problem]:
    """Active hotspots that lie nearer to an earlier one than two hotspots sensibly do."""
    cells: dict[tuple[int, int], list[tuple[float, float, Row]]] = {}
    for row in rows.usable("hotspots", "latitude", "longitude", "status"):
        if row.value.status != "active" or row.value.latitude is None or row.value.longitude is None:
            continue
        y = row.value.latitude * _METRES_PER_DEGREE
        x = row.value.longitude * _METRES_PER_DEGREE * cos(radians(row.value.latitude))
        cell = floor(x / NEAR_METRES), floor(y / NEAR_METRES)
        near = _nearest(cells, cell, x, y)
        if near is None:
            cells.setdefault(cell, []).append((x, y, row))
            continue
        metres, other = near
        message = f"lies {metres:.0f} m from {quote(other.written('id'))} ({other.place})"
        yield row.problem("latitude", f"{message}; is it the same one, entered twice?")


def _nearest(
    cells: dict[tuple[int, int], list[tuple[float, float, Row]]], cell: tuple[int, int], x: float, y: float
) -> tuple[float, Row] | None:
    """Distance and row of the nearest hotspot within `NEAR_METRES`: it lies in this cell or one of the eight around."""
    column, line = cell
    around = ((column + right, line + up) for right in (-1, 0, 1) for up in (-1, 0, 1))
    found = ((hypot(x - left, y - low), row) for place in around for left, low, row in cells.get(place, ()))
    return min((pair for pair in found if pair[0] < NEAR_METRES), key=lambda pair: pair[0], default=None)
