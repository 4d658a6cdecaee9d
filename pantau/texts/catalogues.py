"""Sentences in the reader's language. One that a catalogue lacks shows in English; a test says so beforehand."""

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

Translate = Callable[[str], str]

LANGUAGES = ("id", "en")
"""All that there are; the first is the default. One more is an entry here and its `<language>.po` in each `locale/`."""

SOURCE = "en"
"""What the code is written in: it needs no catalogue."""


def mark(message: str) -> str:
    """Mark `message` for the catalogues where it stands, as ``_``; it is translated where it is shown."""
    return message


def check(language: str) -> str:
    """One of `LANGUAGES`; raises `ValueError` for another."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; choose one of {', '.join(LANGUAGES)}")
    return language


@cache
def catalogue(folder: Path, language: str) -> NullTranslations:
    """The catalogue of `folder` in one of `LANGUAGES`; raises `ValueError` for another."""
    if check(language) == SOURCE:
        return NullTranslations()
    # Not at the top: whoever only marks sentences, or names the languages, needs no Babel.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (folder / f"{language}.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)
