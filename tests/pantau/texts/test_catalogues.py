"""Every catalogue of every package that speaks is complete, in every language."""

import re

import pytest

from pantau.texts import LANGUAGES, SOURCE, catalogue, check
from tests.pantau.texts.speaking import ROOT, catalogues, marked, translated

TRANSLATED = [language for language in LANGUAGES if language != SOURCE]
_KEPT = re.compile(r"\{\{\w+\}\}|\{\w*\}|%\(\w+\)s|%%|^[✔✖▲●■?○—] ")
"""Places to fill in, and the shape at the front that stands for the colour."""


def test_all_that_speak_are_known() -> None:
    """A folder of catalogues that nobody looks at would go stale."""
    assert set(catalogues()) >= {
        "dashboards/locale",
        "exporter/web/locale",
        "pantau/alerting/locale",
        "pantau/locale",
        "pantau/reports/locale",
        "pantau/texts/locale",
    }
    files = {path.name for folder in catalogues() for path in (ROOT / folder).iterdir()}
    assert files == {f"{language}.po" for language in TRANSLATED}


@pytest.mark.parametrize("folder", catalogues())
@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_sentence_and_no_other(folder: str, language: str) -> None:
    """A sentence without a translation would show in English, one without a use is dead."""
    said = translated(folder, language)
    assert set(said) == marked(folder)
    assert [sentence for sentence, text in said.items() if not text] == []


@pytest.mark.parametrize("folder", catalogues())
@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_put_into_a_sentence_stands_in_its_translation(folder: str, language: str) -> None:
    """Nothing that the code fills in is lost, and nothing is asked for that it does not have."""
    pairs = translated(folder, language).items()
    assert [one for one, other in pairs if sorted(_KEPT.findall(one)) != sorted(_KEPT.findall(other))] == []


def test_an_unknown_language_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(ValueError, match=r"^no such language: 'nl'; choose one of id, en$"):
        check("nl")
    with pytest.raises(ValueError, match="no such language"):
        catalogue(ROOT / "pantau" / "locale", "nl")
