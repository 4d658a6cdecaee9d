"""The last sheets: what changed against the edition before, and the two witnesses side by side."""

from pantau.reports.edition import Edition
from pantau.reports.workbook.book import Book, Said, TableColumn

_DIFFERENCES = [
    TableColumn(("Letak", "Place"), "text", 60),
    TableColumn(("Sebelumnya", "Before"), "text", 40),
    TableColumn(("Sekarang", "Now"), "text", 40),
]
_WITNESSES = [
    TableColumn(("ID titik", "Point"), "text", 18),
    TableColumn(("Mati, jurnal (detik)", "Down, journal (s)"), "number", 14),
    TableColumn(("Terpantau, jurnal", "Seen, journal"), "number", 14),
    TableColumn(("Mati, Prometheus", "Down, Prometheus"), "number", 14),
    TableColumn(("Terpantau, Prometheus", "Seen, Prometheus"), "number", 14),
    TableColumn(("Selisih", "Difference"), "percent", 12),
    TableColumn(("Sepakat", "Agree"), "text", 10),
    TableColumn(("Alasan", "Reason"), "text", 50),
]


def provenance_sheets(book: Book, edition: Edition) -> None:
    """Both."""
    before: Said = (
        (f"Terhadap versi {edition.supersedes}", f"Against version {edition.supersedes}")
        if edition.supersedes
        else ("Versi pertama", "First version")
    )
    differences = book.sheet(("Selisih versi", "Differences"), ("Perubahan versi", "Changes of versions"), before)
    differences.table(_DIFFERENCES, ([one.field, one.before, one.after] for one in edition.differences))
    found = edition.comparison
    note: Said = ("Prometheus tidak ditanyai.", "Prometheus was not asked.")
    if edition.without_second_witness:
        note = (f"{note[0]} {edition.without_second_witness}", f"{note[1]} {edition.without_second_witness}")
    if found is not None:
        percent = found.tolerance.percent
        note = (f"{found.server}; toleransi {percent} %", f"{found.server}; tolerance {percent} %")
    witnesses = book.sheet(("Dua saksi", "Two witnesses"), ("Jurnal dan Prometheus", "Journal and Prometheus"), note)
    witnesses.table(
        _WITNESSES,
        (
            [
                row.point,
                row.journal_down_seconds,
                row.journal_seen_seconds,
                row.prometheus_down_seconds,
                row.prometheus_seen_seconds,
                row.difference,
                book.say(("ya", "yes") if row.agrees else ("tidak", "no")),
                row.reason,
            ]
            for row in (found.rows if found else ())
        ),
    )
