"""Addresses of targets as the inventory writes them, read once: what of them is a number, and what a name.

It follows from the text alone, so it may be made in a thread, before the reload that it is for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from exporter.probing.addresses import address_words
from exporter.probing.outcome import Int64, Uint64
from pantau.inventory.addresses import IpAddress, parse_ip


@dataclass(frozen=True, slots=True, eq=False)
class WrittenAddresses:
    """Of n targets; nothing in it changes."""

    texts: NDArray[np.object_]
    """As given; None for a target that has none."""
    numbers: Mapping[int, IpAddress]
    """By row, of those that are numbers."""
    numbered: Int64
    """The rows of `numbers`, in their order."""
    words: Uint64
    """The address words of each of `numbered`."""
    rows_of: Mapping[str, Sequence[int]]
    """By name, whose address it is."""

    @classmethod
    def of(cls, texts: Sequence[str | None]) -> "WrittenAddresses":
        """Read them; whatever is no number is a name."""
        numbers: dict[int, IpAddress] = {}
        rows_of: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            address = None if text is None else parse_ip(text)
            if address is not None:
                numbers[row] = address
            elif text is not None:
                rows_of.setdefault(text, []).append(row)
        given = np.empty(len(texts), np.object_)
        given[:] = texts
        numbered = np.array(list(numbers), np.int64)
        words = np.array(list(map(address_words, numbers.values())), np.uint64).reshape(-1, 2)
        for column in (given, numbered, words):
            column.flags.writeable = False
        return cls(given, MappingProxyType(numbers), numbered, words, MappingProxyType(rows_of))
