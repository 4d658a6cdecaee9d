"""The table of states as Grafana draws it, and the palette of everything else that a dashboard colours.

Words, shapes and colours are those of `pantau.states`; here stands only what is Grafana's own.
"""

from dataclasses import dataclass

from pantau.states import EVERYDAY, SHOWN, State

__all__ = [
    "ACCENT",
    "BAD",
    "BAD_GROUND",
    "CALM",
    "EVERYDAY",
    "GOOD",
    "MUTED",
    "OTHER",
    "SHOWN",
    "WARNING",
    "WARNING_GROUND",
    "Dot",
    "dot",
]

GOOD = State.UP.colour
WARNING = State.DEGRADED.colour
BAD = State.DOWN.colour
MUTED = State.UNKNOWN.colour
ACCENT = State.MAINTENANCE.colour
OTHER = State.ISOLATED.colour
CALM = "#2B3640"
"""The ground of a banner that has nothing to say."""
BAD_GROUND = "#B03A06"
WARNING_GROUND = "#8A5F00"
"""Grounds under Grafana's white text: the hues of `BAD` and `WARNING`, so dark that it can be read on them."""

_SYMBOLS = {"●": "circle", "○": "circle", "▲": "triangle", "✖": "x-mark", "■": "square", "★": "star", "✚": "cross"}
"""Grafana's map knows these symbols, by its own names."""
_HOLLOW = frozenset("○")
_RADII = {State.UP: 4, State.DEGRADED: 7, State.DOWN: 8}


@dataclass(frozen=True)
class Dot:
    """A hotspot on the map."""

    symbol: str
    """Grafana's name."""
    radius_pixels: int
    """The more a state matters, the larger."""
    opacity: float
    """0 leaves the outline."""


def dot(state: State) -> Dot:
    """The dot of a hotspot in this state: its shape, as Grafana calls it."""
    return Dot(_SYMBOLS[state.shape], _RADII.get(state, 6), 0.0 if state.shape in _HOLLOW else 0.9)
