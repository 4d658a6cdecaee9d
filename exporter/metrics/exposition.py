"""The exposition of hotspot families: Prometheus text format 0.0.4 and OpenMetrics 1.0.0, in chunks of lines.

`prometheus_client` needs about 15 us a line, for it keeps an object a series. Here a family is a few columns of numbers
beside a column of label texts that is kept until the inventory changes, and a chunk of lines is one comprehension. A
chunk is small, so that a thread which renders hands the interpreter back to the probing loop after about a millisecond.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exporter.metrics import families
from exporter.metrics.facts import fact_lines, family_of
from exporter.metrics.families import GROUP_LABELS, HOTSPOT_LABELS, INFO_LABELS, UPLINK_LABELS, Family
from exporter.metrics.heartbeats import render_heartbeats
from exporter.metrics.literals import escape, go_float
from exporter.planning.facts import FactTable
from exporter.planning.labels import GroupLabels, HotspotLabels, UplinkLabels
from exporter.probing.outcome import REASONS
from exporter.verdicts.counters import RTT_BUCKETS_SECONDS
from exporter.verdicts.picture import CheckFigures, GroupFigures, SightFigures, Snapshot
from pantau.states import ASIDE, State

CHUNK_LINES = 2000
"""Lines of one chunk, about 200 kB."""

EOF = b"# EOF\n"
"""Ends an OpenMetrics exposition, once, after the last family of all."""

Column = NDArray[Any]
Columns = Callable[[Snapshot, slice], Sequence[Column]]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a family come out of a snapshot: each hotspot has one line per series."""

    family: Family
    series: tuple[tuple[str, str], ...]
    """What stands before and after the label text, up to the value."""
    columns: Columns
    """The values of a slice of hotspots, a column per series."""
    present: Callable[[Snapshot, slice], NDArray[np.bool_]] | None = None
    """Which hotspots have this family; all when absent."""


def _one(
    family: Family,
    column: Callable[[Snapshot], Column],
    present: Callable[[Snapshot, slice], NDArray[np.bool_]] | None = None,
) -> _Layout:
    """One line of each hotspot, or of each that is `present`."""
    return _Layout(family, ((f"{family.name}{{", "} "),), lambda snapshot, rows: (column(snapshot)[rows],), present)


def _known(family: Family, column: Callable[[Snapshot], Column]) -> _Layout:
    """One line of each hotspot whose value is not nan."""
    return _one(family, column, lambda snapshot, rows: ~np.isnan(column(snapshot)[rows]))


def _many(family: Family, values: Sequence[str], matrix: Callable[[Snapshot], Column]) -> _Layout:
    series = tuple((f"{family.name}{{", f',{family.labels[-1]}="{value}"}} ') for value in values)
    return _Layout(family, series, lambda snapshot, rows: tuple(matrix(snapshot)[rows].T))


def _rtt(family: Family, figures: Callable[[Snapshot], Snapshot | GroupFigures]) -> _Layout:
    def columns(snapshot: Snapshot, rows: slice) -> Sequence[Column]:
        found = figures(snapshot)
        cumulative = found.rtt_buckets[rows].cumsum(axis=1)
        return (*cumulative.T, cumulative[:, -1], found.rtt_sum_seconds[rows])

    name = family.name
    bounds = [go_float(bound) for bound in (*RTT_BUCKETS_SECONDS, float("inf"))]
    buckets = ((f"{name}_bucket{{", f',le="{bound}"}} ') for bound in bounds)
    return _Layout(family, (*buckets, (f"{name}_count{{", "} "), (f"{name}_sum{{", "} ")), columns)


_ASIDE = np.array([state in ASIDE for state in State], np.bool_)
"""By the number of a `State`."""


def _excused(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    """Those that are in maintenance or inactive."""
    excused: NDArray[np.bool_] = _ASIDE[snapshot.state[rows]]
    return excused


def _down(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    return ~_excused(snapshot, rows) & np.equal(snapshot.up[rows], 0)


def _awaiting(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    return ~_excused(snapshot, rows) & np.less(snapshot.up[rows], 0)


def _sighted(family: Family, column: Callable[[SightFigures], Column]) -> _Layout:
    """One line of each hotspot where the snapshot tells of sight."""
    return _one(
        family,
        lambda snapshot: snapshot.up if snapshot.sight is None else column(snapshot.sight),
        lambda snapshot, rows: np.full(len(snapshot.up[rows]), snapshot.sight is not None),
    )


_LAYOUTS: tuple[_Layout, ...] = (
    _one(families.UP, lambda snapshot: snapshot.up, lambda snapshot, rows: snapshot.up[rows] >= 0),
    _one(families.STATE, lambda snapshot: snapshot.state),
    _one(families.DOWN_SINCE, lambda snapshot: snapshot.down_since_seconds, _down),
    _one(families.SILENT_SINCE, lambda snapshot: snapshot.last_reply_seconds, _down),
    _one(families.AWAITING, lambda snapshot: np.ones_like(snapshot.up), _awaiting),
    _one(families.MAINTENANCE, lambda snapshot: np.ones_like(snapshot.up), _excused),
    _known(families.AVAILABILITY_DAY, lambda snapshot: snapshot.availability_day),
    _many(families.STATE_SECONDS, [state.label for state in State], lambda snapshot: snapshot.state_seconds),
    _one(families.STATE_CHANGES, lambda snapshot: snapshot.state_changes),
    _one(families.RELAPSES, lambda snapshot: snapshot.relapses, lambda snapshot, rows: snapshot.relapses[rows] > 0),
    _one(families.STATE_SINCE, lambda snapshot: snapshot.state_since_seconds),
    _one(families.REQUESTS, lambda snapshot: snapshot.requests),
    _one(families.REPLIES, lambda snapshot: snapshot.replies),
    _many(families.FAILURES, [reason.label for reason in REASONS], lambda snapshot: snapshot.failures),
    _rtt(families.RTT, lambda snapshot: snapshot),
    _one(families.LAST_REPLY, lambda snapshot: snapshot.last_reply_seconds),
    _known(families.LOSS, lambda snapshot: snapshot.loss),
    _known(families.SMOOTHED_RTT, lambda snapshot: snapshot.smoothed_rtt_seconds),
    _sighted(families.UNSEEN_SINCE, lambda sight: sight.unseen_since_seconds),
    _sighted(families.EVER_ANSWERED, lambda sight: sight.answered),
)


_UPLINK_LAYOUTS: tuple[_Layout, ...] = (
    _one(
        families.UPLINK_UP, lambda snapshot: snapshot.uplinks.up, lambda snapshot, rows: snapshot.uplinks.up[rows] >= 0
    ),
    _one(families.UPLINK_STATE, lambda snapshot: snapshot.uplinks.state),
    _one(families.UPLINK_STATE_SINCE, lambda snapshot: snapshot.uplinks.state_since_seconds),
)

_STATES = [state.label for state in State]
_GROUP_LAYOUTS: tuple[_Layout, ...] = (
    _many(families.GROUP_HOTSPOTS, _STATES, lambda snapshot: snapshot.groups.hotspots),
    _many(families.GROUP_STATE_SECONDS, _STATES, lambda snapshot: snapshot.groups.state_seconds),
    _one(families.GROUP_REQUESTS, lambda snapshot: snapshot.groups.requests),
    _one(families.GROUP_REPLIES, lambda snapshot: snapshot.groups.replies),
    _rtt(families.GROUP_RTT, lambda snapshot: snapshot.groups),
)


def _label_text(labels: HotspotLabels | UplinkLabels | GroupLabels, names: Sequence[str]) -> str:
    return ",".join([f'{name}="{escape(getattr(labels, name))}"' for name in names])


@dataclass(frozen=True, slots=True)
class _Rendered:
    """What is kept of one sequence of labels, which is compared by identity."""

    labels: Sequence[HotspotLabels]
    texts: list[str]
    """The label text of each hotspot: what stands in every one of its lines."""
    info: list[bytes]
    """The lines of `hotspot_info`, which change only with the inventory."""
    uplinks: Sequence[UplinkLabels] = ()
    facts: Sequence[FactTable] = ()
    """Replaced together with the labels, by a reload."""
    groups: Sequence[GroupLabels] = ()
    uplink_texts: list[str] = field(default_factory=list)
    group_texts: list[str] = field(default_factory=list)
    fact_lines: list[list[bytes]] = field(default_factory=list)
    """The lines of each table."""


class HotspotExposition:
    """Renders snapshots, and keeps the label texts of the latest inventory (about 0.5 kB a hotspot).

    Several threads may render at once: what is kept is replaced as a whole.
    """

    def __init__(self) -> None:
        self._kept = _Rendered((), [], [])

    def render(self, snapshot: Snapshot, openmetrics: bool) -> Iterator[bytes]:
        """The hotspot families in chunks of whole lines, UTF-8, without the ``# EOF`` of OpenMetrics."""
        kept = self._kept
        if kept.labels is not snapshot.labels or kept.facts is not snapshot.facts:
            kept = _Rendered(snapshot.labels, [], [], snapshot.uplinks.labels, snapshot.facts, snapshot.groups.labels)
            yield from self._prepare(kept)
            self._kept = kept
        for layout in _LAYOUTS:
            yield layout.family.header(openmetrics).encode()
            yield from _render_family(layout, snapshot, kept.texts)
        yield families.INFO.header(openmetrics).encode()
        yield from kept.info
        if snapshot.sight is not None:
            yield families.UNSEEN.header(openmetrics).encode()
            yield from _render_labelled(families.UNSEEN, snapshot.sight.reasons, kept.texts)
        yield families.OVERRUN.header(openmetrics).encode()
        yield from _render_labelled(families.OVERRUN, snapshot.overruns, kept.texts)
        yield from _render_checks(snapshot, kept.texts, openmetrics)
        yield from render_heartbeats(snapshot.heartbeats, kept.texts, openmetrics)
        for layouts, texts in ((_UPLINK_LAYOUTS, kept.uplink_texts), (_GROUP_LAYOUTS, kept.group_texts)):
            for layout in layouts:
                yield layout.family.header(openmetrics).encode()
                yield from _render_family(layout, snapshot, texts)
        for table, lines in zip(kept.facts, kept.fact_lines, strict=True):
            yield family_of(table).header(openmetrics).encode()
            yield from lines

    @staticmethod
    def _prepare(kept: _Rendered) -> Iterator[bytes]:
        """Fill in the texts; yields nothing but pauses, empty chunks, for this too must not take long at once."""
        step = CHUNK_LINES // 8  # these lines are longer and dearer
        for start in range(0, len(kept.labels), step):
            part = kept.labels[start : start + step]
            kept.texts.extend(_label_text(row, HOTSPOT_LABELS) for row in part)
            lines = [f"{families.INFO.name}{{{_label_text(row, INFO_LABELS)}}} 1\n" for row in part]
            kept.info.append("".join(lines).encode())
            yield b""
        kept.uplink_texts.extend(_label_text(row, UPLINK_LABELS) for row in kept.uplinks)
        kept.group_texts.extend(_label_text(row, GROUP_LABELS) for row in kept.groups)
        for table in kept.facts:
            chunks: list[bytes] = []
            kept.fact_lines.append(chunks)
            for chunk in fact_lines(table):
                chunks.append(chunk)
                yield b""


def _render_family(layout: _Layout, snapshot: Snapshot, texts: list[str]) -> Iterator[bytes]:
    step = max(1, CHUNK_LINES // len(layout.series))
    for start in range(0, len(texts), step):
        rows = slice(start, start + step)
        part, columns = texts[rows], layout.columns(snapshot, rows)
        if layout.present is not None:
            present = layout.present(snapshot, rows)
            part, columns = list(compress(part, present)), [column[present] for column in columns]
        if part:
            yield _render_lines(layout.series, part, columns)


def _render_checks(snapshot: Snapshot, texts: list[str], openmetrics: bool) -> Iterator[bytes]:
    """The families of the kinds of probes beside the pings; not even their heads where there are none."""
    services = [check for check in snapshot.checks if check.service]
    for family, checks, column in (
        (families.SERVICE_UP, services, _up_of),
        (families.CHECK_DURATION, snapshot.checks, _duration_of),
    ):
        if checks:
            yield family.header(openmetrics).encode()
        for check in checks:
            yield from _render_family(_check_layout(family, check, column(check)), snapshot, texts)


def _check_layout(family: Family, check: CheckFigures, values: NDArray[np.float64]) -> _Layout:
    after = f',check="{escape(check.check)}"}} '
    return _Layout(
        family,
        ((f"{family.name}{{", after),),
        lambda _, rows: (values[rows],),
        lambda _, rows: ~np.isnan(values[rows]),
    )


def _up_of(check: CheckFigures) -> NDArray[np.float64]:
    return np.where(check.up < 0, np.nan, check.up)


def _duration_of(check: CheckFigures) -> NDArray[np.float64]:
    return check.duration_seconds


def _render_labelled(family: Family, rows: Sequence[tuple[int, str]], texts: list[str]) -> Iterator[bytes]:
    """The value 1 for each of these hotspots, with what is said of it as the family's last label."""
    name, label = family.name, family.labels[-1]
    for start in range(0, len(rows), CHUNK_LINES):
        part = rows[start : start + CHUNK_LINES]
        yield "".join(f'{name}{{{texts[row]},{label}="{escape(said)}"}} 1\n' for row, said in part).encode()


def _render_lines(series: Sequence[tuple[str, str]], texts: list[str], columns: Sequence[Column]) -> bytes:
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
