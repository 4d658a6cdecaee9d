"""Durations as people write them (``10s``, ``500ms``, ``1h30m``), and their seconds.

A bare number is refused: whether 10 means seconds or milliseconds must never be a guess.
"""

import re
from decimal import Decimal

_SECONDS = {"d": Decimal(86400), "h": Decimal(3600), "m": Decimal(60), "s": Decimal(1), "ms": Decimal("0.001")}
_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_PATTERN = re.compile("".join(f"(?:({_NUMBER}){unit})?" for unit in _SECONDS) + r"\Z")
"""Each unit at most once, the greatest first. It also matches the empty text, which is refused."""
_BARE = re.compile(_NUMBER + r"\Z")
_LONGEST_SECONDS = Decimal(366 * 86400)
_FORM = "write a number with ms, s, m, h or d, the greatest unit first, as in 10s, 500ms or 1h30m"


def parse_duration(text: str) -> float:
    """The seconds that `text` means, more than 0 and at most 366 days; `ValueError` with the cure otherwise."""
    if _BARE.match(text):
        raise ValueError(f"'{text}' has no unit; write {_with_unit(text)}")
    match = _PATTERN.match(text)
    if match is None or not text:
        raise ValueError(f"'{text[:40]}' is not a duration; {_FORM}")
    parts = zip(match.groups(), _SECONDS.values(), strict=True)
    seconds = sum((Decimal(number) * unit for number, unit in parts if number), Decimal(0))
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise ValueError(f"'{text}' is out of range; write more than 0 and at most 366d")
    return float(seconds)


def parse_span(text: str) -> float:
    """As `parse_duration`, or 0 seconds (``0s``): a limit that leaves no time."""
    match = _PATTERN.match(text)
    written = match is not None and [number for number in match.groups() if number is not None]
    if written and not any(map(Decimal, written)):
        return 0.0
    return parse_duration(text)


def format_duration(seconds: float) -> str:
    """`seconds` in the form that `parse_duration` reads, to the millisecond; the nearest above 0 is ``1ms``."""
    rest = max(1, round(seconds * 1000))
    words = []
    for unit, size in _SECONDS.items():
        count, rest = divmod(rest, int(size * 1000))
        if count:
            words.append(f"{count}{unit}")
    return "".join(words)


def _with_unit(number: str) -> str:
    value = Decimal(number)
    return f"{int(value * 1000)}ms" if 0 < value < 1 else f"{number}s"
