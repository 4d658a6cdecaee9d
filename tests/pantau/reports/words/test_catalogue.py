"""The catalogue of the reports: every sentence is translated, with the same places, and none is left over."""

import re
from collections.abc import Callable

import pytest
from babel.messages.pofile import read_po

from pantau.reports.words import LOCALE
from pantau.texts import LANGUAGES
from tests.pantau.reports.words.sentences import of_code, of_templates


def catalogue(language: str) -> dict[str, str]:
    """English to `language`."""
    with (LOCALE / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language) if message.id}


TRANSLATED = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    """A sentence without a translation would show in English."""
    translated = catalogue(language)
    assert {*of_templates(), *of_code()} - set(translated) == set()
    assert [sentence for sentence, text in translated.items() if not text] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_without_use(language: str) -> None:
    """A sentence that the code no longer has is dead in the catalogue."""
    assert set(catalogue(language)) - {*of_templates(), *of_code()} == set()


def _printf(sentence: str) -> list[str]:
    """Placeholders, doubled percent signs, and the shape at the front that stands for the colour."""
    return sorted(re.findall(r"%\(\w+\)s|%%|^[✔✖▲○—?] ", sentence))


def _braces(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", sentence))


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("places", [_printf, _braces])
def test_a_translation_has_the_places_of_its_sentence(language: str, places: Callable[[str], list[str]]) -> None:
    """What is put into a sentence stands in its translation too."""
    translated = catalogue(language)
    assert [sentence for sentence, text in translated.items() if places(sentence) != places(text)] == []
