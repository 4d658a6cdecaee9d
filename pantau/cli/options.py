"""Options that several commands have, with one meaning and one sentence of help each."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config/pantau.yml")
"""Below the current folder: nothing is looked for beside the code."""

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; inventory paths are relative to it.")]
JournalConfig = Annotated[Path, typer.Option("--config", "-c", help="The settings file; it says where the journal is.")]
JournalUrl = Annotated[str | None, typer.Option("--journal", help="URL of the journal, in place of journal.url.")]


def known_language(lang: str, known: Sequence[str]) -> None:
    """Refuse a language that is none of `known`."""
    if lang not in known:
        raise typer.BadParameter(f"{lang!r} is not one of {', '.join(known)}", param_hint="--lang")
