"""The recap of several contracts as a workbook: sums by kecamatan and by ISP are formulas over the contracts' rows."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pantau.reports.statement.office import OfficeWords
from pantau.reports.statement.rows import Ratio
from pantau.reports.workbook.book import (
    FIRST_ROW,
    TOTALS_ROW,
    UNKNOWN,
    Book,
    Cell,
    Formula,
    Kind,
    Sheet,
    TableColumn,
    cell_name,
)
from pantau.texts import mark

_SUMMED = (
    "points",
    "contract_seconds",
    "unobserved_seconds",
    "excluded_seconds",
    "charged_seconds",
    "assessed_seconds",
)
_MONEY = ("gross", "restitution", "held", "payable", "penalty")
_HEADS: dict[str, TableColumn] = {
    "points": TableColumn(mark("Points"), "number", 8),
    "contract_seconds": TableColumn(mark("Under contract (s)"), "number", 15),
    "unobserved_seconds": TableColumn(mark("D_unobserved"), "number", 13),
    "excluded_seconds": TableColumn(mark("D_excluded"), "number", 13),
    "charged_seconds": TableColumn(mark("D_charged"), "number", 13),
    "assessed_seconds": TableColumn(mark("Assessed"), "number", 15),
    "availability": TableColumn(mark("Availability"), "percent", 12),
    "gross": TableColumn(mark("Fee"), "rupiah", 15),
    "restitution": TableColumn(mark("Deduction"), "rupiah", 15),
    "held": TableColumn(mark("Held"), "rupiah", 15),
    "payable": TableColumn(mark("Payable"), "rupiah", 15),
    "penalty": TableColumn(mark("Penalty"), "rupiah", 13),
}
_OWN = [
    TableColumn(mark("Contract"), "text", 22),
    TableColumn(mark("Kecamatan"), "text", 15),
    TableColumn(mark("ISP"), "text", 12),
    TableColumn(mark("Report number"), "text", 28),
    TableColumn(mark("Status"), "text", 10),
]
_PLACE = {name: len(_OWN) + place for place, name in enumerate(_HEADS)}
_CITY: tuple[tuple[str, str, Kind], ...] = (
    ("online", mark("Points online"), "number"),
    ("observed", mark("Points observed"), "number"),
    ("installed", mark("Points installed"), "number"),
    ("programme", mark("Points of the programme"), "number"),
    ("online_of_observed", mark("Online of observed"), "percent"),
    ("online_of_installed", mark("Online of installed"), "percent"),
    ("online_of_programme", mark("Online of the programme"), "percent"),
    (
        "online_of_observed_time",
        mark("Online of the month's observed time"),
        "percent",
    ),
    ("points_to_target", mark("Points to 100 %"), "number"),
)


def recap_workbook(data: Mapping[str, Any], language: str) -> bytes:
    """The XLSX file of `pantau.reports.publishing.recap.recap_of`."""
    told = OfficeWords(
        district=data.get("district", "Kecamatan"),
        currency=data["currency"],
        currency_digits=data["currency_digits"],
    )
    book = Book(language, ZoneInfo(data["timezone"]), data["made_at"], f"{data['scope']}/{data['month']}", told)
    sheet = book.sheet(
        book.say(mark("Recap")),
        book.say(mark("Recap %(scope)s %(month)s"), scope=data["scope"], month=data["month"]),
        book.say(mark("What binds is each contract's report.")),
    )
    rows = data["contracts"]
    sheet.table(
        [*_OWN, *_HEADS.values()],
        (
            [
                row["contract"],
                row["kecamatan"],
                row["isp"],
                row["report"],
                book.words["status"](row["status"]),
                *(row[name] for name in _SUMMED),
                _availability(row, FIRST_ROW + at),
                *(row[name] for name in _MONEY),
            ]
            for at, row in enumerate(rows)
        ),
    )
    last = FIRST_ROW + max(1, len(rows)) - 1
    sheet.put(TOTALS_ROW, 0, book.say(mark("Total")), bold=True)
    for name in (*_SUMMED, *_MONEY):
        cells = f"{cell_name(FIRST_ROW, _PLACE[name])}:{cell_name(last, _PLACE[name])}"
        sheet.put(TOTALS_ROW, _PLACE[name], _sum(cells, data["total"][name]), _HEADS[name].kind, bold=True)
    sheet.put(TOTALS_ROW, _PLACE["availability"], _availability(data["total"], TOTALS_ROW), "percent", bold=True)
    _groups(book, sheet, book.say(mark("By kecamatan")), "kecamatan", 1, data["by_kecamatan"], last)
    _groups(book, sheet, book.say(mark("By ISP")), "isp", 2, data["by_isp"], last)
    if "city" in data:
        _city(book, data["city"])
    return book.close()


def _groups(book: Book, recap: Sheet, name: str, key: str, column: int, rows: list[dict[str, Any]], last: int) -> None:
    sheet = book.sheet(name, name, book.say(mark("Sums of the sheet Recap")))
    columns = [TableColumn(name, "text", 22), TableColumn(mark("Contracts"), "number", 10), *_HEADS.values()]
    by = f"{recap.ref(FIRST_ROW, column)}:{recap.ref(last, column).rpartition('!')[2]}"

    def cells(at: int, row: dict[str, Any]) -> list[Cell]:
        own = cell_name(at, 0)

        def summed(what: str) -> Cell:
            area = f"{recap.ref(FIRST_ROW, _PLACE[what])}:{recap.ref(last, _PLACE[what]).rpartition('!')[2]}"
            value = row[what]
            return None if value is None else Formula(f"SUMIFS({area},{by},{own})", value)

        place = {what: 2 + number for number, what in enumerate(_HEADS)}
        charged, assessed = cell_name(at, place["charged_seconds"]), cell_name(at, place["assessed_seconds"])
        share = Formula(f'IF({assessed}=0,"{UNKNOWN}",1-{charged}/{assessed})', _known(row["availability"]))
        counted = Formula(f"COUNTIFS({by},{own})", row["contracts"])
        return [row[key], counted, *(summed(what) for what in _SUMMED), share, *(summed(what) for what in _MONEY)]

    sheet.table(columns, (cells(FIRST_ROW + at, row) for at, row in enumerate(rows)))


def _city(book: Book, city: Mapping[str, Any]) -> None:
    at = UNKNOWN if city["at"] is None else book.local(city["at"])
    sheet = book.sheet(
        book.say(mark("City")),
        book.say(mark("The city on its way to its target")),
        book.say(mark("Points online at %(time)s %(zone)s"), time=at, zone=book.zone_name),
        landscape=False,
    )
    sheet.widths(44, 16)
    row = FIRST_ROW
    for name, label, kind in _CITY:
        value = city[name]
        sheet.put(row, 0, book.say(label))
        sheet.put(row, 1, Ratio(**value) if isinstance(value, dict) else value, kind)
        row += 1
    for baseline in city["baselines"]:
        over, _, under = baseline["online"].partition("/")
        sheet.put(row, 0, book.say(mark("Published %(month)s"), month=baseline["when"]))
        sheet.put(row, 1, Ratio(int(over), int(under), ""), "percent")
        row += 1
    sheet.put(row, 0, book.say(mark("Target")))
    over, _, under = city["target"].partition("/")
    sheet.put(row, 1, Ratio(int(over), int(under), ""), "percent")


def _availability(row: Mapping[str, Any], at: int) -> Formula:
    charged, assessed = cell_name(at, _PLACE["charged_seconds"]), cell_name(at, _PLACE["assessed_seconds"])
    return Formula(f'IF({assessed}=0,"{UNKNOWN}",1-{charged}/{assessed})', _known(row["availability"]))


def _sum(cells: str, value: int | None) -> Formula:
    text = f'IF(COUNT({cells})<ROWS({cells}),"{UNKNOWN}",SUM({cells}))'
    return Formula(text, UNKNOWN if value is None else value)


def _known(ratio: Mapping[str, Any] | None) -> float | str:
    return UNKNOWN if ratio is None else ratio["numerator"] / ratio["denominator"]
