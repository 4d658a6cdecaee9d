"""A pack as a workbook with empty columns to fill in, and as CSV."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from pantau.reports.annexes.csv_text import csv_bytes
from pantau.reports.desk import words
from pantau.reports.desk.issues import Issue, OpenIssue
from pantau.reports.desk.pack import DeskPack, DeskRow
from pantau.reports.workbook.book import Book, Cell, TableColumn
from pantau.texts import LANGUAGES, Formats

_COLUMNS = (
    TableColumn(words.POINT, "text", 18),
    TableColumn(words.NAME, "text", 34),
    TableColumn(words.WARD, "text", 18),
    TableColumn(words.ISP, "text", 10),
    TableColumn(words.CONTRACT, "text", 20),
    TableColumn(words.STATUS, "text", 11),
    TableColumn(words.AVAILABILITY, "percent", 12),
    TableColumn(words.COVERAGE, "percent", 11),
    TableColumn(words.OUTAGES, "number", 10),
    TableColumn(words.LONGEST, "text", 11),
    TableColumn(words.TO_SETTLE, "text", 44),
    TableColumn(words.AGREED, "text", 9),
    TableColumn(words.DISAGREED, "text", 9),
    TableColumn(words.REMARK, "text", 30),
)
_ISPS = (
    TableColumn(words.ISP, "text", 16),
    TableColumn(words.POINTS, "number", 10),
    TableColumn(words.AVAILABILITY, "percent", 13),
    TableColumn(words.DEAD, "number", 10),
    TableColumn(words.OPEN, "number", 14),
)
_ISSUES = (TableColumn(words.ISSUE, "text", 34), TableColumn(words.POINTS, "number", 10))


def workbook(pack: DeskPack, language: str, made_at: int) -> bytes:
    """XLSX: the points, then the sums by ISP and by issue. The same pack and time give the same bytes."""
    formats = Formats(language, ZoneInfo(pack.timezone))
    book = Book(language, formats.zone, made_at, f"desk {pack.kecamatan} {pack.month}")
    title, note = heading(pack, formats)
    for name, columns, rows in (
        (words.POINTS, _COLUMNS, _rows(pack, book, formats)),
        (words.BY_ISP, _ISPS, _isps(pack)),
        (words.BY_ISSUE, _ISSUES, _issues(pack, book)),
    ):
        sheet = book.sheet(name, (title, title), (note, note))
        sheet.table(columns, rows)
    return book.close()


def sheet_csv(pack: DeskPack) -> bytes:
    """The points for programs: seconds, codes, one line a point."""
    heads = (
        "month",
        "kecamatan",
        "point",
        "name",
        "kelurahan",
        "category",
        "isp",
        "contracts",
        "status",
        "seen_seconds",
        "down_seconds",
        "availability_percent",
        "coverage_percent",
        "outages",
        "longest_seconds",
        "issues",
        "issues_ids",
        "agree",
        "disagree",
        "remark",
    )
    return csv_bytes(heads, (_line(pack, row) for row in pack.rows))


def heading(pack: DeskPack, formats: Formats) -> tuple[str, str]:
    """Title, and what the figures are."""
    place = LANGUAGES.index(formats.language)
    title = words.TITLE[place].format(name=pack.name, month=formats.month(pack.month))
    return title, words.NOTE[place].format(period=formats.period(pack.start, pack.end))


def issue_text(finding: OpenIssue, formats: Formats) -> str:
    """One thing to settle, as people say it: ``SLA tidak terpenuhi: 95,0000 % < 98,0000 % (maesa-telkom)``."""
    name = words.ISSUES[finding.issue][LANGUAGES.index(formats.language)]
    shown = []
    if finding.measured is not None:
        shown.append(f"{formats.ratio(finding.measured)} < {formats.ratio(finding.limit)}")
    if finding.episodes:
        shown.append(f"{finding.episodes}×, {formats.duration(finding.seconds)}")
    if finding.ids:
        ids = ", ".join(finding.ids)
        shown.append(f"({ids})" if shown else ids)
    return f"{name}{': ' if shown else ''}{' '.join(shown)}"


def _rows(pack: DeskPack, book: Book, formats: Formats) -> Iterator[tuple[Cell, ...]]:
    for row in pack.rows:
        yield (
            row.point,
            row.name,
            row.kelurahan,
            row.isp,
            ", ".join(row.contracts),
            book.say(words.STATUSES[row.status]),
            row.availability,
            row.coverage,
            row.outages,
            formats.clock(row.longest_seconds or None),
            "; ".join(issue_text(one, formats) for one in row.findings),
            "",
            "",
            "",
        )


def _isps(pack: DeskPack) -> Iterator[tuple[Cell, ...]]:
    for one in pack.isps:
        yield one.name, one.points, one.availability, one.dead, one.to_settle


def _issues(pack: DeskPack, book: Book) -> Iterator[tuple[Cell, ...]]:
    for issue in Issue:
        yield book.say(words.ISSUES[issue]), pack.count(issue)


def _line(pack: DeskPack, row: DeskRow) -> tuple[str | int | None, ...]:
    return (
        pack.month,
        pack.kecamatan,
        row.point,
        row.name,
        row.kelurahan,
        row.category,
        row.isp,
        " ".join(row.contracts),
        row.status,
        row.seen_seconds,
        row.down_seconds,
        row.availability.percent if row.availability else None,
        row.coverage.percent if row.coverage else None,
        row.outages,
        row.longest_seconds,
        " ".join(one.issue.value for one in row.findings),
        " ".join(id_ for one in row.findings for id_ in one.ids),
        None,
        None,
        None,
    )
