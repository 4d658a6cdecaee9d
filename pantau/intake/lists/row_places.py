"""Where a row's point is: its district, ward, ISP and coordinates, each certain or doubted."""

from collections.abc import Iterable

from pantau.intake.lists.columns import heading_key
from pantau.intake.lists.coordinates import Degrees, placed, read_both, read_degrees
from pantau.intake.lists.places import Districts, IspFinder, WardFinder
from pantau.intake.lists.row_cells import RowCells
from pantau.intake.lists.sheets import Effect, shown_cell

_NOTHING = frozenset({"", "tidak ada", "belum ada", "n a", "na", "none", "kosong"})


class PlaceReader:
    """Reads the places of one table's rows."""

    def __init__(
        self, districts: Districts, wards: WardFinder, isps: IspFinder, elsewhere: Iterable[str], isp: str
    ) -> None:
        self.districts = districts
        self.section = ""
        """The district that a row above names for those below it."""
        self._wards = wards
        self._isps = isps
        self._isp = isps.find(isp).id if isp else ""
        self._elsewhere = next(filter(None, (districts.find(text).id for text in elsewhere if text)), "")

    def read(self, row: RowCells) -> bool:
        """Fill the draft; whether it has what each point must have, a district and an ISP."""
        place = self._coordinates(row)
        if not self._district(row, place) or not self._isp_of(row):
            return False
        self._ward(row)
        self._within_ward(row)
        return True

    def _coordinates(self, row: RowCells) -> tuple[float, float] | None:
        first, second, field, shown = _halves(row)
        if not shown:
            return None
        found = placed(first, second, self._wards.city)
        if found.latitude is None or found.longitude is None:
            row.doubt(field, shown, found.doubt, Effect.WITHOUT)
            row.keep_field(field, shown)
            return None
        if found.taken:
            row.doubt(field, shown, f"{found.taken}: {found.latitude}, {found.longitude}", Effect.TAKEN)
        row.draft.values["latitude"], row.draft.values["longitude"] = _plain(found.latitude), _plain(found.longitude)
        return found.latitude, found.longitude

    def _district(self, row: RowCells, place: tuple[float, float] | None) -> bool:
        text = row.text("kecamatan")
        found = self.districts.find(text) if text else None
        if found is not None and found.id:
            if found.nearly:
                row.doubt("kecamatan", text, f"is nearly {found.nearly}", Effect.TAKEN)
            row.draft.values["kecamatan"] = found.id
            return True
        ward = row.text("kelurahan")
        by_ward = self._wards.district_of_name(ward) if ward else ""
        elsewhere = self.section or self._elsewhere or self.districts.only
        by_place = self._wards.district_of_place(*place) if place else ""
        derived = by_ward or ("" if text else elsewhere) or by_place
        if not derived:
            reason = "is no district of the city" if text else "no district is said, and nothing else tells it"
            row.doubt("kecamatan", text, reason, Effect.LEFT_OUT)
            return False
        if text or not (elsewhere or by_ward):
            how = "its ward" if by_ward else "where it lies"
            row.doubt("kecamatan", text, f"district {derived} by {how}", Effect.TAKEN)
        row.draft.values["kecamatan"] = derived
        return True

    def _isp_of(self, row: RowCells) -> bool:
        text = row.text("isp")
        found = self._isps.find(text) if heading_key(text) not in _NOTHING else None
        if found is not None and found.id:
            if found.nearly:
                row.doubt("isp", text, f"is nearly {found.nearly}", Effect.TAKEN)
            row.draft.values["isp"] = found.id
            return True
        row.draft.values["isp"] = self._isp or self._isps.only
        if not row.draft.values["isp"]:
            row.doubt("isp", text, "no ISP is said; add --isp NAME for those rows", Effect.LEFT_OUT)
        return bool(row.draft.values["isp"])

    def _ward(self, row: RowCells) -> None:
        text, district = row.text("kelurahan"), row.draft.values["kecamatan"]
        if not text:
            return
        if not self._wards:
            row.draft.values["kelurahan"] = text
            return
        found = self._wards.find(district, text)
        if not found.id:
            row.doubt("kelurahan", text, f"is no ward of {district}", Effect.WITHOUT)
            row.keep_field("kelurahan")
            return
        if found.nearly:
            row.doubt("kelurahan", text, f"is nearly {found.nearly}", Effect.TAKEN)
        row.draft.values["kelurahan"] = found.id

    def _within_ward(self, row: RowCells) -> None:
        """Coordinates outside the ward's box are wrong, or the ward is: nobody can tell which from here."""
        values = row.draft.values
        ward = values.get("kelurahan", "")
        box = self._wards.box(values["kecamatan"], ward) if ward and self._wards else None
        if box is None or "latitude" not in values:
            return
        if box.misses(float(values["latitude"]), float(values["longitude"])):
            place = f"{values.pop('latitude')}, {values.pop('longitude')}"
            field = next(name for name in ("latitude", "longitude", "both") if row.has(name))
            row.doubt(field, place, f"lies outside the ward {ward}", Effect.WITHOUT)
            row.keep_field(field, place)


def _halves(row: RowCells) -> tuple[Degrees | None, Degrees | None, str, str]:
    """Both halves as they are written, the field that holds them, and how they are shown."""
    field = "latitude" if row.has("latitude") else "longitude"
    latitude, longitude = row.cell("latitude"), row.cell("longitude")
    if shown_cell(latitude) or shown_cell(longitude):
        for cell in (latitude, longitude):  # one cell may hold both, whatever its heading says
            if (pair := read_both(cell)) is not None:
                return *pair, field, shown_cell(cell)
        shown = f"{shown_cell(latitude)}; {shown_cell(longitude)}"
        return read_degrees(latitude), read_degrees(longitude), field, shown
    both = read_both(row.cell("both")) or (None, None)
    return *both, "both", row.text("both")


def _plain(value: float) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".")
