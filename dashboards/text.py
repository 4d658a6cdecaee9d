"""The words of the dashboards in the reader's language.

The code is written in English; `locale/<language>.po` holds the same sentences for the people who read them.
"""

from gettext import NullTranslations
from pathlib import Path

from pantau.texts import Translate, catalogue, mark

__all__ = ["LOCALE", "Translate", "mark", "translation"]

LOCALE = Path(__file__).parent / "locale"


def known(language: str) -> frozenset[str]:
    """The sentences that the catalogue of one of `LANGUAGES` has; none of English, which needs none."""
    entries: dict[str, str] = getattr(translation(language), "_catalog", {})
    return frozenset(sentence for sentence, said in entries.items() if said)


def translation(language: str) -> NullTranslations:
    """The catalogue of one of `LANGUAGES`; raises `ValueError` for another."""
    return catalogue(LOCALE, language)
