"""Measures how long the largest contract's PDF takes: 143 points with long names, 20 outages each.

make measure-pdf                (or: python -m lab.measuring.largest_contract [POINTS OUTAGES])
"""

import sys
import time

from lab.samples.editions import edition
from lab.samples.large_contract import POINTS, large
from pantau.reports.pdf import pdf


def main(points: int = POINTS, outages: int = 20) -> None:
    """The first PDF of a process also loads the libraries; the second is the one that counts."""
    made = edition()
    pdf(large(1, 1), made)
    statement = large(points, outages)
    began, used = time.monotonic(), time.process_time()
    content = pdf(statement, made)
    took, used = time.monotonic() - began, time.process_time() - used
    size = f"{len(content) / 1e6:.1f} MB"
    print(
        f"{points} points, {len(statement.events)} outages above the threshold: {took:.1f} s, {used:.1f} s CPU, {size}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
