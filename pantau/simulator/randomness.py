"""Chance without state: a number depends on what it is asked for, not on how many were drawn before.

The mixing function is that of splitmix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from exporter.probing.outcome import Int64, Uint64

_GOLDEN = np.uint64(0x9E37_79B9_7F4A_7C15)
_FIRST = np.uint64(0xBF58_476D_1CE4_E5B9)
_SECOND = np.uint64(0x94D0_49BB_1331_11EB)
_30, _27, _31, _11 = (np.uint64(bits) for bits in (30, 27, 31, 11))


def word_of(text: str) -> int:
    """64 bits that belong to `text`."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


def words_of(texts: Sequence[str]) -> Uint64:
    """64 bits for each text."""
    return np.array([word_of(text) for text in texts], np.uint64)


def draw(keys: Uint64, moments: Int64) -> Uint64:
    """64 random bits for each pair of a key and a moment (any integers, such as nanoseconds)."""
    word = moments.view(np.uint64) * _GOLDEN
    word += keys
    word ^= word >> _30
    word *= _FIRST
    word ^= word >> _27
    word *= _SECOND
    word ^= word >> _31
    return word


def draw_at(keys: Uint64, moment: int) -> Uint64:
    """64 random bits for each key at one moment."""
    return draw(keys, np.full(len(keys), moment, np.int64))


def uniform(words: Uint64) -> NDArray[np.float64]:
    """Words as numbers in [0, 1)."""
    return (words >> _11).astype(np.float64) * 2.0**-53
