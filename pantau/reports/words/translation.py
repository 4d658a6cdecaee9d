"""The catalogue of all reports: PDF, workbook, desk pack, simulation and comparison of the two witnesses."""

from gettext import NullTranslations
from pathlib import Path

from pantau.texts import catalogue

LOCALE = Path(__file__).parents[1] / "locale"


def translation(language: str) -> NullTranslations:
    """The reports' sentences in one of `pantau.texts.LANGUAGES`; raises `ValueError` for another."""
    return catalogue(LOCALE, language)
