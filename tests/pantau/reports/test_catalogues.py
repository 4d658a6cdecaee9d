"""The catalogues of the commands: every sentence of the code is translated, and no translation is left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PANTAU = Path(__file__).parents[3] / "pantau"
REPORTS = PANTAU / "reports"
COMMANDS = {"simulation": "report_simulate.py", "witness": "report_witness.py"}


def sentences(package: str) -> Iterator[str]:
    """What is handed to `_` or `mark`, in a package of reports and in its command."""
    for path in (*(REPORTS / package).glob("*.py"), PANTAU / "cli" / COMMANDS[package]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "mark"}:
                assert isinstance(node.args[0], ast.Constant)
                yield node.args[0].value


@pytest.mark.parametrize("package", sorted(COMMANDS))
def test_the_indonesian_catalogue_has_every_sentence_and_no_other(package: str) -> None:
    """With the same places to fill in."""
    with (REPORTS / package / "locale" / "id.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file, locale="id") if message.id}
    assert set(translated) == set(sentences(package))
    assert [id_ for id_, text in translated.items() if not text] == []
    assert [id_ for id_, text in translated.items() if _places(id_) != _places(text)] == []


def _places(text: str) -> list[str]:
    return sorted(part.partition("}")[0] for part in text.split("{")[1:])
