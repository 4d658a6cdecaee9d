"""The documents lead to each other: every page is found from the index, and every link leads to what is there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.sources import OURS, ROOT, sources

DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *DOCS.rglob("*.md")])
FENCE = re.compile(r"^( *)```.*?^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.~$}/-])/(?:home|root|Users|work|workspace|private)/\S+")
"""A path that only one person's machine has. What a system has everywhere (`/etc`, `/var/lib`) is none."""


class Link(NamedTuple):
    """A link of a page to something of this repository: the file, and the heading in it (`""` for all of it)."""

    target: str
    file: Path
    anchor: str


def links(page: Path, text: str) -> Iterator[Link]:
    """The links and pictures of a page with this text; those to the web are left out, so are examples in code."""
    for target in LINK.findall(CODE.sub("", FENCE.sub("", text))):
        if not ELSEWHERE.match(target):
            path, _, anchor = target.partition("#")
            yield Link(target, (page.parent / path).resolve() if path else page, anchor)


def anchors(text: str) -> set[str]:
    """The anchors that GitHub and GitLab make of a page's headings."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        unique, number = slug, 0
        while unique in found:
            number += 1
            unique = f"{slug}-{number}"
        found.add(unique)
    return found


def wrong(page: Path, text: str) -> list[str]:
    """What is wrong with the links and paths of a page with this text, as sentences."""
    found = []
    for link in links(page, text):
        if link.target.startswith("/") or not link.file.is_relative_to(ROOT):
            found.append(f"{link.target} leads out of the repository")
        elif not link.file.exists():
            found.append(f"{link.target} is not there")
        elif link.anchor and link.file.suffix == ".md":
            target = text if link.file == page else link.file.read_text(encoding="utf-8")
            if link.anchor not in anchors(target):
                found.append(f"{link.target}: there is no such heading")
    return found + [f"{path} is a path of one machine" for path in MACHINE.findall(text)]


def reached(start: Path) -> set[Path]:
    """All files to which links lead from a page, by way of other pages too; a link to a folder reaches no file."""
    found: set[Path] = set()
    left = [start]
    while left:
        file = left.pop()
        if file not in found and file.is_file():
            found.add(file)
            if file.suffix == ".md":
                left += [link.file for link in links(file, file.read_text(encoding="utf-8"))]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_what_is_there(page: Path) -> None:
    """Files and headings exist, nothing leads out of the repository, and no path is one machine's own."""
    assert wrong(page, page.read_text(encoding="utf-8")) == []


def test_everything_under_docs_is_found_from_the_index() -> None:
    """Pages, pictures and data: what nobody is led to, nobody reads."""
    found = reached(INDEX)
    lost = [file for file in sorted(DOCS.rglob("*")) if file.is_file() and file not in found]
    assert [str(file.relative_to(ROOT)) for file in lost] == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("architecture*.md")), ids=lambda page: page.stem)
def test_architecture_names_files_and_tests_that_there_are(page: Path) -> None:
    """A page that names what has been moved leads nowhere."""
    text = page.read_text(encoding="utf-8")
    files = [str(path.relative_to(ROOT)) for top in (*OURS, "config", "examples") for path in (ROOT / top).rglob("*.*")]
    named = set(re.findall(r"[`/]((?:\w+/)*[\w.]+\.(?:py|yml|j2|tmpl))`", text))
    assert named
    assert [name for name in sorted(named) if not any(f"/{file}".endswith(f"/{name}") for file in files)] == []
    functions = set(re.findall(r"`(test_\w+)`", text))
    tests = "\n".join(source for _, source in sources("tests"))
    assert [name for name in sorted(functions) if f"def {name}(" not in tests] == []


def test_the_index_is_found_from_the_readme() -> None:
    """Whoever comes to the repository begins there."""
    first = [link.file for link in links(ROOT / "README.md", (ROOT / "README.md").read_text(encoding="utf-8"))]
    assert {INDEX, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md"} <= set(first)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[a](nowhere.md)", "nowhere.md is not there"),
        ("![a](images/none.png)", "images/none.png is not there"),
        ("[a](README.md#no-such-heading)", "README.md#no-such-heading: there is no such heading"),
        ("# Here\n[a](#there)", "#there: there is no such heading"),
        ("[a](../../else.md)", "../../else.md leads out of the repository"),
        ("[a](/docs/README.md)", "/docs/README.md leads out of the repository"),
        ("see /home/somebody/pantau", "/home/somebody/pantau is a path of one machine"),
        ("`/root/pantau`", "/root/pantau` is a path of one machine"),
    ],
)
def test_what_is_wrong_is_seen(text: str, sentence: str) -> None:
    """The check can fail."""
    assert wrong(INDEX, text) == [sentence]


def test_what_is_right_is_not_told() -> None:
    """Headings of this page, links to the web and to folders, examples in code, paths that every system has."""
    text = (
        "# Two `words`: and\n# Two words and\n[a](#two-words-and) [b](#two-words-and-1) [c](https://example.org/x)\n"
        "[d](runbooks) `[e](none.md)` config/root/x ~/work/x /etc/pantau\n```\n[f](none.md)\n```\n"
    )
    assert wrong(INDEX, text) == []
