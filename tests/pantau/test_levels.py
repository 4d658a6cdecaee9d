"""What a city calls its districts and wards, within our sentences."""

import pytest

from pantau.levels import LevelWords

NEW_YORK = LevelWords("Borough", "Neighborhood")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kecamatan", "Borough"),
        ("the whole kecamatan", "the whole borough"),
        ("By kelurahan, Kelurahan", "By neighborhood, Neighborhood"),
        ("%(isp)s in %(kecamatan)s", "%(isp)s in %(kecamatan)s"),
        ("ISP {isp} is down in {kecamatan}", "ISP {isp} is down in {kecamatan}"),
        ('sum by (kecamatan) (up{kecamatan="x"})', 'sum by (kecamatan) (up{kecamatan="x"})'),
        ("$kecamatan ${kecamatan} kecamatan_info", "$kecamatan ${kecamatan} kecamatan_info"),
    ],
)
def test_words_are_the_city_s_and_names_of_fields_stay(text: str, said: str) -> None:
    """As words; what is a place in a sentence, a label or a variable is none."""
    assert NEW_YORK.within(text) == said


def test_an_indonesian_city_has_its_own() -> None:
    """Nothing is changed."""
    text = "Kecamatan dan kelurahan"
    assert LevelWords().within(text) == text
