"""The words of codes, in Indonesian and English. A code without words is shown as it is."""

from pantau.reports.workbook.book import Said

STANDINGS: dict[str, Said] = {
    "met": ("terpenuhi", "met"),
    "missed": ("tidak terpenuhi", "missed"),
    "inconclusive": ("tidak konklusif", "inconclusive"),
    "not_assessable": ("tidak dapat dinilai", "not assessable"),
    "no_objective": ("tanpa SLA", "no SLA"),
}
STATUSES: dict[str, Said] = {"draft": ("DRAF", "DRAFT"), "final": ("FINAL", "FINAL")}
KINDS: dict[str, Said] = {"event": ("kejadian", "event"), "maintenance": ("pemeliharaan", "maintenance")}
REFUSALS: dict[str, Said] = {
    "not_accepted": ("belum disetujui", "not accepted"),
    "cause_not_admitted": ("sebab tidak diakui kontrak", "cause not admitted"),
    "filed_late": ("terlambat diajukan", "filed late"),
    "over_allowance": ("melebihi jatah", "over allowance"),
}
REASONS: dict[str, Said] = {
    "no_data": ("tidak ada data", "no data"),
    "pemantau": ("dinyatakan gangguan pemantau", "held to be our own fault"),
    "not_running": ("pemantau tidak berjalan", "monitor not running"),
    "vantage": ("jalur pemantau putus", "monitor's own path cut"),
    "peering": ("jalur pemantau ke ISP putus", "monitor's path to the ISP cut"),
    "journal_lost": ("jurnal tidak dapat ditulis", "journal could not be written"),
    "added": ("baru dipantau", "newly watched"),
    "resolve": ("nama tidak terjawab", "name not resolved"),
    "send": ("paket tidak terkirim", "packet could not be sent"),
    "inconclusive": ("pengukuran tidak dapat dipercaya", "measurement not to be believed"),
}
CHANGES: dict[str, Said] = {
    "added": ("ditambahkan", "added"),
    "accepted": ("diterima (uji fungsi)", "accepted"),
    "moved_in": ("pindah masuk", "moved in"),
    "moved_out": ("pindah keluar", "moved out"),
    "stopped": ("dihentikan", "stopped"),
    "ended": ("berakhir", "ended"),
    "addendum": ("adendum", "addendum"),
}
LATENESS: dict[str, Said] = {
    "activation": ("aktivasi terlambat", "late activation"),
    "repair": ("perbaikan terlambat", "late repair"),
}


def said(words: dict[str, Said], code: str) -> Said:
    """What a code means to a reader."""
    return words.get(code, (code, code))
