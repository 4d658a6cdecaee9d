"""Unix time of monotonic times: what people and Prometheus read of what was measured by the monotonic clock."""

import numpy as np
from numpy.typing import NDArray

from pantau.clock import Clock

_REANCHOR_NS = 50_000_000
_MILLISECOND_NS = 1_000_000


class WallTime:
    """The distance between the two clocks, held still while it moves by no more than NTP slews.

    So a timestamp in the metrics does not tremble from scrape to scrape.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_ns = clock.wall_ns() - clock.monotonic_ns()

    def offset_ns(self, now_ns: int) -> int:
        """Wall time less monotonic time."""
        offset_ns = self._clock.wall_ns() - now_ns
        if abs(offset_ns - self._offset_ns) > _REANCHOR_NS:
            self._offset_ns = offset_ns
        return self._offset_ns

    def seconds(self, monotonic_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Unix time of monotonic times, to the millisecond."""
        return (monotonic_ns + self.offset_ns(self._clock.monotonic_ns())) // _MILLISECOND_NS / 1000
