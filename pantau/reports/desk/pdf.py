"""A pack as PDF, A4 across: what lies on the desk, with boxes to tick and lines to sign."""

from zoneinfo import ZoneInfo

from pantau.reports.desk.issues import Issue
from pantau.reports.desk.pack import DeskPack, DeskRow
from pantau.reports.desk.sheets import heading, issue_text
from pantau.reports.pdf.rendering import rendered, set_pages
from pantau.reports.words import Words, words_in
from pantau.texts import Formats, mark

_TEMPLATE = "desk.html"


def html(pack: DeskPack, language: str = "id") -> str:
    """The pack as one HTML document, styles within; `ValueError` for a language that we do not have."""
    formats, words = Formats(language, ZoneInfo(pack.timezone)), words_in(language, pack.told.levels)
    title, note = heading(pack, formats)
    values = {
        "language": language,
        "title": title,
        "note": note,
        "signatures": _signatures(pack, words),
        "isps": [(one.name, one.points, formats.ratio(one.availability), one.dead, one.to_settle) for one in pack.isps],
        "issues": [(words["issue"](issue), count) for issue in Issue if (count := pack.count(issue))],
        "rows": [_row(row, formats, words) for row in pack.rows],
    }
    return rendered(values, language, _TEMPLATE, pack.told.levels)


def pdf(pack: DeskPack, language: str, made_at: int) -> bytes:
    """The pack as PDF; the same pack and time give the same bytes. Raises `ReportError`, `ValueError` as `html`."""
    return set_pages(html(pack, language), f"desk {pack.kecamatan} {pack.month} {language} {made_at}")


def _row(row: DeskRow, formats: Formats, words: Words) -> dict[str, object]:
    return {
        "point": row.point,
        "name": row.name,
        "kelurahan": row.kelurahan,
        "isp": row.isp,
        "contracts": ", ".join(row.contracts),
        "status": words["point status"](row.status),
        "active": row.status == "active",
        "availability": formats.ratio(row.availability),
        "coverage": formats.ratio(row.coverage),
        "outages": row.outages,
        "longest": formats.duration(row.longest_seconds or None),
        "findings": [issue_text(one, formats) for one in row.findings],
    }


def _signatures(pack: DeskPack, words: Words) -> list[str]:
    """Who signs: the kecamatan, each ISP that has points in it, and the office that measures."""
    kecamatan = words.say(mark("Camat / PPTK of %(name)s")) % {"name": pack.name}
    office = pack.told.short_name or words.say(mark("The office that measures"))
    return [kecamatan, *(words.say(mark("For %(name)s")) % {"name": one.name} for one in pack.isps), office]
