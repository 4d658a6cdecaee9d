"""The exposition of hotspot families: Prometheus text format 0.0.4 and OpenMetrics 1.0.0, in chunks of lines.

`prometheus_client` needs about 15 us a line, for it keeps an object a series. Here a family is a few columns of numbers
beside a column of label texts that is kept until the inventory changes, and a chunk of lines is one comprehension. A
chunk is small, so that a thread which renders hands the interpreter back to the probing loop after about a millisecond.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from exporter.metrics import families
from exporter.metrics.check_lines import render_checks
from exporter.metrics.facts import fact_lines, family_of
from exporter.metrics.families import GROUP_LABELS, HOTSPOT_LABELS, INFO_LABELS, UPLINK_LABELS, Family
from exporter.metrics.heartbeats import render_heartbeats
from exporter.metrics.layout import CHUNK_LINES, Column, Layout, render_family
from exporter.metrics.literals import escape, go_float
from exporter.planning.facts import FactTable
from exporter.planning.labels import GroupLabels, HotspotLabels, UplinkLabels
from exporter.probing.outcome import REASONS
from exporter.verdicts.counters import RTT_BUCKETS_SECONDS
from exporter.verdicts.picture import GroupFigures, SightFigures, Snapshot
from pantau.states import ASIDE, State

EOF = b"# EOF\n"
"""Ends an OpenMetrics exposition, once, after the last family of all."""


def _one(
    family: Family,
    column: Callable[[Snapshot], Column],
    present: Callable[[Snapshot, slice], NDArray[np.bool_]] | None = None,
) -> Layout:
    """One line of each hotspot, or of each that is `present`."""
    return Layout(family, ((f"{family.name}{{", "} "),), lambda snapshot, rows: (column(snapshot)[rows],), present)


def _known(family: Family, column: Callable[[Snapshot], Column]) -> Layout:
    """One line of each hotspot whose value is not nan."""
    return _one(family, column, lambda snapshot, rows: ~np.isnan(column(snapshot)[rows]))


def _many(family: Family, values: Sequence[str], matrix: Callable[[Snapshot], Column]) -> Layout:
    series = tuple((f"{family.name}{{", f',{family.labels[-1]}="{value}"}} ') for value in values)
    return Layout(family, series, lambda snapshot, rows: tuple(matrix(snapshot)[rows].T))


def _rtt(family: Family, figures: Callable[[Snapshot], Snapshot | GroupFigures]) -> Layout:
    def columns(snapshot: Snapshot, rows: slice) -> Sequence[Column]:
        found = figures(snapshot)
        cumulative = found.rtt_buckets[rows].cumsum(axis=1)
        return (*cumulative.T, cumulative[:, -1], found.rtt_sum_seconds[rows])

    name = family.name
    bounds = [go_float(bound) for bound in (*RTT_BUCKETS_SECONDS, float("inf"))]
    buckets = ((f"{name}_bucket{{", f',le="{bound}"}} ') for bound in bounds)
    return Layout(family, (*buckets, (f"{name}_count{{", "} "), (f"{name}_sum{{", "} ")), columns, grouped=True)


_ASIDE = np.array([state in ASIDE for state in State], np.bool_)
"""By the number of a `State`."""


def _excused(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    """Those that are in maintenance or inactive."""
    excused: NDArray[np.bool_] = _ASIDE[snapshot.state[rows]]
    return excused


def _reachable(snapshot: Snapshot) -> Column:
    return snapshot.up if snapshot.reachable is None else snapshot.reachable


def _unserved_since(snapshot: Snapshot) -> Column:
    told = snapshot.unserved_since_seconds
    return np.zeros(len(snapshot.up)) if told is None else told


def _down(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    return ~_excused(snapshot, rows) & np.equal(_reachable(snapshot)[rows], 0)


def _unserved(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    return ~_excused(snapshot, rows) & np.greater(_unserved_since(snapshot)[rows], 0)


def _awaiting(snapshot: Snapshot, rows: slice) -> NDArray[np.bool_]:
    return ~_excused(snapshot, rows) & np.less(snapshot.up[rows], 0)


def _sighted(family: Family, column: Callable[[SightFigures], Column]) -> Layout:
    """One line of each hotspot where the snapshot tells of sight."""
    return _one(
        family,
        lambda snapshot: snapshot.up if snapshot.sight is None else column(snapshot.sight),
        lambda snapshot, rows: np.full(len(snapshot.up[rows]), snapshot.sight is not None),
    )


_LAYOUTS: tuple[Layout, ...] = (
    _one(families.UP, lambda snapshot: snapshot.up, lambda snapshot, rows: snapshot.up[rows] >= 0),
    _one(families.STATE, lambda snapshot: snapshot.state),
    _one(families.REACHABLE, _reachable, lambda snapshot, rows: _reachable(snapshot)[rows] >= 0),
    _one(families.UNSERVED_SINCE, _unserved_since, _unserved),
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


_UPLINK_LAYOUTS: tuple[Layout, ...] = (
    _one(
        families.UPLINK_UP, lambda snapshot: snapshot.uplinks.up, lambda snapshot, rows: snapshot.uplinks.up[rows] >= 0
    ),
    _one(families.UPLINK_STATE, lambda snapshot: snapshot.uplinks.state),
    _one(families.UPLINK_STATE_SINCE, lambda snapshot: snapshot.uplinks.state_since_seconds),
)

_STATES = [state.label for state in State]
_GROUP_LAYOUTS: tuple[Layout, ...] = (
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
            yield from render_family(layout, snapshot, kept.texts)
        yield families.INFO.header(openmetrics).encode()
        yield from kept.info
        if snapshot.sight is not None:
            yield families.UNSEEN.header(openmetrics).encode()
            yield from _render_labelled(families.UNSEEN, snapshot.sight.reasons, kept.texts)
        yield families.OVERRUN.header(openmetrics).encode()
        yield from _render_labelled(families.OVERRUN, snapshot.overruns, kept.texts)
        yield from render_checks(snapshot, kept.texts, openmetrics)
        yield from render_heartbeats(snapshot.heartbeats, kept.texts, openmetrics)
        for layouts, texts in ((_UPLINK_LAYOUTS, kept.uplink_texts), (_GROUP_LAYOUTS, kept.group_texts)):
            for layout in layouts:
                yield layout.family.header(openmetrics).encode()
                yield from render_family(layout, snapshot, texts)
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


def _render_labelled(family: Family, rows: Sequence[tuple[int, str]], texts: list[str]) -> Iterator[bytes]:
    """The value 1 for each of these hotspots, with what is said of it as the family's last label."""
    name, label = family.name, family.labels[-1]
    for start in range(0, len(rows), CHUNK_LINES):
        part = rows[start : start + CHUNK_LINES]
        yield "".join(f'{name}{{{texts[row]},{label}="{escape(said)}"}} 1\n' for row, said in part).encode()
