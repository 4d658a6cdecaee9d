"""How many people use a hotspot at an hour, and what they fetch. Pure; the same for the same keys."""

import numpy as np

from exporter.probing.outcome import Uint64
from pantau.clock import NANOSECONDS
from pantau.simulator.access import crowd
from pantau.simulator.randomness import draw_at, uniform, word_of

_UNUSED_SHARE = 0.03
"""Of the hotspots: they work, and nobody comes."""
_FEW, _MOST = 2.0, 40.0
"""Clients at the height of the evening: most places have few."""
_STAYING_SHARE = 0.3
"""Of the clients stay connected though they get nothing."""
_BYTES_OF_ONE = 20_000
"""A second, of one client that is served."""
_QUARTER_NS = 900 * NANOSECONDS
"""People come and go in such a time."""
_POPULARITY, _MASK = word_of("popularity") >> 1, (1 << 64) - 1


class Crowds:
    """The clients of hosts with these random keys."""

    def __init__(self, keys: Uint64) -> None:
        chance = uniform(draw_at(keys, _POPULARITY))
        self._most = np.where(chance < _UNUSED_SHARE, 0.0, _FEW + (_MOST - _FEW) * chance**4).tolist()
        self._keys = keys.tolist()

    def at(self, row: int, time_ns: int, *, served: bool) -> tuple[int, int]:
        """Clients of a hotspot at a time, and the bytes a second that they fetch."""
        mood = ((self._keys[row] + time_ns // _QUARTER_NS * 0x9E37_79B9_7F4A_7C15) & _MASK) >> 48
        share = 0.7 + 0.6 * mood / 65_536
        clients = round(self._most[row] * crowd(time_ns) * share * (1.0 if served else _STAYING_SHARE))
        return clients, round(clients * _BYTES_OF_ONE * share) if served else 0
