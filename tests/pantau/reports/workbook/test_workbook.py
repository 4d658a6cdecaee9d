"""The workbook as it is written: typed cells, text that stays text, paper A4, both languages, the same bytes."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from openpyxl import Workbook, load_workbook

from lab.samples.accounting import APRIL
from pantau.reports.statement import Statement
from pantau.reports.statement.rows import Ratio
from pantau.reports.workbook import workbook
from tests.pantau.reports.workbook.cases import EDITION, Case, statement_of

HOSTILE = ('=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(1)", "<script>", "Titik" + 60 * " panjang")


@pytest.fixture(scope="module")
def statement() -> Statement:
    """Six points with names that programs might obey."""
    return statement_of(APRIL, [Case(1000 * number, name=name) for number, name in enumerate(HOSTILE)])


def opened(content: bytes, *, data_only: bool = False) -> Workbook:
    """As openpyxl reads it."""
    return load_workbook(io.BytesIO(content), data_only=data_only)


def test_the_same_input_gives_the_same_bytes(statement: Statement) -> None:
    """Another time of making gives other bytes."""
    assert workbook(statement, EDITION) == workbook(statement, EDITION)
    assert workbook(statement, EDITION) != workbook(statement, replace(EDITION, made_at=EDITION.made_at + 1))


@pytest.mark.parametrize(
    ("language", "sheets"),
    [
        (
            "id",
            [
                "Ringkasan",
                "Dasar",
                "Titik",
                "Perhitungan",
                "Denda",
                "Koreksi",
                "Kejadian",
                "Pengecualian",
                "Tanpa data",
                "Perubahan",
                "Kalender",
                "Keadaan",
                "Keputusan",
                "Perbaikan",
                "Mutu",
                "Per kelurahan",
                "Per kategori",
                "Tren",
                "Uji petik",
                "Satu lokasi",
                "Tanpa uji fungsi",
                "Inventaris",
                "Perubahan inventaris",
                "Selisih versi",
                "Dua saksi",
            ],
        ),
        (
            "en",
            [
                "Summary",
                "Terms",
                "Points",
                "Reckoning",
                "Penalties",
                "Corrections",
                "Events",
                "Exclusions",
                "Unobserved",
                "Changes",
                "Calendar",
                "States",
                "Decisions",
                "Repairs",
                "Quality",
                "By kelurahan",
                "By category",
                "Trend",
                "Site checks",
                "One place",
                "Not accepted",
                "Inventory",
                "Inventory changes",
                "Differences",
                "Two witnesses",
            ],
        ),
    ],
)
def test_every_part_has_its_sheet_in_the_reader_s_language(
    statement: Statement, language: str, sheets: list[str]
) -> None:
    """Formulas refer to the sheets' names in that language."""
    book = opened(workbook(statement, EDITION, language))
    assert book.sheetnames == sheets
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    named = set()
    for text in formulas:
        assert isinstance(text, str)
        named |= {part.split("'")[0] for part in text.split("'")[1::2]}
    assert len(formulas) > 250
    assert named <= set(sheets)


def test_an_unknown_language_is_refused(statement: Statement) -> None:
    """The error names the known ones."""
    with pytest.raises(ValueError, match="no such language: 'fr'; choose one of id, en"):
        workbook(statement, EDITION, "fr")


def test_text_from_outside_is_text(statement: Statement) -> None:
    """Names, differences and reasons never become formulas."""
    book = opened(workbook(statement, EDITION))
    cells = [row[1] for row in book["Titik"].iter_rows(min_row=5)]
    assert [cell.value for cell in cells] == list(HOSTILE)
    assert {cell.data_type for cell in cells} == {"s"}
    (reason,) = [cell for row in book["Dua saksi"].iter_rows(min_row=5) for cell in row if "HYPER" in str(cell.value)]
    assert reason.data_type == "s"
    parts = zipfile.ZipFile(io.BytesIO(workbook(statement, EDITION)))
    assert not [name for name in parts.namelist() if "vba" in name.lower() or "external" in name.lower()]


def test_cells_have_the_type_of_what_they_hold(statement: Statement) -> None:
    """Times are local dates, seconds and rupiah integers, ratios percentages."""
    sheet = opened(workbook(statement, EDITION), data_only=True)["Titik"]
    heads = {cell.value: place for place, cell in enumerate(sheet[4])}
    row = list(sheet[6])
    start = row[heads["Mulai (WITA)"]]
    assert (start.value, start.number_format) == (datetime(2024, 4, 1), "dd/mm/yyyy hh:mm:ss")  # noqa: DTZ001
    charged = row[heads["D_ditanggung"]]
    assert (charged.value, charged.number_format) == (60_000, "#,##0")
    share = row[heads["Ketersediaan"]]
    assert share.value == pytest.approx(1 - 60_000 / 2_592_000)
    assert share.number_format == "0.0000%"
    assert row[heads["Potongan"]].number_format == '"Rp"#,##0'
    assert row[heads["Potongan"]].value == statement.points[1].restitution


def test_each_table_can_be_read_filtered_and_printed(statement: Statement) -> None:
    """Frozen and repeated heads, filters, A4, bounded width."""
    book = opened(workbook(statement, EDITION))
    for sheet in book.worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        pages = {"Titik": 2, "Perhitungan": 3, "Kejadian": 2}.get(sheet.title, 1)
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (pages, 0)
        assert (sheet.print_title_cols or "") == ("" if pages == 1 else "$A:$B")
        if sheet.title != "Ringkasan":
            assert sheet.freeze_panes is not None
            assert sheet.freeze_panes.endswith("5")
            assert sheet.print_title_rows == "$4:$4"
            assert sheet.auto_filter.ref.startswith("A4:")


def test_what_is_not_known_is_a_dash_and_never_zero() -> None:
    """A contract without a method: seconds and availability, and not one rupiah; and it says why."""
    silent = statement_of(APRIL, [Case(100)], method=None)
    book = opened(workbook(silent, EDITION), data_only=True)
    sheet = book["Titik"]
    heads = {cell.value: place for place, cell in enumerate(sheet[4])}
    assert [sheet[5][heads[head]].value for head in ("Biaya", "Potongan", "Ditahan", "Dapat dibayar")] == ["—"] * 4
    assert sheet[5][heads["Ketersediaan"]].value == pytest.approx(1 - 6000 / 2_592_000)
    summary = {row[0].value: row[1].value for row in book["Ringkasan"].iter_rows()}
    assert summary["Dapat dibayar"] == "—"
    assert any(str(label).startswith("Kontrak tidak menyebut SLA") for label in summary)


def test_a_contract_without_points_has_a_workbook_too() -> None:
    """Zero lines and zero rupiah, without a division by zero."""
    empty = statement_of(APRIL, [], method="R3")
    book = opened(workbook(empty, EDITION), data_only=True)
    summary = {row[0].value: row[1].value for row in book["Ringkasan"].iter_rows()}
    assert (summary["Baris tabel A"], summary["Dapat dibayar"]) == (0, 0)
    assert summary["Ketersediaan (terbobot waktu)"] == "—"


def test_what_no_spreadsheet_can_hold_stands_as_our_value() -> None:
    """A fee of 15 digits: no formula that would err, and the deduction is the core's."""
    huge = statement_of(APRIL, [Case(2000, fee=900_000_000_000_000), Case(2000)], method="R1")
    sheet = opened(workbook(huge, EDITION))["Perhitungan"]
    heads = {cell.value: place for place, cell in enumerate(sheet[4])}
    great, usual = (sheet[row][heads["Potongan"]] for row in (5, 6))
    assert great.value == huge.points[0].restitution
    assert usual.data_type == "f"


def test_defaults_of_ours_are_marked() -> None:
    """Terms that the contract leaves open have a star."""
    book = opened(workbook(statement_of(APRIL, [Case(0)], threshold="10m"), EDITION))
    labels = [str(row[0].value) for row in book["Dasar"].iter_rows(min_row=5)]
    assert "Ketersediaan yang dijanjikan (SLA)" in labels
    assert "Ambang gangguan (sampai ambang tidak ditanggung), detik" in labels
    assert "Cakupan minimum *" in labels
    assert "Batas potongan dari biaya baris *" in labels


def test_what_misses_the_sla_by_a_second_has_digits_that_say_so() -> None:
    """98.0000% beside a cross would be a riddle: the column has as many decimals as decide."""
    made = statement_of(APRIL, [Case(864), Case(0)])
    missed = replace(made.points[0], availability=Ratio.of(1 - Fraction(51_841, 2_592_000)), standing="missed")
    usual = opened(workbook(made, EDITION))["Titik"]
    close = opened(workbook(replace(made, points=(missed, made.points[1])), EDITION))["Titik"]
    column = next(cell.column for cell in usual[4] if cell.value == "Ketersediaan")
    assert usual.cell(5, column).number_format == "0.0000%"
    assert close.cell(5, column).number_format == "0.000000000000%"


def test_the_first_sheet_says_how_it_was_measured(statement: Statement) -> None:
    """The settings in force, and what follows from them."""
    sheet = opened(workbook(statement, EDITION), data_only=True)["Ringkasan"]
    told = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=4)}
    assert told["Pemeriksaan setiap (detik)"] == 10
    assert told["Gangguan yang selalu teramati, mulai (detik)"] == 14
    assert told["Tidak teramati dari 120 gangguan selama satu selang"] == 48
    assert told["Pelaksana pengukuran"] == "—"


def test_every_line_has_its_error(statement: Statement) -> None:
    """In seconds and in rupiah, as the statement has them."""
    sheet = opened(workbook(statement, EDITION), data_only=True)["Titik"]
    heads = {cell.value: place for place, cell in enumerate(sheet[4])}
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert [row[heads["D_ditanggung: ketelitian ±"]] for row in rows] == [row.error_seconds for row in statement.points]
    assert [row[heads["Potongan: ketelitian ±"]] for row in rows] == [row.error_rupiah for row in statement.points]
    assert any(row.error_rupiah for row in statement.points)
