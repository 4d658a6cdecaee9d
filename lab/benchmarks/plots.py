"""The plots of docs/benchmarks.md. The only file that knows matplotlib."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt

mpl.rcParams["svg.hashsalt"] = "pantau"  # the same figures give the same file

Results = list[dict[str, Any]]


def draw(rows: dict[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """Write an SVG for each row that has a plot; (title, file name) of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, plot) in _PLOTS.items():
        if name in rows:
            figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
            plot(axes, rows[name]["results"])
            axes.set_title(title)
            file = f"bench-{name.replace('_', '-')}.svg"
            figure.savefig(folder / file, metadata={"Date": None})
            plt.close(figure)
            yield title, file


def _cost(axes: Any, rows: Results) -> None:
    rates = sorted({row["rate"] for row in rows})
    peers = list(dict.fromkeys(row["peer"] for row in rows))
    for place, peer in enumerate(peers):
        mine = [row for row in rows if row["peer"] == peer]
        positions = [rates.index(row["rate"]) + (place - (len(peers) - 1) / 2) * 0.25 for row in mine]
        medians = [row["microseconds"]["median"] for row in mine]
        low = [row["microseconds"]["median"] - row["microseconds"]["least"] for row in mine]
        high = [row["microseconds"]["greatest"] - row["microseconds"]["median"] for row in mine]
        axes.bar(positions, medians, 0.22, yerr=[low, high], label=peer, capsize=3)
    axes.set_yscale("log")
    axes.set_xticks(range(len(rates)), [f"{rate}/s" for rate in rates])
    axes.set_ylabel("CPU us a probe (log)")
    axes.legend()


def _rtt(axes: Any, rows: Results) -> None:
    names = [f"{row['peer']}\n{row['condition']}" for row in rows]
    axes.bar(names, [row["p99_of_size"] for row in rows], color=[_color(row["peer"]) for row in rows])
    axes.axhline(50, color="grey", linestyle="--", linewidth=1)
    axes.set_yscale("log")
    axes.set_ylabel("p99 of the error, us (log)")
    axes.tick_params(axis="x", labelsize=7)


def _detection(axes: Any, rows: Results) -> None:
    for row in rows:
        delays = np.sort(row["delays"])
        axes.plot(delays, np.arange(1, len(delays) + 1) / len(delays), label=f"{row['settings']}{row['more']}")
    axes.set_xlabel("seconds from the cut to hotspot_up 0")
    axes.set_ylabel("share of cuts")
    axes.legend()


def _lengths(axes: Any, rows: Results) -> None:
    for row in rows:
        true, errors = zip(*row["pairs"], strict=True)
        axes.scatter(true, errors, s=9, label=row["settings"])
    axes.legend()
    axes.axhline(0, color="grey", linewidth=1)
    axes.set_xlabel("length of the outage, s")
    axes.set_ylabel("error, s")


def _color(peer: str) -> str:
    return "tab:green" if peer == "pantau" else "tab:gray"


_PLOTS: dict[str, tuple[str, Callable[[Any, Results], None]]] = {
    "cost": ("CPU a probe", _cost),
    "rtt_error": ("RTT against the wire", _rtt),
    "detection": ("Detection of 200 cuts", _detection),
    "outage_length": ("Error of the length of 1000 outages", _lengths),
}
