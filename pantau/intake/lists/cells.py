"""One row's cells as fields of a hotspot, each value certain or doubted."""

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time

from pantau.intake.lists.columns import ACCESS, CATEGORIES, STATUSES, ListColumn, heading_key
from pantau.intake.lists.drafts import Draft
from pantau.intake.lists.network_addresses import is_usual_name, read_address
from pantau.intake.lists.row_cells import RowCells
from pantau.intake.lists.row_places import PlaceReader
from pantau.intake.lists.sheets import Doubt, Effect, SheetRow, is_error, shown_cell
from pantau.inventory import Inventory
from pantau.inventory import vocabulary as shared

_ID = re.compile(r"[A-Za-z0-9._-]+\Z")
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?E[+-]?[0-9]+\Z", re.IGNORECASE)
_A_DATE = "a date, as a spreadsheet makes of something like 1/2; write it as text"
_SHORTENED = "a number that a spreadsheet has shortened; write it as text"
_LOST = "holds the mark of a character that was lost"
_PLAINLY_ACTIVE = frozenset({"aktif", "active"})


@dataclass(frozen=True, slots=True)
class CityWords:
    """What the settings add to the words that every city has."""

    categories: tuple[str, ...] = ()
    access_types: tuple[str, ...] = ()


class RowReader:
    """Reads the rows of one table, one after the other."""

    def __init__(
        self,
        sheet: str,
        columns: tuple[ListColumn, ...],
        places: PlaceReader,
        inventory: Inventory,
        own: CityWords | None = None,
    ) -> None:
        self.places = places
        self.trimmed: Counter[str] = Counter()
        """What stood around addresses, and was cut off."""
        self._sheet = sheet
        self._columns = columns
        self._categories = (*shared.CATEGORIES, *(own or CityWords()).categories)
        self._access_types = (*shared.ACCESS_TYPES, *(own or CityWords()).access_types)
        self._contracts = {one.id for one in inventory.contracts}
        self._carriers = {one.id for kind in (inventory.uplinks, inventory.hotspots) for one in kind}

    def read(self, row: SheetRow) -> tuple[Draft | None, list[Doubt]]:
        """The draft, or none where it is no point of the city, and what is doubted."""
        cells = RowCells(self._sheet, row, self._columns)
        if row.complaint:
            cells.doubt("", "", row.complaint, Effect.LEFT_OUT)
            return None, cells.doubts
        self._address(cells)
        _word(cells, "id")
        _word(cells, "name")
        _choice(cells, "category", CATEGORIES, self._categories)
        _choice(cells, "access", ACCESS, self._access_types)
        _choice(cells, "status", STATUSES, ("active", "planned", "retired"))
        _known(cells, "contract", self._contracts)
        _known(cells, "upstream", self._carriers)
        if not self.places.read(cells):
            return None, [one for one in cells.doubts if one.effect is Effect.LEFT_OUT]
        _name(cells)
        return cells.draft, cells.doubts

    def _address(self, cells: RowCells) -> None:
        if not cells.has("address"):
            return
        found = read_address(cells.cell("address"))
        address, doubt, text = found.address, found.doubt, cells.text("address")
        if address and not is_usual_name(address):
            address, doubt = "", "is no name that ends as names do; is it a street?"
        cells.keep("MAC", found.mac)
        if found.trimmed:
            self.trimmed[f"{cells.heading('address')}: {_kind_of(found.trimmed)}"] += 1
        if doubt:
            cells.doubt("address", text, doubt, Effect.TAKEN if address else Effect.WITHOUT)
        if text and not address:
            cells.keep_field("address")
        cells.draft.values["address"] = address


def _word(cells: RowCells, field: str) -> None:
    """A text that a spreadsheet may have made a number or a date of."""
    cell, text = cells.cell(field), cells.text(field)
    if not text:
        return
    if isinstance(cell, date | time):
        cells.doubt(field, text, _A_DATE, Effect.WITHOUT)
    elif _SCIENTIFIC.match(text) or (isinstance(cell, float) and not cell.is_integer()):
        cells.doubt(field, text, _SHORTENED, Effect.WITHOUT)
    elif is_error(text):
        cells.doubt(field, text, "is an error of the spreadsheet", Effect.WITHOUT)
    elif "\ufffd" in text:
        cells.doubt(field, text, _LOST, Effect.WITHOUT)
    else:
        cells.draft.values[field] = _as_id(text) if field == "id" else text


def _choice(cells: RowCells, field: str, words: Mapping[str, str], choices: Collection[str]) -> None:
    """One of a closed list, by the words that people have for it; another word is kept as a note."""
    text = cells.text(field)
    if not text:
        return
    key = heading_key(text)
    meant = key.replace(" ", "_") if key.replace(" ", "_") in choices else words.get(key, "")
    if meant:
        cells.draft.values[field] = meant
    if not meant or (field == "status" and meant == "active" and key not in _PLAINLY_ACTIVE):
        cells.keep_field(field)
    if not meant and field == "status":
        cells.doubt(field, text, "is no status that is known: active, planned or retired", Effect.WITHOUT)


def _known(cells: RowCells, field: str, known: Collection[str]) -> None:
    """The id of a record that there is; else a note."""
    text = cells.text(field)
    if text in known:
        cells.draft.values[field] = text
    else:
        cells.keep_field(field)


def _name(cells: RowCells) -> None:
    values = cells.draft.values
    if not values.get("name"):
        values["name"] = values.get("id") or values.get("address") or f"Titik {cells.draft.row}"
        if cells.has("name"):
            cells.doubt("", "", f"has no name: {values['name']}", Effect.TAKEN)


def _as_id(text: str) -> str:
    return text if _ID.match(text) else "-".join(re.findall(r"[A-Za-z0-9._]+", shown_cell(text)))


def _kind_of(trimmed: str) -> str:
    if trimmed.startswith("/") and trimmed[1:].isdigit():
        return "prefix length (/24)"
    return "scheme, port, path or mask"
