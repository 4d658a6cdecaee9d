"""The plain tables: parts 4 to 12 and the penalties of part 13. Only what adds up is a formula here."""

from collections.abc import Iterable
from datetime import date

from pantau.reports.statement import Statement
from pantau.reports.statement.rows import RecapRow
from pantau.reports.workbook.book import FIRST_ROW, TOTALS_ROW, Book, Cell, Formula, Kind, Said, TableColumn, cell_name
from pantau.reports.workbook.words import CHANGES, KINDS, LATENESS, REASONS, REFUSALS, said


def _columns(*columns: tuple[str, str, Kind, int]) -> list[TableColumn]:
    return [TableColumn((indonesian, english), kind, width) for indonesian, english, kind, width in columns]


_EVENTS = _columns(
    ("Gangguan", "Outage", "text", 30),
    ("ID titik", "Point", "text", 18),
    ("Nama", "Name", "text", 30),
    ("Mulai (WITA)", "From (WITA)", "time", 18),
    ("Selesai (WITA)", "Until (WITA)", "time", 18),
    ("Mati seluruhnya (detik)", "Down, all of it (s)", "number", 12),
    ("Mati di baris ini", "Of it here", "number", 12),
    ("Dikecualikan", "Excluded", "number", 12),
    ("Ditanggung", "Charged", "number", 12),
    ("Perbaikan (detik)", "Repair (s)", "number", 12),
    ("Melewati batas", "Over the limit", "number", 12),
    ("Sebab", "Cause", "text", 20),
    ("Usulan", "Proposed", "text", 20),
    ("Kekuatan", "Strength", "text", 12),
    ("Fakta", "Facts", "text", 40),
    ("Kejadian bersama", "Incident", "text", 30),
    ("Titik kena", "Points", "number", 8),
    ("Diputuskan oleh", "Decided by", "text", 18),
    ("Pada (WITA)", "At (WITA)", "time", 18),
    ("Alasan", "Reason", "text", 30),
    ("Entri jurnal", "Journal's entries", "text", 20),
)
_EXCLUSIONS = _columns(
    ("Pengecualian", "Exclusion", "text", 20),
    ("Jenis", "Kind", "text", 14),
    ("Mulai (WITA)", "From (WITA)", "time", 18),
    ("Sampai (WITA)", "Until (WITA)", "time", 18),
    ("Sebab", "Cause", "text", 18),
    ("Dokumen", "Document", "text", 24),
    ("Disetujui oleh", "Accepted by", "text", 20),
    ("Diajukan (WITA)", "Filed (WITA)", "time", 18),
    ("Baris", "Lines", "number", 8),
    ("Detik dikecualikan", "Seconds excluded", "number", 14),
    ("Tidak dihitung karena", "Not counted because", "text", 30),
)
_UNOBSERVED = _columns(
    ("Mulai (WITA)", "From (WITA)", "time", 18),
    ("Sampai (WITA)", "Until (WITA)", "time", 18),
    ("Alasan", "Reason", "text", 30),
    ("Titik", "Points", "number", 8),
    ("Detik-titik", "Point-seconds", "number", 14),
    ("Entri jurnal", "Journal's entries", "text", 24),
)
_CHANGES = _columns(
    ("Saat (WITA)", "At (WITA)", "time", 18),
    ("Perubahan", "Change", "text", 24),
    ("ID titik", "Point", "text", 18),
    ("Keterangan", "Detail", "text", 40),
)
_QUALITY = _columns(
    ("ID titik", "Point", "text", 18),
    ("Permintaan", "Requests", "number", 12),
    ("Balasan", "Replies", "number", 12),
    ("Hilang", "Loss", "percent", 12),
)
_RECAP = _columns(
    ("Kelompok", "Group", "text", 30),
    ("Baris", "Lines", "number", 8),
    ("Ditanggung (detik)", "Charged (s)", "number", 14),
    ("Dinilai (detik)", "Assessed (s)", "number", 14),
    ("Ketersediaan", "Availability", "percent", 12),
    ("Cakupan", "Coverage", "percent", 12),
    ("Tidak terpenuhi", "Missed", "number", 10),
)
_TREND = _columns(
    ("Bulan", "Month", "text", 10),
    ("Titik", "Points", "number", 8),
    ("Ketersediaan", "Availability", "percent", 12),
    ("Cakupan", "Coverage", "percent", 12),
)
_VISITS = _columns(
    ("ID titik", "Point", "text", 18),
    ("Tanggal", "Date", "day", 12),
    ("Oleh", "By", "text", 18),
    ("Hasil", "Result", "text", 14),
    ("Unduh Mbps", "Download Mbps", "number", 10),
    ("Unggah Mbps", "Upload Mbps", "number", 10),
    ("Foto", "Photo", "text", 30),
    ("Catatan", "Note", "text", 40),
)
_PENALTIES = _columns(
    ("Jenis", "Kind", "text", 22),
    ("ID titik", "Point", "text", 18),
    ("Hari", "Days", "number", 8),
    ("Permil: pembilang", "Permille: numerator", "number", 10),
    ("Permil: penyebut", "of", "number", 8),
    ("Dasar", "Base", "rupiah", 16),
    ("Denda", "Penalty", "rupiah", 14),
    ("Gangguan", "Outage", "text", 30),
)


def plain_tables(book: Book, statement: Statement) -> None:
    """Tables B to F, and parts 9 to 12."""
    _events(book, statement)
    _papers(book, statement)
    _calendar(book, statement)
    _repairs(book, statement)
    _quality(book, statement)
    _recap(book, ("Per kelurahan", "By kelurahan"), statement.by_kelurahan)
    _recap(book, ("Per kategori", "By category"), statement.by_category)
    trend = book.sheet(("Tren", "Trend"), ("Tren bulanan", "Trend by months"), ("Kontrak yang sama", "Same contract"))
    trend.table(_TREND, ([row.month, row.points, row.availability, row.coverage] for row in statement.trend))
    _visits(book, statement)


def _events(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        ("Kejadian", "Events"),
        ("Tabel B: kejadian gangguan", "Table B: outages"),
        ("Yang melewati ambang; entri jurnal adalah buktinya.", "Above the threshold; the journal's entries prove it."),
    )
    count = sheet.table(
        _EVENTS,
        (
            [
                row.outage,
                row.point,
                row.name,
                row.start,
                row.end,
                row.seconds,
                row.down_seconds,
                row.excluded_seconds,
                row.charged_seconds,
                row.repair_seconds,
                row.over_limit_seconds,
                row.cause,
                row.proposed,
                row.strength,
                row.facts,
                row.incident,
                row.incident_points,
                row.decided_by,
                row.decided_at,
                row.decided_reason,
                _numbers(row.entries),
            ]
            for row in statement.events
        ),
        frozen_columns=2,
    )
    for place, value in (
        (6, sum(row.down_seconds for row in statement.events)),
        (7, sum(row.excluded_seconds for row in statement.events)),
        (8, sum(row.charged_seconds for row in statement.events)),
    ):
        cells = f"{cell_name(FIRST_ROW, place)}:{cell_name(FIRST_ROW + max(1, count) - 1, place)}"
        sheet.put(TOTALS_ROW, place, Formula(f"SUM({cells})", value), "number", bold=True)


def _papers(book: Book, statement: Statement) -> None:
    exclusions = book.sheet(
        ("Pengecualian", "Exclusions"),
        ("Tabel C: pengecualian", "Table C: exclusions"),
        ("Dihitung hanya yang disetujui dengan dokumen.", "Only what was accepted with a document counts."),
    )
    exclusions.table(
        _EXCLUSIONS,
        (
            [
                row.exclusion,
                book.say(said(KINDS, row.kind)),
                row.start,
                row.end,
                row.cause,
                row.document,
                row.accepted_by,
                row.filed,
                row.points,
                row.excluded_seconds,
                ", ".join(book.say(said(REFUSALS, code)) for code in row.refusals),
            ]
            for row in statement.exclusions
        ),
    )
    unobserved = book.sheet(
        ("Tanpa data", "Unobserved"),
        ("Tabel D: tanpa data", "Table D: unobserved"),
        ("Tidak pernah ditanggung ISP.", "Never charged to the ISP."),
    )
    unobserved.table(
        _UNOBSERVED,
        (
            [
                row.start,
                row.end,
                book.say(said(REASONS, row.reason)),
                row.points,
                row.point_seconds,
                _numbers(row.entries),
            ]
            for row in statement.unobserved
        ),
        frozen_columns=2,
    )
    changes = book.sheet(
        ("Perubahan", "Changes"),
        ("Tabel E: perubahan", "Table E: changes"),
        ("Titik dan ketentuan selama bulan ini.", "Of points and terms within the month."),
    )
    changes.table(
        _CHANGES, ([row.at, book.say(said(CHANGES, row.what)), row.point, row.detail] for row in statement.changes)
    )


def _calendar(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        ("Kalender", "Calendar"),
        ("Tabel F: kalender harian", "Table F: day by day"),
        (
            "Permil waktu terpantau yang menjawab; — = tidak terpantau atau tidak terkontrak.",
            "Permille of the observed time in which it answered; — = not observed, or not under contract.",
        ),
    )
    days = [date.fromisoformat(day) for day in statement.days]
    columns = [*_columns(("ID titik", "Point", "text", 18), ("Nama", "Name", "text", 30))]
    columns += [TableColumn((f"{day:%d}", f"{day:%d}"), "number", 6) for day in days]
    sheet.table(columns, ([row.point, row.name, *row.permille] for row in statement.calendar), frozen_columns=2)


def _repairs(book: Book, statement: Statement) -> None:
    found = statement.repairs
    sheet = book.sheet(
        ("Perbaikan", "Repairs"),
        ("MTTR, MTBF dan waktu perbaikan", "MTTR, MTBF and repair times"),
        ("Gangguan yang ditanggung dan sudah selesai.", "Charged outages that have ended."),
    )
    entries: list[tuple[Said, Cell]] = [
        (("Gangguan ditanggung", "Charged outages"), found.outages),
        (("Perbaikan", "Repairs"), found.repairs),
        (("Belum selesai", "Unfinished"), found.unfinished),
        (("MTTR (detik)", "MTTR (s)"), found.mttr_seconds),
        (("Median (detik)", "Median (s)"), found.median_seconds),
        (("Terlama (detik)", "Longest (s)"), found.longest_seconds),
        (("Gangguan terlama", "Longest outage"), found.longest_outage),
        (("MTBF (detik)", "MTBF (s)"), found.mtbf_seconds),
        (("Batas perbaikan (detik)", "Repair limit (s)"), found.limit_seconds),
        *((("Melewati batas", "Over the limit"), outage) for outage in found.late),
    ]
    columns = _columns(("Ukuran", "Measure", "text", 34), ("Nilai", "Value", "number", 34))
    sheet.table(columns, ([book.say(label), value] for label, value in entries))


def _quality(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        ("Mutu", "Quality"),
        ("Mutu (informasi)", "Quality (for information)"),
        ("Tidak dibayar menurut ini, kecuali kontrak menyebutnya.", "Not paid by, unless the contract says so."),
    )
    sheet.table(
        _QUALITY,
        (
            [
                row.point,
                row.requests,
                row.replies,
                None
                if row.loss is None
                else Formula(
                    f"1-{cell_name(FIRST_ROW + at, 2)}/{cell_name(FIRST_ROW + at, 1)}",
                    row.loss.numerator / row.loss.denominator,
                ),
            ]
            for at, row in enumerate(statement.quality)
        ),
    )


def _recap(book: Book, name: Said, rows: Iterable[RecapRow]) -> None:
    sheet = book.sheet(name, name, ("Ketersediaan = 1 − ditanggung/dinilai", "Availability = 1 − charged/assessed"))
    sheet.table(
        _RECAP,
        (
            [
                row.group or None,
                row.lines,
                row.charged_seconds,
                row.assessed_seconds,
                None
                if row.availability is None
                else Formula(
                    f"1-{cell_name(FIRST_ROW + at, 2)}/{cell_name(FIRST_ROW + at, 3)}",
                    row.availability.numerator / row.availability.denominator,
                ),
                row.coverage,
                row.missed,
            ]
            for at, row in enumerate(rows)
        ),
    )


def _visits(book: Book, statement: Statement) -> None:
    sheet = book.sheet(
        ("Uji petik", "Site checks"),
        ("Uji petik", "Site checks"),
        (
            f"Sampel (benih {statement.visit_seed}): {', '.join(statement.visit_sample)}",
            f"Sample (seed {statement.visit_seed}): {', '.join(statement.visit_sample)}",
        ),
    )
    sheet.table(
        _VISITS,
        (
            [
                row.point,
                date.fromisoformat(row.date),
                row.by,
                row.result,
                row.download_mbps,
                row.upload_mbps,
                row.photo,
                row.note,
            ]
            for row in statement.visits
        ),
    )


def penalties_sheet(book: Book, statement: Statement) -> str:
    """Part 13's penalties; returns the cell of their sum."""
    sheet = book.sheet(
        ("Denda", "Penalties"),
        ("Denda keterlambatan", "Penalties for lateness"),
        (
            "Hari × permil/1000 × dasar, dibulatkan sekali; bukan restitusi.",
            "Days × permille/1000 × base, rounded once; no restitution.",
        ),
    )
    count = sheet.table(
        _PENALTIES,
        (
            [
                book.say(said(LATENESS, row.kind)),
                row.point,
                row.days,
                *_permille(row.permille),
                row.base,
                Formula(_penalty(FIRST_ROW + at), row.amount),
                row.outage,
            ]
            for at, row in enumerate(statement.penalties)
        ),
    )
    cells = f"{cell_name(FIRST_ROW, 6)}:{cell_name(FIRST_ROW + max(1, count) - 1, 6)}"
    sheet.put(TOTALS_ROW, 0, book.say(("Jumlah", "Total")), bold=True)
    sheet.put(TOTALS_ROW, 6, Formula(f"SUM({cells})", statement.payment.penalty), "rupiah", bold=True)
    return sheet.ref(TOTALS_ROW, 6)


def _permille(text: str) -> tuple[int, int]:
    over, _, under = text.partition("/")
    return int(over), int(under or 1)


def _penalty(row: int) -> str:
    """days x base x permille is far below 2^53; half a rupiah goes upwards."""
    days, over, under, base = (cell_name(row, place) for place in (2, 3, 4, 5))
    return f"INT((2*{days}*{base}*{over}+1000*{under})/(2000*{under}))"


def _numbers(entries: Iterable[int]) -> str:
    return ", ".join(str(number) for number in entries)
