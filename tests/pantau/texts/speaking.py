"""The catalogues of the product, and the sentences that the code beside each of them marks."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[3]
PRODUCT = ("pantau", "exporter", "dashboards")
SPEAKS_FOR = {"pantau.reports.words": "pantau/reports/locale"}
"""Commands that say what a package would say: by the module that they take their words from."""


def catalogues() -> list[str]:
    """Every folder of catalogues, by its path."""
    return sorted(str(path.relative_to(ROOT)) for name in PRODUCT for path in (ROOT / name).rglob("locale"))


def marked(folder: str) -> set[str]:
    """What is marked in the files that speak through this folder: those for which it is the nearest above."""
    known = {*catalogues()}
    found: set[str] = set()
    for name in PRODUCT:
        for path in (ROOT / name).rglob("*.py"):
            if _catalogue_of(path, known) == folder:
                found.update(in_code(path))
        for templates in (ROOT / name).rglob("templates"):
            if _catalogue_of(templates / "any", known) == folder:
                found.update(in_templates(templates))
    return found


def in_code(path: Path) -> Iterator[str]:
    """The literals that are handed to `_`, `mark`, or a style's `text`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and _marks(node.func):
            first = node.args[0]
            yield from [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def in_templates(folder: Path) -> Iterator[str]:
    """As Jinja sees them."""
    options = {"**.html": {"trimmed": "false", "silent": "false"}}
    for _, _, message, *_ in extract_from_dir(folder, [("**.html", "jinja2")], options):
        assert isinstance(message, str)
        yield message


def translated(folder: str, language: str) -> Mapping[str, str]:
    """What the catalogue says of each sentence."""
    with (ROOT / folder / f"{language}.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    return {str(message.id): "" if message.fuzzy else str(message.string) for message in found if message.id}


def _marks(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in {"_", "mark"}
    of = function.value if isinstance(function, ast.Attribute) and function.attr == "text" else None
    return isinstance(of, ast.Name) and of.id in {"self", "house", "style"}


def _catalogue_of(path: Path, known: set[str]) -> str | None:
    if path.parent.name == "cli":
        text = path.read_text(encoding="utf-8")
        spoken_for = next((folder for module, folder in SPEAKS_FOR.items() if module in text), None)
        if spoken_for is not None:
            return spoken_for
    above = (str((folder / "locale").relative_to(ROOT)) for folder in path.parents if folder.is_relative_to(ROOT))
    return next((folder for folder in above if folder in known), None)
