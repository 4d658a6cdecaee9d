"""The desk pack: what a kecamatan and its ISPs have to settle at the table, point by point, with room to agree or not.

packs = make_packs(survey, ["maesa"])
workbook(pack, "id", made_at), sheet_csv(pack), pdf(pack, "id", made_at)

issues      what is to be settled about a point: a closed list
pack        the pack of a kecamatan, from a month's survey
pdf, sheets the pack as PDF, workbook and CSV
"""

from pantau.reports.desk.pack import DeskPack, make_packs
from pantau.reports.desk.pdf import html, pdf
from pantau.reports.desk.sheets import sheet_csv, workbook

__all__ = ["DeskPack", "html", "make_packs", "pdf", "sheet_csv", "workbook"]
