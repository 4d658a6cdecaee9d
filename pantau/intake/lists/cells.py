"""One row's cells as fields of a hotspot, each value certain or doubted."""

import re
from collections import Counter
from datetime import date, time
from typing import get_args

from pantau.intake.lists.columns import ACCESS, CATEGORIES, STATUSES, ListColumn, heading_key
from pantau.intake.lists.coordinates import Degrees, placed, read_both, read_degrees
from pantau.intake.lists.drafts import Draft
from pantau.intake.lists.network_addresses import is_usual_name, read_address
from pantau.intake.lists.places import Districts, IspFinder, WardFinder
from pantau.intake.lists.sheets import Cell, Doubt, Effect, SheetRow, shown_cell
from pantau.inventory import Access, Category, Inventory

_ID = re.compile(r"[A-Za-z0-9._-]+\Z")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E[+-]?[0-9]+\Z", re.IGNORECASE)
_LONGEST_NOTE = 500
_A_DATE = "a date, as a spreadsheet makes of something like 1/2; write it as text"


class RowReader:
    """Reads the rows of one table, one after the other."""

    def __init__(
        self,
        sheet: str,
        columns: tuple[ListColumn, ...],
        districts: Districts,
        wards: WardFinder,
        isps: IspFinder,
        inventory: Inventory,
        isp: str = "",
        kecamatan: str = "",
    ) -> None:
        self.districts = districts
        self.section = ""
        """The district that a row above names for those below it."""
        self.trimmed: Counter[str] = Counter()
        self._sheet = sheet
        self._columns = columns
        self._wards = wards
        self._isps = isps
        self._isp = isps.find(isp).id if isp else ""
        self._kecamatan = districts.find(kecamatan).id if kecamatan else ""
        self._of_sheet = districts.find(sheet).id if sheet else ""
        self._contracts = {one.id for one in inventory.contracts}
        self._carriers = {one.id for kind in (inventory.uplinks, inventory.hotspots) for one in kind}
        self._row = 0
        self._doubts: list[Doubt] = []

    def read(self, row: SheetRow) -> tuple[Draft | None, list[Doubt]]:
        """The draft, or none where it is no point of the city, and what is doubted."""
        self._row, self._doubts = row.number, []
        cells = {
            column.field: (column, row.cells[column.index])
            for column in self._columns
            if column.field and column.index < len(row.cells)
        }
        draft = Draft(self._sheet, row.number)
        if row.complaint:
            self._doubt("", "", row.complaint, Effect.LEFT_OUT)
            return None, self._doubts
        self._take_notes(draft, row)
        self._take_address(draft, cells)
        self._take_words(draft, cells)
        place = self._take_place(draft, cells)
        if not self._take_district(draft, cells, place) or not self._take_isp(draft, cells):
            return None, [one for one in self._doubts if one.effect is Effect.LEFT_OUT]
        self._take_ward(draft, cells)
        self._within_ward(draft, cells)
        self._name(draft)
        return draft, self._doubts

    def _doubt(self, column: str, value: str, reason: str, effect: Effect) -> None:
        self._doubts.append(Doubt(self._sheet, self._row, column, value, reason, effect))

    def _take_notes(self, draft: Draft, row: SheetRow) -> None:
        for column in self._columns:
            value = shown_cell(row.cells[column.index]) if column.index < len(row.cells) else ""
            if not value or column.field not in ("", "note"):
                continue
            heading = "" if column.field == "note" else column.heading
            clean = " ".join(value.replace(";", ",").split())[:_LONGEST_NOTE]
            draft.notes[heading.replace(";", ",").replace(":", " ").strip()] = clean

    def _take_address(self, draft: Draft, cells: "_Cells") -> None:
        column, cell = cells.get("address", (None, None))
        if column is None:
            return
        found = read_address(cell)
        address, doubt = found.address, found.doubt
        if address and not is_usual_name(address):
            address, doubt = "", "is no name that ends as names do; is it a street?"
        if found.mac:
            draft.notes.setdefault("MAC", found.mac)
        if found.trimmed:
            self.trimmed[f"{column.heading}: {_kind_of(found.trimmed)}"] += 1
        if doubt:
            self._doubt(column.heading, shown_cell(cell), doubt, Effect.TAKEN if address else Effect.WITHOUT)
            draft.doubtful_address = not address
            if not address:
                draft.notes.setdefault(column.heading.replace(":", " "), shown_cell(cell).replace(";", ","))
        elif not address and shown_cell(cell):
            draft.notes.setdefault(column.heading.replace(":", " "), shown_cell(cell).replace(";", ","))
        draft.values["address"] = address

    def _take_words(self, draft: Draft, cells: "_Cells") -> None:
        for name in ("id", "name"):
            column, cell = cells.get(name, (None, None))
            text = shown_cell(cell)
            if column is None or not text:
                continue
            if isinstance(cell, date | time):
                self._doubt(column.heading, text, _A_DATE, Effect.WITHOUT)
            elif _SCIENTIFIC.match(text) or (isinstance(cell, float) and not cell.is_integer()):
                self._doubt(
                    column.heading, text, "a number that a spreadsheet has shortened; write it as text", Effect.WITHOUT
                )
            elif "\ufffd" in text:
                self._doubt(
                    column.heading,
                    text,
                    "holds the mark of a character that was lost",
                    Effect.WITHOUT,
                )
            else:
                draft.values[name] = _as_id(text) if name == "id" else text
        self._take_choice(draft, cells, "category", CATEGORIES, get_args(Category))
        self._take_choice(draft, cells, "access", ACCESS, get_args(Access))
        self._take_choice(draft, cells, "status", STATUSES, ("active", "planned", "retired"))
        self._take_known(draft, cells, "contract", self._contracts)
        self._take_known(draft, cells, "upstream", self._carriers)

    def _take_choice(self, draft: Draft, cells: "_Cells", name: str, words: "_Words", choices: tuple[str, ...]) -> None:
        column, cell = cells.get(name, (None, None))
        text = shown_cell(cell)
        if column is None or not text:
            return
        key = heading_key(text)
        meant = key.replace(" ", "_") if key.replace(" ", "_") in choices else words.get(key, "")
        if meant:
            draft.values[name] = meant
        if not meant or (name == "status" and meant == "active" and key not in _PLAINLY_ACTIVE):
            draft.notes.setdefault(column.heading.replace(":", " "), text.replace(";", ","))
        if not meant and name == "status":
            self._doubt(column.heading, text, "is no status that is known: active, planned or retired", Effect.WITHOUT)

    def _take_known(self, draft: Draft, cells: "_Cells", name: str, known: set[str]) -> None:
        column, cell = cells.get(name, (None, None))
        text = shown_cell(cell)
        if column is None or not text:
            return
        if text in known:
            draft.values[name] = text
        else:
            draft.notes.setdefault(column.heading.replace(":", " "), text.replace(";", ","))

    def _take_place(self, draft: Draft, cells: "_Cells") -> tuple[float, float] | None:
        first, second, column, shown = self._halves(cells)
        if column is None or not shown:
            return None
        found = placed(first, second, self._wards.city)
        if found.latitude is None or found.longitude is None:
            self._doubt(column.heading, shown, found.doubt, Effect.WITHOUT)
            draft.notes.setdefault(column.heading.replace(":", " "), shown.replace(";", ","))
            return None
        if found.taken:
            self._doubt(column.heading, shown, f"{found.taken}: {found.latitude}, {found.longitude}", Effect.TAKEN)
        draft.values["latitude"], draft.values["longitude"] = _plain(found.latitude), _plain(found.longitude)
        return found.latitude, found.longitude

    def _halves(self, cells: "_Cells") -> tuple[Degrees | None, Degrees | None, ListColumn | None, str]:
        both, together = cells.get("both", (None, None))
        north, latitude = cells.get("latitude", (None, None))
        east, longitude = cells.get("longitude", (None, None))
        if shown_cell(latitude) or shown_cell(longitude):
            for cell in (latitude, longitude):  # one cell that holds both, whatever its heading says
                if (pair := read_both(cell)) is not None:
                    return *pair, north or east, shown_cell(cell)
            shown = f"{shown_cell(latitude)}; {shown_cell(longitude)}"
            return read_degrees(latitude), read_degrees(longitude), north or east, shown
        pair = read_both(together)
        return *(pair or (None, None)), both, shown_cell(together)

    def _take_district(self, draft: Draft, cells: "_Cells", place: tuple[float, float] | None) -> bool:
        column, cell = cells.get("kecamatan", (None, None))
        text = shown_cell(cell)
        heading = column.heading if column else "kecamatan"
        found = self.districts.find(text) if text else None
        if found is not None and found.id:
            if found.nearly:
                self._doubt(heading, text, f"is nearly {found.nearly}", Effect.TAKEN)
            draft.values["kecamatan"] = found.id
            return True
        _, ward = cells.get("kelurahan", (None, None))
        by_ward = self._wards.district_of_name(shown_cell(ward)) if shown_cell(ward) else ""
        elsewhere = self.section or self._of_sheet or self._kecamatan or self.districts.only
        derived = by_ward or (elsewhere if not text else "") or (self._wards.district_of_place(*place) if place else "")
        if not derived:
            reason = "is no district of the city" if text else "no district is said, and nothing else tells it"
            self._doubt(heading, text, reason, Effect.LEFT_OUT)
            return False
        if text or not (elsewhere or by_ward):
            how = "its ward" if by_ward else "where it lies"
            self._doubt(heading, text, f"district {derived} by {how}", Effect.TAKEN)
        draft.values["kecamatan"] = derived
        return True

    def _take_isp(self, draft: Draft, cells: "_Cells") -> bool:
        column, cell = cells.get("isp", (None, None))
        text = shown_cell(cell)
        found = self._isps.find(text) if text and heading_key(text) not in _NOTHING else None
        if found is not None and found.id:
            if found.nearly:
                self._doubt(column.heading if column else "", text, f"is nearly {found.nearly}", Effect.TAKEN)
            draft.values["isp"] = found.id
            return True
        draft.values["isp"] = self._isp or self._isps.only
        if draft.values["isp"]:
            return True
        cure = "no ISP is said; add --isp NAME for those rows"
        self._doubt(column.heading if column else "isp", text, cure, Effect.LEFT_OUT)
        return False

    def _take_ward(self, draft: Draft, cells: "_Cells") -> None:
        column, cell = cells.get("kelurahan", (None, None))
        text = shown_cell(cell)
        if column is None or not text:
            return
        if not self._wards:
            draft.values["kelurahan"] = text
            return
        found = self._wards.find(draft.values["kecamatan"], text)
        if not found.id:
            self._doubt(column.heading, text, f"is no ward of {draft.values['kecamatan']}", Effect.WITHOUT)
            draft.notes.setdefault(column.heading.replace(":", " "), text.replace(";", ","))
            return
        if found.nearly:
            self._doubt(column.heading, text, f"is nearly {found.nearly}", Effect.TAKEN)
        draft.values["kelurahan"] = found.id

    def _within_ward(self, draft: Draft, cells: "_Cells") -> None:
        """Coordinates outside the ward's box are wrong, or the ward is: nobody can tell which from here."""
        ward = draft.values.get("kelurahan", "")
        box = self._wards.box(draft.values["kecamatan"], ward) if ward and self._wards else None
        if box is None or "latitude" not in draft.values:
            return
        if box.misses(float(draft.values["latitude"]), float(draft.values["longitude"])):
            place = f"{draft.values.pop('latitude')}, {draft.values.pop('longitude')}"
            column = next(cells[name][0] for name in ("latitude", "longitude", "both") if name in cells)
            self._doubt(column.heading, place, f"lies outside the ward {ward}", Effect.WITHOUT)
            draft.notes.setdefault(column.heading.replace(":", " "), place)

    def _name(self, draft: Draft) -> None:
        if not draft.values.get("name"):
            draft.values["name"] = draft.values.get("id") or draft.values.get("address") or f"Titik {self._row}"
            if any(column.field == "name" for column in self._columns):
                self._doubt("", "", f"has no name: {draft.values['name']}", Effect.TAKEN)


_Cells = dict[str, tuple[ListColumn, Cell]]
_Words = dict[str, str]
_PLAINLY_ACTIVE = frozenset({"aktif", "active"})
_NOTHING = frozenset({"", "tidak ada", "belum ada", "n a", "na", "none", "kosong"})


def _as_id(text: str) -> str:
    return text if _ID.match(text) else "-".join(re.findall(r"[A-Za-z0-9._]+", text))


def _plain(value: float) -> str:
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _kind_of(trimmed: str) -> str:
    if trimmed.startswith("/") and trimmed[1:].isdigit():
        return "prefix length (/24)"
    return "scheme, port, path or mask"
