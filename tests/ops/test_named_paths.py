"""What the Makefile and the scripts run is there: nothing notices a moved folder in a target that runs once a month."""

import re
from pathlib import Path

import pytest

from tests.sources import ROOT

COMMANDS = [ROOT / "Makefile", ROOT / ".ci" / "run", *sorted((ROOT / "scripts").glob("*.sh"))]
NAMED = re.compile(r"(?<![\w/.$-])(?:tests|scripts|lab|config|docs)/[\w./-]*(?<=\w)(?![\w*$/-])")


@pytest.mark.parametrize("commands", COMMANDS, ids=lambda path: path.name)
def test_every_path_that_a_command_names_exists(commands: Path) -> None:
    """Comments are words; what they give as an example need not be there."""
    text = commands.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip("@\t ").startswith("#")]
    missing = [path for line in lines for path in NAMED.findall(line) if not (ROOT / path).exists()]
    assert missing == []
