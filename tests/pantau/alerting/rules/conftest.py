"""A copy of what an operator has: settings, thresholds, rules and runbooks, to be changed."""

import shutil
from pathlib import Path

import pytest

from tests.rules.checking import ROOT


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with config/thresholds.yml, config/rules/ and docs/ as shipped."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "thresholds.yml", tmp_path / "config")
    shutil.copy(ROOT / "config" / "pantau.yml", tmp_path / "config")
    shutil.copytree(ROOT / "config" / "rules", tmp_path / "config" / "rules")
    shutil.copytree(ROOT / "docs" / "runbooks", tmp_path / "docs" / "runbooks")
    shutil.copy(ROOT / "docs" / "alerting.md", tmp_path / "docs")
    return tmp_path


@pytest.fixture
def settings(tree: Path) -> Path:
    """The settings file of that tree."""
    return tree / "config" / "pantau.yml"
