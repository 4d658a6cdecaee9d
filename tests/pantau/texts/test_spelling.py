"""Amounts in words, held against num2words, which only the tests have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from pantau.texts.spelling import LARGEST, in_words


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_number_up_to_twenty_thousand_is_spelt_as_num2words_does(language: str) -> None:
    """All forms of hundreds, tens and units, alone and behind thousands."""
    assert [n for n in range(20_001) if in_words(n, language) != num2words(n, lang=language)] == []


@given(st.integers(-LARGEST, LARGEST) | st.integers(0, 10**13), st.sampled_from(["id", "en"]))
def test_any_number_is_spelt_as_num2words_does(number: int, language: str) -> None:
    """Every scale, with holes between the groups, and below zero."""
    assert in_words(number, language) == num2words(number, lang=language)


@given(st.lists(st.sampled_from([0, 1, 10, 11, 19, 20, 99, 100, 101, 999]), min_size=2, max_size=6), st.booleans())
def test_groups_of_the_hard_kinds(groups: list[int], indonesian: bool) -> None:
    """Ones, teens and nothing at all between thousands and millions."""
    number = int("".join(f"{group:03}" for group in groups))
    language = "id" if indonesian else "en"
    assert in_words(number, language) == num2words(number, lang=language)


@pytest.mark.parametrize(
    ("number", "indonesian", "english"),
    [
        (0, "nol", "zero"),
        (1_000, "seribu", "one thousand"),
        (1_001_000, "satu juta satu ribu", "one million, one thousand"),
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
