"""The families of what agents say, in a scrape; not even their heads where there are no agents."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from exporter.metrics import families
from exporter.metrics.families import Family
from exporter.verdicts.picture import HeartbeatFigures

CHUNK_LINES = 2000
"""Lines of one chunk, so that a thread that renders soon hands the interpreter back."""


def render_heartbeats(figures: HeartbeatFigures | None, texts: Sequence[str], openmetrics: bool) -> Iterator[bytes]:
    """Lines of the hotspots whose label texts are `texts`, in their order."""
    if figures is None:
        return
    for family, columns in (
        (families.HEARTBEAT, {"": figures.heard_seconds}),
        (families.BOOT, {"": figures.boot_seconds}),
        (families.CLIENTS, {"": figures.clients}),
        (families.TRAFFIC, {"receive": figures.received_bytes, "transmit": figures.transmitted_bytes}),
        (families.INTERNET_RTT, {"": figures.internet_rtt_seconds}),
    ):
        yield family.header(openmetrics).encode()
        for direction, column in columns.items():
            yield from _render(family, direction, column, texts)


def _render(family: Family, direction: str, column: NDArray[np.float64], texts: Sequence[str]) -> Iterator[bytes]:
    after = f',{family.labels[-1]}="{direction}"}} ' if direction else "} "
    said = np.flatnonzero(~np.isnan(column))
    for start in range(0, len(said), CHUNK_LINES):
        rows = said[start : start + CHUNK_LINES]
        lines = zip(rows.tolist(), column[rows].tolist(), strict=True)
        yield "".join([f"{family.name}{{{texts[row]}{after}{value}\n" for row, value in lines]).encode()
