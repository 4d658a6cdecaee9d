"""A cure is right, or there is none; one mistake is told once; and nothing is dropped without a word."""

import shutil
from pathlib import Path

import pytest

from pantau.errors import SHOWN_OF_A_KIND, ConfigurationError, Problem, cut
from pantau.inventory import load
from pantau.inventory.encodings import KOREAN, WINDOWS_1252, Encoding, foreign
from pantau.inventory.models import Hotspot
from pantau.inventory.office_names import cure_for_name
from pantau.inventory.validation import known_keys
from pantau.inventory.wording import did_you_mean

HERE = Path(__file__).parent
COLUMNS = known_keys(Hotspot)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good configuration with its files in their usual places, and settings that list none."""
    names = {"uplinks.yml", "isps.yml", "kecamatan.yml", "kelurahan.csv", "contracts.yml", "hotspots.csv"}
    (tmp_path / "inventory").mkdir()
    for name in names:
        shutil.copy(HERE / "good" / name, tmp_path / "inventory")
    (tmp_path / "pantau.yml").write_text("timezone: Asia/Makassar\n")
    return tmp_path


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        ("ip", "write 'address'"),
        ("Alamat IP", "write 'address'"),
        ("catatan", "write 'note'"),
        ("Keterangan", "write 'note'"),
        ("nama", "write 'name'"),
        ("lintang", "write 'latitude'"),
        ("long", "write 'longitude'"),
        ("Provider", "write 'isp'"),
        ("Desa", "write 'kelurahan'"),
        ("adress", "did you mean 'address'?"),
        ("kecamatn", "did you mean 'kecamatan'?"),
        ("statsu", "did you mean 'status'?"),
        ("upstr", "did you mean 'upstream'?"),
    ],
)
def test_a_column_is_cured_by_its_meaning_or_by_a_slip(written: str, cure: str) -> None:
    """In either language."""
    assert cure_for_name(written, COLUMNS) == cure


@pytest.mark.parametrize("written", ["pemilik", "ssid", "rt", "id2x", "mac", "kelas", "luas", "is", "ap"])
def test_what_only_looks_alike_is_no_suggestion(written: str) -> None:
    """All that is known is listed instead."""
    assert cure_for_name(written, COLUMNS).startswith("known are id, name")


def test_a_slip_is_a_letter_in_four() -> None:
    """A letter too many, too few, another, or two exchanged; two in eight letters."""
    for word in ("telkm", "telkomm", "telkon", "teklom", "TELKOM"):
        assert did_you_mean(word, ["telkom", "biznet"]) == "did you mean 'telkom'?"
    assert did_you_mean("lembhe_utra", ["lembeh-utara"]) == "did you mean 'lembeh-utara'?"
    assert did_you_mean("tlkn", ["telkom"]) == "known are telkom"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Café Ibu", "cp1252", WINDOWS_1252),
        ("Café Ibu", "latin1", WINDOWS_1252),
        ("Pos “Ronda” – RT 4", "cp1252", WINDOWS_1252),
        ("Plaça 5 º", "cp1252", WINDOWS_1252),
        ("ÎLE, Ærø, Señor, Müller", "cp1252", WINDOWS_1252),
        ("서울시청 광장, 부산역 공원", "cp949", KOREAN),
        ("공공와이파이, 시장", "euc-kr", KOREAN),
        ("北京市公园 图书馆", "gb18030", None),
        ("東京駅 公園", "shift_jis", None),
        ("東京駅 図書館", "euc-jp", None),
        ("Площадь Ленина", "cp1251", None),
        ("Площадь", "koi8-r", None),
        ("Café Ibu", "cp850", None),
        ("Café Ibu", "mac_roman", None),
    ],
)
def test_an_encoding_is_told_where_bytes_tell_it(text: str, encoding: str, found: Encoding | None) -> None:
    """And never one that would make nonsense of the text."""
    data = f"id,name\n1,{text}\n".encode(encoding)
    guess = foreign(data)
    assert guess == found
    if guess is not None:
        assert text in data.decode(guess.iconv)


def test_one_mistake_in_fifty_thousand_rows_is_a_few_lines() -> None:
    """The first ten, and how many follow; what is of another kind is told beside it."""
    file = Path("hotspots.csv")
    same = [
        Problem(file, line, f"hotspots.{line}.isp", f"'x{line}' is not a known ISP; add it") for line in range(51_706)
    ]
    other = Problem(file, 7, "name", "is missing; add it")
    lines = list(cut([*same, other]))
    assert len(lines) == SHOWN_OF_A_KIND + 2
    assert lines[-2:] == [
        f"{same[9]}",
        "hotspots.csv: 51696 more of the same kind, to line 51705; mend these, and look again",
    ]
    assert str(other) in lines
    assert str(ConfigurationError(same)).count("\n") == SHOWN_OF_A_KIND


def test_without_a_list_of_files_what_lies_in_its_place_is_taken(folder: Path) -> None:
    """`inventory:` deleted drops no assignment; and what is not there is not asked for."""
    settings = folder / "pantau.yml"
    assert load(settings).inventory.assignments == ()
    (folder / "inventory" / "assignments.csv").write_text(
        "hotspot,contract,start,monthly_fee\nBTG-1,madidir-telkom,2024-04-05,1\n"
    )
    (folder / "people.yml").write_text("people:\n  - {id: ani, name: Ani, office: Kantor, role: Staf}\n")
    inventory = load(settings).inventory
    assert [one.hotspot for one in inventory.assignments] == ["BTG-1"]
    assert [one.id for one in inventory.people] == ["ani"]
    for name in ("assignments.csv", "contracts.yml", "uplinks.yml", "kelurahan.csv"):
        (folder / "inventory" / name).unlink()
    hotspots = folder / "inventory" / "hotspots.csv"
    hotspots.write_text(
        hotspots.read_text().replace("madidir-telkom", "").replace("girian-infotek", "").replace("tower", "")
    )
    inventory = load(settings).inventory
    assert (inventory.contracts, len(inventory.hotspots)) == ((), 4)
    hotspots.unlink()
    with pytest.raises(ConfigurationError, match="does not exist"):
        load(settings)


def test_a_retired_hotspot_keeps_its_address_beside_its_successor(folder: Path) -> None:
    """Old months need both; two that are probed still share none."""
    hotspots = folder / "inventory" / "hotspots.csv"
    text = hotspots.read_text()
    row = "BTG-9,Taman baru,taman.example.org,girian,telkom,,,,,,,,{}\n"
    hotspots.write_text(text + row.format("active"))
    assert load(folder / "pantau.yml").inventory.hotspot_by_id["BTG-9"].address == "taman.example.org"
    hotspots.write_text(text.replace("retired", "active") + row.format("active"))
    with pytest.raises(ConfigurationError, match="is the address of 'BTG-4'"):
        load(folder / "pantau.yml")


def test_a_city_without_hotspots_is_good_only_where_asked_for(folder: Path) -> None:
    """`pantau check` of what `pantau init` wrote; a running exporter never takes a list that has been emptied."""
    hotspots = folder / "inventory" / "hotspots.csv"
    hotspots.write_text(hotspots.read_text().splitlines()[0] + "\n")
    found = load(folder / "pantau.yml", without_hotspots=True)
    assert found.inventory.hotspots == ()
    assert [one.message.split(",")[0] for one in found.warnings] == [
        "no hotspot is active",
        "no canaries are configured: our own faults cannot be told from the city's; name two or three hosts near us",
    ]
    with pytest.raises(ConfigurationError, match="no hotspot is active"):
        load(folder / "pantau.yml")


def test_a_ward_may_be_known_without_its_box(folder: Path) -> None:
    """Its name is checked, its hotspots' coordinates are not; half a box is a mistake."""
    wards = folder / "inventory" / "kelurahan.csv"
    wards.write_text(wards.read_text() + "71.72.02.1009,Kelurahan Baru,madidir,,,,,\n")
    hotspots = folder / "inventory" / "hotspots.csv"
    text = hotspots.read_text()
    hotspots.write_text(text + "BTG-9,Pos,10.77.0.9,madidir,telkom,Kelurahan Baru,,,,5.0,100.0,,\n")
    assert load(folder / "pantau.yml").inventory.hotspot_by_id["BTG-9"].latitude == 5.0
    hotspots.write_text(text + "BTG-9,Pos,10.77.0.9,madidir,telkom,Kelurahan Lama,,,,,,,\n")
    with pytest.raises(ConfigurationError, match="'Kelurahan Lama' is not a ward of madidir"):
        load(folder / "pantau.yml")
    wards.write_text(wards.read_text().replace("Baru,madidir,,", "Baru,madidir,1.4,"))
    with pytest.raises(ConfigurationError, match="give all four or none"):
        load(folder / "pantau.yml")
