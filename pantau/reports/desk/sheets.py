"""A pack as a workbook with empty columns to fill in, and as CSV."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from pantau.reports.annexes.csv_text import Value, csv_bytes
from pantau.reports.desk.issues import Issue, OpenIssue
from pantau.reports.desk.pack import DeskPack, DeskRow, IspSum
from pantau.reports.words import Words, translation
from pantau.reports.workbook.book import Book
from pantau.reports.workbook.fields import TableField, write_fields
from pantau.texts import Formats, mark

_ISPS: list[TableField[IspSum]] = [
    TableField(mark("ISP"), "text", 16, lambda one: one.name),
    TableField(mark("Points"), "number", 10, lambda one: one.points),
    TableField(mark("Availability"), "percent", 13, lambda one: one.availability),
    TableField(mark("Dead"), "number", 10, lambda one: one.dead),
    TableField(mark("With issues"), "number", 14, lambda one: one.to_settle),
]
_CSV: Mapping[str, Callable[[DeskRow], Value]] = {
    "point": lambda row: row.point,
    "name": lambda row: row.name,
    "kelurahan": lambda row: row.kelurahan,
    "category": lambda row: row.category,
    "isp": lambda row: row.isp,
    "contracts": lambda row: " ".join(row.contracts),
    "status": lambda row: row.status,
    "seen_seconds": lambda row: row.seen_seconds,
    "down_seconds": lambda row: row.down_seconds,
    "availability_percent": lambda row: row.availability.percent if row.availability else None,
    "coverage_percent": lambda row: row.coverage.percent if row.coverage else None,
    "outages": lambda row: row.outages,
    "longest_seconds": lambda row: row.longest_seconds,
    "issues": lambda row: " ".join(one.issue.value for one in row.findings),
    "issues_ids": lambda row: " ".join(id_ for one in row.findings for id_ in one.ids),
    "agree": lambda _: None,
    "disagree": lambda _: None,
    "remark": lambda _: None,
}
"""The columns after month and kecamatan; the last three are for people to fill in."""


def workbook(pack: DeskPack, language: str, made_at: int) -> bytes:
    """XLSX: the points, then the sums by ISP and by issue. The same pack and time give the same bytes."""
    formats = Formats(language, ZoneInfo(pack.timezone))
    book = Book(language, formats.zone, made_at, f"desk {pack.kecamatan} {pack.month}", pack.told)
    title, note = heading(pack, formats)
    issue = book.words["issue"]
    issues: list[TableField[Issue]] = [
        TableField(mark("Issue"), "text", 34, issue),
        TableField(mark("Points"), "number", 10, pack.count),
    ]
    write_fields(book.sheet(book.say(mark("Points")), title, note), _point_fields(book.words, formats), pack.rows)
    write_fields(book.sheet(book.say(mark("By ISP")), title, note), _ISPS, pack.isps)
    write_fields(book.sheet(book.say(mark("By issue")), title, note), issues, Issue)
    return book.close()


def _point_fields(words: Words, formats: Formats) -> list[TableField[DeskRow]]:
    status = words["point status"]
    return [
        TableField(mark("Point"), "text", 18, lambda row: row.point),
        TableField(mark("Name"), "text", 34, lambda row: row.name),
        TableField(mark("Kelurahan"), "text", 18, lambda row: row.kelurahan),
        TableField(mark("ISP"), "text", 10, lambda row: row.isp),
        TableField(mark("Contract"), "text", 20, lambda row: ", ".join(row.contracts)),
        TableField(mark("Status"), "text", 11, lambda row: status(row.status)),
        TableField(mark("Availability"), "percent", 12, lambda row: row.availability),
        TableField(mark("Coverage"), "percent", 11, lambda row: row.coverage),
        TableField(mark("Outages > 5 min"), "number", 10, lambda row: row.outages),
        TableField(mark("Longest"), "text", 11, lambda row: formats.clock(row.longest_seconds or None)),
        TableField(
            mark("To settle"), "text", 44, lambda row: "; ".join(issue_text(one, formats) for one in row.findings)
        ),
        TableField(mark("Agree"), "text", 9, lambda _: ""),
        TableField(mark("Disagree"), "text", 9, lambda _: ""),
        TableField(mark("Remark"), "text", 30, lambda _: ""),
    ]


def sheet_csv(pack: DeskPack) -> bytes:
    """The points for programs: seconds, codes, one line a point."""
    return csv_bytes(
        ["month", "kecamatan", *_CSV],
        ([pack.month, pack.kecamatan, *(value(row) for value in _CSV.values())] for row in pack.rows),
    )


def heading(pack: DeskPack, formats: Formats) -> tuple[str, str]:
    """Title, and what the figures are."""
    say = translation(formats.language).gettext
    title = say(mark("Desk pack of kecamatan %(name)s, %(month)s"))
    note = say(mark("As Pantau saw it, %(period)s. Availability = 1 − down / seen; nothing is excluded yet."))
    return (
        title % {"name": pack.name, "month": formats.month(pack.month)},
        note % {"period": formats.period(pack.start, pack.end)},
    )


def issue_text(finding: OpenIssue, formats: Formats) -> str:
    """One thing to settle, as people say it: ``SLA tidak terpenuhi: 95,0000 % < 98,0000 % (maesa-telkom)``."""
    name = Words(translation(formats.language).gettext)["issue"](finding.issue)
    shown = []
    if finding.measured is not None:
        shown.append(f"{formats.decided(finding.measured, finding.limit)} < {formats.ratio(finding.limit)}")
    if finding.episodes:
        shown.append(f"{finding.episodes}×, {formats.duration(finding.seconds)}")
    if finding.ids:
        ids = ", ".join(finding.ids)
        shown.append(f"({ids})" if shown else ids)
    return f"{name}{': ' if shown else ''}{' '.join(shown)}"
