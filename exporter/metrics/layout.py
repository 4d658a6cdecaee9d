"""How the lines of a family come out of a snapshot: a few columns of numbers beside a column of label texts.

Most of what is told of a city is the same for nearly everybody: no failure, no change, 0 s spent down. Lines of one
series that end in the same number, one after the other, are one `str.join`, a sixth of the work of as many lines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.metrics.families import Family
from exporter.metrics.literals import go_float
from exporter.verdicts.picture import Snapshot

CHUNK_LINES = 2000
"""Lines of one chunk, about 200 kB."""
_LEAST_RUN = 8
"""Runs of equal numbers are worth it where they are so long on average."""

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
    grouped: bool = False
    """Whether the lines of one hotspot have to stand together, as OpenMetrics demands of a histogram."""


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
            lines = _grouped if layout.grouped else _by_series
            yield lines(layout.series, part, columns).encode()


def _grouped(series: Sequence[tuple[str, str]], texts: list[str], columns: Sequence[Column]) -> str:
    """The lines of these hotspots, those of one hotspot together."""
    lines = [_lines_of(before, after, texts, column) for (before, after), column in zip(series, columns, strict=True)]
    return "".join(chain.from_iterable(zip(*lines, strict=True)))


def _by_series(series: Sequence[tuple[str, str]], texts: list[str], columns: Sequence[Column]) -> str:
    """The lines of these hotspots, those of one series together."""
    return "".join(
        chain.from_iterable(
            _runs_of(before, after, texts, column) for (before, after), column in zip(series, columns, strict=True)
        )
    )


def _runs_of(before: str, after: str, texts: list[str], column: Column) -> list[str]:
    """The lines of a series; those that end in the same number, one after the other, in one piece."""
    edges = np.flatnonzero(column[1:] != column[:-1]) + 1
    if (len(edges) + 1) * _LEAST_RUN > len(texts):
        return _lines_of(before, after, texts, column)
    pieces = []
    for start, end in pairwise([0, *edges.tolist(), len(texts)]):
        (value,) = _values(column[start : start + 1])
        tail = f"{after}{value}\n"
        pieces.append(before + f"{tail}{before}".join(texts[start:end]) + tail)
    return pieces


def _lines_of(before: str, after: str, texts: list[str], column: Column) -> list[str]:
    return [f"{before}{text}{after}{value}\n" for text, value in zip(texts, _values(column), strict=True)]


def _values(column: Column) -> list[Any]:
    """The values as objects whose `str` is exact and readable by Go: only inf and nan need a word of their own."""
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f" and not np.isfinite(column).all():
        return [go_float(value) for value in values]
    return values
