"""Of many cases like each other a few in `make test`, all of them in `make test-long`."""

from collections.abc import Collection, Iterable
from typing import Any

import pytest


def sampled(cases: Iterable[Any], few: Collection[Any]) -> list[Any]:
    """The cases for `parametrize`: those among `few` are always tried, the others are `long`."""
    cases = list(cases)
    missing = [case for case in few if case not in cases]
    assert not missing, f"no such cases: {missing}"
    return [case if case in few else pytest.param(case, marks=pytest.mark.long) for case in cases]


def every(step: int, cases: Iterable[Any]) -> list[Any]:
    """Likewise: each `step`-th case is always tried, the first among them."""
    cases = list(cases)
    return sampled(cases, cases[::step])
