"""Windows over recorded series that hold the same samples under Prometheus 2 and 3.

An hour over a series with a sample each five minutes has twelve of them; Prometheus 2 counts the one on its far edge
too, Prometheus 3 does not. Samples are dated to the millisecond, so a window shorter by one never has that edge.
"""

from decimal import Decimal

from pantau.alerting.rules.figures import FigureKind, parse

_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1))


def half_open(window: str) -> str:
    """`1h` without its far edge: `59m59s999ms`. `ValueError` where it is no duration."""
    rest = int(parse("window", FigureKind.DURATION, window).number * Decimal(1000)) - 1
    words = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count:
            words.append(f"{count}{unit}")
    return "".join(words)
