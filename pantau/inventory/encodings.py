"""Which encoding text is in that is not UTF-8, as far as bytes can tell. It never guesses between two that both fit.

Windows-1252 is the usual one (ISO 8859-1 is a part of it, and what its bytes 0x80 to 0x9F mean is only told there).
Two-byte encodings of East Asia decode as Windows-1252 without an error, into nonsense: they are told by their pairs.
"""

import re
from dataclasses import dataclass

_HIGH = re.compile(rb"[\x80-\xff]+")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that Windows-1252 gives no meaning."""
_SIGNS = frozenset("\u00a0€‚„…ˆ‰‹‘’“”•–—˜™›¡¢£§©«®°±²³´µ·¹º»¼½¾¿×÷ª")
"""What stands between words; the other characters above ASCII are letters, or are of no use in a list of places."""
_LATIN = re.compile(r"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ffŒœŠšŽžŸ]")
_LONGEST_RUN = 2
"""Letters with marks that follow each other in the languages of Windows-1252, with few exceptions."""
_HANGUL_LEADS = range(0xB0, 0xC9)
"""First bytes of the Korean syllables in KS X 1001; Chinese text goes beyond them."""
_LEAST_PAIRS = 8
"""Fewer, and Chinese or Japanese could have these first bytes by chance."""
_WITHIN_WORDS = re.compile(r"[^\x00-\x7f‘’–—·]")
_OPENING = frozenset("‚„ˆ‰‹")
"""What never follows a letter; there DOS has an e with an acute, and Japan half of a character."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by the name that people know, and by the one that `iconv` and Python take."""

    name: str
    iconv: str


WINDOWS_1252 = Encoding("Windows-1252 (Western European)", "CP1252")
KOREAN = Encoding("CP949 (Korean)", "CP949")


def foreign(data: bytes) -> Encoding | None:
    """The encoding of `data`, which is not UTF-8; `None` where several fit, or none that is known here."""
    runs = _HIGH.findall(data)
    pairs = _pairs(runs)
    if pairs:
        korean = len(pairs) >= _LEAST_PAIRS and all(lead in _HANGUL_LEADS for lead, _ in pairs)
        return KOREAN if korean and _decodes(data, "cp949") else None
    return WINDOWS_1252 if runs and _is_western(data) else None


def _pairs(runs: list[bytes]) -> list[tuple[int, int]] | None:
    """The characters of two bytes, where all above ASCII comes in such pairs (EUC's range)."""
    if any(len(run) % 2 or min(run) < 0xA1 for run in runs):
        return None
    return [(run[place], run[place + 1]) for run in runs for place in range(0, len(run), 2)]


def _is_western(data: bytes) -> bool:
    """Whether it reads as words: a letter with a mark stands beside plain ones, capitals begin words."""
    if _UNDEFINED.search(data):
        return False
    text = data.decode("cp1252")
    return all(_fits(text, found) for found in re.finditer(r"[^\x00-\x7f]+", text))


def _fits(text: str, found: re.Match[str]) -> bool:
    run = found[0]
    letters = [letter for letter in run if letter not in _SIGNS]
    if run[0] in _OPENING and text[found.start() - 1 : found.start()].isalnum():
        return False
    if not letters:
        return True
    places = [place for place, letter in enumerate(run) if letter not in _SIGNS]
    if any(run[place] in _SIGNS and _WITHIN_WORDS.match(run[place]) for place in range(places[0], places[-1])):
        return False
    if len(letters) > _LONGEST_RUN or not all(map(_LATIN.match, letters)):
        return False
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if run[0] == letters[0] and letters[0].isupper() and before.islower():
        return False  # as an e with an acute of MacRoman or DOS looks
    return len(letters) == 1 or any(map(_LATIN.match, (before, after))) or len(run) > len(letters)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
