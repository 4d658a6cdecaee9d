"""Sentences in the reader's language. One that a catalogue lacks shows in English; a test says so beforehand."""

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Translate = Callable[[str], str]

LANGUAGES = ("id", "en")
"""The first is the default."""


def mark(message: str) -> str:
    """Mark `message` for the catalogues where it stands; it is translated where it is shown."""
    return message


def check(language: str) -> str:
    """One of `LANGUAGES`; raises `ValueError` for another."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; choose one of {', '.join(LANGUAGES)}")
    return language


@cache
def catalogue(folder: Path, language: str) -> NullTranslations:
    """The catalogue of `folder` in one of `LANGUAGES`; raises `ValueError` for another."""
    if check(language) == "en":
        return NullTranslations()
    with (folder / f"{language}.po").open("rb") as file:
        found = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return GNUTranslations(compiled)
