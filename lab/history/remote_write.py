"""Prometheus' remote write (protocol 0.1.0) by hand: a protobuf message of series, in snappy's framing.

Only what this needs: labels as bytes that are made once a series, samples as rows of a numpy array. Snappy is written
as literals, which every decoder takes; over the loopback nothing is gained by compressing.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

STALE = float(np.array([0x7FF0_0000_0000_0002], np.uint64).view(np.float64)[0])
"""The value by which Prometheus marks that a series has ended. A NaN: compare its bits."""

SAMPLE = np.dtype([("head", "S3"), ("value", "<f8"), ("tag", "S1"), ("time", "u1", (6,))])
"""Field 2 of a TimeSeries, 16 bytes long: a double in field 1, a varint of six bytes in field 2."""
SAMPLE_BYTES = SAMPLE.itemsize
_SIX_BYTES = range(1 << 35, 1 << 42)
"""Unix times in milliseconds whose varint has six bytes: 1971 to 2109."""


def label_bytes(labels: Mapping[str, str]) -> bytes:
    """The labels of a series (``__name__`` among them) as the message has them: sorted, the empty ones left out."""
    return b"".join(
        _field(1, _field(1, name.encode()) + _field(2, value.encode()))
        for name, value in sorted(labels.items())
        if value
    )


def sample_rows(times_ms: Sequence[int], values: NDArray[np.float64]) -> NDArray[np.void]:
    """Encoded samples in the shape of `values`, whose last axis are the times (Unix, milliseconds)."""
    if len(times_ms) and not (min(times_ms) in _SIX_BYTES and max(times_ms) in _SIX_BYTES):
        raise ValueError("a time is outside the years 1971 to 2109")
    rows = np.empty(values.shape, SAMPLE)
    rows["head"] = b"\x12\x10\x09"
    rows["tag"] = b"\x10"
    rows["value"] = values
    shifted = np.array(times_ms, np.int64)[:, None] >> np.arange(0, 42, 7)
    rows["time"] = (shifted & 0x7F) | np.array([0x80] * 5 + [0])
    return rows


def series(labels: bytes, samples: bytes) -> bytes:
    """One series of a message; `samples` are elements of `sample_rows`."""
    return _field(1, labels + samples)


def framed(message: Iterable[bytes]) -> bytes:
    """The message as snappy's block format, all literals."""
    plain = b"".join(message)
    parts = [_varint(len(plain))]
    for start in range(0, len(plain), 1 << 24):
        part = plain[start : start + (1 << 24)]
        parts += [b"\xfc", (len(part) - 1).to_bytes(4, "little"), part]
    return b"".join(parts)


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
