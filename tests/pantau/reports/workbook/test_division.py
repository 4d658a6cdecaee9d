"""Long division in whole numbers is the exact, half-up rounding of the core."""

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pantau.reports.accounting.money import rupiah
from pantau.reports.workbook.division import EXACT, STEPS, fits, formulae, steps

MONTHS = st.sampled_from([2_419_200, 2_505_600, 2_592_000, 2_678_400])
FEES = st.integers(0, 100_000_000)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[int, int, int, int]:
    """What a line may ask: a fee, some seconds of a month, and the share of 150 points' availability and an SLA."""
    month = draw(MONTHS)
    a = draw(FEES) * draw(st.integers(0, month))
    h = draw(st.integers(1, 150 * month)) * draw(st.sampled_from([1, 50, 100, 200, 1000]))
    return a, month, draw(st.integers(0, h)), h


@settings(deadline=None)
@given(divisions())
def test_steps_round_exactly(asked: tuple[int, int, int, int]) -> None:
    """The last step is what the core makes of the exact fraction, and no number on the way is too great for a cell."""
    a, b, g, h = asked
    found = steps(a, b, g, h)
    assert found["result"] == rupiah(Fraction(a, b) * Fraction(g, h))
    assert fits(a, b, g, h)
    assert max(found.values()) < EXACT


@settings(deadline=None)
@given(st.integers(1, 500_000), MONTHS, st.sampled_from([50, 100, 200]), st.sampled_from([-1, 0, 1]))
def test_a_half_goes_upwards_and_one_part_less_does_not(rupiah_: int, month: int, parts: int, off: int) -> None:
    """Exactly k + 1/2 rounds up, the smallest step below it does not."""
    h = parts * month
    a, g = 2 * rupiah_ * month + month, h // 2 + off
    exact = Fraction(a, month) * Fraction(g, h)
    assert steps(a, month, g, h)["result"] == rupiah(exact)


@pytest.mark.parametrize(("a", "g"), [(10**16, 1), (10**12, 10**16)])
def test_what_is_too_great_for_a_spreadsheet_is_known(a: int, g: int) -> None:
    """`fits` is False where a cell would exceed 2^53."""
    assert not fits(a, 2_592_000, g, 10**16)


def test_each_step_is_a_formula_over_cells_that_stand_before_it() -> None:
    """The steps have no cycle and no missing cell."""
    cell = {name: f"<{name}>" for name in ("a", "b", "g", "h", *STEPS)}
    found = formulae(cell)
    assert tuple(found) == STEPS or set(found) == set(STEPS)
    known = {"a", "b", "g", "h"}
    for name in STEPS:
        assert {other for other in STEPS if f"<{other}>" in found[name]} <= known
        known.add(name)


@settings(deadline=None)
@given(divisions())
@example((0, 2_592_000, 0, 1))
def test_nothing_costs_nothing(asked: tuple[int, int, int, int]) -> None:
    """A zero amount or a zero share gives zero."""
    a, b, _, h = asked
    assert steps(a, b, 0, h)["result"] == 0
    assert steps(0, b, h, h)["result"] == 0
