"""How a problem is worded: near misses, lists of choices, shortened quotations. It knows nothing of what is checked."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import lru_cache

from pantau.redaction import redacted

_LONGEST_QUOTE = 60
_LONGEST_LIST = 15
_MOST_COMPARED = 1000
_LONGEST_COMPARED = 64
_SHORTEST_BEGINNING = 3
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\xac\xae-\u061b\u061d-\u180d\u180f-\u200a\u2010-\u2027\u202f-\u205f\u2070-\ud7ff"
    "\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufff8\ufffc\U00010000-\U0001fffd\U00020000-\U0002fffd\U00030000-\U0003fffd]"
)
"""Controls, what turns the direction of a line or is invisible in it, U+FFFD (a character that was lost), and what
Unicode has not given a meaning. U+FEFF, the byte order mark, is one only at the very beginning."""


def unprintable(text: str) -> re.Match[str] | None:
    """The first character of `text` that nobody can see, or that makes the rest look like something else."""
    return _UNPRINTABLE.search(text)


def every_unprintable(text: str) -> Iterator[re.Match[str]]:
    """All of them."""
    return _UNPRINTABLE.finditer(text)


def strange(character: str) -> str:
    """What is wrong with a character that is `unprintable`, and the cure."""
    if character == "\ufffd":
        return "holds U+FFFD, the mark of a character that was lost; write what it was"
    return f"holds the unprintable character U+{ord(character):04X}; delete it"


def quote(value: object) -> str:
    """`value` in single quotes, shortened, on one line; redacted first: half a password has no place any more."""
    text = " ".join(redacted(str(value)).split())
    return f"'{text}'" if len(text) <= _LONGEST_QUOTE else f"'{text[:_LONGEST_QUOTE]}...'"


@lru_cache(maxsize=4096)
def nearest(word: str, choices: tuple[str, ...]) -> str | None:
    """The choice that `word` was probably meant to be, or `None`. Remembered: a mistake is often in each row."""
    by_folded = {_fold(choice): choice for choice in choices}
    comparable = len(choices) <= _MOST_COMPARED and len(word) <= _LONGEST_COMPARED
    folded = _fold(word)
    found = get_close_matches(folded, by_folded, n=1, cutoff=0.6) if comparable else []
    return by_folded[found[0]] if found and _is_slip(folded, found[0]) else None


def _is_slip(word: str, choice: str) -> bool:
    """Whether one may be the other with a slip of the finger: a letter in four, or the end left away.

    `catatan` looks like `kecamatan`, and `ip` like `isp`: a suggestion that is wrong is worse than none.
    """
    shorter, longer = sorted((word, choice), key=len)
    if longer.startswith(shorter) and len(shorter) >= _SHORTEST_BEGINNING:
        return True
    return edits(word, choice) <= (len(shorter) + 1) // 4


def edits(one: str, other: str) -> int:
    """Letters to put in, take out, exchange or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, there in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != there))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == there:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]


def did_you_mean(word: str, choices: Iterable[str], longest: int = _LONGEST_LIST) -> str:
    """The cure after "is not known": the nearest choice, or, where nothing is near, the (first) choices themselves."""
    known = tuple(choices)
    match = nearest(word, known)
    if match is not None:
        return f"did you mean {quote(match)}?"
    return f"known are {listed(known, longest)}" if known else "none is known"


def listed(words: Iterable[str], longest: int = _LONGEST_LIST) -> str:
    """The words with commas, a list of more than `longest` cut."""
    known = list(words)
    tail = f", ... ({len(known)} in all)" if len(known) > longest else ""
    return ", ".join(known[:longest]) + tail


def _fold(word: str) -> str:
    return word.casefold().replace(" ", "_").replace("-", "_")
