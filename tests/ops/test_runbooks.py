"""What the runbooks tell the person on call to type exists: queries, commands, files."""

import re
from pathlib import Path

import pytest

from dashboards.contract import labels_of
from tests.rules.checking import ROOT, what_there_is

RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
FENCE = re.compile(r"^ *```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
COMMANDS = frozenset({"run", "check", "probe"})


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of `page` in `language`."""
    return [text for kind, text in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_queries_ask_for_what_there_is(page: Path) -> None:
    """Each PromQL block parses and names only exported or recorded series and their labels."""
    series = what_there_is()
    for query in blocks(page, "promql"):
        labels_of(query, series)


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_every_fence_is_a_shell_command_or_a_query(page: Path) -> None:
    """No block is of a kind that these tests do not look at, and every runbook has something to type."""
    kinds = [kind for kind, _ in FENCE.findall(page.read_text(encoding="utf-8"))]
    assert set(kinds) <= {"sh", "promql"}
    assert kinds
    assert page.read_text(encoding="utf-8").count("```") == 2 * len(kinds)


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_the_first_words_are_indonesian_and_fit_a_screen(page: Path) -> None:
    """Under the title stands one line, before any heading, that says what it is and whose it is."""
    title, empty, summary, end = page.read_text(encoding="utf-8").split("\n")[:4]
    assert (title, empty, end) == (f"# {page.stem}", "", "")
    assert len(summary) <= 130
    assert re.search(r"\b(yang|dan|tidak|titik|Satu|kita)\b", summary)


@pytest.mark.parametrize("page", RUNBOOKS, ids=lambda page: page.stem)
def test_commands_of_pantau_and_files_exist(page: Path) -> None:
    """`.venv/bin/pantau X` is a command that there is, and each path under config/ is there, or the example's."""
    text = page.read_text(encoding="utf-8")
    assert set(re.findall(r"\.venv/bin/pantau (\w+)", text)) <= COMMANDS
    for path in re.findall(r"\bconfig/[\w./-]+\w", text):
        assert (ROOT / path).exists() or (ROOT / path.replace("config", "examples/bitung", 1)).exists(), path


def test_a_query_for_nothing_is_found() -> None:
    """The check of queries can fail."""
    with pytest.raises(ValueError, match="asks for 'hotspot_upp'"):
        labels_of("sum(hotspot_upp)", what_there_is())
