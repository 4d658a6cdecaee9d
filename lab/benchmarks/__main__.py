"""`make bench`: measure, keep the figures as JSON, and write the document with its table and plots.

python -m lab.benchmarks [--rows cost,rtt_error] [--quick] [--render]
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from lab.benchmarks.bench import Bench
from lab.benchmarks.machine import describe
from lab.benchmarks.network import BenchNetwork
from lab.benchmarks.report import RESULTS, read_results, write_results
from lab.benchmarks.rows import cost, detection, exposition, false_loss, rtt_error, stack_cost

ROWS: dict[str, Callable[[Bench], list[dict[str, Any]]]] = {
    "cost": cost.measure,
    "false_loss": false_loss.measure,
    "rtt_error": rtt_error.measure,
    "stack_cost": stack_cost.measure,
    "exposition": exposition.measure,
    "detection": detection.measure,
    "outage_length": detection.measure_lengths,
}


def main() -> None:
    """Measure the rows that are asked for; the figures of others stay as they were."""
    parser = argparse.ArgumentParser(prog="python -m lab.benchmarks", description=__doc__)
    parser.add_argument("--rows", default=",".join(ROWS), help=f"of {', '.join(ROWS)}")
    parser.add_argument("--quick", action="store_true", help="shorter, and without the largest sizes")
    parser.add_argument("--sizes", default="", help="numbers of targets of false_loss; others stay as they were")
    parser.add_argument("--render", action="store_true", help="measure nothing: write the document anew")
    parser.add_argument("--output", type=Path, default=RESULTS, help="the JSON file")
    given = parser.parse_args()
    results = read_results(given.output)
    names = [name for name in given.rows.split(",") if name]
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    if not given.render:
        if os.geteuid() != 0:
            sys.exit("the benchmark makes network namespaces and needs root: sudo make bench")
        sizes = tuple(int(size) for size in given.sizes.split(",") if size)
        _measure(names, given.quick, sizes, results, given.output)
    write_results(results, given.output)


def _measure(names: list[str], quick: bool, sizes: tuple[int, ...], results: dict[str, Any], output: Path) -> None:
    columns = (TextColumn("{task.fields[row]:14}"), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns) as progress, BenchNetwork() as network:
        network.start_responder()
        bar = progress.add_task("", total=len(names), row="")

        def tell(what: str) -> None:
            progress.update(bar, description=what)
            if not progress.console.is_terminal:
                progress.console.print(f"{time.strftime('%H:%M:%S')} {what}")

        for name in names:
            progress.update(bar, row=name)
            began, machine = time.monotonic(), describe()
            rows = ROWS[name](Bench(network, quick, tell, sizes))
            if name == "false_loss" and sizes and name in results["rows"]:
                kept = [row for row in results["rows"][name]["results"] if row["targets"] not in sizes]
                rows = sorted(kept + rows, key=lambda row: row["targets"])
            results["rows"][name] = {
                "machine": machine,
                "quick": quick,
                "took_seconds": round(time.monotonic() - began),
                "results": rows,
            }
            write_results(results, output)
            progress.advance(bar)


if __name__ == "__main__":
    main()
