"""An hour on tape, played again under other times."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lab.history.prometheus import Prometheus
from lab.history.remote_write import STALE, label_bytes, sample_rows, series
from lab.history.tape import Tape, Track, play, thinned

START_MS = 1_711_900_800_000
TIMES = [START_MS + 15_000 * count for count in range(1, 241)]


class Quiet(Prometheus):
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


def _tracks(*messages: bytes) -> list[Track]:
    tape = Tape(0, Path())
    tape.keep(list(messages))
    return list(tape.tracks())


def test_what_is_written_is_on_the_tape() -> None:
    """Names, labels (long ones too), times and values."""
    (track,) = _tracks(_written("hotspot_info", [1, 2, 3], name="x" * 200))
    assert track.name == "hotspot_info"
    assert track.labels == label_bytes({"__name__": "hotspot_info", "name": "x" * 200})
    assert track.times_ms.tolist() == TIMES[:3]
    assert track.values.tolist() == [1, 2, 3]


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
    (track,) = _tracks(_written(name, [0, 1, 2, 3]))
    assert track.hourly_gain == gain


def test_an_hour_is_played_in_its_order() -> None:
    """In pieces, each series in each, moved by the hours; a stale marker stays one."""
    tracks = _tracks(_written("a_total", np.arange(240.0).tolist()), _written("b", [1.0, STALE]))
    quiet = Quiet()
    play(quiet, tracks, hour=2, pieces=6)
    again = {track.name: track for track in _tracks(*(one for message in quiet.messages for one in message))}
    assert again["a_total"].times_ms.tolist() == [at + 7_200_000 for at in TIMES]
    assert again["a_total"].values.tolist() == [value + 480 for value in range(240)]
    assert again["b"].values.view(np.uint64)[1] == np.array([STALE]).view(np.uint64)[0]
    assert len([message for message in quiet.messages if message]) == 6


def test_the_months_before_are_thinner() -> None:
    """Only the series asked for, and at the most one sample of each in so many seconds."""
    tracks = _tracks(_written("isp:a:ratio", [1.0] * 240), _written("b", [1.0]))
    (track,) = thinned(tracks, {"isp:a:ratio": 300})
    assert np.diff(track.times_ms).tolist() == [285_000] + [300_000] * 11
