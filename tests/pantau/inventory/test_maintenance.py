"""Maintenance windows in the inventory: what they cover, how they are written, what holds of past ones."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pantau.errors import ConfigurationError
from pantau.inventory import load
from pantau.inventory.carrying import covered

GOOD = Path(__file__).parent / "good"
START_NS = int(datetime(2024, 4, 1, tzinfo=UTC).timestamp()) * 1_000_000_000
HOUR_NS = 3600 * 1_000_000_000
FILED = "reason: Works, filed_at: 2024-03-01 08:00, approved_by: Camat"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good configuration, whose list of files ends with `maintenance.yml`."""
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    settings = (tmp_path / "pantau.yml").read_text()
    (tmp_path / "pantau.yml").write_text(settings.replace("hotspots.csv]", "hotspots.csv, maintenance.yml]"))
    (tmp_path / "uplinks.yml").write_text(
        "uplinks:\n  - {id: pop, name: POP, isp: telkom, kecamatan: girian, address: 10.78.0.1}\n"
        "  - {id: tower, name: Tower, upstream: pop}\n"
    )
    return tmp_path


def write(folder: Path, *windows: str) -> Path:
    """Write these windows; the settings file."""
    (folder / "maintenance.yml").write_text(
        "maintenance:\n" + "".join(f"  - {{{window}, {FILED}}}\n" for window in windows)
    )
    return folder / "pantau.yml"


@pytest.mark.parametrize(
    ("scope", "target", "members"),
    [
        ("hotspot", "BTG-2", {"BTG-2"}),
        ("uplink", "tower", {"BTG-1"}),
        ("uplink", "pop", {"BTG-1", "pop"}),
        ("isp", "telkom", {"BTG-1", "pop"}),
        ("isp", "infotek", {"BTG-2"}),
        ("kecamatan", "girian", {"BTG-2", "pop"}),
    ],
)
def test_what_a_window_covers(folder: Path, scope: str, target: str, members: set[str]) -> None:
    """What is probed and belongs to the target, or is carried by it at any distance."""
    text = f"id: w, scope: {scope}, target: {target}, start: 2024-04-01 22:00, end: 2024-04-02 02:00"
    inventory = load(write(folder, text), START_NS, strict=True).inventory
    assert covered(inventory.maintenance[0], inventory) == members


def test_a_hotspot_takes_along_what_it_carries(folder: Path) -> None:
    """Works on the hotspot that carries another cut that one too."""
    csv = (folder / "hotspots.csv").read_text()
    (folder / "hotspots.csv").write_text(csv + "BTG-5,Bale,10.77.0.5,girian,telkom,,,,,,,BTG-2,active\n")
    text = "id: w, scope: hotspot, target: BTG-2, start: 2024-04-01 22:00, end: 2024-04-02 02:00"
    inventory = load(write(folder, text), START_NS, strict=True).inventory
    assert covered(inventory.maintenance[0], inventory) == {"BTG-2", "BTG-5"}


def test_a_window_that_has_passed_stays(folder: Path) -> None:
    """Letter O: `check` refused the windows of past months, which their reports need. It has nothing to say of them."""
    path = write(folder, "id: w, scope: isp, target: telkom, start: 2024-04-01 06:00, end: 2024-04-01 09:00")
    for now_ns in (START_NS, START_NS + HOUR_NS, START_NS + 1000 * 24 * HOUR_NS):  # 08:00 WITA is midnight UTC
        assert load(path, now_ns, strict=True).warnings == ()


def test_past_windows_may_have_a_file_of_their_own(folder: Path) -> None:
    """A dated file beside that of the present ones, listed in pantau.yml."""
    path = write(folder, "id: w, scope: isp, target: telkom, start: 2024-04-01 06:00, end: 2024-04-01 09:00")
    old = "id: old, scope: isp, target: telkom, start: 2024-03-02 01:00, end: 2024-03-02 04:00"
    (folder / "maintenance-2024.yml").write_text(f"maintenance:\n  - {{{old}, {FILED}}}\n")
    path.write_text(path.read_text().replace("maintenance.yml]", "maintenance.yml, maintenance-2024.yml]"))
    assert [window.id for window in load(path, START_NS, strict=True).inventory.maintenance] == ["w", "old"]


def test_a_window_that_was_over_before_it_was_announced_is_told(folder: Path) -> None:
    """A wrong year, or a window that came too late: a warning while the exporter runs, and `check` refuses it."""
    path = write(folder, "id: w, scope: isp, target: telkom, start: 2023-04-01 06:00, end: 2023-04-01 09:00")
    (warning,) = load(path, START_NS).warnings
    assert (warning.field, warning.line) == ("maintenance.0.end", 2)
    with pytest.raises(ConfigurationError) as caught:
        load(path, START_NS, strict=True)
    assert caught.value.problems == (warning,)


def test_a_past_window_may_name_what_no_longer_exists(folder: Path) -> None:
    """An ISP that has been removed does not make a configuration with its old window invalid."""
    path = write(folder, "id: w, scope: isp, target: gone, start: 2024-04-01 06:00, end: 2024-04-01 09:00")
    assert load(path, START_NS + HOUR_NS).warnings == ()
    with pytest.raises(ConfigurationError, match="'gone' is not a known ISP"):
        load(path, START_NS)


def test_a_csv_holds_weekly_windows_in_one_cell(folder: Path) -> None:
    """``mon|thu 23:00-02:00`` is what YAML says in a mapping."""
    weekly = 'weekly: {days: [mon, thu], from: "23:00", to: "02:00"}'
    text = f"id: w, scope: isp, target: telkom, start: 2024-04-01 06:00, end: 2025-04-01 09:00, {weekly}"
    (yaml,) = load(write(folder, text), START_NS, strict=True).inventory.maintenance
    settings = (folder / "pantau.yml").read_text()
    (folder / "pantau.yml").write_text(settings.replace("maintenance.yml", "maintenance.csv"))
    (folder / "maintenance.csv").write_text(
        "id,scope,target,start,end,weekly,reason,filed_at,approved_by\n"
        "w,isp,telkom,2024-04-01 06:00,2025-04-01T09:00:00,mon|thu 23:00-02:00,Works,2024-03-01 08:00,Camat\n"
    )
    assert load(folder / "pantau.yml", START_NS, strict=True).inventory.maintenance == (yaml,)
