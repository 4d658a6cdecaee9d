"""What a desk pack says, in Indonesian and English."""

from pantau.reports.desk.issues import Issue
from pantau.reports.workbook.book import Said

ISSUES: dict[Issue, Said] = {
    Issue.DEAD: ("mati sepanjang bulan", "dead all month"),
    Issue.NO_DATA: ("tidak ada data", "no data"),
    Issue.LITTLE_DATA: ("kurang teramati", "seen too little"),
    Issue.DUPLICATE: ("satu lokasi dengan", "same place as"),
    Issue.NO_CONTRACT: ("tanpa kontrak", "no contract"),
    Issue.PARTLY_NO_CONTRACT: ("sebagian bulan tanpa kontrak", "no contract for part of the month"),
    Issue.SLA_MISSED: ("SLA tidak terpenuhi", "SLA missed"),
    Issue.FLAPPING: ("sering putus sebentar", "many short outages"),
    Issue.NO_COORDINATES: ("tanpa koordinat", "no coordinates"),
}
STATUSES: dict[str, Said] = {
    "planned": ("direncanakan", "planned"),
    "active": ("aktif", "active"),
    "retired": ("berhenti", "retired"),
}
TITLE: Said = ("Bahan desk Kecamatan {name}, {month}", "Desk pack of kecamatan {name}, {month}")
NOTE: Said = (
    "Menurut pengamatan Pantau, {period}. Ketersediaan = 1 − mati / teramati; belum dikurangi pengecualian.",
    "As Pantau saw it, {period}. Availability = 1 − down / seen; nothing is excluded yet.",
)
POINT: Said = ("Titik", "Point")
NAME: Said = ("Nama", "Name")
WARD: Said = ("Kelurahan", "Ward")
CATEGORY: Said = ("Kategori", "Category")
ISP: Said = ("ISP", "ISP")
CONTRACT: Said = ("Kontrak", "Contract")
STATUS: Said = ("Status", "Status")
AVAILABILITY: Said = ("Ketersediaan", "Availability")
COVERAGE: Said = ("Cakupan", "Coverage")
OUTAGES: Said = ("Gangguan > 5 mnt", "Outages > 5 min")
LONGEST: Said = ("Terlama", "Longest")
TO_SETTLE: Said = ("Yang harus diselesaikan", "To settle")
AGREED: Said = ("Setuju", "Agree")
DISAGREED: Said = ("Tidak", "Disagree")
REMARK: Said = ("Catatan", "Remark")
POINTS: Said = ("Titik", "Points")
DEAD: Said = ("Mati", "Dead")
OPEN: Said = ("Dengan masalah", "With issues")
ISSUE: Said = ("Masalah", "Issue")
BY_ISP: Said = ("Per ISP", "By ISP")
BY_ISSUE: Said = ("Per masalah", "By issue")
TABLE: Said = ("Titik demi titik", "Point by point")
NOTHING: Said = ("tidak ada", "none")
PRESENT: Said = ("Hadir dan menyetujui isi kolom di atas", "Present, and agreed to what stands in the columns above")
OF_KECAMATAN: Said = ("Camat / PPTK {name}", "Camat / PPTK of {name}")
OF_ISP: Said = ("Wakil {name}", "For {name}")
VERIFIED: Said = ("Diskominfo", "Diskominfo")
PAGE: Said = ("hal.", "page")
OF: Said = ("dari", "of")
