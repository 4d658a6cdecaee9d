"""How a problem is worded: near misses, lists of choices, shortened quotations. It knows nothing of what is checked."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

_LONGEST_QUOTE = 60
_LONGEST_LIST = 15
_MOST_COMPARED = 1000


def quote(value: object) -> str:
    """`value` in single quotes, shortened, on one line."""
    text = " ".join(str(value).split())
    return f"'{text}'" if len(text) <= _LONGEST_QUOTE else f"'{text[:_LONGEST_QUOTE]}...'"


@lru_cache(maxsize=4096)
def nearest(word: str, choices: tuple[str, ...]) -> str | None:
    """The choice that `word` was probably meant to be, or `None`. Remembered: a mistake is often in each row."""
    by_folded = {_fold(choice): choice for choice in choices}
    found = get_close_matches(_fold(word), by_folded, n=1, cutoff=0.6) if len(choices) <= _MOST_COMPARED else []
    return by_folded[found[0]] if found else None


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
