"""No city stands in product code: what is Bitung's, its zone's or its office's comes from the settings, or is data."""

import re
from collections.abc import Iterable, Iterator

import pytest

from tests.sources import PRODUCT, ROOT

WORDS = re.compile(
    r"\bWITA\b|[Bb]itung|Diskominfo|28_?800\b|28800000000000|puskesmas\|rumah_sakit"
    r"|\bKecamatan (?:\$|\{|%\()|\"Kecamatan \""
    r"|vector\(0\.7[29]\)|\b7[29]/100|\b7[29] %|\b0\.7[29]\b"
)
SUFFIXES = {".py", ".j2", ".html", ".yml", ".css", ".tmpl"}
DATA = (
    "pantau/simulator/",  # the example city itself
    "pantau/intake/shipped/",  # copies of config/, adapted when a city is written
    "pantau/intake/cities/zones.py",  # the zones of Indonesia by their names, as the next two
    "pantau/zones.py",
    "pantau/texts/formats.py",
    "pantau/inventory/beginning.py",  # names the folder of the example
)
"""What holds such words because it is a table of them, or a city."""


def city_words(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The files that hold a word of a city, and are no data."""
    for path, text in files:
        if not path.startswith(DATA) and WORDS.search(text):
            yield path


def product() -> Iterator[tuple[str, str]]:
    """Every file of the product that is code, a template or a rule."""
    for folder in PRODUCT:
        for file in sorted((ROOT / folder).rglob("*")):
            if file.is_file() and file.suffix in SUFFIXES:
                yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def test_no_file_knows_a_city() -> None:
    """Each word of it comes from the settings."""
    assert list(city_words(product())) == []


@pytest.mark.parametrize(
    "text",
    [
        'ZONE = "WITA"',
        "city = 'Kota Bitung'",
        "month(vector(time() + 28800))",
        'f"Kecamatan {name}"',
        "vector(0.79)",
        'category=~"puskesmas|rumah_sakit"',
        'BASELINE = "72/100"',
        "Kecamatan ${name}",
    ],
)
def test_a_word_of_a_city_is_seen(text: str) -> None:
    """The check itself can fail, and data is data."""
    assert list(city_words([("pantau/new.py", text)])) == ["pantau/new.py"]
    assert list(city_words([("pantau/simulator/new.py", text)])) == []
