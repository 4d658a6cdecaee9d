"""Exact division in a spreadsheet, whose numbers are floats: long division in whole numbers, step by step.

A deduction is half_up((a / b) x (g / h)) for whole a, b, g, h: a is rupiah times seconds, b the month's seconds, g/h
the method's share. A float keeps whole numbers exactly only up to 2^53, and these products go far beyond. So the share
is reduced first, the whole rupiah q of a/b are multiplied by it in three groups of three digits, and what remains is
carried from group to group: every number in every cell stays small enough to be exact, in any office program.

`steps` does with Python's integers what the formulas do with cells: these are the numbers that stand in the cells
before anybody recomputes.
"""

from collections.abc import Mapping
from math import gcd

EXACT = 2**53
"""Up to here a spreadsheet's numbers are whole numbers."""

STEPS = ("q", "r", "gr", "hr", "q2", "q1", "q0", "d2", "m2", "d1", "m1", "d0", "m0", "gb", "f", "result")
"""The cells of one division, in the order in which they rest on each other."""


def floor(over: str, under: str) -> str:
    """A formula for the whole part of a quotient: INT alone is one too high where the float was rounded up."""
    whole = f"INT(({over})/({under}))"
    return f"{whole}-IF({whole}*({under})>({over}),1,0)"


def formulae(cell: Mapping[str, str]) -> dict[str, str]:
    """For each of `STEPS` its formula; `cell` names the cells of a, b, g, h and of all steps."""
    a, b, g, h, q, r, gr, hr = (cell[name] for name in ("a", "b", "g", "h", "q", "r", "gr", "hr"))
    found = {
        "q": floor(a, b),
        "r": f"{a}-{q}*{b}",
        "gr": f"IF({g}=0,0,{g}/GCD({g},{h}))",
        "hr": f"IF({g}=0,1,{h}/GCD({g},{h}))",
        "q2": floor(q, "1000000"),
        "q1": f"{floor(q, '1000')}-1000*{cell['q2']}",
        "q0": f"{q}-1000000*{cell['q2']}-1000*{cell['q1']}",
    }
    carried = ""
    for group in "210":
        whole = f"{carried}{cell['q' + group]}*{gr}"
        found["d" + group] = floor(whole, hr)
        found["m" + group] = f"{whole}-{cell['d' + group]}*{hr}"
        carried = f"1000*{cell['m' + group]}+"
    found["gb"] = floor(gr, b)
    rest = f"2*{r}*({gr}-{b}*{cell['gb']})"
    found["f"] = f"2*{r}*{cell['gb']}+{floor(rest, b)}"
    last = floor(f"2*{cell['m0']}+{cell['f']}+{hr}", f"2*{hr}")
    found["result"] = f"1000000*{cell['d2']}+1000*{cell['d1']}+{cell['d0']}+{last}"
    return found


def steps(a: int, b: int, g: int, h: int) -> dict[str, int]:
    """The value of each of `STEPS`; b and h above 0, a and g not negative."""
    q, r = divmod(a, b)
    common = gcd(g, h)
    gr, hr = (g // common, h // common) if g else (0, 1)
    groups = {"q2": q // 1_000_000, "q1": q // 1000 % 1000, "q0": q % 1000}
    found = {"q": q, "r": r, "gr": gr, "hr": hr, **groups}
    carried = 0
    for group in "210":
        found["d" + group], carried = divmod(1000 * carried + groups["q" + group] * gr, hr)
        found["m" + group] = carried
    gb = gr // b
    f = 2 * r * gb + 2 * r * (gr - b * gb) // b
    result = 1_000_000 * found["d2"] + 1000 * found["d1"] + found["d0"] + (2 * carried + f + hr) // (2 * hr)
    return found | {"gb": gb, "f": f, "result": result}


def fits(a: int, b: int, g: int, h: int) -> bool:
    """Whether all of it stays within what a spreadsheet holds exactly; beyond, only the value is written."""
    found = steps(a, b, g, h)
    tallest = 1000 * (found["hr"] + found["gr"]) + found["q2"] * found["gr"]
    return max(a, g, h, tallest, 2 * found["r"] * max(b, found["gb"]), 2 * b * b, found["f"] + 4 * found["hr"]) < EXACT
