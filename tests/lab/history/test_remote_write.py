"""The bytes of remote write, held against the format's own description."""

import struct

import numpy as np
import pytest

from lab.history.remote_write import SAMPLE_BYTES, STALE, framed, label_bytes, sample_rows, series

MARCH_MS = 1_711_900_800_123


def test_a_series_is_labels_and_samples() -> None:
    """Field 1 of a WriteRequest: labels sorted by name, empty ones left out; a double and a varint for each sample."""
    labels = label_bytes({"isp": "x", "__name__": "up", "none": ""})
    assert labels == b"\x0a\x0e\x0a\x08__name__\x12\x02up" + b"\x0a\x08\x0a\x03isp\x12\x01x"
    sample = sample_rows([MARCH_MS], np.array([1.5])).tobytes()
    assert len(sample) == SAMPLE_BYTES
    assert sample[:3] == b"\x12\x10\x09"
    assert struct.unpack("<d", sample[3:11]) == (1.5,)
    assert sample[11:12] == b"\x10"
    assert sum((byte & 0x7F) << 7 * place for place, byte in enumerate(sample[12:])) == MARCH_MS
    assert [byte >> 7 for byte in sample[12:]] == [1, 1, 1, 1, 1, 0]
    assert series(labels, sample) == b"\x0a" + bytes([len(labels) + 18]) + labels + sample


def test_samples_lie_in_the_shape_of_their_values() -> None:
    """A row a series, a column a time; each element is one sample."""
    rows = sample_rows([MARCH_MS, MARCH_MS + 15_000], np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert rows.shape == (2, 2)
    assert rows[1, 0].tobytes() == sample_rows([MARCH_MS], np.array([3.0])).tobytes()


def test_the_stale_marker_keeps_its_bits() -> None:
    """Any other NaN would be a value."""
    assert sample_rows([MARCH_MS], np.array([STALE])).tobytes()[3:11] == bytes.fromhex("020000000000f07f")


def test_a_time_that_does_not_fit_is_refused() -> None:
    """Seconds in place of milliseconds would be written as nonsense."""
    with pytest.raises(ValueError, match="outside the years 1971 to 2109"):
        sample_rows([1_711_900_800], np.array([1.0]))


def test_the_frame_is_snappy_of_literals() -> None:
    """The length of all, then a literal with a length of four bytes."""
    assert framed([b"abc", b"de"]) == b"\x05\xfc\x04\x00\x00\x00abcde"
