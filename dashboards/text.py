"""The words of the dashboards in the reader's language. The only file that knows babel.

The code is written in English; `locale/<language>.po` holds the same sentences for the people who read them. A sentence
that a catalogue lacks shows in English, and a test says so before anybody sees it.
"""

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

LOCALE = Path(__file__).parent / "locale"


def mark(message: str) -> str:
    """Mark `message` for the catalogues where it stands; it is translated where it is shown."""
    return message


@cache
def translation(language: str) -> NullTranslations:
    """The catalogue of one of `LANGUAGES`; raises `ValueError` for another."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; choose one of {', '.join(LANGUAGES)}")
    if language == "en":
        return NullTranslations()
    with (LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
