"""Which column of a table is which field: by heading first, then by what stands in it, each field once."""

from collections.abc import Callable, Mapping, Sequence

from pantau.intake.errors import IntakeError
from pantau.intake.lists.columns import ListColumn, field_of, heading_key, is_either
from pantau.intake.lists.coordinates import read_both, read_degrees
from pantau.intake.lists.heads import TableHead
from pantau.intake.lists.network_addresses import looks_like_address
from pantau.intake.lists.places import Districts, WardFinder
from pantau.intake.lists.sheets import Cell, SheetRow, shown_cell
from pantau.inventory.wording import did_you_mean, quote

Proofs = Mapping[str, Callable[[Cell], bool]]
_SAMPLE = 300
_MOST = 0.8
_SOME = 0.3
SETTABLE = (
    *("id", "name", "address", "kecamatan", "kelurahan", "isp", "latitude", "longitude", "both", "category"),
    *("access", "status", "contract", "upstream", "note"),
)


def assigned(
    head: TableHead, rows: Sequence[SheetRow], said: Mapping[str, str], districts: Districts, wards: WardFinder
) -> list[ListColumn]:
    """A column for each that has a heading or values. `said` is what a person says: field to heading, or number."""
    width = max((len(row.cells) for row in rows), default=0)
    headings = [*head.headings, *[""] * (width - len(head.headings))]
    samples = [_sample(rows, place) for place in range(len(headings))]
    fields = _said(said, headings)
    proofs = {**_PROOFS, "kecamatan": lambda cell: bool(districts.find(shown_cell(cell)).id)}
    for place, heading in enumerate(headings):
        if place not in fields and (field := _by_heading(heading, samples[place])):
            _claim(fields, place, field, samples, proofs)
    by_content = _by_content(fields, headings, samples, districts, wards)
    return [
        ListColumn(
            place, heading or f"column {place + 1}", fields.get(place, by_content.get(place, "")), place in by_content
        )
        for place, heading in enumerate(headings)
        if heading or samples[place]
    ]


def _sample(rows: Sequence[SheetRow], place: int) -> list[Cell]:
    cells = (row.cells[place] for row in rows if place < len(row.cells))
    return [cell for cell in cells if shown_cell(cell)][:_SAMPLE]


def _said(said: Mapping[str, str], headings: Sequence[str]) -> dict[int, str]:
    fields = {}
    keys = [heading_key(heading) for heading in headings]
    for field, heading in said.items():
        if field not in SETTABLE:
            raise IntakeError(f"{quote(field)} is no field; {did_you_mean(field, SETTABLE)}")
        if heading_key(heading) in keys:
            place = keys.index(heading_key(heading))
        elif heading.isdigit() and 1 <= int(heading) <= len(headings):
            place = int(heading) - 1
        else:
            raise IntakeError(f"there is no column {quote(heading)}; {did_you_mean(heading, filter(None, headings))}")
        fields[place] = field
    return fields


def _by_heading(heading: str, sample: Sequence[Cell]) -> str:
    """The field that a heading names, where what stands below does not speak against it."""
    either = is_either(heading)
    if either is not None:
        first, second = either
        return (
            first
            if _share(sample, first) >= _SOME or (first not in _PROOFS and _share(sample, second) < _SOME)
            else _kept(second)
        )
    field = field_of(heading)
    if field == "id" and len(set(map(shown_cell, sample))) < _MOST * len(sample):
        return ""  # the code of something that several points share
    if field in ("address", "both") and sample and not _share(sample, field) and field == "both":
        return ""
    return field


def _kept(field: str) -> str:
    return "" if field == "street" else field


def _claim(fields: dict[int, str], place: int, field: str, samples: Sequence[Sequence[Cell]], proofs: Proofs) -> None:
    """Give a field to a column, unless another has it with more right: more cells that are such."""
    holder = next((other for other, taken in fields.items() if taken == field), None)
    if holder is None:
        fields[place] = field
    elif _right(samples[place], field, proofs) > _right(samples[holder], field, proofs):
        del fields[holder]
        fields[place] = field


def _right(sample: Sequence[Cell], field: str, proofs: Proofs) -> float:
    """How many cells of a column are what the field asks for; all of them where any text will do."""
    return float(sum(map(proofs[field], sample)) if field in proofs else len(sample))


def _by_content(
    fields: Mapping[int, str],
    headings: Sequence[str],
    samples: Sequence[Sequence[Cell]],
    districts: Districts,
    wards: WardFinder,
) -> dict[int, str]:
    """Fields that no heading names, for the columns in which nearly all cells are such."""
    found: dict[int, str] = {}
    taken = set(fields.values())
    free = [place for place in range(len(headings)) if place not in fields and samples[place]]
    for place in free:
        field = _guess(samples[place], taken, districts, wards)
        if field and field not in taken:
            found[place] = field
            taken.add(field)
    return found


def _guess(sample: Sequence[Cell], taken: set[str], districts: Districts, wards: WardFinder) -> str:
    texts = [shown_cell(cell) for cell in sample]
    if "address" not in taken and _share(sample, "address") >= _MOST:
        return "address"
    if not taken & {"both", "latitude"} and _share(sample, "both") >= _MOST:
        return "both"
    halves = [half for cell in sample if (half := read_degrees(cell)) is not None and not half.digits]
    if wards.city is not None and len(halves) >= _MOST * len(sample):
        box = wards.city
        if "latitude" not in taken and sum(box.south <= one.value <= box.north for one in halves) >= _MOST * len(
            sample
        ):
            return "latitude"
        if "longitude" not in taken and sum(box.west <= one.value <= box.east for one in halves) >= _MOST * len(sample):
            return "longitude"
    if "kecamatan" not in taken and sum(bool(districts.find(text).id) for text in texts) >= _MOST * len(texts):
        return "kecamatan"
    if (
        "kelurahan" not in taken
        and wards
        and sum(bool(wards.district_of_name(text)) for text in texts) >= _MOST * len(texts)
    ):
        return "kelurahan"
    return ""


def _share(sample: Sequence[Cell], field: str) -> float:
    proof = _PROOFS.get(field)
    return sum(map(proof, sample)) / len(sample) if proof and sample else 0.0


_PROOFS: Proofs = {
    "address": looks_like_address,
    "both": lambda cell: read_both(cell) is not None,
    "latitude": lambda cell: read_degrees(cell) is not None,
    "longitude": lambda cell: read_degrees(cell) is not None,
}
"""By what a cell of a field is known, whatever its column is called."""
