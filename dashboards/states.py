"""The states of a hotspot as people see them: a word, a shape and a colour each, never a colour alone.

The colours are Okabe and Ito's, which people with any colour vision tell apart; the shapes are those of Grafana's map.
"""

from dataclasses import dataclass

from dashboards.text import mark

GOOD = "#009E73"
WARNING = "#E69F00"
BAD = "#D55E00"
MUTED = "#8A97A6"
CALM = "#2B3640"
ACCENT = "#56B4E9"
OTHER = "#CC79A7"
DIM = "#5B6470"


@dataclass(frozen=True)
class State:
    """One value of `hotspot_state`, the word (to be translated) and the looks that it has everywhere."""

    value: int
    label: str
    word: str
    shape: str
    marker: str
    color: str
    size: int = 6
    """Radius of its dot on the map, in pixels: the more it matters, the larger."""


UP = State(1, "up", mark("Online"), "●", "circle", GOOD, 4)
DEGRADED = State(2, "degraded", mark("Degraded"), "▲", "triangle", WARNING, 7)
DOWN = State(0, "down", mark("Offline"), "✖", "x-mark", BAD, 8)
UNKNOWN = State(5, "unknown", mark("Unknown"), "?", "square", MUTED)
ISOLATED = State(3, "isolated", mark("Isolated"), "◆", "star", OTHER)
MAINTENANCE = State(4, "maintenance", mark("Maintenance"), "+", "cross", ACCENT)
INACTIVE = State(6, "inactive", mark("Inactive"), "○", "circle", DIM)

STATES = (UP, DEGRADED, DOWN, UNKNOWN, ISOLATED, MAINTENANCE, INACTIVE)
"""In the order in which they are shown."""
