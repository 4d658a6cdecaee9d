"""Where things are looked for: in the package what belongs to it, from --config on what an operator edits."""

import ast
import filecmp
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pantau.inventory import load
from pantau.simulator.example import example_if_missing
from tests.rules.checking import ROOT
from tests.sources import sources

CHECKOUT = {"pantau/cli/report.py"}
"""It asks whether the code lies in a checkout, to name the commit in a report; nothing is read from there."""


def climbs(source: str) -> list[int]:
    """How many folders each use of `__file__` in a file goes up from it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        text = ast.unparse(node) if isinstance(node, ast.expr) else ""
        if text.startswith("Path(__file__)"):
            found.append(text.count(".parent") - text.count(".parents") + sum(
                int(number) + 1 for number in re.findall(r"\.parents\[(\d+)\]", text)))  # fmt: skip
    return found


def test_nothing_is_looked_for_beside_the_code() -> None:
    """No path begins at a file of ours and leaves its package: in a wheel there is nothing to find."""
    packaged = dict(sources("pantau", "exporter", "dashboards"))
    leaving = {path for path, text in packaged.items() if max(climbs(text), default=0) > path.count("/")}
    assert leaving == CHECKOUT
    assert sum(1 for text in packaged.values() if climbs(text)) > 5


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("run",),
        ("dashboards", "build"),
        ("dashboards", "check"),
        ("alertmanager", "check"),
        ("journal", "verify"),
        ("outage", "list"),
        ("up",),
        ("report", "--month", "2024-04", "--city"),
    ],
    ids=" ".join,
)
def test_an_empty_folder_is_told_in_one_sentence(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """The file that is missing and what to do; nothing is made."""
    done = subprocess.run(
        [sys.executable, "-m", "pantau", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    said = [line for line in done.stderr.splitlines() if line != "1 problem."]
    assert said == ["config/pantau.yml: does not exist; correct its name, or create it"]
    assert list(tmp_path.iterdir()) == []


def test_the_packaged_example_is_the_shipped_inventory() -> None:
    """Both are made by `make inventory`; what the demo shows is what the guides speak of."""
    example, shipped = ROOT / "pantau/simulator/bitung/inventory", ROOT / "examples/bitung/inventory"
    names = sorted(path.name for path in shipped.iterdir() if path.suffix in {".yml", ".csv"})
    assert sorted(path.name for path in example.iterdir()) == names
    assert filecmp.cmpfiles(example, shipped, names, shallow=False) == (names, [], [])


def test_the_example_is_taken_only_for_the_usual_place(tmp_path: Path) -> None:
    """A settings file that is there is used; one that somebody named and that is not there stays a mistake."""
    usual, other = tmp_path / "pantau.yml", tmp_path / "other.yml"
    with example_if_missing(usual, usual) as found:
        assert found != usual
        assert len(load(found, strict=True).inventory.hotspots) == 1000
    with example_if_missing(other, usual) as found:
        assert found == other
    usual.write_text("inventory: []\n")
    with example_if_missing(usual, usual) as found:
        assert found == usual
    fresh = ROOT / "config" / "pantau.yml"
    with example_if_missing(fresh, fresh) as found:
        assert found == ROOT / "examples" / "bitung" / "pantau.yml"
