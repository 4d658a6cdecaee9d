"""A city outside Indonesia, or one with districts of its own: what is known of it is what somebody writes."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from pantau.intake.cities.plan import CityPlan, PlannedDistrict, PlannedWard, unique_ids
from pantau.intake.cities.regions import Edges
from pantau.intake.errors import IntakeError
from pantau.inventory.wording import quote

_COLUMNS = ("district", "ward", "south", "north", "west", "east")


def named_city(
    name: str, zone: str, districts: Sequence[str], wards: Iterable[tuple[str, str, Edges | None]]
) -> CityPlan:
    """A city of districts by name and of wards as (district, ward, box); of one district, itself, where there is none.

    A district that only a ward names is one too.
    """
    listed = list(wards)
    names = list(dict.fromkeys([*districts, *(district for district, _, _ in listed)])) or [name]
    ids = dict(zip(names, unique_ids(names, fallback="district"), strict=True))
    codes = unique_ids([f"{district} {ward}" for district, ward, _ in listed], fallback="ward")
    planned = tuple(
        PlannedWard(code, ward, ids[district], edges)
        for code, (district, ward, edges) in zip(codes, listed, strict=True)
    )
    return CityPlan(name, zone, tuple(PlannedDistrict(id_, one) for one, id_ in ids.items()), planned)


def ward_of(text: str) -> tuple[str, str, Edges | None]:
    """What `DISTRICT/WARD` on the command line says. Raises `IntakeError`."""
    district, slash, ward = (part.strip() for part in text.partition("/"))
    if not slash or not district or not ward:
        raise IntakeError(f"{quote(text)} is not DISTRICT/WARD; write Manhattan/Harlem")
    return district, ward, None


def read_places(file: Path) -> list[tuple[str, str, Edges | None]]:
    """Districts and wards of a CSV with the columns district, ward and, if they are known, south, north, west, east."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise IntakeError(f"{file}: cannot be read ({error}); save it as CSV in UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns = [(name or "").strip().casefold() for name in rows.fieldnames or ()]
    if not {"district", "ward"} <= set(columns):
        raise IntakeError(f"{file}: has no columns {', '.join(_COLUMNS[:2])}; begin with {','.join(_COLUMNS)}")
    rows.fieldnames = columns
    return [_place(file, line, row) for line, row in enumerate(rows, 2) if any(row.values())]


def _place(file: Path, line: int, row: dict[str | None, str | None]) -> tuple[str, str, Edges | None]:
    said = {key: (row.get(key) or "").strip() for key in _COLUMNS}
    if not said["district"] or not said["ward"]:
        raise IntakeError(f"{file}:{line}: has no district or no ward; write both, or delete the row")
    written = [said[edge] for edge in ("south", "west", "north", "east")]
    if not any(written):
        return said["district"], said["ward"], None
    try:
        return said["district"], said["ward"], Edges(*map(float, written))
    except ValueError as error:
        raise IntakeError(f"{file}:{line}: {error}; write all four edges in degrees, or none") from error
