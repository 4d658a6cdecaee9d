"""A copy of what an operator has: thresholds, rules and runbooks, to be changed."""

import shutil
from pathlib import Path

import pytest

from tests.rules.checking import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with config/thresholds.yml, config/rules/ and docs/ as shipped."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "thresholds.yml", tmp_path / "config")
    shutil.copytree(ROOT / "config" / "rules", tmp_path / "config" / "rules")
    shutil.copytree(ROOT / "docs" / "runbooks", tmp_path / "docs" / "runbooks")
    shutil.copy(ROOT / "docs" / "alerting.md", tmp_path / "docs")
    return tmp_path


@pytest.fixture
def settings(tree: Path) -> Path:
    """Where the settings file of that tree would be; the builder never opens it."""
    return tree / "config" / "pantau.yml"
