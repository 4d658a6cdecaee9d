"""Unix time of the timeline's times: what people and Prometheus read of what was judged."""

import numpy as np
from numpy.typing import NDArray

from exporter.timeline import Timeline

_REANCHOR_NS = 50_000_000
_MILLISECOND_NS = 1_000_000


class WallTime:
    """The distance between the two, held still while it moves by no more than NTP slews.

    So a timestamp in the metrics does not tremble from scrape to scrape.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._offset_ns = timeline.wall_offset_ns

    @property
    def offset_ns(self) -> int:
        """Wall time less the timeline's."""
        offset_ns = self._timeline.wall_offset_ns
        if abs(offset_ns - self._offset_ns) > _REANCHOR_NS:
            self._offset_ns = offset_ns
        return self._offset_ns

    def seconds(self, timeline_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Unix time of times on the timeline, to the millisecond."""
        return (timeline_ns + self.offset_ns) // _MILLISECOND_NS / 1000
