"""Struct-of-arrays whose rows survive a reload."""

from typing import ClassVar

import numpy as np

from exporter.columns import Column, Columns, one_of_each


class _Two(Columns):
    COLUMNS: ClassVar = {"flat": Column(np.int64, 7), "wide": Column(np.int8, 0, width=2)}
    flat: np.ndarray
    wide: np.ndarray


def test_new_rows_hold_the_fill() -> None:
    """One value a row, or `width` of them."""
    two = _Two(2)
    assert two.flat.tolist() == [7, 7]
    assert two.wide.tolist() == [[0, 0], [0, 0]]


def test_rearranging_keeps_moves_adds_and_drops() -> None:
    """Row 2 moves to the front, a new row follows, row 0 is last, row 1 is gone."""
    two = _Two(3)
    two.flat[:] = [10, 11, 12]
    two.wide[2] = [1, 2]
    two.rearrange(np.array([2, -1, 0], np.int32))
    assert two.flat.tolist() == [12, 7, 10]
    assert two.wide.tolist() == [[1, 2], [0, 0], [0, 0]]
    assert two.rows == 3


def test_everything_may_go() -> None:
    """An inventory that shrinks to nothing leaves empty arrays of the same shape."""
    two = _Two(3)
    two.rearrange(np.empty(0, np.int32))
    assert two.flat.shape == (0,)
    assert two.wide.shape == (0, 2)


def test_one_of_each_picks_the_first_of_every_distinct_target() -> None:
    """Whatever stands in the scratch space from before; the order matters, for the first copy is the true one."""
    place = np.full(10, 99, np.int32)
    targets = np.array([3, 5, 3, 3, 9], np.int32)
    assert one_of_each(targets, place).tolist() == [True, True, False, False, True]
