"""Amounts in words, held against num2words, which only the tests have."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from pantau.texts.spelling import LARGEST, in_words


def theirs(number: int, language: str) -> str:
    """What num2words says; behind millions one thousand is `seribu` as well."""
    said = str(num2words(number, lang=language))
    return re.sub(r"\b(juta|miliar|\w+iun) satu ribu\b", r"\1 seribu", said) if language == "id" else said


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_number_up_to_twenty_thousand_is_spelt_as_num2words_does(language: str) -> None:
    """All forms of hundreds, tens and units, alone and behind thousands."""
    assert [n for n in range(20_001) if in_words(n, language) != theirs(n, language)] == []


@given(st.integers(-LARGEST, LARGEST) | st.integers(0, 10**13), st.sampled_from(["id", "en"]))
def test_any_number_is_spelt_as_num2words_does(number: int, language: str) -> None:
    """Every scale, with holes between the groups, and below zero."""
    assert in_words(number, language) == theirs(number, language)


@given(st.lists(st.sampled_from([0, 1, 10, 11, 19, 20, 99, 100, 101, 999]), min_size=2, max_size=6), st.booleans())
def test_groups_of_the_hard_kinds(groups: list[int], indonesian: bool) -> None:
    """Ones, teens and nothing at all between thousands and millions."""
    number = int("".join(f"{group:03}" for group in groups))
    language = "id" if indonesian else "en"
    assert in_words(number, language) == theirs(number, language)


@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        (0, "nol", "zero"),
        (1_000, "seribu", "one thousand"),
        (1_001_000, "satu juta seribu", "one million, one thousand"),
        (1_001_001, "satu juta seribu satu", "one million, one thousand and one"),
        (1_000_001_500, "satu miliar seribu lima ratus", "one billion, one thousand, five hundred"),
        (1_101_000, "satu juta seratus satu ribu", "one million, one hundred and one thousand"),
        (1_021_000, "satu juta dua puluh satu ribu", "one million, twenty-one thousand"),
        (1_011_100, "satu juta sebelas ribu seratus", "one million, eleven thousand, one hundred"),
        (1_001_000_000, "satu miliar satu juta", "one billion, one million"),
        (
            2_001_999,
            "dua juta seribu sembilan ratus sembilan puluh sembilan",
            "two million, one thousand, nine hundred and ninety-nine",
        ),
        (
            -16_667,
            "min enam belas ribu enam ratus enam puluh tujuh",
            "minus sixteen thousand, six hundred and sixty-seven",
        ),
        (500_000_011, "lima ratus juta sebelas", "five hundred million and eleven"),
    ],
)
def test_amounts_as_a_receipt_has_them(number: int, indonesian: str, english: str) -> None:
    """Read by a person, once."""
    assert (in_words(number, "id"), in_words(number, "en")) == (indonesian, english)


@pytest.mark.parametrize("number", [LARGEST + 1, -LARGEST - 1])
def test_what_has_no_words_is_refused(number: int) -> None:
    """Never a number with a group left out."""
    with pytest.raises(OverflowError, match="has no common words"):
        in_words(number, "id")
