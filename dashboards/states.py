"""The table of states as Grafana draws it, and the palette of everything else that a dashboard colours.

Words, shapes and colours are those of `pantau.states`; here stands only what is Grafana's own.
"""

from dataclasses import dataclass

from pantau.states import EVERYDAY, SHOWN, State

__all__ = [
    "ACCENT",
    "BAD",
    "CALM",
    "EVERYDAY",
    "GOOD",
    "MUTED",
    "OTHER",
    "SHOWN",
    "WARNING",
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
_SYMBOLS = {
    "●": "circle",
    "○": "circle",
    "▲": "triangle",
    "✖": "x-mark",
    "■": "square",
    "★": "star",
    "☆": "star",
    "✚": "cross",
}
"""Grafana's map knows these symbols, by its own names."""
_HOLLOW = frozenset("○☆")
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


_READABLE = 4.5
"""The contrast that WCAG 2.1 asks for between a text and its ground (1.4.3, level AA)."""


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#RRGGBB`), 1 to 21, as WCAG 2.1 reckons it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ground(colour: str) -> str:
    """The colour, so much darker that the white text that Grafana puts on it can be read; a name stays itself."""
    if not colour.startswith("#"):
        return colour
    channels = _channels(colour)
    for hundredths in range(100, 0, -1):
        darker = "#" + "".join(f"{round(channel * hundredths / 100):02X}" for channel in channels)
        if contrast(darker, "#FFFFFF") >= _READABLE:
            return darker
    return "#000000"


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = [
        channel / 255 / 12.92 if channel <= 10 else ((channel / 255 + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
