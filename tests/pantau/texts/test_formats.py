"""Dates, durations, ratios and rupiah as Indonesians and English readers write them."""

from collections.abc import Callable
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.samples.accounting import APRIL, WITA, at
from pantau.reports.statement.rows import Ratio
from pantau.texts import Formats
from pantau.texts.formats import deciding_percent

ID, EN = (Formats(language, ZoneInfo("Asia/Makassar")) for language in ("id", "en"))


@pytest.mark.parametrize(
    ("write", "indonesian", "english"),
    [
        (lambda f: f.day("2024-05-01"), "1 Mei 2024", "1 May 2024"),
        (lambda f: f.day_before("2025-01-01"), "31 Desember 2024", "31 December 2024"),
        (lambda f: f.month("2024-08"), "Agustus 2024", "August 2024"),
        (
            lambda f: f.period(*APRIL.span(WITA)),
            "1–30 April 2024, 00:00–24:00 WITA",
            "1–30 April 2024, 00:00–24:00 WITA",
        ),
        (lambda f: f.time(at("05-15 18:00:05")), "15 Mei 2024 18:00:05", "15 May 2024 18:00:05"),
        (lambda f: f.short_time(at("04-15 18:00:05")), "15/04 18:00:05", "15/04 18:00:05"),
        (lambda f: f.days(at("04-11"), at("05-01")), "11–30 (20)", "11–30 (20)"),
        (lambda f: f.days(at("04-11"), at("04-12 12:00")), "11–12 (1,5)", "11–12 (1.5)"),
        (lambda f: f.duration(100_800), "1 hari 4 jam", "1 d 4 h"),
        (lambda f: f.duration(172_800), "2 hari", "2 d"),
        (lambda f: f.duration(0), "0", "0"),
        (lambda f: f.clock(100_805), "28:00:05", "28:00:05"),
        (lambda f: f.hours(37_063_260), "10.295,35", "10,295.35"),
        (lambda f: f.percent("96.5517"), "96,5517 %", "96.5517 %"),
        (lambda f: f.tenths(1, 3), "33,3 %", "33.3 %"),
        (lambda f: f.number(1234567), "1.234.567", "1,234,567"),
        (lambda f: f.rupiah(1_234_567), "Rp1.234.567", "Rp1,234,567"),
        (lambda f: f.rupiah(0), "Rp0", "Rp0"),
        (lambda f: f.rupiah(-5000), "−Rp5.000", "−Rp5,000"),
        (lambda f: f.minus(16_667), "−Rp16.667", "−Rp16,667"),
        (lambda f: f.minus(0), "Rp0", "Rp0"),
        (
            lambda f: f.in_words(1_016_667),
            "satu juta enam belas ribu enam ratus enam puluh tujuh rupiah",
            "one million, sixteen thousand, six hundred and sixty-seven rupiah",
        ),
        (lambda f: f.in_words(1000), "seribu rupiah", "one thousand rupiah"),
    ],
)
def test_figures_are_written_as_the_language_does(
    write: Callable[[Formats], str], indonesian: str, english: str
) -> None:
    """The same value in both languages."""
    assert (write(ID), write(EN)) == (indonesian, english)


@pytest.mark.parametrize(
    "write",
    [
        Formats.duration,
        Formats.clock,
        Formats.hours,
        Formats.percent,
        Formats.ratio,
        Formats.short_ratio,
        Formats.number,
        Formats.rupiah,
        Formats.minus,
        Formats.in_words,
        Formats.time,
        Formats.short_time,
    ],
)
def test_what_is_not_known_is_a_dash_and_never_nought(write: Callable[[Formats, None], str]) -> None:
    """Whoever reads 0 would take it for a figure."""
    assert write(ID, None) == "—"


def test_a_zone_without_a_name_of_its_own_is_called_by_its_key() -> None:
    """Indonesia's three have names."""
    zones = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin")
    assert [Formats("id", ZoneInfo(zone)).zone_name for zone in zones] == ["WIB", "WITA", "WIT", "Europe/Berlin"]


def test_a_language_that_we_do_not_have_is_refused() -> None:
    """With those that we have."""
    with pytest.raises(ValueError, match="no such language: 'nl'; choose one of id, en"):
        Formats("nl", ZoneInfo("Asia/Makassar"))


@pytest.mark.parametrize(
    ("value", "limits", "told"),
    [
        (Fraction(98, 100), [Fraction(98, 100)], "98.0000"),
        (1 - Fraction(51_841, 2_592_000), [Fraction(98, 100)], "97.99996"),
        (1 - Fraction(51_839, 2_592_000), [Fraction(98, 100)], "98.00004"),
        (1 - Fraction(51_840_001, 2_592_000_000), [Fraction(98, 100)], "97.99999996"),
        (Fraction(949_999, 1_000_000), [Fraction(95, 100)], "94.9999"),
        (Fraction(9_499_999, 10_000_000), [Fraction(95, 100)], "94.99999"),
        (Fraction(2, 3), [Fraction(98, 100)], "66.6667"),
        (Fraction(2, 3), [], "66.6667"),
        (Fraction(9_999_999, 10_000_000), [Fraction(98, 100), Fraction(1)], "99.99999"),
    ],
)
def test_a_ratio_has_as_many_digits_as_decide(value: Fraction, limits: list[Fraction], told: str) -> None:
    """Four, as ever, unless they would put it on a limit, or beyond it, where it is not."""
    assert deciding_percent(value, limits) == told


@given(st.integers(0, 10**9), st.integers(1, 2_678_400), st.integers(0, 10_000))
def test_what_is_printed_lies_where_the_ratio_lies(numerator: int, denominator: int, limit: int) -> None:
    """Of any ratio of a month's seconds, against any limit of four decimals."""
    value, edge = Fraction(min(numerator, denominator), denominator), Fraction(limit, 10_000)
    printed = Fraction(deciding_percent(value, [edge])) / 100
    assert (printed > edge, printed < edge) == (value > edge, value < edge)


def test_a_decided_ratio_is_written_as_the_language_writes_it() -> None:
    """A limit that does not exist asks for nothing; what is not known is a dash."""
    missed, limit = Ratio.of(1 - Fraction(51_841, 2_592_000)), Ratio.of(Fraction(98, 100))
    assert (ID.decided(missed, limit), EN.decided(missed, limit)) == ("97,99996 %", "97.99996 %")
    assert (ID.decided(missed, None), ID.decided(None, limit)) == ("98,0000 %", "—")


def test_a_record_s_date_is_in_words() -> None:
    """Day of the week, day, month and year, on the clocks of the contract."""
    told = ID.date_in_words(at("05-02 00:30"))
    assert (told.weekday, told.day, told.month) == ("Kamis", "dua", "Mei")
    assert (told.year, told.date) == ("dua ribu dua puluh empat", "02-05-2024")
    assert EN.date_in_words(at("12-31 23:59")).day == "thirty-one"
