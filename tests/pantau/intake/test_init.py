"""A new city: by name or code, whole and good at once, and nothing of what is there is overwritten."""

import hashlib
import shutil
from pathlib import Path

import pytest
import yaml

from pantau.cli import init as command
from pantau.intake.cities.elsewhere import named_city
from pantau.intake.cities.finding import find_city
from pantau.intake.cities.folder import write_city
from pantau.intake.cities.indonesia import other_names, plan_of
from pantau.intake.cities.plan import slug, unique_ids
from pantau.intake.cities.regions import Edges, all_regions, cities, outlines
from pantau.intake.cities.rendering import city_files, yaml_text
from pantau.intake.cities.zones import zone_named, zone_of_province
from pantau.intake.errors import IntakeError
from pantau.inventory import load
from tests.commands import pantau
from tests.pantau.intake.cities import write_files
from tests.sources import ROOT


def test_the_regions_are_those_of_the_decree() -> None:
    """38 provinces, 514 cities, 7285 districts, 83,762 wards."""
    levels = [region.level for region in all_regions()]
    assert [levels.count(level) for level in (1, 2, 3, 4)] == [38, 514, 7285, 83_762]
    assert len(cities()) == 514
    assert len(outlines("71.72")) == 8


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("Bandung", ["32.04", "32.73"]),
        ("Kota Bandung", ["32.73"]),
        ("kab. bandung", ["32.04"]),
        ("KABUPATEN BANDUNG BARAT", ["32.17"]),
        ("3273", ["32.73"]),
        ("32.73", ["32.73"]),
        ("Jakarta Selatan", ["31.74"]),
        ("pare-pare", ["73.72"]),
        ("Bitng", []),
        ("New York", []),
        ("9999", []),
    ],
)
def test_a_city_goes_by_name_or_code(text: str, certain: list[str]) -> None:
    """Two of one name are both told; a slip finds none for certain."""
    assert [region.code for region in find_city(text).certain] == certain


def test_a_misspelt_city_is_suggested() -> None:
    """The nearest names, and none where nothing is near."""
    assert str(find_city("Bitng")).startswith("Kota Bitung (71.72)")
    assert [region.code for region in find_city("Jakarta").near][1:] == ["31.71", "31.72", "31.73", "31.74", "31.75"]
    assert find_city("New York").near == ()


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("11", "Asia/Jakarta"),
        ("32", "Asia/Jakarta"),
        ("61", "Asia/Pontianak"),
        ("63", "Asia/Makassar"),
        ("51", "Asia/Makassar"),
        ("71", "Asia/Makassar"),
        ("81", "Asia/Jayapura"),
        ("96", "Asia/Jayapura"),
    ],
)
def test_a_province_has_its_zone(code: str, zone: str) -> None:
    """By the decree of 1987."""
    assert zone_of_province(code) == zone


def test_zones_by_their_names() -> None:
    """Those of Indonesia, those of IANA, and no others."""
    assert [zone_named(name) for name in ("WIB", "wita", "WIT", "America/New_York")] == [
        *("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York")
    ]
    with pytest.raises(IntakeError, match="is no time zone"):
        zone_named("GMT+8 lah")


def test_a_city_is_whole_and_good_at_once(tmp_path: Path) -> None:
    """Rules and Alertmanager's file too, in the city's zone; with no hotspots yet, and with one."""
    plan = plan_of(find_city("Kota Bandung").certain[0])
    done = write_city(plan, tmp_path / "config")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {
        "prometheus.yml",
        "config/alertmanager.yml",
        "config/alertmanager/words.id.tmpl",
        "config/rules/causes.yml",
        "config/thresholds.yml",
        "config/grafana/kecamatan.geojson",
        "config/inventory/kelurahan.csv",
        "config/schema/inventory.schema.json",
    } <= files
    assert {str(path.relative_to(tmp_path)) for path in done.made} == files
    inventory = load(tmp_path / "config" / "pantau.yml", strict=True, without_hotspots=True).inventory
    assert (len(inventory.kecamatan), len(inventory.kelurahan), inventory.isps) == (30, 151, ())
    times = (tmp_path / "config/alertmanager/pantau.tmpl").read_text(encoding="utf-8")
    assert '(.Add 25200000000000).UTC.Format "02-01-2006 15:04:05" }} WIB' in times
    base = yaml.safe_load((tmp_path / "config/alertmanager/base.yml").read_text(encoding="utf-8"))
    assert base["time_intervals"][0]["time_intervals"][0]["location"] == "Asia/Jakarta"
    hotspots = tmp_path / "config/inventory/hotspots.csv"
    isps = tmp_path / "config/inventory/isps.yml"
    isps.write_text(isps.read_text().replace("isps: []", "isps: [{id: telkom, name: Telkom}]"))
    hotspots.write_text(hotspots.read_text() + "a,A,10.0.0.1,coblong,Dago,,telkom,,,,,,,\n")
    assert len(load(tmp_path / "config" / "pantau.yml", strict=True).inventory.active_hotspots) == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A city that is there stays, and so does whatever file somebody has edited; what is as shipped gives way."""
    plan = named_city("Suatu Kota", "UTC", [], [])
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "thresholds.yml").write_text((ROOT / "config/thresholds.yml").read_text() + "# ours\n")
    shutil.copy(ROOT / "config" / "pantau.yml", tmp_path / "config")
    assert write_city(plan, tmp_path / "config", dry_run=True).made
    assert len(list(tmp_path.rglob("*"))) == 3
    assert (tmp_path / "config" / "pantau.yml").read_text() == (ROOT / "config" / "pantau.yml").read_text()
    done = write_city(plan, tmp_path / "config")
    assert done.kept == (tmp_path / "config" / "thresholds.yml",)
    assert (tmp_path / "config" / "thresholds.yml").read_text().endswith("# ours\n")
    assert "timezone: UTC" in (tmp_path / "config" / "pantau.yml").read_text()
    before = _digest(tmp_path)
    with pytest.raises(IntakeError, match="there is a city here already, and nothing is overwritten; choose"):
        write_city(plan, tmp_path / "config")
    assert _digest(tmp_path) == before


def _digest(folder: Path) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()]


def test_a_city_outside_indonesia(tmp_path: Path) -> None:
    """Districts and wards as they are named, with boxes or without; the clocks that change are left at UTC."""
    plan = named_city(
        "New York",
        "America/New_York",
        ["Manhattan", "Staten Island"],
        [("Brooklyn", "Red Hook", Edges(40.67, -74.02, 40.69, -74.0)), ("Manhattan", "Harlem", None)],
    )
    write_city(plan, tmp_path / "config")
    inventory = load(tmp_path / "config" / "pantau.yml", strict=True, without_hotspots=True).inventory
    assert [one.id for one in inventory.kecamatan] == ["manhattan", "staten-island", "brooklyn"]
    assert [(one.name, one.latitude_min) for one in inventory.kelurahan] == [("Red Hook", 40.67), ("Harlem", None)]
    times = (tmp_path / "config/alertmanager/pantau.tmpl").read_text(encoding="utf-8")
    assert '(.Add 0).UTC.Format "02-01-2006 15:04:05" }} UTC' in times
    assert "Bitung" not in "".join(
        path.read_text(encoding="utf-8") for path in (tmp_path / "config" / "inventory").iterdir()
    )


@pytest.mark.parametrize(
    "name", ["Ya: [x]", 'Kota "X"', "#1", "null", "yes", "it's", "Île", "- a", "{a}", "100", "a: b # c"]
)
def test_any_name_is_text_in_yaml(name: str) -> None:
    """Whatever it looks like."""
    assert yaml.safe_load(f"a: {yaml_text(name)}") == {"a": name}
    assert yaml.safe_load(f"[{{a: {yaml_text(name)}, b: c}}]") == [{"a": name, "b": "c"}]


def test_ids_are_made_of_names() -> None:
    """Unique, and of the letters that an id may have."""
    assert unique_ids(["PT Telkom", "pt telkom", "Île", "東京"], fallback="isp") == [
        "pt-telkom",
        "pt-telkom-2",
        "ile",
        "isp",
    ]
    assert slug("Manembo-nembo Atas") == "manembo-nembo-atas"


def test_the_command_asks_nothing_where_nobody_is(tmp_path: Path) -> None:
    """What is ambiguous or unknown is a sentence with the candidates, and status 2."""
    ambiguous = pantau("init", "Bandung", cwd=tmp_path)
    assert (ambiguous.returncode, "Kabupaten Bandung (32.04), Kota Bandung (32.73)" in ambiguous.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_district_has_wards_of_different_names(tmp_path: Path) -> None:
    """A desa beside a kelurahan of its name says which it is."""
    plan = plan_of(find_city("Kota Ambon").certain[0])
    names = [ward.name for ward in plan.wards if ward.name.startswith("Nusaniwe")]
    assert names == ["Nusaniwe (Kelurahan 1006)", "Nusaniwe (Desa 2003)"]
    settings = write_files(tmp_path, city_files(plan))
    assert len(load(settings, strict=True, without_hotspots=True).inventory.kelurahan) == len(plan.wards)


def test_a_ward_of_two_names_goes_by_either() -> None:
    """Whatever sign stands between them; what is too short to be a name is none."""
    assert other_names("Pulo Lon / Pulo Dayah") == ["Pulo Lon", "Pulo Dayah"]
    assert other_names("Baru (Lama)") == ["Baru", "Lama"]
    assert other_names("Lalai I/II") == ["Lalai I"]
    assert other_names("Manembo-nembo") == []


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_city_of_indonesia_is_good(tmp_path: Path) -> None:
    """All 514: what is written of each passes the check."""
    for region in cities():
        plan = plan_of(region)
        settings = write_files(tmp_path / region.code, city_files(plan))
        found = load(settings, strict=True, without_hotspots=True).inventory
        assert (len(found.kecamatan), len(found.kelurahan)) == (len(plan.districts), len(plan.wards))


@pytest.mark.parametrize(
    "path",
    sorted(
        path.relative_to(ROOT / "pantau/intake/shipped")
        for path in (ROOT / "pantau/intake/shipped").rglob("*")
        if path.is_file()
    ),
)
def test_what_every_city_shares_is_this_project_s_own(path: Path) -> None:
    """`make shared-files` copies the files anew."""
    own = ROOT / path if path.name == "prometheus.yml" and len(path.parts) == 1 else ROOT / "config" / path
    assert (ROOT / "pantau/intake/shipped" / path).read_text(encoding="utf-8") == own.read_text(encoding="utf-8")


def test_everything_that_is_asked_is_an_option() -> None:
    """Each question of the command has its option, so that a script can answer it."""
    options = set(command.init.__annotations__)
    assert {"city", "zone", "office", "operator", "isp", "canary", "district", "ward", "places", "dry_run"} <= options


def test_what_is_not_told_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name is asked for again, an ambiguous one by its number; ISPs until nothing is said."""
    answers = iter(["Bandng raya", "", "Bandung", "2", "Telkom", "Icon Plus", ""])
    monkeypatch.setattr(command, "_ask", lambda *_: next(answers))
    assert command._indonesian(None, asking=True).name == "Kota Bandung"
    assert command._ask_isps() == ["Telkom", "Icon Plus"]
    assert list(answers) == []
    with pytest.raises(IntakeError, match="names 2: Kabupaten Bandung"):
        command._indonesian("Bandung", asking=False)
    with pytest.raises(IntakeError, match="which city"):
        command._indonesian(None, asking=False)
    with pytest.raises(IntakeError, match=r"did you mean Kota Bitung \(71\.72\)"):
        command._indonesian("Bitng", asking=False)
