"""The catalogues: every sentence of the code is translated, and no translation is left over."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from dashboards.text import LOCALE, mark, translation

SOURCES = Path(__file__).parents[2] / "dashboards"


def _sentences() -> Iterator[str]:
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in {"_", "mark", "text"}:
                    yield node.args[0].value


def test_the_indonesian_catalogue_has_every_sentence_and_no_other() -> None:
    """A sentence without a translation would show in English, one without a use is dead."""
    with (LOCALE / "id.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file, locale="id") if message.id}
    assert set(translated) == set(_sentences())
    assert [id_ for id_, text in translated.items() if not text] == []


def test_marks_at_the_front_survive_the_translation() -> None:
    """The shape that stands for the colour is the same in every language."""
    with (LOCALE / "id.po").open("rb") as file:
        pairs = [(message.id, message.string) for message in read_po(file, locale="id") if message.id]
    shapes = "✔▲✖●"
    assert [(id_, text) for id_, text in pairs if (id_[0] in shapes or text[0] in shapes) and id_[0] != text[0]] == []


def test_a_marked_sentence_is_translated_where_it_is_shown() -> None:
    """`mark` changes nothing; the catalogue does."""
    assert mark("Degraded") == "Degraded"
    assert translation("id").gettext(mark("Degraded")) == "Terganggu"
    assert translation("en").gettext(mark("Degraded")) == "Degraded"
