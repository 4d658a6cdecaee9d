"""10,000 hotspots load quickly enough that a reload is not felt."""

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pantau.inventory import load

INVENTORY = Path(__file__).parents[3] / "examples" / "bitung" / "inventory"
COPIES = 10
FORMATS = ("csv", "yml")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten times the shipped hotspots, as CSV and as YAML, with settings for either."""
    folder = tmp_path_factory.mktemp("city")
    with (INVENTORY / "hotspots.csv").open(encoding="utf-8", newline="") as file:
        shipped = list(csv.DictReader(file))
    rows = [_copy(row, number) for number in range(COPIES) for row in shipped]
    with (folder / "hotspots.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    with (folder / "hotspots.yml").open("w", encoding="utf-8") as file:
        file.write("hotspots:\n")
        for row in rows:
            file.write("  - " + "\n    ".join(f"{key}: {value}" for key, value in row.items() if value) + "\n")
    for name in _OTHERS:
        shutil.copy(INVENTORY / name, folder)
    for suffix in FORMATS:
        (folder / f"{suffix}-city.yml").write_text(f"inventory: [{', '.join(_OTHERS)}, hotspots.{suffix}]\n")
    return folder


_OTHERS = ("isps.yml", "kecamatan.yml", "kelurahan.csv", "uplinks.yml", "contracts.yml")


def _copy(row: dict[str, str], number: int) -> dict[str, str]:
    address = row["address"].replace("10.77.", f"10.{80 + number}.")
    return row | {"id": f"{row['id']}-{number}", "address": address}


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some times, in CPU time, so that a neighbour's work is not counted."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize("suffix", FORMATS)
def test_both_formats_hold_the_same_city(suffix: str, city: Path) -> None:
    """All 10,000 hotspots arrive."""
    assert len(load(city / f"{suffix}-city.yml").inventory.active_hotspots) == 10_000


@pytest.mark.alone
@pytest.mark.parametrize("suffix", FORMATS)
def test_ten_thousand_hotspots_load_in_two_seconds(suffix: str, city: Path) -> None:
    """From the disk to a checked inventory."""
    assert _seconds(lambda: load(city / f"{suffix}-city.yml")) < 2.0


@pytest.mark.alone
def test_loading_checked_yaml_costs_less_than_the_plain_library(city: Path) -> None:
    """Going by events, with every check, we are faster than PyYAML's own C loader is without any."""
    text = (city / "hotspots.yml").read_text(encoding="utf-8")
    plain = _seconds(lambda: yaml.load(text, yaml.CSafeLoader), times=1)
    assert _seconds(lambda: load(city / "yml-city.yml")) < plain
