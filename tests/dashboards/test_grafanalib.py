"""What is left of grafanalib is one list, in one file, and nothing in it is idle."""

import re
from pathlib import Path

from dashboards.extra import core

DASHBOARDS = Path(__file__).parents[2] / "dashboards"


def test_one_file_imports_it() -> None:
    """Whoever wants to be rid of it has one file to change."""
    found = [
        path.relative_to(DASHBOARDS).as_posix()
        for path in sorted(DASHBOARDS.rglob("*.py"))
        if re.search(r"^\s*(?:from|import) grafanalib", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found == ["extra/core.py"]


def test_each_piece_of_the_list_is_used() -> None:
    """The list says what is left, and not what once was."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in DASHBOARDS.rglob("*.py") if path.name != "core.py")
    assert [name for name in core.__all__ if not re.search(rf"\b{name}\b", text)] == []
    assert core.__all__ == sorted(core.__all__)
