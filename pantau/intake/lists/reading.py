"""From sheets to drafts: which rows are points, and what each says. Pure: nothing is written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pantau.intake.errors import IntakeError
from pantau.intake.lists.assigning import assigned
from pantau.intake.lists.cells import CityWords, RowReader
from pantau.intake.lists.columns import ListColumn, heading_key
from pantau.intake.lists.drafts import Draft
from pantau.intake.lists.heads import TableHead, find_head
from pantau.intake.lists.network_addresses import looks_like_address
from pantau.intake.lists.places import Districts, IspFinder, WardFinder
from pantau.intake.lists.row_places import PlaceReader
from pantau.intake.lists.sheets import Doubt, Doubts, Effect, ListSheet, OpenedList, SheetRow, shown_cell
from pantau.inventory import Inventory

_TOTAL = re.compile(r"^\s*(jumlah|total|sub ?total|grand total|rata-?rata|jml|rekap|average|sum)\b", re.IGNORECASE)
_DISTRICT_WORD = re.compile(r"^\s*(kec|distrik|district|borough)", re.IGNORECASE)
_FOOT = re.compile(
    r"^\s*(catatan|ket(erangan)?|sumber|mengetahui|disetujui|dibuat|diperiksa|note|source|nip|dicetak|\*)\b[.:]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet that holds points, and what its columns were taken for."""

    name: str
    head_row: int
    columns: tuple[ListColumn, ...]
    rows: int
    """Rows below its head."""


@dataclass(slots=True)
class ReadList:
    """All that was understood of a list."""

    format: str
    sheets: list[ReadSheet] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    doubts: Doubts = field(default_factory=Doubts)
    remarks: list[str] = field(default_factory=list)
    trimmed: Counter[str] = field(default_factory=Counter)
    """What stood around values and means nothing, by what it is: a prefix length behind addresses."""
    isps: tuple[tuple[str, str], ...] = ()
    """New ISPs: id and name."""

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the list has a column for."""
        return frozenset(column.field for sheet in self.sheets for column in sheet.columns)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person says of a list."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Field to heading."""
    head_row: int | None = None
    sheet: str | None = None
    isp: str = ""
    kecamatan: str = ""
    status: str = ""
    """For rows that say none."""
    words: CityWords = field(default_factory=CityWords)


def read_list(opened: OpenedList, inventory: Inventory, wishes: Wishes | None = None) -> ReadList:
    """The points of a list. Raises `IntakeError` where no sheet has a table, or what was said fits none."""
    wishes = wishes or Wishes()
    result = ReadList(opened.format, remarks=list(opened.remarks))
    districts, wards = Districts(inventory.kecamatan), WardFinder(inventory.kelurahan)
    isps = IspFinder(inventory.isps)
    tables = list(_tables(opened.sheets, wishes, result.remarks))
    for sheet, head in tables:
        rows = sheet.rows[head.first :]
        columns = assigned(head, rows, wishes.columns, districts, wards)
        if not {column.field for column in columns} & {"name", "address", "id"}:
            result.remarks.append(f"sheet '{sheet.name}' has no column of names or addresses and was not read")
            continue
        places = PlaceReader(districts, wards, isps, (sheet.name, wishes.kecamatan), wishes.isp)
        reader = RowReader(sheet.name, tuple(columns), places, inventory, wishes.words)
        result.sheets.append(ReadSheet(sheet.name, head.row, tuple(columns), len(rows)))
        result.drafts += _drafts(sheet, head, rows, columns, reader, result)
        result.trimmed += reader.trimmed
    if not result.sheets:
        cure = "say which row has the headings with --head-row, and which column is which with --column FIELD=HEADING"
        raise IntakeError(f"no table of points was found: no column of names, addresses or ids; {cure}")
    result.isps = tuple((one.id, one.name) for one in isps.new.values())
    _same_twice(result)
    return result


def _tables(sheets: Sequence[ListSheet], wishes: Wishes, remarks: list[str]) -> Iterator[tuple[ListSheet, TableHead]]:
    """The sheets that hold a table: all that have a head with addresses, or the best one."""
    if wishes.sheet is not None:
        sheets = [sheet for sheet in sheets if sheet.name == wishes.sheet]
        if not sheets:
            raise IntakeError(f"there is no sheet '{wishes.sheet}'")
    filled = [(sheet, find_head(sheet, wishes.head_row)) for sheet in sheets if sheet.rows]
    most = max((head.known for _, head in filled), default=0)
    for sheet, head in filled:
        if head.known == most or head.known >= 3:
            yield sheet, head
        else:
            remarks.append(f"sheet '{sheet.name}' has no table of points and was not read")


def _drafts(
    sheet: ListSheet,
    head: TableHead,
    rows: Sequence[SheetRow],
    columns: Sequence[ListColumn],
    reader: RowReader,
    result: ReadList,
) -> Iterator[Draft]:
    headings = [heading_key(one) for one in head.headings]
    for row in rows:
        texts = [shown_cell(cell) for cell in row.cells]
        reason = _no_point(row, texts, headings, columns)
        if section := _section(texts, columns, reader):
            reader.places.section = section
            continue
        if reason:
            shown = ", ".join(filter(None, texts))[:80]
            result.doubts.found.append(Doubt(sheet.name, row.number, "", shown, reason, Effect.LEFT_OUT))
            continue
        draft, doubts = reader.read(row)
        result.doubts.found += doubts
        if draft is not None:
            yield draft


def _section(texts: Sequence[str], columns: Sequence[ListColumn], reader: RowReader) -> str:
    """The district that a row alone names, for those below it: KECAMATAN MAESA."""
    said = [text for text in texts if text]
    if len(set(said)) != 1 or any(column.field == "kecamatan" for column in columns):
        return ""
    if not said[0].isupper() and not _DISTRICT_WORD.match(said[0]):
        return ""  # a point may have the name of its district
    return reader.places.districts.find(said[0]).id


def _no_point(row: SheetRow, texts: Sequence[str], headings: Sequence[str], columns: Sequence[ListColumn]) -> str:
    """Why a row is no point: totals, footnotes, headings that stand there again; empty where it may be one."""
    said = [text for text in texts if text]
    if any(map(looks_like_address, row.cells)):
        return ""
    if (
        headings
        and [heading_key(text) for text in texts if text] == [one for one in headings if one][: len(said)]
        and len(said) > 1
    ):
        return "is the head again"
    if said and _TOTAL.match(said[0]):
        return "is a total"
    fields = {column.index: column.field for column in columns}
    words = [(fields.get(place, ""), text) for place, text in enumerate(texts) if text and not text.isdigit()]
    if any(_TOTAL.match(text) for _, text in words[:1]):
        return "is a total"
    if len(said) <= 2 and (_FOOT.match(said[0]) or not {field for field, _ in words} & {"name", "id", "address"}):
        return "is no point: it has neither a name nor an address"
    return ""


def _same_twice(result: ReadList) -> None:
    """Ids and addresses that several rows have: the first keeps them, and the others are told."""
    kept: list[Draft] = []
    ids: dict[str, Draft] = {}
    addresses: dict[str, Draft] = {}
    for draft in result.drafts:
        id_, address = draft.values.get("id", ""), draft.values.get("address", "")
        if id_ and (other := ids.get(id_)):
            _doubt(result, draft, "id", id_, f"is the id of {_place(other)} too", Effect.LEFT_OUT)
            continue
        if address and (other := addresses.get(address)):
            if draft.values.get("name") == other.values.get("name"):
                _doubt(result, draft, "address", address, f"is {_place(other)} again", Effect.LEFT_OUT)
                continue
            _doubt(result, draft, "address", address, f"is the address of {_place(other)} too", Effect.WITHOUT)
            draft.values["address"], draft.values["status"] = "", "planned"
        ids.setdefault(id_, draft)
        addresses.setdefault(draft.values.get("address", ""), draft)
        kept.append(draft)
    result.drafts = kept


def _doubt(result: ReadList, draft: Draft, column: str, value: str, reason: str, effect: Effect) -> None:
    result.doubts.found.append(Doubt(draft.sheet, draft.row, column, value, reason, effect))


def _place(draft: Draft) -> str:
    return f"row {draft.row}" + (f" of sheet {draft.sheet}" if draft.sheet else "")


def in_order(doubts: Iterable[Doubt]) -> list[Doubt]:
    """By sheet and row."""
    return sorted(doubts, key=lambda one: (one.sheet, one.row))
