"""Struct-of-arrays: one numpy column per quantity, one row per hotspot, and rows that survive a reload."""

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Column(NamedTuple):
    """How a column looks and what a new row holds."""

    dtype: DTypeLike
    fill: int | float
    width: int | None = None
    """Values per row; None for one, as a flat array."""


class Columns:
    """Base of classes whose arrays are named in `COLUMNS`; each becomes an attribute."""

    COLUMNS: ClassVar[Mapping[str, Column]]

    def __init__(self, rows: int) -> None:
        self.rows = rows
        for name, column in self.COLUMNS.items():
            setattr(self, name, _filled(column, rows))

    def rearrange(self, source: NDArray[np.int32]) -> None:
        """Make row i what row `source[i]` was; -1 makes a new row. Rows that nobody names are gone."""
        to = np.flatnonzero(source >= 0)
        of = source[to]
        for name, column in self.COLUMNS.items():
            fresh = _filled(column, len(source))
            fresh[to] = getattr(self, name)[of]
            setattr(self, name, fresh)
        self.rows = len(source)


def _filled(column: Column, rows: int) -> NDArray[Any]:
    shape = (rows,) if column.width is None else (rows, column.width)
    return np.full(shape, column.fill, column.dtype)


def one_of_each(targets: NDArray[np.int32] | NDArray[np.int64], place: NDArray[np.int32]) -> NDArray[np.bool_]:
    """A mask that picks the first of each distinct target. `place` is scratch space of one row a target.

    Ten times as fast as `numpy.unique` on the few targets of a tick, for it does not sort.
    """
    numbers = np.arange(len(targets), dtype=np.int32)
    place[targets[::-1]] = numbers[::-1]  # of equal indices numpy keeps the last
    picked: NDArray[np.bool_] = place[targets] == numbers
    return picked


def inverse(new_index: NDArray[np.int32], rows: int) -> NDArray[np.int32]:
    """For each of so many new rows the old one that became it, -1 where none did: the inverse of a renaming."""
    source = np.full(rows, -1, np.int32)
    kept = new_index >= 0
    source[new_index[kept]] = np.flatnonzero(kept)
    return source
