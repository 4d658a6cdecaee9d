"""The pages of docs/operation: their fenced commands, as a person would type them."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.sources import ROOT

FOLDER = ROOT / "docs" / "operation"
_BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *kinds: str) -> list[str]:
    """The fenced blocks of a page of these kinds, in their order."""
    return [match["text"] for match in _BLOCK.finditer(page.read_text("utf-8")) if match["kind"] in kinds]


def commands_of_pantau(page: Path) -> Iterator[list[str]]:
    """The arguments of every `pantau ...` in a page's fences and its lines of code."""
    text = page.read_text("utf-8")
    lines = [line for block in blocks(page, "", "sh") for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"(?<!`)`([^`\n]+)`(?!`)", _BLOCK.sub("", text))
    for line in lines:
        found = re.match(
            r"(?:sudo (?:-u \S+ )?)?(?:docker compose exec exporter )?(?:/opt/pantau/bin/)?pantau (.+)", line
        )
        if found and "..." not in found[1]:
            yield shlex.split(found[1], comments=True)
