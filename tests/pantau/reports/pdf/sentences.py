"""Every sentence of the report that is to be translated: those of the templates, and those that the code marks."""

import ast
from collections.abc import Iterator

from babel.messages.extract import extract_from_dir

from pantau.reports.pdf.rendering import TEMPLATES


def of_templates() -> Iterator[str]:
    """As Jinja sees them."""
    options = {"**.html": {"trimmed": "false", "silent": "false"}}
    for _, _, message, *_ in extract_from_dir(TEMPLATES, [("**.html", "jinja2")], options):
        assert isinstance(message, str)
        yield message


def of_code() -> Iterator[str]:
    """What is given to `mark`."""
    for path in TEMPLATES.parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "mark":
                (argument,) = node.args
                assert isinstance(argument, ast.Constant), f"{path.name}:{node.lineno}: mark takes a literal"
                yield argument.value
