"""Whatever an inventory holds, a list of it comes back as the same: in every format, with what offices add."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pantau.intake.lists.opening import open_list
from pantau.intake.lists.reading import read_list
from pantau.intake.lists.updating import compare
from pantau.inventory import Configuration, load
from tests.pantau.intake.cities import make_city

WARDS = (("maesa", "Maesa", "Bitung Tengah", 1.4500, 125.1890), ("girian", "Girian", "Wangurer", 1.4370, 125.1370))
FIELDS = ("id", "name", "address", "kecamatan", "kelurahan", "isp", "latitude", "longitude", "status")
HEADS: dict[str, Sequence[str]] = {
    "id": ("ID", "Kode Titik", "id"),
    "name": ("Nama Titik", "Lokasi", "name"),
    "address": ("IP", "Alamat IP", "ip_address"),
    "kecamatan": ("Kecamatan", "KEC.", "District"),
    "kelurahan": ("Kelurahan/Desa", "Kelurahan", "Ward"),
    "isp": ("Provider", "ISP", "Penyedia Layanan"),
    "latitude": ("Lintang", "LAT", "Latitude (Y)"),
    "longitude": ("Bujur", "Long", "Longitude (X)"),
    "status": ("Status", "Kondisi", "STATUS TITIK"),
}
NAMES = st.text(
    st.characters(codec="cp1252", categories=("Lu", "Ll"), exclude_characters="ÿ"), min_size=3, max_size=12
).map(lambda text: f"Pos {text.strip()}")


@pytest.fixture(scope="module")
def bitung(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """A new city."""
    return load(make_city(tmp_path_factory.mktemp("city") / "config", "71.72"), without_hotspots=True)


@st.composite
def points(draw: st.DrawFn) -> list[dict[str, str]]:
    """Points as an inventory has them."""
    found = []
    for number in range(draw(st.integers(1, 6))):
        district, _, ward, north, east = draw(st.sampled_from(WARDS))
        status = draw(st.sampled_from(["active", "active", "planned", "retired"]))
        has_address = status == "active" or draw(st.booleans())
        found.append(
            {
                "id": f"P-{number}",
                "name": f"{draw(NAMES)} {number}",
                "address": f"10.77.{number}.{draw(st.integers(1, 254))}" if has_address else "",
                "kecamatan": district,
                "kelurahan": ward,
                "isp": draw(st.sampled_from(["telkom", "icon"])),
                "latitude": f"{north + draw(st.integers(-9, 9)) / 10_000:.5f}".rstrip("0"),
                "longitude": f"{east + draw(st.integers(-9, 9)) / 10_000:.5f}".rstrip("0"),
                "status": status,
            }
        )
    return found


@st.composite
def noisy(draw: st.DrawFn, rows: list[dict[str, str]]) -> tuple[list[str], list[list[str]]]:
    """The rows as an office's list has them: other words and signs, columns in any order, more beside them."""
    order = draw(st.permutations([*FIELDS, "Pemilik"]))
    comma = draw(st.booleans())
    prefix, district_word = draw(st.sampled_from(["", "/24"])), draw(st.sampled_from(["", "Kec. ", "KECAMATAN "]))
    isps = {
        "telkom": draw(st.sampled_from(["Telkom", "PT. TELKOM", "telkom"])),
        "icon": draw(st.sampled_from(["Icon Plus", "icon"])),
    }
    words = {"active": "Aktif", "planned": "Rencana", "retired": "Dihentikan"}
    head = [draw(st.sampled_from(HEADS[name])) if name in HEADS else name for name in order]
    table = []
    for row in rows:
        said = row | {
            "kecamatan": district_word + next(name for id_, name, *_ in WARDS if id_ == row["kecamatan"]),
            "isp": isps[row["isp"]],
            "status": words[row["status"]],
            "address": row["address"] and row["address"] + prefix,
            "Pemilik": "Ani",
        }
        if comma:
            said |= {axis: said[axis].replace(".", ",") for axis in ("latitude", "longitude")}
        table.append([said[name] for name in order])
    return head, table


FORMS = ("comma", "semicolon", "tab", "utf-16", "cp1252", "xlsx", "json", "geojson")


def _written(form: str, head: Sequence[str], table: Sequence[Sequence[str]], titles: bool, file: Path) -> Path:
    if form == "xlsx":
        path = file.with_suffix(".xlsx")
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet("Data")
            lines: list[Sequence[Any]] = [["DAFTAR TITIK"], [], head, *table] if titles else [head, *table]
            for number, line in enumerate([*lines, ["JUMLAH"]] if titles else lines):
                for place, cell in enumerate(line):
                    sheet.write_string(number, place, cell)
        return path
    if form in ("json", "geojson"):
        records = [dict(zip(head, row, strict=True)) for row in table]
        features = [{"type": "Feature", "properties": record, "geometry": None} for record in records]
        path = file.with_suffix(f".{form}")
        content = records if form == "json" else {"type": "FeatureCollection", "features": features}
        path.write_text(json.dumps(content), encoding="utf-8")
        return path
    out = io.StringIO()
    writer = csv.writer(out, delimiter={"semicolon": ";", "cp1252": ";", "tab": "\t", "utf-16": "\t"}.get(form, ","))
    writer.writerows([["DAFTAR TITIK"], [], head, *table, ["JUMLAH"]] if titles else [head, *table])
    path = file.with_suffix(".csv")
    path.write_bytes(out.getvalue().encode(form if form in ("utf-16", "cp1252") else "utf-8-sig"))
    return path


def _comes_back(form: str, data: st.DataObject, bitung: Configuration, folder: Path) -> None:
    rows = data.draw(points())
    head, table = data.draw(noisy(rows))
    titles = form not in ("json", "geojson") and data.draw(st.booleans())
    file = _written(form, head, table, titles, folder / "list")
    encoding = "cp1252" if form == "cp1252" else None
    read = read_list(open_list(file, encoding), bitung.inventory)
    update = compare(read, bitung.inventory)
    got = [{name: draft.values.get(name, "") for name in FIELDS} for draft in update.added.values()]
    for row in rows:
        row["latitude"], row["longitude"] = row["latitude"].rstrip("."), row["longitude"].rstrip(".")
    assert got == rows
    assert {draft.notes["Pemilik"] for draft in update.added.values()} == {"Ani"}
    assert [one.reason for one in read.doubts.found] == (["is a total"] if titles else [])


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=6, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_list_comes_back(form: str, data: st.DataObject, bitung: Configuration, tmp_path: Path) -> None:
    """The same points, nothing doubted but the sum below them."""
    _comes_back(form, data, bitung, tmp_path)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=2000, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_a_list_comes_back_always(form: str, data: st.DataObject, bitung: Configuration, tmp_path: Path) -> None:
    """Thousands of them."""
    _comes_back(form, data, bitung, tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(junk=st.binary(max_size=80), name=st.sampled_from(["x.csv", "x.json", "x.geojson", "x.yml", "x.txt"]))
def test_any_bytes_are_a_list_or_one_sentence(junk: bytes, name: str, bitung: Configuration, tmp_path: Path) -> None:
    """Nothing else is raised, whatever a file holds."""
    from pantau.intake.errors import IntakeError

    file = tmp_path / name
    file.write_bytes(b"nama,ip,kecamatan\nA,10.0.0.1,Maesa\n" + junk if name == "x.csv" else junk)
    try:
        compare(read_list(open_list(file), bitung.inventory), bitung.inventory)
    except IntakeError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
