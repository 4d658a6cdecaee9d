"""The command `pantau journal close`: parses and calls."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pantau.cli.options import CONFIG, JournalConfig, JournalUrl
from pantau.cli.speaking import tell
from pantau.inventory import load
from pantau.journal.closing.steps import close_year

_NS = 1_000_000_000


def close(
    year: Annotated[int, typer.Argument(min=1970, max=2199, help="The year; it has to be over.")],
    config: JournalConfig = CONFIG,
    journal: JournalUrl = None,
    output: Annotated[Path | None, typer.Option(help="Folder for the closed year of a journal in PostgreSQL.")] = None,
) -> None:
    """Close a year into a file of its own, which verifies alone; the journal goes on from it.

    Stop `pantau run` before, and start it afterwards. Interrupted at any moment, the same command goes on. A journal in
    PostgreSQL keeps everything, and its exporter goes on meanwhile.

    Example: pantau journal close 2024
    """
    configuration = load(config)
    settings = configuration.settings
    end_ns = int(datetime(year + 1, 1, 1, tzinfo=settings.zone).timestamp()) * _NS
    made = close_year(journal or settings.journal.url, config.parent, year, end_ns, time.time_ns(), output)
    tell(f"{made.file}: entries up to {made.carry.number}, verified alone; keep it, and give copies to the parties")
    tell("the journal goes on from there" + ("" if made.begun_anew else ", and keeps everything"))
