"""Scrapes in batches: series that are there, and series that end."""

import struct

from lab.history.remote_write import STALE, label_bytes
from lab.history.scrapes import Batch, parsed

FIRST_MS = 1_711_900_800_000
JOB = {"job": "pantau", "instance": "here"}


def _values(message: list[bytes], labels: dict[str, str]) -> list[bytes]:
    mark = label_bytes(labels | JOB)
    (found,) = [one for one in message if mark in one]
    samples = found[found.index(mark) + len(mark) :]
    return [samples[start + 3 : start + 11] for start in range(0, len(samples), 18)]


def _bits(*values: float) -> list[bytes]:
    return [struct.pack("<d", value) for value in values]


def test_the_labels_of_a_line() -> None:
    """With everything that may be escaped in them."""
    assert parsed(b'hotspot_info{hotspot="A-1",name="Balai \\"X\\", lt. 2\\\\a\\nb"}') == {
        "__name__": "hotspot_info",
        "hotspot": "A-1",
        "name": 'Balai "X", lt. 2\\a\nb',
    }
    assert parsed(b"up") == {"__name__": "up"}


def test_scrapes_become_samples_of_their_series() -> None:
    """Comments are skipped; each series has a sample for each scrape."""
    batch = Batch("pantau", "here")
    batch.add(FIRST_MS, b'# TYPE a gauge\na{x="1"} 1\na{x="2"} 2.5\n')
    batch.add(FIRST_MS + 15_000, b'a{x="1"} 3\na{x="2"} +Inf\n')
    message = batch.take()
    assert len(message) == 2
    assert _values(message, {"__name__": "a", "x": "1"}) == _bits(1, 3)
    assert _values(message, {"__name__": "a", "x": "2"}) == _bits(2.5, float("inf"))
    assert batch.take() == []


def test_a_series_that_ends_gets_one_stale_marker() -> None:
    """Within a batch and from one to the next; a series that comes back goes on."""
    batch = Batch("pantau", "here")
    batch.add(FIRST_MS, b"a 1\nb 1\n")
    batch.add(FIRST_MS + 15_000, b"a 2\n")
    batch.add(FIRST_MS + 30_000, b"a 3\nb 3\n")
    message = batch.take()
    assert _values(message, {"__name__": "b"}) == _bits(1, STALE, 3)
    batch.add(FIRST_MS + 45_000, b"b 4\n")
    batch.add(FIRST_MS + 60_000, b"b 5\n")
    message = batch.take()
    assert _values(message, {"__name__": "a"}) == _bits(STALE)
    assert _values(message, {"__name__": "b"}) == _bits(4, 5)
