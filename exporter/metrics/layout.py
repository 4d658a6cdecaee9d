"""How the lines of a family come out of a snapshot: a few columns of numbers beside a column of label texts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.metrics.families import Family
from exporter.metrics.literals import go_float
from exporter.verdicts.picture import Snapshot

CHUNK_LINES = 2000
"""Lines of one chunk, about 200 kB."""

Column = NDArray[Any]
Columns = Callable[[Snapshot, slice], Sequence[Column]]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lines of a family come out of a snapshot: each hotspot has one line per series."""

    family: Family
    series: tuple[tuple[str, str], ...]
    """What stands before and after the label text, up to the value."""
    columns: Columns
    """The values of a slice of hotspots, a column per series."""
    present: Callable[[Snapshot, slice], NDArray[np.bool_]] | None = None
    """Which hotspots have this family; all when absent."""


def render_family(layout: Layout, snapshot: Snapshot, texts: list[str]) -> Iterator[bytes]:
    """The lines of a family in chunks, for the hotspots whose label texts these are."""
    step = max(1, CHUNK_LINES // len(layout.series))
    for start in range(0, len(texts), step):
        rows = slice(start, start + step)
        part, columns = texts[rows], layout.columns(snapshot, rows)
        if layout.present is not None:
            present = layout.present(snapshot, rows)
            part, columns = list(compress(part, present)), [column[present] for column in columns]
        if part:
            yield _lines_of(layout.series, part, columns)


def _lines_of(series: Sequence[tuple[str, str]], texts: list[str], columns: Sequence[Column]) -> bytes:
    """The lines of these hotspots, those of one hotspot together, as OpenMetrics demands of a histogram."""
    lines = [
        [f"{before}{text}{after}{value}\n" for text, value in zip(texts, _values(column), strict=True)]
        for (before, after), column in zip(series, columns, strict=True)
    ]
    return "".join(lines[0] if len(lines) == 1 else chain.from_iterable(zip(*lines, strict=True))).encode()


def _values(column: Column) -> list[Any]:
    """The values as objects whose `str` is exact and readable by Go: only inf and nan need a word of their own."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        return [go_float(value) for value in values]
    return values
