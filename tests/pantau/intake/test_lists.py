"""Lists as offices keep them, with their faults: nothing is misread, and each doubt is told with its row."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pantau.intake.cities.elsewhere import named_city
from pantau.intake.cities.rendering import city_files
from pantau.intake.errors import IntakeError
from pantau.intake.lists.reading import Wishes
from pantau.inventory import load
from tests.pantau.intake.cities import import_file, make_city, write_files

Rows = Sequence[Sequence[Any]]


@pytest.fixture
def bitung(tmp_path: Path) -> Path:
    """A new city at the equator, east of Greenwich."""
    return make_city(tmp_path / "config", "71.72")


@pytest.fixture
def bandung(tmp_path: Path) -> Path:
    """A new city south of the equator."""
    return make_city(tmp_path / "config", "32.73")


def workbook(
    path: Path, sheets: dict[str, Rows], merged: dict[str, Sequence[tuple[int, int, int, int, Any]]] | None = None
) -> Path:
    """An xlsx of these rows; ranges (first row, first column, last row, last column, value) are merged."""
    with xlsxwriter.Workbook(path) as book:
        plain, day = book.add_format(), book.add_format({"num_format": "d-mmm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(number, place, value, day)
                    elif value is not None:
                        sheet.write(number, place, value)
            for first, left, last, right, value in (merged or {}).get(name, ()):
                sheet.merge_range(first, left, last, right, value, plain)
    return path


def test_a_workbook_with_titles_merged_heads_merged_districts_and_totals(bitung: Path, tmp_path: Path) -> None:
    """Two rows of headings below two titles, a district's cell over its rows, a total and a signature at the end."""
    rows: Rows = [
        ["DAFTAR TITIK WIFI PUBLIK"],
        ["Keadaan Maret 2026"],
        [],
        ["No", "Nama Titik", "Kecamatan", "Kelurahan", "Koordinat", None, "Alamat IP", "Provider", "Pemilik"],
        [None, None, None, None, "Lintang", "Bujur"],
        [1, "Balai RT 1", None, "Pakadoodan", 1.4600, 125.1810, "10.77.7.1/24", "PT. Telkom", "Ani"],
        [2, "Pos RT 2", None, "Bitung Tengah", 1.4500, 125.1890, "10.77.7.2/24", "TELKOM", "Budi"],
        [3, "Dermaga", "Lembeh Utara", "Mawali", 1.4400, 125.2350, "10.77.8.1/24", "Icon Plus", "Citra"],
        ["Jumlah", None, None, None, None, None, 3],
        [],
        [None, None, None, None, None, None, "Bitung, 1 Maret 2026"],
    ]
    across = [(0, 0, 0, 8, rows[0][0]), (3, 4, 3, 5, "Koordinat"), (3, 0, 4, 0, "No"), (3, 1, 4, 1, "Nama Titik")]
    file = workbook(tmp_path / "daftar.xlsx", {"Data": rows}, {"Data": [*across, (5, 2, 6, 2, "Kec. MAESA")]})
    done = import_file(bitung, file)
    assert done.table("id", "name", "address", "kecamatan", "kelurahan", "isp", "latitude", "longitude", "note") == [
        ("maesa-001", "Balai RT 1", "10.77.7.1", "maesa", "Pakadoodan", "telkom", 1.46, 125.181, "Pemilik: Ani"),
        ("maesa-002", "Pos RT 2", "10.77.7.2", "maesa", "Bitung Tengah", "telkom", 1.45, 125.189, "Pemilik: Budi"),
        ("lembeh-utara-001", "Dermaga", "10.77.8.1", "lembeh-utara", "Mawali", "icon", 1.44, 125.235, "Pemilik: Citra"),
    ]
    assert done.doubts == [(9, "", "left out"), (11, "Kecamatan", "left out")]
    assert done.read.trimmed == {"Alamat IP: prefix length (/24)": 3}
    assert done.read.isps == ()


def test_a_csv_of_excel_in_windows_1252_with_semicolons_and_decimal_commas(bitung: Path, tmp_path: Path) -> None:
    """Excel's own first line says the separator; a coordinate outside its ward is left away, and kept as a note."""
    text = (
        "sep=;\r\n"
        "KODE;LOKASI;KEC;DESA;LAT;LONG;IP PUBLIC;ISP;JENIS LOKASI;KETERANGAN\r\n"
        "WF/01;Café “Ibu”;Girian;Wangurer;1,4370;125,1370;10.77.6.1;Telkom;Pasar;dekat jalan – besar\r\n"
        "WF/02;Señor Taman;girian;wangurer;1,5900;125,1370;10.77.6.2;Telkom;RTH;\r\n"
    )
    file = tmp_path / "titik.csv"
    file.write_bytes(text.encode("cp1252"))
    done = import_file(bitung, file)
    assert done.table("id", "name", "category", "latitude", "note") == [
        ("WF-01", "Café “Ibu”", "pasar", 1.437, "dekat jalan – besar"),
        ("WF-02", "Señor Taman", "taman", None, "LAT: 1.59, 125.137"),
    ]
    assert done.doubts == [(4, "LAT", "without")]
    assert done.read.remarks[0].startswith("Windows-1252")


def test_two_files_put_together_with_a_byte_order_mark_in_the_middle(bitung: Path, tmp_path: Path) -> None:
    """The second head is no point; the mark is no part of a name."""
    head = "Nama,Alamat IP,Kecamatan,Provider\r\n"
    text = (
        "\ufeff"
        + head
        + "Satu,10.77.1.1,Madidir,Telkom\r\n"
        + "\ufeff"
        + head
        + "\ufeffDua,10.77.1.2,Madidir\u200b,Telkom\r\n"
    )
    file = tmp_path / "gabung.csv"
    file.write_bytes(text.encode())
    done = import_file(bitung, file)
    assert done.table("name", "address", "kecamatan") == [
        ("Satu", "10.77.1.1", "madidir"),
        ("Dua", "10.77.1.2", "madidir"),
    ]
    assert done.doubts == [(3, "", "left out")]
    assert "3 characters that nobody sees were deleted" in done.read.remarks


def test_numbers_that_a_spreadsheet_has_spoiled(bitung: Path, tmp_path: Path) -> None:
    """Addresses as numbers, a point lost in coordinates, a name that became a date, ids that lost their zeros."""
    rows: Rows = [
        ["ID", "Nama", "IP Address", "Kecamatan", "Latitude", "Longitude", "ISP"],
        ["007", "Aman", "10.77.2.1", "Madidir", 1.4612, 125.1612, "Telkom"],
        [8, "Rusak", 192168110000.0, "Madidir", 1461200, 125161200, "Telkom"],
        [9, "Teks", "1,92168E+11", "Madidir", "1.461.200", "125.161.200", "Telkom"],
        [10, datetime.date(2026, 2, 1), "10.77.2.4", "Madidir", 1.4612, None, "Telkom"],
        [11, "Bulan", datetime.date(2020, 1, 10), "Madidir", 14, 125, "Telkom"],
        [12, "Setengah", 10.77, "Madidir", "-", "-", "Telkom"],
    ]
    done = import_file(bitung, workbook(tmp_path / "rusak.xlsx", {"S": rows}))
    assert done.table("id", "name", "address", "status", "latitude", "longitude") == [
        ("007", "Aman", "10.77.2.1", "active", 1.4612, 125.1612),
        ("8", "Rusak", "", "planned", 1.4612, 125.1612),
        ("9", "Teks", "", "planned", 1.4612, 125.1612),
        ("10", "10", "10.77.2.4", "active", None, None),
        ("11", "Bulan", "", "planned", None, None),
        ("12", "Setengah", "", "planned", None, None),
    ]
    assert done.doubts == [
        (3, "IP Address", "without"),
        (3, "Latitude", "taken"),
        (4, "IP Address", "without"),
        (4, "Latitude", "taken"),
        (5, "", "taken"),
        (5, "Latitude", "without"),
        (5, "Nama", "without"),
        (6, "IP Address", "without"),
        (6, "Latitude", "without"),
        (7, "IP Address", "without"),
        (7, "Latitude", "without"),
    ]
    again: Rows = [["ID", "Nama", "IP Address", "Kecamatan", "ISP"], [7, "Aman", "10.77.2.1", "Madidir", "Telkom"]]
    later = import_file(bitung, workbook(tmp_path / "lagi.xlsx", {"S": again}))
    assert (later.update.added, later.update.same, later.doubts) == ({}, 1, [(2, "", "taken")])


def test_exchanged_columns_degrees_minutes_seconds_and_lost_signs(bandung: Path, tmp_path: Path) -> None:
    """By the letters of either language and the city's box: each is told, for it was not written so."""
    text = (
        "Lokasi|Kecamatan|Latitude|Longitude|Host|Operator\n"
        "Biasa|Coblong|-6,8850|107,6150|10.1.0.1|Telkom\n"
        "Tertukar|Coblong|107,6150|-6,8850|10.1.0.2|Telkom\n"
        "Derajat|Coblong|6°53'06\" LS|107°36'54\" BT|10.1.0.3|Telkom\n"
        "Tanda|Coblong|6,8850|107,6150|10.1.0.4|Telkom\n"
        "Jauh|Coblong|1,46|125,18|10.1.0.5|Telkom\n"
    )
    file = tmp_path / "koordinat.csv"
    file.write_text(text, encoding="utf-8")
    done = import_file(bandung, file)
    assert done.table("name", "address", "latitude", "longitude") == [
        ("Biasa", "10.1.0.1", -6.885, 107.615),
        ("Tertukar", "10.1.0.2", -6.885, 107.615),
        ("Derajat", "10.1.0.3", -6.885, 107.615),
        ("Tanda", "10.1.0.4", -6.885, 107.615),
        ("Jauh", "10.1.0.5", None, None),
    ]
    assert done.doubts == [(3, "Latitude", "taken"), (5, "Latitude", "taken"), (6, "Latitude", "without")]


def test_geojson_with_more_than_points(bitung: Path, tmp_path: Path) -> None:
    """The geometry is what counts (longitude first); an area is no place of a point, and a district is found by it."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": "Taman", "ip": "10.77.3.1", "isp": "Telkom", "SSID": "Kota"},
            "geometry": {"type": "Point", "coordinates": [125.1890, 1.4520]},
        },
        {
            "type": "Feature",
            "properties": {"name": "Area", "ip": "10.77.3.2", "isp": "Telkom", "kecamatan": "Maesa"},
            "geometry": {"type": "Polygon", "coordinates": [[[125.1, 1.4], [125.2, 1.4], [125.1, 1.4]]]},
        },
        {
            "type": "Feature",
            "properties": {"name": "Laut", "ip": "10.77.3.3", "isp": "Telkom"},
            "geometry": {"type": "Point", "coordinates": [1.4520, 12.0]},
        },
    ]
    file = tmp_path / "titik.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    done = import_file(bitung, file)
    assert done.table("name", "address", "kecamatan", "latitude", "note") == [
        ("Taman", "10.77.3.1", "maesa", 1.452, "SSID: Kota"),
        ("Area", "10.77.3.2", "maesa", None, "geometry: Polygon"),
    ]
    assert done.doubts == [(1, "kecamatan", "taken"), (3, "kecamatan", "left out")]


FILE_SD = [
    {
        "targets": ["10.77.4.1:9100", "10.77.4.2:9100"],
        "labels": {"__meta_x": "y", "kecamatan": "Girian", "isp": "Telkom"},
    },
    {
        "targets": ["taman.example.org"],
        "labels": {"kecamatan": "girian", "isp": "Icon Plus", "name": "Taman", "vlan": "7"},
    },
]


@pytest.mark.parametrize("form", ["json", "yml"])
def test_targets_of_prometheus(form: str, bitung: Path, tmp_path: Path) -> None:
    """The targets' ports go, the labels are columns; those without a name have their address for one."""
    file = tmp_path / f"targets.{form}"
    if form == "json":
        file.write_text(json.dumps(FILE_SD), encoding="utf-8")
    else:
        lines = ["# Prometheus", "---"]
        for group in FILE_SD:
            lines += [f"- targets: {json.dumps(group['targets'])}", f"  labels: {json.dumps(group['labels'])}"]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = import_file(bitung, file)
    assert done.table("id", "name", "address", "isp", "note") == [
        ("girian-001", "10.77.4.1", "10.77.4.1", "telkom", None),
        ("girian-002", "10.77.4.2", "10.77.4.2", "telkom", None),
        ("girian-003", "Taman", "taman.example.org", "icon", "vlan: 7"),
    ]
    assert [effect for _, _, effect in done.doubts] == ["taken", "taken"]


def test_unicode_text_with_one_cell_for_a_place_and_all_that_stands_beside_addresses(
    bitung: Path, tmp_path: Path
) -> None:
    """UTF-16 with tabs; MACs, masks, ports, lists, notes and streets where an address is asked for."""
    rows = [
        ("Nama Lokasi", "IP", "MAC", "Titik Koordinat", "Kecamatan", "ISP"),
        ("Masker", "10.77.5.1 255.255.255.0", "AA:BB:CC:00:11:22", "1.4520, 125.1890", "Maesa", "Telkom"),
        ("Kurung", "10.77.5.2 (gateway)", "", "1°27'07.2\"N 125°11'20.4\"E", "Maesa", "Telkom"),
        ("Tautan", "http://10.77.5.3:8080/login", "", "https://maps.google.com/?q=1.4520,125.1890", "Maesa", "Telkom"),
        ("Dua", "10.77.5.4 / 10.77.5.5", "", "1,4520; 125,1890", "Maesa", "Telkom"),
        ("Jaringan", "10.77.5.0/24", "", "", "Maesa", "Telkom"),
        ("Dinamis", "DHCP", "", "dekat pasar", "Maesa", "Telkom"),
        ("Jalan", "Jl. Sudirman 5", "", "", "Maesa", "Telkom"),
        ("Mac saja", "AA-BB-CC-00-11-23", "", "", "Maesa", "Telkom"),
        ("Nol", "010.077.005.009", "", "", "Maesa", "Telkom"),
        ("Oktal", "10.77.05.9", "", "", "Maesa", "Telkom"),
        ("Koma", "10,77,5,10", "", "", "Maesa", "Telkom"),
        ("Ganda", "10.77.5.1", "", "", "Maesa", "Telkom"),
    ]
    file = tmp_path / "unicode.txt"
    file.write_bytes("\r\n".join("\t".join(row) for row in rows).encode("utf-16"))
    done = import_file(bitung, file)
    assert done.table("name", "address", "latitude") == [
        ("Masker", "10.77.5.1", 1.452),
        ("Kurung", "10.77.5.2", 1.452),
        ("Tautan", "10.77.5.3", 1.452),
        ("Dua", "", 1.452),
        ("Jaringan", "", None),
        ("Dinamis", "", None),
        ("Jalan", "", None),
        ("Mac saja", "", None),
        ("Nol", "10.77.5.9", None),
        ("Oktal", "", None),
        ("Koma", "10.77.5.10", None),
        ("Ganda", "", None),
    ]
    assert done.hotspots["Masker"].note == "MAC: AA:BB:CC:00:11:22"
    assert done.doubts == [
        (3, "IP", "taken"),
        (5, "IP", "without"),
        (6, "IP", "without"),
        (7, "Titik Koordinat", "without"),
        (8, "IP", "without"),
        (9, "IP", "without"),
        (10, "IP", "taken"),
        (11, "IP", "without"),
        (12, "IP", "taken"),
        (13, "address", "without"),
    ]


def test_a_sheet_for_each_district_and_one_of_sums(bitung: Path, tmp_path: Path) -> None:
    """The sheet's name is the district, where no column says it; the summary is told and not read."""
    head = ["No.", "Nama Titik", "IP", "Provider", "Status"]
    sheets: dict[str, Rows] = {
        "REKAP": [["Kecamatan", "Jumlah"], ["Maesa", 2], ["Girian", 1]],
        "Kec. Maesa": [
            ["KECAMATAN MAESA"],
            head,
            [1, "A", "10.77.1.1", "Telkom", "Aktif"],
            [2, "B", "10.77.1.2", "Telkom", "Mati"],
        ],
        "GIRIAN": [head, [1, "C", "10.77.1.3", "Telkom", "rencana"], [2, "D", "10.77.1.4", "Telkom", "entah"]],
    }
    done = import_file(bitung, workbook(tmp_path / "rekap.xlsx", sheets))
    assert done.table("name", "kecamatan", "status", "note") == [
        ("A", "maesa", "active", None),
        ("B", "maesa", "active", "Status: Mati"),
        ("C", "girian", "planned", None),
        ("D", "girian", "active", "Status: entah"),
    ]
    assert done.doubts == [(3, "Status", "without")]
    assert done.read.remarks == ["sheet 'REKAP' has no table of points and was not read"]


def test_sections_in_one_table(bitung: Path, tmp_path: Path) -> None:
    """A row that names a district alone is for all below it."""
    text = "Lokasi;Alamat IP;ISP\nKECAMATAN MAESA;;\nA;10.77.1.1;Telkom\nKecamatan Girian;;\nB;10.77.1.2;Telkom\n"
    file = tmp_path / "bagian.csv"
    file.write_text(text)
    done = import_file(bitung, file)
    assert done.table("name", "kecamatan") == [("A", "maesa"), ("B", "girian")]
    assert done.doubts == []


def test_a_table_without_headings(bitung: Path, tmp_path: Path) -> None:
    """What the cells themselves tell is taken, and the rest is said by the column's number."""
    file = tmp_path / "polos.csv"
    file.write_text("Balai,10.77.1.1,Maesa,1.4520,125.1890\nPos,10.77.1.2,Girian,1.4440,125.1290\n")
    done = import_file(bitung, file, Wishes(columns={"name": "1"}, isp="Telkom"))
    assert done.table("name", "address", "kecamatan", "latitude", "longitude") == [
        ("Balai", "10.77.1.1", "maesa", 1.452, 125.189),
        ("Pos", "10.77.1.2", "girian", 1.444, 125.129),
    ]
    assert done.doubts == []


def test_names_nearly_right_are_told_and_others_are_not_guessed(bitung: Path, tmp_path: Path) -> None:
    """One letter: taken and told. Another number or direction, or two letters: another ward, and no guess."""
    text = (
        "nama,ip,kecamatan,kelurahan,provider\n"
        "A,10.77.1.1,Aertembga,Winenet Satu,Telkom\n"
        "B,10.77.1.2,Aertembaga,Winenet Tiga,Telkom\n"
        "C,10.77.1.3,Aertembaga,Kasawri,Telkon\n"
        "D,10.77.1.4,Manado,,Telkom\n"
        "E,10.77.1.5,Manado,Kasawari,Telkom\n"
        "F,10.77.1.6,,Kasawari,MyRepublic\n"
        "G,10.77.1.7,Girian,Kasawari,\n"
    )
    file = tmp_path / "ejaan.csv"
    file.write_text(text)
    done = import_file(bitung, file)
    assert done.table("name", "kecamatan", "kelurahan", "isp") == [
        ("A", "aertembaga", "Winenet Satu", "telkom"),
        ("B", "aertembaga", None, "telkom"),
        ("C", "aertembaga", "Kasawari", "telkom"),
        ("E", "aertembaga", "Kasawari", "telkom"),
        ("F", "aertembaga", "Kasawari", "myrepublic"),
    ]
    assert done.read.isps == (("myrepublic", "MyRepublic"),)
    assert done.doubts == [
        (2, "kecamatan", "taken"),
        (3, "kelurahan", "without"),
        (4, "kelurahan", "taken"),
        (4, "provider", "taken"),
        (5, "kecamatan", "left out"),
        (6, "kecamatan", "taken"),
        (8, "provider", "left out"),
    ]


def test_a_later_list_is_an_update(bitung: Path, tmp_path: Path) -> None:
    """Added, changed, gone; what the operator wrote stays, and so does what a doubtful cell would take away."""
    first = (
        "nama,ip,kecamatan,isp,SSID\n"
        "A,10.77.1.1,Maesa,Telkom,x\nB,10.77.1.2,Maesa,Telkom,y\nC,,Maesa,Telkom,\nE,10.77.1.5,Maesa,Telkom,\n"
    )
    file = tmp_path / "daftar.csv"
    file.write_text(first)
    import_file(bitung, file)
    hotspots = bitung.parent / "inventory" / "hotspots.csv"
    text = hotspots.read_text()
    hotspots.write_text(text.replace("SSID: x", "kunci di Pak RT; SSID: x"))
    file.write_text(
        "nama,ip,kecamatan,isp,SSID\n"
        "A baru,10.77.1.1,Maesa,Icon Plus,z\nB,1.07712E+5,Maesa,Telkom,y\n"
        "C,10.77.1.3,Maesa,Telkom,\nD,10.77.1.4,Maesa,Telkom,\n"
    )
    done = import_file(bitung, file)
    assert {one.id: dict(one.values) for one in done.update.changed} == {
        "maesa-001": {
            "name": ("A", "A baru"),
            "isp": ("telkom", "icon"),
            "note": ("kunci di Pak RT; SSID: x", "kunci di Pak RT; SSID: z"),
        },
        "maesa-002": {"note": ("SSID: y", "SSID: y; ip: 1.07712E+5")},
        "maesa-003": {"address": ("", "10.77.1.3"), "status": ("planned", "active")},
    }
    assert (list(done.update.added), done.update.gone) == (["maesa-005"], ["maesa-004"])
    assert done.table("id", "address", "status") == [
        ("maesa-001", "10.77.1.1", "active"),
        ("maesa-002", "10.77.1.2", "active"),
        ("maesa-003", "10.77.1.3", "active"),
        ("maesa-004", "10.77.1.5", "active"),
        ("maesa-005", "10.77.1.4", "active"),
    ]
    again = import_file(bitung, file)
    assert (again.update.added, again.update.changed, again.update.same) == ({}, [], 4)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("kosong.csv", b"\n\n", "is empty"),
        ("surat.csv", b"Kepada Yth.\nBapak Camat\n", "no table of points"),
        ("x.pdf", b"%PDF-1.7 x", "is a PDF"),
        ("x.json", b"{", "is not JSON"),
        ("x.json", b'{"a": 1}', "neither GeoJSON nor file_sd"),
        ("x.yml", b"a: 1\n", "no list of targets"),
        ("x.xlsx", b"PK\x03\x04rusak", "no workbook"),
        ("x.csv", "nama,ip\nПлощадь,10.0.0.1\n".encode("cp1251"), "its encoding cannot be told"),
        ("x.csv", "nama,ip\n東京駅,10.0.0.1\n".encode("shift_jis"), "its encoding cannot be told"),
    ],
)
def test_what_is_no_list_is_told_in_one_sentence(
    name: str, data: bytes, words: str, bitung: Path, tmp_path: Path
) -> None:
    """With its cure, and nothing is written."""
    file = tmp_path / name
    file.write_bytes(data)
    before = (bitung.parent / "inventory" / "hotspots.csv").read_bytes()
    with pytest.raises(IntakeError, match=words) as caught:
        import_file(bitung, file)
    assert ";" in str(caught.value)
    assert (bitung.parent / "inventory" / "hotspots.csv").read_bytes() == before


def test_an_encoding_may_be_said(bitung: Path, tmp_path: Path) -> None:
    """Where it cannot be told."""
    file = tmp_path / "x.csv"
    file.write_bytes("nama,ip,kecamatan,isp\nПлощадь,10.77.1.1,Maesa,Telkom\n".encode("cp1251"))
    assert list(import_file(bitung, file, encoding="cp1251").hotspots) == ["Площадь"]


def test_whatever_the_rules_refuse_is_taken_out_and_told(bitung: Path, tmp_path: Path) -> None:
    """An import never leaves an inventory that does not load."""
    file = tmp_path / "x.csv"
    file.write_text("id,nama,ip,kecamatan,isp,induk\nA,A,10.77.1.1,Maesa,Telkom,\n")
    import_file(bitung, file)
    file.write_text("id,nama,ip,kecamatan,isp,induk\nA,A,10.77.1.1,Maesa,Telkom,A\nB,B,10.77.1.2,Maesa,Telkom,A\n")
    done = import_file(bitung, file)
    assert done.table("id", "upstream") == [("A", None), ("B", "A")]
    assert (2, "upstream", "without") in done.doubts
    assert load(bitung).inventory.hotspot_by_id["A"].upstream is None


def test_a_code_that_many_points_share_is_no_id(bitung: Path, tmp_path: Path) -> None:
    """It is kept as a note, and ids are made."""
    file = tmp_path / "x.csv"
    rows = "".join(f"95511,Pos {n},10.77.1.{n},Maesa,Telkom\n" for n in range(1, 6))
    file.write_text("Kode,Nama,IP,Kecamatan,ISP\n" + rows)
    done = import_file(bitung, file)
    assert done.table("id", "note")[0] == ("maesa-001", "Kode: 95511")
    assert (len(done.hotspots), done.doubts) == (5, [])


def test_objects_of_unknown_keys_are_still_objects(bitung: Path, tmp_path: Path) -> None:
    """What a person says of them is enough."""
    file = tmp_path / "x.json"
    file.write_text(json.dumps([{"a": "Balai", "b": "10.77.1.1"}, {"a": "Pos", "b": "10.77.1.2", "c": 5}]))
    done = import_file(bitung, file, Wishes(columns={"name": "a"}, isp="Telkom", kecamatan="Maesa"))
    assert done.table("name", "address", "note") == [("Balai", "10.77.1.1", None), ("Pos", "10.77.1.2", "c: 5")]


def test_a_lone_name_is_a_point_and_no_section(bitung: Path, tmp_path: Path) -> None:
    """Though it is that of a district: it is planned, for it has no address."""
    file = tmp_path / "x.csv"
    file.write_text("Lokasi;Alamat IP;ISP\nKEC. MAESA;;\nA;10.77.1.1;Telkom\nGirian;;Telkom\nB;10.77.1.2;Telkom\n")
    done = import_file(bitung, file)
    assert done.table("name", "kecamatan", "status") == [
        ("A", "maesa", "active"),
        ("Girian", "maesa", "planned"),
        ("B", "maesa", "active"),
    ]


def test_a_public_list_of_another_country_without_addresses(tmp_path: Path) -> None:
    """Many columns, codes beside names, feet beside degrees; all points are planned until somebody knows an address."""
    city = named_city("New York", "America/New_York", ["Manhattan", "Brooklyn", "Staten Island"], [])
    settings = write_files(tmp_path / "config", city_files(city))
    head = "OBJECTID,Borough,Type,Provider,Name,Location,Latitude,Longitude,X,Y,Remarks,SSID,SourceID,Activated"
    text = (
        f'{head},Borough Name,Council District,"Location (Lat, Long)"\n'
        "10604,MN,Free,LinkNYC - Citybridge,mn-05-1,179 WEST 26 STREET,40.745968,-73.994039,985901.69,211053.13,"
        '"Tablet, Free",LinkNYC,LINK-1,09/09/9999,Manhattan,3,"(40.745968, -73.994039)"\n'
        "10555,BK,Limited Free,ALTICEUSA,Prospect Park,3 HARLEM,40.662,-73.969,992000.5,180000.5,3 free 10 min,"
        'GuestWiFi,,09/09/9999,Brooklyn,39,"(40.662, -73.969)"\n'
    )
    file = tmp_path / "nyc.csv"
    file.write_text(text)
    done = import_file(settings, file)
    assert done.table("id", "name", "kecamatan", "isp", "latitude", "longitude", "status") == [
        ("10604", "mn-05-1", "manhattan", "linknyc-citybridge", 40.745968, -73.994039, "planned"),
        ("10555", "Prospect Park", "brooklyn", "alticeusa", 40.662, -73.969, "planned"),
    ]
    assert done.doubts == []
    assert done.update.planned == 2
    assert "Location: 179 WEST 26 STREET" in (done.hotspots["mn-05-1"].note or "")


def test_a_side_that_is_said_is_not_turned(bitung: Path, tmp_path: Path) -> None:
    """A lost minus is put back; a letter or a minus that stands there is believed, and such a place is none here."""
    text = (
        "Nama;IP;Koordinat;Kecamatan;ISP\nA;10.77.1.1;S 1.46 E 125.18;Maesa;Telkom\n"
        "B;10.77.1.2;-1.46, 125.18;Maesa;Telkom\nC;#N/A;1.46, 125.18;Maesa;Telkom\n#REF!;10.77.1.4;;Maesa;Telkom\n"
    )
    file = tmp_path / "x.csv"
    file.write_text(text)
    done = import_file(bitung, file)
    assert done.table("name", "address", "latitude") == [
        ("A", "10.77.1.1", None),
        ("B", "10.77.1.2", None),
        ("C", "", 1.46),
        ("10.77.1.4", "10.77.1.4", None),
    ]
    assert done.doubts == [
        (2, "Koordinat", "without"),
        (3, "Koordinat", "without"),
        (4, "IP", "without"),
        (5, "", "taken"),
        (5, "Nama", "without"),
    ]
