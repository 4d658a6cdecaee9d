"""CONTRIBUTING.md can be followed to the letter: its edits fit the files, its targets, scripts and places exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from pantau.alerting.rules.building import drift
from tests.sources import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
EDITS = re.findall(r"^sed -i '[^']*' (\S+)$", "\n".join(BLOCKS), re.MULTILINE)


def committed(file: str) -> bytes:
    """As it was before anybody followed the page in this very tree; as it is, where the tree is no clone."""
    done = subprocess.run(["git", "show", f"HEAD:{file}"], cwd=ROOT, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else (ROOT / file).read_bytes()


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the example edits, after its edits and its `pantau rules build`."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "docs", folder / "docs")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for file in EDITS:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(committed(file))
    steps = [block for block in BLOCKS if "sed -i" in block]
    commands = "".join(re.sub(r"^(?:git|make) .*\n", "", block, flags=re.MULTILINE) for block in steps)
    subprocess.run(["bash", "-euc", commands], cwd=folder, check=True)
    return folder


def test_each_edit_changes_its_file(followed: Path) -> None:
    """None has become an edit of nothing."""
    assert EDITS == [
        "tests/rules/own_faults.test.yml",
        "config/thresholds.yml",
        "tests/pantau/alerting/rules/test_equal_to_before.py",
        "CHANGELOG.md",
    ]
    assert [file for file in EDITS if (followed / file).read_bytes() == committed(file)] == []


def test_the_example_is_what_the_page_says(followed: Path) -> None:
    """The threshold, its rule and its runbook have the new value; nothing is left to build."""
    thresholds = yaml.safe_load((followed / "config/thresholds.yml").read_text(encoding="utf-8"))
    assert thresholds["scrape_slow"]["value"] == 3
    assert "> 3  # scrape_slow" in (followed / "config/rules/pantau.yml").read_text(encoding="utf-8")
    assert "lebih dari 3 detik" in (followed / "docs/runbooks/PantauScrapeSlow.md").read_text(encoding="utf-8")
    assert drift(followed / "config" / "pantau.yml") == []


def test_targets_scripts_and_places_exist() -> None:
    """Each `make` target, each script and each path of the table of places."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(
        re.findall(r"\bmake ([a-z]+(?:-[a-z]+)*)(?=[`\s])", "\n".join([*BLOCKS, *re.findall(r"`[^`]*`", TEXT)]))
    )
    assert targets >= {"install", "check", "test", "test-fast", "coverage", "lock"}
    assert [target for target in sorted(targets) if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    places = set(re.findall(r"`((?:pantau|exporter|dashboards|config|tests|scripts|docs)/[\w./]*)`", TEXT))
    assert len(places) > 20
    assert [place for place in sorted(places - {"docs/runbooks/ALERT.md"}) if not (ROOT / place).exists()] == []
