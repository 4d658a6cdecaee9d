"""Recorded series, and their replay under other times."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lab.history.prometheus import PrometheusServer
from lab.history.recording import RecordedSeries, SeriesRecording, replay, thinned
from lab.history.remote_write import STALE, label_bytes, sample_rows, series

START_MS = 1_711_900_800_000
TIMES = [START_MS + 15_000 * count for count in range(1, 241)]


class KeepsMessages(PrometheusServer):
    """Keeps its messages in place of sending them."""

    def __init__(self) -> None:
        super().__init__(0, Path())
        self.messages: list[list[bytes]] = []

    def write(self, message: list[bytes]) -> None:
        """Keep it."""
        self.messages.append(message)


def _written(metric: str, values: Sequence[float], **labels: str) -> bytes:
    rows = sample_rows(TIMES[: len(values)], np.array(values, np.float64))
    return series(label_bytes({"__name__": metric} | labels), rows.tobytes())


def _recorded(*messages: bytes) -> list[RecordedSeries]:
    recording = SeriesRecording(0, Path())
    recording.keep(list(messages))
    return list(recording.recorded())


def test_written_series_are_recorded() -> None:
    """Names, labels (long ones too), times and values."""
    (one,) = _recorded(_written("hotspot_info", [1, 2, 3], name="x" * 200))
    assert one.name == "hotspot_info"
    assert one.labels == label_bytes({"__name__": "hotspot_info", "name": "x" * 200})
    assert one.times_ms.tolist() == TIMES[:3]
    assert one.values.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "gain"),
    [
        ("a_total", 4.0),
        ("a_seconds_bucket", 4.0),
        ("a_timestamp_seconds", 3600.0),
        ("a_up", 0.0),
        ("a:b_total:sum", 0.0),
    ],
)
def test_counters_go_on_and_times_move(name: str, gain: float) -> None:
    """A counter that rose by 3 in four samples rises by 4 an hour; a recorded series is no counter."""
    (one,) = _recorded(_written(name, [0, 1, 2, 3]))
    assert one.hourly_gain == gain


def test_replay_keeps_the_order_of_samples() -> None:
    """In pieces, each series in each, moved by the hours; a stale marker stays one."""
    recorded = _recorded(_written("a_total", np.arange(240.0).tolist()), _written("b", [1.0, STALE]))
    quiet = KeepsMessages()
    replay(quiet, recorded, hour=2, pieces=6)
    again = {one.name: one for one in _recorded(*(one for message in quiet.messages for one in message))}
    assert again["a_total"].times_ms.tolist() == [at + 7_200_000 for at in TIMES]
    assert again["a_total"].values.tolist() == [value + 480 for value in range(240)]
    assert again["b"].values.view(np.uint64)[1] == np.array([STALE]).view(np.uint64)[0]
    assert len([message for message in quiet.messages if message]) == 6


def test_older_months_have_fewer_samples() -> None:
    """Only the series asked for, and at most one sample of each in so many seconds."""
    recorded = _recorded(_written("isp:a:ratio", [1.0] * 240), _written("b", [1.0]))
    (one,) = thinned(recorded, {"isp:a:ratio": 300})
    assert np.diff(one.times_ms).tolist() == [285_000] + [300_000] * 11
