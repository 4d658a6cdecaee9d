"""The table of a hotspot's states: numbers, labels, what each counts as, and how people see it.

Numbers and labels are part of the metrics' contract. Nobody compares the numbers by order or lists them: the sets below
come from the table, and so do the words, shapes and colours of the dashboards, the page, the terminal and the report.
A new state is a row here, its word in `locale/`, and, for a new shape, Grafana's name of it in `dashboards/states.py`.
"""

from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from pantau.texts.catalogues import catalogue
from pantau.texts.catalogues import mark as _

LOCALE = Path(__file__).parent / "locale"


class State(IntEnum):
    """The value of `hotspot_state`. Every second of a hotspot's life is spent in exactly one."""

    serves: bool
    """Whether a citizen has service: `hotspot_up`."""
    judged: bool
    """Whether its time counts in availability, as service or without."""
    reached: bool | None
    """What it says of reachability alone: `hotspot_reachable`. None: nothing."""
    word: str
    """In English, to be translated; see `word_of`."""
    shape: str
    """Beside the word wherever it stands, for no state is told by its colour alone. Grafana's map can draw each."""
    colour: str
    """Of sRGB; a contrast of 3 at least with the grounds of Grafana and of the page, light and dark, and with paper."""

    # number, serves, judged, reached, word, shape, colour
    DOWN = 0, False, True, False, _("Offline"), "✖", "#D1480F"
    UP = 1, True, True, True, _("Online"), "●", "#009E73"
    DEGRADED = 2, True, True, True, _("Degraded"), "▲", "#B87F00"
    ISOLATED = 3, False, True, True, _("Isolated"), "★", "#C06BA0"
    MAINTENANCE = 4, False, False, None, _("Maintenance"), "✚", "#2F86C8"
    UNKNOWN = 5, False, False, None, _("Unknown"), "■", "#818D9A"
    INACTIVE = 6, False, False, None, _("Inactive"), "○", "#6B7480"
    NO_INTERNET = 7, False, True, True, _("No internet"), "☆", "#8A6FD6"

    def __new__(cls, number: int, *row: Any) -> Self:
        """A row of the table. Types of the rest stand above; here they would be asked of each ``State(number)``."""
        state = int.__new__(cls, number)
        state._value_ = number
        state.serves, state.judged, state.reached, state.word, state.shape, state.colour = row
        return state

    @property
    def label(self) -> str:
        """The value of the label ``state`` of `hotspot_state_seconds_total`."""
        return self.name.lower()


SERVING = tuple(state for state in State if state.serves)
NOT_SERVING = tuple(state for state in State if state.judged and not state.serves)
JUDGED = (*SERVING, *NOT_SERVING)
UNJUDGED = tuple(state for state in State if not state.judged)
"""Neither service nor the lack of it: nobody is charged for this time."""

UNSERVED = tuple(state for state in NOT_SERVING if state.reached)
"""Reachable, and without service: `hotspot_unserved_since_timestamp_seconds`."""
EXPECTED = tuple(state for state in State if state.judged or state is State.UNKNOWN)
ASIDE = tuple(state for state in State if state not in EXPECTED)
"""Nobody expects service of it now, whatever we could see."""

EVERYDAY = (State.UP, State.DEGRADED, State.DOWN, State.UNKNOWN)
"""Shown with their number even if it is 0."""
SHOWN = (*EVERYDAY, *(state for state in (*JUDGED, *UNJUDGED) if state not in EVERYDAY))
"""All, in the order in which people see them."""


def word_of(state: State, language: str) -> str:
    """The state's word in one of `LANGUAGES`; raises `ValueError` for another."""
    return catalogue(LOCALE, language).gettext(state.word)


def named(state: State, language: str) -> str:
    """Shape and word: ``✖ Offline``."""
    return f"{state.shape} {word_of(state, language)}"


def matcher(states: Iterable[State]) -> str:
    """The states' labels as a regular expression of PromQL: ``down|isolated|no_internet``."""
    return "|".join(state.label for state in states)


def numbers_of(states: Iterable[State]) -> list[int]:
    """Plain integers, as an index of columns."""
    return [int(state) for state in states]
