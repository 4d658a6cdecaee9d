"""Table F: a point's month as a row of signs, a sign a day. Days that were as they should be are set in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

GOOD_PERMILLE, POOR_PERMILLE = 980, 500
"""From here on a day is good; from here on it is poor, below it is bad. Signs for the eye only: nobody pays by them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Days of one kind beside each other."""

    kind: str
    """``good``, ``poor``, ``bad``, ``dead`` or ``unknown``."""
    signs: str


SIGNS = {"good": "●", "poor": "▲", "bad": "▼", "dead": "✖", "unknown": "·"}


def kind_of(permille: int | None) -> str:
    """The kind of a day."""
    if permille is None:
        return "unknown"
    if permille == 0:
        return "dead"
    return "good" if permille >= GOOD_PERMILLE else "poor" if permille >= POOR_PERMILLE else "bad"


def runs(permille: Sequence[int | None]) -> list[Run]:
    """A row of table F."""
    return [Run(kind, SIGNS[kind] * len(list(days))) for kind, days in groupby(map(kind_of, permille))]
