"""How many packets leave together: what a burst is, and how large it must be for a rate."""

from math import ceil

LEAST_BURST = 16
BURST_SECONDS = 0.01
"""A burst is what leaves within so long."""
_HEADROOM = 1.5
"""A burst is made for so many times the rate: what is behind, and re-probes, leave beside what is due."""
_TOLERANCE = 1e-6


def needed_burst(per_second: float, seconds: float = BURST_SECONDS) -> int:
    """The least burst, in a window of `seconds`, by which so many packets a second can leave in time."""
    return max(ceil(per_second * seconds * _HEADROOM - _TOLERANCE), 1)


def default_burst(per_second: float, seconds: float = BURST_SECONDS) -> int:
    """`LEAST_BURST`, or what the rate needs where that is more."""
    return max(needed_burst(per_second, seconds), LEAST_BURST)
