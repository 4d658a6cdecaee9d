"""A pack as PDF and as a spreadsheet: everybody in it, nothing beyond the page, nothing computed from a name."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from typer.testing import CliRunner, Result

from lab.samples.accounting import at
from lab.samples.evidence import CITY, dark
from lab.samples.journal import Place, down, up
from pantau.cli.main import app
from pantau.errors import ReportError
from pantau.reports.desk import DeskPack, html, pdf, sheet_csv, workbook
from tests.exporter.app.conftest import city  # noqa: F401 - the fixture
from tests.pantau.reports.desk.test_pack import ALWAYS, packed

MADE_AT = 1_714_492_800
LONG = "Kantor Kelurahan <b>Pasir Panjang</b> & Balai Pertemuan Lingkungan III, RT 005"


@pytest.fixture(scope="module")
def pack() -> DeskPack:
    """143 points with long names, the first of them dead, one named like a formula."""
    base = packed(P_1=dark(ALWAYS), P_2=dark((at("04-05"), at("04-08"))))
    rows = [
        replace(base.rows[number % 2], point=f"BTG-07-{1000 + number}-003", name=LONG if number != 5 else "=1+1")
        for number in range(143)
    ]
    return replace(base, rows=tuple(rows))


@pytest.fixture(scope="module")
def made(pack: DeskPack) -> bytes:
    """The pack as PDF."""
    return pdf(pack, "id", MADE_AT)


def texts(made: bytes) -> list[str]:
    """Of each page."""
    return [page.get_textpage().get_text_range() for page in PdfDocument(made)]


def test_every_point_is_on_paper_and_each_page_repeats_the_head(pack: DeskPack, made: bytes) -> None:
    """Every point has its row; pages are A4 landscape, numbered, with tick boxes and signature lines."""
    pages = texts(made)
    whole = "\n".join(pages)
    assert all(whole.count(row.point) == 1 for row in pack.rows)
    assert "Bahan desk Kecamatan Maesa, April 2024" in whole.replace("\r", "")
    assert "mati sepanjang bulan" in whole
    assert sum("Yang harus diselesaikan" in page for page in pages) >= len(pages) - 1
    assert whole.count("☐") == 2 * 143
    assert f"hal. {len(pages)} dari {len(pages)}" in pages[-1]
    assert all(
        who in pages[-1] for who in ("Camat / PPTK Maesa", "Wakil Telkom", "Wakil Biznet", "Kantor yang mengukur")
    )


def test_nothing_is_beyond_the_page(made: bytes) -> None:
    """Each letter's box lies within 10 mm of the edges."""
    margin = 10 / 25.4 * 72
    for page in PdfDocument(made):
        width, height = page.get_size()
        assert (round(width), round(height)) == (842, 595)
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            assert right - left == 0 or (
                margin < left <= right < width - margin and margin / 2 < bottom <= top < height
            )


def test_the_same_pack_gives_the_same_bytes(pack: DeskPack) -> None:
    """PDF and workbook of one pack are deterministic."""
    pack = replace(pack, rows=pack.rows[:5])
    assert pdf(pack, "en", MADE_AT) == pdf(pack, "en", MADE_AT)
    assert workbook(pack, "en", MADE_AT) == workbook(pack, "en", MADE_AT)


def test_it_speaks_english_when_asked(pack: DeskPack) -> None:
    """The English pack has no Indonesian words left."""
    text = html(pack, "en")
    assert "Desk pack of kecamatan Maesa, April 2024" in text
    assert "dead all month" in text
    assert "mati sepanjang bulan" not in text
    with pytest.raises(ValueError, match="no such language"):
        html(pack, "fr")


def test_a_name_is_shown_and_never_obeyed(pack: DeskPack) -> None:
    """Names are escaped in HTML, and never formulas in XLSX and CSV."""
    assert "<b>Pasir" not in html(pack)
    book = load_workbook(io.BytesIO(workbook(pack, "id", MADE_AT)))
    sheet = book["Titik"]
    assert [cell.value for cell in sheet[4]][:3] == ["Titik", "Nama", "Kelurahan"]
    named = sheet.cell(row=5 + 5, column=2)
    assert (named.value, named.data_type) == ("=1+1", "s")
    assert sheet.max_row == 4 + 143
    assert sheet.print_title_rows == "$4:$4"
    lines = list(csv.DictReader(io.StringIO(sheet_csv(pack).decode())))
    assert (len(lines), lines[5]["name"]) == (143, "'=1+1")
    assert (lines[0]["issues"], lines[0]["availability_percent"]) == ("dead sla_missed", "0.0000")


def test_sums_stand_on_sheets_of_their_own(pack: DeskPack) -> None:
    """The workbook has sums by ISP and by issue."""
    book = load_workbook(io.BytesIO(workbook(pack, "id", MADE_AT)))
    issues = {row[0]: row[1] for row in book["Per masalah"].iter_rows(min_row=5, values_only=True)}
    assert issues["mati sepanjang bulan"] == 72
    assert [row[0] for row in book["Per ISP"].iter_rows(min_row=5, values_only=True)] == ["Biznet", "Telkom"]


def pantau(*arguments: str) -> Result:
    """Run a command in this process; an exception of ours stays one."""
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})


@pytest.fixture
def config(city: Path) -> Path:  # noqa: F811 - the fixture
    """A city of two kecamatan, without contracts and coordinates."""
    with Place("sqlite:///data/journal.sqlite", city.parent).store() as store:
        store.append([down("h1", 1000), up("h1", 2000)])
    return city


def test_one_call_writes_the_packs_of_the_city(config: Path, tmp_path: Path) -> None:
    """Three files a kecamatan; a second call replaces them and leaves no other files."""
    ask = (
        "report",
        "desk",
        "--month",
        "2024-04",
        "--city",
        "--output",
        str(tmp_path / "desk"),
        "--config",
        str(config),
    )
    for _ in range(2):
        result = pantau(*ask)
        assert result.exit_code == 0
    assert [line.split()[:4] for line in result.stdout.splitlines()[1:]] == [
        ["Maesa", "3", "0", "3"],
        ["Girian", "2", "0", "2"],
    ]
    files = sorted(file.name for file in (tmp_path / "desk" / "2024-04").iterdir())
    assert files == [f"desk-{who}.{form}" for who in ("girian", "maesa") for form in ("csv", "pdf", "xlsx")]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "say of whom: --kecamatan ID, or --city for all"),
        (("--city", "--kecamatan", "maesa"), "say of whom"),
        (("--kecamatan", "utara"), "'utara' is not a known kecamatan; known are maesa, girian"),
        (("--city", "--format", "doc"), "'doc' is no list of formats; choose some of xlsx,pdf,csv"),
        (("--city", "--format", ","), "is no list of formats"),
        (("--city", "--lang", "fr"), "'fr' is not one of id, en"),
        (("--city", "--format", "csv", "--output", "/dev/null/x"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_refused(config: Path, arguments: tuple[str, ...], sentence: str) -> None:
    """Invalid input is refused with a message that says what to do; nothing is written."""
    with pytest.raises(ReportError) as caught:
        pantau("report", "desk", "--month", "2024-04", *arguments, "--config", str(config))
    assert sentence in str(caught.value)


def test_a_time_that_is_none_is_refused(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invalid SOURCE_DATE_EPOCH is refused."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ReportError, match="SOURCE_DATE_EPOCH is 'yesterday'; it takes seconds"):
        pantau("report", "desk", "--month", "2024-04", "--city", "--config", str(config))


def test_an_empty_kecamatan_has_an_empty_pack() -> None:
    """A kecamatan without points gives an empty pack, not an error."""
    empty = packed(replace(CITY, hotspots=()))
    assert (empty.rows, empty.isps) == ((), ())
    assert "tidak ada" in html(empty)
    assert load_workbook(io.BytesIO(workbook(empty, "id", MADE_AT)))["Titik"].max_row == 5
