"""Prints what `make coverage` has measured: the branches that the fast tier takes, and where the most are not taken.

    coverage json -q -o - | scripts/branch_coverage.py

No figure fails anything: a number as a gate is met by tests that run code and ask nothing of it. What this is read for
is the list: a branch that no test takes is a case that nobody has thought through, or one that another tier takes.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_SHOWN = 15


class Branches(NamedTuple):
    """Of a file or of the whole, how many branches there are and how many were taken."""

    all: int
    taken: int

    @property
    def missed(self) -> int:
        """Those that no test takes."""
        return self.all - self.taken

    def __str__(self) -> str:
        share = f"{self.taken / self.all:.1%}" if self.all else "there are none"
        return f"{self.taken} of {self.all} branches ({share})"


def branches(summary: Mapping[str, Any]) -> Branches:
    """The figures of one summary in coverage's JSON."""
    return Branches(summary["num_branches"], summary["covered_branches"])


def told(report: Mapping[str, Any]) -> Iterator[str]:
    """The lines to print of a whole report."""
    files = {name: branches(file["summary"]) for name, file in report["files"].items()}
    yield f"branch coverage of the fast tier: {branches(report['totals'])}"
    worst = sorted(files.items(), key=lambda item: (-item[1].missed, item[0]))
    shown = [(name, found) for name, found in worst[:_SHOWN] if found.missed]
    yield from (f"  {name}: {found}" for name, found in shown)


def main() -> None:
    """The command."""
    print("\n".join(told(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
