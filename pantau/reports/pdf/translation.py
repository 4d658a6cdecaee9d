"""The catalogue of the report, and how its figures are written; see `language`."""

from gettext import NullTranslations
from pathlib import Path

from pantau.texts import catalogue

LOCALE = Path(__file__).parent / "locale"


def translation(language: str) -> NullTranslations:
    """The report's sentences in one of `language.LANGUAGES`; raises `ValueError` for another."""
    return catalogue(LOCALE, language)
