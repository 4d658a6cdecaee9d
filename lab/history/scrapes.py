"""Scrapes of a replayed exporter, gathered into batches that Prometheus takes in one go.

What is written is what the exporter exposes, parsed from its own text; each sample has the virtual time of its scrape.
"""

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lab.history.remote_write import STALE, label_bytes, sample_rows, series

_LABEL = re.compile(rb'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
_ESCAPES = {rb"\n": b"\n", rb"\"": b'"', rb"\\": b"\\"}


class Batch:
    """Scrapes of one job, oldest first. Series that vanish end with a stale marker, as under a real scrape."""

    def __init__(self, job: str, instance: str) -> None:
        self._target = {"job": job, "instance": instance}
        self._labels: dict[bytes, bytes] = {}
        self._scrapes: list[tuple[int, list[bytes], list[float]]] = []
        self._living: set[bytes] = set()

    def add(self, time_ms: int, text: bytes) -> None:
        """One scrape: an exposition in text format or OpenMetrics."""
        names, values = [], []
        for line in text.split(b"\n"):
            if line and not line.startswith(b"#"):
                name, _, value = line.rpartition(b" ")
                names.append(name)
                values.append(float(value))
        if self._scrapes and names == self._scrapes[-1][1]:
            names = self._scrapes[-1][1]
        self._scrapes.append((time_ms, names, values))

    def add_values(self, time_ms: int, values: Mapping[bytes, float]) -> None:
        """One scrape, its series given by their text."""
        self._scrapes.append((time_ms, list(values), list(values.values())))

    def take(self) -> list[bytes]:
        """All that has been added since the last call, as a message for Prometheus."""
        if not self._scrapes:
            return []
        times = [time_ms for time_ms, _names, _values in self._scrapes]
        rows: dict[bytes, int] = {}
        columns = []
        previous: list[bytes] = []
        for _time_ms, names, _values in self._scrapes:
            if names is not previous:
                columns.append(np.array([rows.setdefault(name, len(rows)) for name in names]))
                previous = names
            else:
                columns.append(columns[-1])
        for name in self._living:
            rows.setdefault(name, len(rows))
        values = np.full((len(rows), len(times)), np.nan)
        present: NDArray[np.bool_] = np.zeros(values.shape, np.bool_)
        for column, (where, (_time, _names, given)) in enumerate(zip(columns, self._scrapes, strict=True)):
            values[where, column] = given
            present[where, column] = True
        before = np.array([name in self._living for name in rows])
        ended: NDArray[np.bool_] = ~present & np.column_stack([before, present[:, :-1]])
        values[ended] = STALE
        self._living = {name for name, here in zip(rows, present[:, -1].tolist(), strict=True) if here}
        self._scrapes = []
        return self._encoded(list(rows), times, values, present | ended)

    def _encoded(
        self, names: list[bytes], times: list[int], values: NDArray[np.float64], written: NDArray[np.bool_]
    ) -> list[bytes]:
        samples = sample_rows(times, values)
        whole = np.asarray(written.all(axis=1))
        message = []
        for index, name in enumerate(names):
            row = samples[index] if whole[index] else samples[index][np.flatnonzero(written[index])]
            message.append(series(self._label(name), row.tobytes()))
        return message

    def _label(self, name: bytes) -> bytes:
        known = self._labels.get(name)
        if known is None:
            known = self._labels[name] = label_bytes(parsed(name) | self._target)
        return known


def parsed(name: bytes) -> dict[str, str]:
    """The labels of a series as it is written: ``hotspot_up{hotspot="A",isp="x"}``."""
    metric, _, rest = name.partition(b"{")
    labels = {
        label.decode(): re.sub(rb"\\.", lambda found: _ESCAPES[found[0]], value).decode()
        for label, value in _LABEL.findall(rest)
    }
    return {"__name__": metric.decode()} | labels
