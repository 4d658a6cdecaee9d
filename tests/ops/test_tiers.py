"""`make test` looks for the tests of each tier where they lie: one beside those folders would never run."""

import re
from pathlib import Path

import pytest

from tests.sources import ROOT

FOLDERS = {"city": "CITY_TESTS", "story": "CITY_TESTS", "stack": "STACK_TESTS", "alone": "ALONE_TESTS"}
ELSEWHERE = {"tests/package"}
"""What `make test-package` and `make test-image` run alone."""


@pytest.mark.parametrize("mark", sorted(FOLDERS))
def test_each_tier_is_looked_for_where_its_tests_are(mark: str) -> None:
    """And in no folder that has none."""
    found = re.search(rf"^{FOLDERS[mark]} := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    named = [ROOT / folder for folder in found[1].split()]
    marked = [
        file
        for file in (ROOT / "tests").rglob("test_*.py")
        if f"mark.{mark}" in file.read_text(encoding="utf-8") and _folder(file) not in ELSEWHERE
    ]
    assert marked
    assert [file for file in marked if not any(file.is_relative_to(folder) for folder in named)] == []
    if mark != "story":
        assert [folder for folder in named if not any(file.is_relative_to(folder) for file in marked)] == []


def _folder(file: Path) -> str:
    return file.parent.relative_to(ROOT).as_posix()
