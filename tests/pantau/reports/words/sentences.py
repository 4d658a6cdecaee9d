"""Every sentence of the reports that is to be translated: those of the templates, and those that the code marks."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

from pantau.reports.pdf.rendering import TEMPLATES

PANTAU = Path(__file__).parents[4] / "pantau"


def of_templates() -> Iterator[str]:
    """As Jinja sees them."""
    options = {"**.html": {"trimmed": "false", "silent": "false"}}
    for _, _, message, *_ in extract_from_dir(TEMPLATES, [("**.html", "jinja2")], options):
        assert isinstance(message, str)
        yield message


def of_code() -> Iterator[str]:
    """What is given to `mark` or `_` in the reports, and in the commands that take their words from them."""
    for path in (*PANTAU.glob("reports/**/*.py"), *PANTAU.glob("cli/**/*.py")):
        text = path.read_text(encoding="utf-8")
        if "cli" in path.parts and "pantau.reports.words" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"mark", "_"}:
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), f"{path.name}:{node.lineno}: mark takes a literal"
                yield argument.value
