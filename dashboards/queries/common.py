"""Which hotspots are asked for, and how more is said of them."""

from collections.abc import Iterable

from pantau.states import State

SCOPE = 'kecamatan=~"${kecamatan:pipe}", isp=~"${isp:pipe}"'
"""The points that the variables of a dashboard choose: one or several, which `:pipe` writes as a|b without escapes."""

EVERY = "All"
"""A `kecamatan` or `isp` that stands for all: the word by which Grafana knows in an address that all are chosen."""
ANY = ".*"
"""What all are in a query."""


def share(good: str, bad: str) -> str:
    """good / (good + bad), each asked for once; nothing where both are 0."""
    return f"1 / (1 + {bad} / {good}) >= 0"


def info(expression: str, labels: str, selector: str = "") -> str:
    """`expression`, one value per hotspot, with more of what the inventory says of it."""
    described = f"max by (hotspot, {labels}) (hotspot_info{{{selector}}})"
    return f"({expression}) * on (hotspot) group_left ({labels}) {described}"


def in_states(series: str, states: Iterable[State]) -> str:
    """Those of `series`, which has the values of `hotspot_state`, that are in one of `states`; PromQL in brackets."""
    runs: list[list[int]] = []
    for number in sorted(states):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([int(number)])
    asked = (f"{series} >= {run[0]} <= {run[-1]}" if len(run) > 1 else f"{series} == {run[0]}" for run in runs)
    return f"({' or '.join(asked)})"
