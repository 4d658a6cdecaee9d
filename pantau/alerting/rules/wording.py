"""A threshold in the words of people, in both languages: what alerts say, and what runbooks say of the same number.

Templates use these as filters: `${least_causes | kata}`.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from pantau.alerting.rules.figures import Figure, plain

_WORDS = {
    "id": ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"),
    "en": ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}
"""From one to ten; above that and between, figures are read more easily."""
_UNITS = (
    (86400, "d", "days", "hari"),
    (3600, "h", "hours", "jam"),
    (60, "m", "minutes", "menit"),
    (1, "s", "seconds", "detik"),
)
"""Seconds of a unit, its sign, and its names."""


def percent(figure: Figure) -> str:
    """`60 %`."""
    return f"{plain(figure.number * 100)} %"


def kata(figure: Figure) -> str:
    """`dua`; as a figure where there is no short word."""
    return _word(figure.number, "id")


def words(figure: Figure) -> str:
    """`two`."""
    return _word(figure.number, "en")


def times(figure: Figure) -> str:
    """`twice`, `three times`, `2.5 times`."""
    return "twice" if figure.number == 2 else f"{_word(figure.number, 'en')} times"


def brief(figure: Figure) -> str:
    """`4h`, as a label has it."""
    count, (_, sign, _, _) = _in_units(figure.number)
    return f"{count}{sign}"


def brief_apart(figure: Figure) -> str:
    """`4 h`, `38 s`."""
    count, (_, sign, _, _) = _in_units(figure.number)
    return f"{count} {sign}"


def milliseconds(figure: Figure) -> str:
    """`50 ms`."""
    return f"{plain(figure.number * 1000)} ms"


def lama(figure: Figure) -> str:
    """`15 menit`."""
    count, (_, _, _, name) = _in_units(figure.number)
    return f"{count} {name}"


def lasting(figure: Figure) -> str:
    """`15 minutes`, `1 minute`."""
    count, (_, _, name, _) = _in_units(figure.number)
    return f"{count} {name.removesuffix('s') if count == '1' else name}"


FILTERS: Mapping[str, Callable[[Figure], str]] = {
    one.__name__: one for one in (percent, kata, words, times, brief, brief_apart, milliseconds, lama, lasting)
}


def _word(number: Decimal, language: str) -> str:
    known = _WORDS[language]
    whole = number == number.to_integral_value()
    return known[int(number) - 1] if whole and 1 <= number <= len(known) else plain(number)


def _in_units(seconds: Decimal) -> tuple[str, tuple[int, str, str, str]]:
    """The greatest unit that goes into it without a rest; one day is told as 24 hours."""
    fits = (unit for unit in _UNITS if seconds % unit[0] == 0 and (unit[1] != "d" or seconds >= 2 * unit[0]))
    unit = next(fits, _UNITS[-1])
    return plain(seconds / unit[0]), unit
