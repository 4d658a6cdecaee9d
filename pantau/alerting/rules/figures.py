"""One threshold's value: read from text by its kind, and written as PromQL, never as anything else.

What an operator writes is taken apart into a number or a duration and written anew, so no text of theirs can reach a
rule.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", re.ASCII)
_DURATION = re.compile("".join(f"(?:([0-9]{{1,6}}){unit})?" for unit in _UNITS), re.ASCII)


class FigureKind(Enum):
    """What a threshold is; the value says what to write."""

    SHARE = "a share above 0 and at most 1, as in 0.6"
    COUNT = "a whole number above 0, as in 3"
    NUMBER = "a number above 0, as in 14.4"
    SECONDS = "a number of seconds above 0 without a unit, as in 38"
    DURATION = "a duration as Prometheus writes it, the greatest unit first, as in 12s, 5m or 1h30m"


@dataclass(frozen=True, slots=True)
class Figure:
    """A threshold as templates see it. As text it is its value between marks, of which conventions make its name."""

    name: str
    bare: str
    """The value as PromQL has it, without marks: for where no comment can stand."""
    number: Decimal
    """The value; of a duration its seconds."""

    def __str__(self) -> str:
        return f"{NAME}{self.name}{VALUE}{self.bare}{END}"


NAME, VALUE, END = "\ue000", "\ue001", "\ue002"
"""Marks around a figure in what is rendered: characters of Unicode's private area, which no rule holds."""


def parse(name: str, kind: FigureKind, text: str) -> Figure:
    """The figure that `text` means; `ValueError` with the cure if it is not of its kind."""
    number = _seconds(text) if kind is FigureKind.DURATION else _number(text)
    bad = (
        number is None
        or number <= 0
        or (kind is FigureKind.SHARE and number > 1)
        or (kind is FigureKind.COUNT and number != number.to_integral_value())
    )
    if number is None or bad:
        raise ValueError(f"write {kind.value}")
    return Figure(name, text if kind is FigureKind.DURATION else plain(number), number)


def plain(number: Decimal) -> str:
    """Without an exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _seconds(text: str) -> Decimal | None:
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    parts = zip(match.groups(), _UNITS.values(), strict=True)
    return Decimal(sum(int(count) * unit for count, unit in parts if count))
