"""Whole numbers in words, as they stand on a receipt: `seribu dua ratus`, `one thousand, two hundred`.

CLDR has the rules and Babel does not read them; num2words knows them, and brings a package that has no wheel, which
kept the image from being built. The tests hold every form against num2words, but where it spells one thousand behind
millions as `satu ribu`: no receipt has that.
"""

from collections.abc import Callable, Iterator, Mapping

from pantau.texts.catalogues import SOURCE

LARGEST = 10**36 - 1
"""Beyond it neither language has a common word."""

_SATUAN = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_RIBUAN = (
    *("", "ribu", "juta", "miliar", "triliun", "kuadriliun", "kuantiliun"),
    *("sekstiliun", "septiliun", "oktiliun", "noniliun", "desiliun"),
)
_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_THOUSANDS = (
    *("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"),
    *("sextillion", "septillion", "octillion", "nonillion", "decillion"),
)


def in_words(number: int, language: str) -> str:
    """`number` in the words of `language`, of one without words here in English.

    Raises `OverflowError` beyond `LARGEST`.
    """
    if abs(number) > LARGEST:
        raise OverflowError(f"{number} has no common words")
    minus, spell = _LANGUAGES.get(language, _LANGUAGES[SOURCE])
    return minus + spell(-number) if number < 0 else spell(number)


def _indonesian(number: int) -> str:
    if number == 0:
        return "nol"
    words: list[str] = []
    for group, power in _groups(number):
        # One thousand is `seribu` wherever it stands alone: `satu juta seribu`, but `seratus satu ribu`.
        words += ["seribu"] if (group, power) == (1, 1) else [*_ratusan(group), _RIBUAN[power]]
    return " ".join(filter(None, words))


def _ratusan(number: int) -> Iterator[str]:
    """The words of a number below 1000; none of 0."""
    hundreds, rest = divmod(number, 100)
    if hundreds:
        yield from ("seratus",) if hundreds == 1 else (_SATUAN[hundreds], "ratus")
    tens, units = divmod(rest, 10)
    if rest in (10, 11):
        yield ("sepuluh", "sebelas")[units]
    elif tens == 1:
        yield from (_SATUAN[units], "belas")
    else:
        yield from (_SATUAN[tens], "puluh") if tens else ()
        yield from (_SATUAN[units],) if units else ()


def _english(number: int) -> str:
    if number < 1000:
        return _hundreds(number)
    parts = [f"{_hundreds(group)} {_THOUSANDS[power]}".rstrip() for group, power in _groups(number)]
    if 0 < number % 1000 < 100:
        last = parts.pop()
        return f"{', '.join(parts)} and {last}"
    return ", ".join(parts)


def _hundreds(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return _TENS[tens] + (f"-{_UNITS[units]}" if units else "")
    hundreds, rest = divmod(number, 100)
    return f"{_UNITS[hundreds]} hundred" + (f" and {_hundreds(rest)}" if rest else "")


def _groups(number: int) -> Iterator[tuple[int, int]]:
    """The groups of three digits that are not 0, from the left, each with its power of 1000."""
    text = str(number)
    count = -(-len(text) // 3)
    for power in reversed(range(count)):
        group = number // 1000**power % 1000
        if group:
            yield group, power


_LANGUAGES: Mapping[str, tuple[str, Callable[[int], str]]] = {"id": ("min ", _indonesian), "en": ("minus ", _english)}
