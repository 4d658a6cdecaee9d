"""The project's own source files, as the tests of its shape read them."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "bitung" / "pantau.yml"
"""The settings of the example city, Bitung."""
PRODUCT = ("pantau", "exporter", "dashboards")
OURS = (*PRODUCT, "lab", "tests")

Source = tuple[str, str]
"""A file's path from the root, and its text."""


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """All Python files below these folders."""
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return tuple((str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")) for file in files)


@cache
def parsed(text: str) -> ast.Module:
    """A file's syntax tree, not to be changed."""
    return ast.parse(text)


def module_of(path: str) -> str:
    """The dotted name of a file; of an `__init__.py`, its package's."""
    return ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
