"""Options that several commands have, with one meaning and one sentence of help each."""

from pathlib import Path
from typing import Annotated

import typer

from pantau.texts import LANGUAGES

_HERE, _INSTALLED = Path("config/pantau.yml"), Path("/etc/pantau/pantau.yml")


def usual_config(here: Path = _HERE, installed: Path = _INSTALLED) -> Path:
    """Below the current folder; where there is none, that of `pantau install` and of the container."""
    return installed if _is_there(installed) and not _is_there(here) else here


def _is_there(file: Path) -> bool:
    """Also one that we may not look at: whoever reads it says so, in a sentence."""
    try:
        return file.is_file()
    except PermissionError:
        return True


NEW_FOLDER = _HERE.parent
"""Where a city is set up."""
CONFIG = usual_config()
"""Nothing is looked for beside the code."""

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file; inventory paths are relative to it.")]
JournalConfig = Annotated[Path, typer.Option("--config", "-c", help="The settings file; it says where the journal is.")]
JournalUrl = Annotated[str | None, typer.Option("--journal", help="URL of the journal, in place of journal.url.")]


SPOKEN = " or ".join(LANGUAGES)
"""The languages, for sentences of help."""


def known_language(lang: str) -> None:
    """Refuse a language that nothing is said in."""
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{lang!r} is not one of {', '.join(LANGUAGES)}", param_hint="--lang")
