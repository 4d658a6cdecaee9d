"""The series that were written to a Prometheus in an hour, recorded to be written again and again under other times.

To fill a day, or a month, by simulating it would take hours; how long a question takes depends on how many series and
samples it meets, not on whether they are true. Counters go on from hour to hour, and times in values move with them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lab.history.prometheus import PrometheusServer
from lab.history.remote_write import SAMPLE, STALE, sample_rows, series

MS = 1000
_GROWING = ("_total", "_bucket", "_count", "_sum")


@dataclass
class RecordedSeries:
    """One series: its times, and its values."""

    name: str
    labels: bytes
    times_ms: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def hourly_gain(self) -> float:
        """What an hour adds to its values: a counter's growth, the hour itself for a time, nothing for all else."""
        if ":" in self.name or len(self.values) < 2:
            return 0.0
        if self.name.endswith("timestamp_seconds") or self.name == "process_start_time_seconds":
            return 3600.0
        if self.name.endswith(_GROWING):
            return float(self.values[-1] - self.values[0]) * len(self.values) / (len(self.values) - 1)
        return 0.0


@dataclass
class SeriesRecording(PrometheusServer):
    """A connection to a Prometheus that records what is written through it."""

    _parts: dict[bytes, list[NDArray[np.void]]] = field(default_factory=dict)

    def clear(self) -> None:
        """Forget what has been written so far."""
        self._parts.clear()

    def write(self, message: list[bytes]) -> None:
        """Take these series, and keep them."""
        self.keep(message)
        super().write(message)

    def keep(self, message: list[bytes]) -> None:
        """Record these series, without writing them."""
        for one in message:
            labels, samples = _split(one)
            self._parts.setdefault(labels, []).append(np.frombuffer(samples, SAMPLE))

    def recorded(self) -> Iterator[RecordedSeries]:
        """All series of the recording."""
        for labels, parts in self._parts.items():
            samples = np.concatenate(parts)
            shifts = np.arange(0, 42, 7)
            times = ((samples["time"].astype(np.int64) & 0x7F) << shifts).sum(axis=1)
            yield RecordedSeries(_name(labels), labels, times, samples["value"].astype(np.float64))


def replay(prometheus: PrometheusServer, recorded: Iterable[RecordedSeries], hour: int, pieces: int = 6) -> None:
    """Write the hour again, so many hours later (or earlier, if negative)."""
    with np.errstate(invalid="ignore"):  # a stale marker stays one
        moved = [(one, one.times_ms + hour * 3_600_000, one.values + hour * one.hourly_gain) for one in recorded]
    first = min(int(times[0]) for _track, times, _values in moved)
    step = -(-3_600_000 // pieces)
    for begin in range(first, first + 3_600_000 + step, step):
        message = []
        for one, times, values in moved:
            low, high = np.searchsorted(times, (begin, begin + step))
            if low < high:
                stale = one.values[low:high].view(np.uint64) == _STALE_BITS
                part = np.where(stale, STALE, values[low:high])
                message.append(series(one.labels, sample_rows(times[low:high].tolist(), part).tobytes()))
        prometheus.write(message)


def thinned(recorded: Iterable[RecordedSeries], wanted: Mapping[str, int]) -> Iterator[RecordedSeries]:
    """The series with these names, at the most one sample in so many seconds of each."""
    for one in recorded:
        if one.name in wanted:
            slots = one.times_ms // (wanted[one.name] * MS)
            kept = np.flatnonzero(np.diff(slots, prepend=slots[0] - 1))
            yield RecordedSeries(one.name, one.labels, one.times_ms[kept], one.values[kept])


_STALE_BITS = np.array([STALE]).view(np.uint64)[0]


def _split(one: bytes) -> tuple[bytes, bytes]:
    """Labels and samples of a series as `remote_write.series` made it."""
    at = 1
    while one[at] & 0x80:
        at += 1
    start = at = at + 1
    while one[at] == 0x0A:
        length, at = one[at + 1], at + 2
        if length & 0x80:
            length, at = length & 0x7F | one[at] << 7, at + 1
        at += length
    return one[start:at], one[at:]


def _name(labels: bytes) -> str:
    """The value of ``__name__``, which sorts before all other labels."""
    at = labels.index(b"__name__\x12") + len(b"__name__\x12")
    return labels[at + 1 : at + 1 + labels[at]].decode()
