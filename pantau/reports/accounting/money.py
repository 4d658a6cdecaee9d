"""Rupiah: whole numbers. A fraction becomes money once, half-up, on one line; totals are sums of such lines."""

from fractions import Fraction


def rupiah(amount: Fraction) -> int:
    """`amount`, not negative, to the nearest whole rupiah, a half upwards."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
