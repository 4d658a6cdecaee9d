"""What a good configuration loads as, in every format it may be written in."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import Configuration, Contact, Hotspot, load

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good configuration."""
    shutil.copytree(HERE / "good", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def good() -> Configuration:
    """The good configuration itself."""
    return load(HERE / "good" / "pantau.yml")


def test_the_good_configuration(good: Configuration) -> None:
    """Records come in the order of the files, with defaults where nothing is written, and without warnings."""
    inventory = good.inventory
    assert [hotspot.id for hotspot in inventory.hotspots] == ["BTG-1", "BTG-2", "BTG-3", "BTG-4"]
    assert [hotspot.id for hotspot in inventory.active_hotspots] == ["BTG-1", "BTG-2"]
    assert inventory.hotspots[0] == Hotspot(
        id="BTG-1",
        name="Balai",
        address="10.77.0.1",
        kecamatan="madidir",
        isp="telkom",
        kelurahan="Madidir Ure",
        category="balai_pertemuan",
        access="ftth_gpon",
        contract="madidir-telkom",
        latitude=1.46,
        longitude=125.17,
        upstream="tower",
        status="active",
    )
    assert inventory.hotspots[3].ip is None
    assert str(inventory.hotspots[0].ip) == "10.77.0.1"
    contract = inventory.contract_by_id["madidir-telkom"]
    assert (contract.start, contract.end, contract.sla_ratio) == (date(2024, 4, 5), date(2025, 1, 1), 0.98)
    assert inventory.contract_by_id["girian-infotek"].sla_ratio is None
    assert inventory.uplink_by_id["tower"].upstream == "pop"
    assert inventory.isp_by_id["telkom"].status == "active"
    assert inventory.kecamatan_by_id["girian"].code == "71.72.06"
    assert inventory.hotspot_by_id["BTG-3"].address == "2001:db8::3"
    assert inventory.kelurahan[1].aliases == ("Madidir Oere", "Madidirure")
    assert good.warnings == ()


def test_files_are_all_that_was_read(good: Configuration) -> None:
    """The watcher is told of the settings and of each inventory file."""
    names = ["pantau.yml", "isps.yml", "kecamatan.yml", "kelurahan.csv", "uplinks.yml", "contracts.yml", "hotspots.csv"]
    assert good.files == tuple(HERE / "good" / name for name in names)
    assert good.path == HERE / "good" / "pantau.yml"


def _spreadsheet(text: str) -> bytes:
    return ("\ufeff" + text.replace(",", ";").replace("\n", "\r\n")).encode()


VARIANTS: dict[str, Callable[[str], bytes]] = {
    "byte order mark, semicolons, Windows line ends": _spreadsheet,
    "tabs": lambda text: text.replace(",", "\t").encode(),
    "old Macintosh line ends": lambda text: text.replace("\n", "\r").encode(),
    "no last line end": lambda text: text.removesuffix("\n").encode(),
    "blank lines": lambda text: text.replace("\n", "\n\n,,,\n").encode(),
    "empty columns at the end": lambda text: text.replace("\n", ",,\n").encode(),
    "quoted cells": lambda text: "".join(
        ",".join(f'" {cell} "' for cell in line.split(",")) + "\n" for line in text.splitlines()
    ).encode(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_spreadsheets_may_write_csv_as_they_like(variant: str, folder: Path, good: Configuration) -> None:
    """The same rows in another dialect are the same inventory."""
    path = folder / "hotspots.csv"
    path.write_bytes(VARIANTS[variant](path.read_text(encoding="utf-8")))
    assert load(folder / "pantau.yml").inventory == good.inventory


def test_one_yaml_file_may_hold_everything(folder: Path, good: Configuration) -> None:
    """The same fields in YAML, whatever their order, are the same inventory; scalars stay as they are written."""
    (folder / "isps.yml").write_text(
        """
hotspots:
  - {id: 007, name: no, address: 10.77.0.7, kecamatan: girian, isp: telkom, latitude: 1.4370, longitude: 125.1370}
isps:
  - id: telkom
    name: Telkom
    contacts:
      - {kind: email, value: noc@example.org}
kecamatan: [{id: girian, name: Girian}]
kelurahan:
"""
    )
    (folder / "pantau.yml").write_text("inventory: [isps.yml]\n")
    inventory = load(folder / "pantau.yml").inventory
    assert inventory.isps[0].contacts == (Contact(kind="email", value="noc@example.org"),)
    assert inventory.hotspots == (
        Hotspot(
            id="007",
            name="no",
            address="10.77.0.7",
            kecamatan="girian",
            isp="telkom",
            latitude=1.437,
            longitude=125.137,
        ),
    )


def test_contacts_in_a_csv_cell(folder: Path) -> None:
    """Lists have a form for cells, too."""
    (folder / "isps.csv").write_text(
        "id,name,contacts\ntelkom,Telkom,email:noc@example.org|phone:+62438\ninfotek,Infotek,\n"
    )
    settings = folder / "pantau.yml"
    settings.write_text(settings.read_text().replace("isps.yml", "isps.csv"))
    isps = load(settings).inventory.isps
    assert isps[0].contacts == (
        Contact(kind="email", value="noc@example.org"),
        Contact(kind="phone", value="+62438"),
    )
    assert isps[1].contacts == ()


def test_several_files_of_a_kind(folder: Path) -> None:
    """A CSV's name begins with what it holds; the rest is free."""
    head, *rows = (folder / "hotspots.csv").read_text().splitlines(keepends=True)
    (folder / "hotspots.csv").write_text(head + "".join(rows[1:]))
    (folder / "hotspots-madidir.csv").write_text(head + rows[0])
    settings = folder / "pantau.yml"
    settings.write_text(settings.read_text().replace("hotspots.csv", "hotspots.csv, hotspots-madidir.csv"))
    assert [hotspot.id for hotspot in load(settings).inventory.hotspots] == ["BTG-2", "BTG-3", "BTG-4", "BTG-1"]


@pytest.mark.parametrize(
    "spelling", ["Madidir Ure", "MADIDIR  URE", "madidir-ure", "Madidirure", "madidir oere", "71.72.02.1003"]
)
def test_wards_go_by_many_spellings(spelling: str, folder: Path) -> None:
    """Name, alias and code lead to the ward, and the hotspot then has the ward's own name."""
    path = folder / "hotspots.csv"
    path.write_text(path.read_text().replace("Madidir Ure", spelling))
    assert load(folder / "pantau.yml").inventory.hotspots[0].kelurahan == "Madidir Ure"


def test_without_a_list_of_wards_any_ward_is_taken(folder: Path) -> None:
    """What cannot be checked is not refused."""
    settings = folder / "pantau.yml"
    settings.write_text(settings.read_text().replace("kelurahan.csv, ", ""))
    assert load(settings).inventory.hotspots[0].kelurahan == "Madidir Ure"


def test_a_point_may_lie_a_little_outside_its_ward(folder: Path) -> None:
    """200 m are allowed for: 0.0017 degrees of latitude is 189 m."""
    path = folder / "hotspots.csv"
    path.write_text(path.read_text().replace("1.4600,", "1.4371,"))
    assert load(folder / "pantau.yml").inventory.hotspots[0].latitude == 1.4371


def test_two_hotspots_on_one_spot_are_a_warning(folder: Path) -> None:
    """Active hotspots nearer than 15 m are pointed out, retired ones and those farther away are not."""
    row = "{id},Pos,10.77.0.{n},madidir,telkom,,,,,{latitude},125.1700,,{status}\n"
    rows = (
        row.format(id="NEAR", n=5, latitude="1.46010", status="active")
        + row.format(id="GONE", n=6, latitude="1.46010", status="retired")
        + row.format(id="FAR", n=7, latitude="1.46024", status="active")
    )
    path = folder / "hotspots.csv"
    path.write_text(path.read_text() + rows)
    assert [str(warning) for warning in load(folder / "pantau.yml").warnings] == [
        f"{path}:6: latitude: lies 11 m from 'BTG-1' (hotspots.csv:2); is it the same one, entered twice?"
    ]


def test_no_canaries_is_a_warning(folder: Path) -> None:
    """Without canaries our own faults look like the city's."""
    settings = folder / "pantau.yml"
    settings.write_text(settings.read_text().replace("    - {name: gateway, address: 192.0.2.1}\n", ""))
    assert [str(warning) for warning in load(settings).warnings] == [
        f"{settings}:5: vantage.canaries: no canaries are configured: our own faults cannot be told from the city's; "
        "name two or three hosts near us"
    ]


@pytest.mark.parametrize("status", ["planned", "retired"])
def test_what_is_not_probed_needs_no_address(status: str, folder: Path) -> None:
    """A retired point gives its address to its successor, and a planned one has none yet; an active one needs one."""
    csv = folder / "hotspots.csv"
    rows = csv.read_text()
    csv.write_text(f"{rows}BTG-9,Pos,,madidir,telkom,,,,,,,,{status}\nBTG-10,Pos,,madidir,telkom,,,,,,,,{status}\n")
    inventory = load(folder / "pantau.yml").inventory
    assert [inventory.hotspot_by_id[name].address for name in ("BTG-9", "BTG-10")] == ["", ""]
    csv.write_text(f"{rows}BTG-9,Pos,,madidir,telkom,,,,,,,,active\n")
    with pytest.raises(ConfigurationError, match=r"address: is missing; add it"):
        load(folder / "pantau.yml")
