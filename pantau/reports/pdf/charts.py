"""Drawings as SVG: where the time went, availability by kelurahan, causes (Pareto), the trend. Words beside colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markupsafe import Markup

from pantau.reports.pdf.colours import BAD, BLUE, INK, LINE, MUTED

DASHED = 'stroke-width="1.2" stroke-dasharray="4 2"'
FONT = "Liberation Sans, DejaVu Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its share 0..1 (`None`: not known), what is written at its end."""

    label: str
    share: float | None
    told: str
    color: str = BLUE


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a whole, in a colour and a word."""

    label: str
    value: int
    color: str


def bars(rows: Sequence[Bar], width: int = 660, label_width: int = 190) -> Markup:
    """Horizontal bars from 0, one a row."""
    step, room = 19, width - label_width - 115
    drawn = []
    for number, row in enumerate(rows):
        y = number * step
        drawn.append(_text(label_width - 6, y + 13, row.label, anchor="end"))
        drawn.append(_rect(label_width, y + 3, room, 13, "#EEF1F4"))
        if row.share is not None:
            drawn.append(_rect(label_width, y + 3, room * row.share, 13, row.color))
        drawn.append(_text(label_width + room + 6, y + 13, row.told))
    return _svg(width, len(rows) * step + 2, drawn)


def stacked(parts: Iterable[BarPart], width: int = 660) -> Markup:
    """One bar of parts that make a whole. A part too small to be seen is drawn one unit wide."""
    shown = [part for part in parts if part.value]
    whole, x, drawn = sum(part.value for part in shown), 0.0, []
    for part in shown:
        wide = max(1.0, (width - len(shown)) * part.value / whole)
        drawn.append(_rect(x, 0, wide, 16, part.color))
        x += wide
    return _svg(width, 18, drawn)


def dots(rows: Sequence[Bar], limit: float | None, width: int = 660, label_width: int = 190) -> Markup:
    """A dot a row on a scale that need not begin at 0, as bars must: `limit` (0..1) is a line across the rows."""
    step, room = 19, width - label_width - 95
    low = _low([100 * row.share for row in rows if row.share is not None], limit)

    def x(share: float) -> float:
        return label_width + room * (100 * share - low) / (100 - low)

    drawn = []
    for edge in (low, 100.0):
        drawn.append(_line(x(edge / 100), 14, x(edge / 100), 16 + len(rows) * step, LINE))
        drawn.append(_text(x(edge / 100), 10, f"{edge:g} %", anchor="middle", color=MUTED))
    if limit is not None:
        drawn.append(_line(x(limit), 14, x(limit), 16 + len(rows) * step, INK, DASHED))
    for number, row in enumerate(rows):
        y = 25.0 + number * step
        drawn.append(_text(label_width - 10, y + 4, row.label, anchor="end"))
        drawn.append(_line(label_width, y, label_width + room, y, "#EEF1F4"))
        if row.share is not None:
            drawn.append(f'<circle cx="{x(row.share):.1f}" cy="{y:.1f}" r="4.5" fill="{row.color}"/>')
        drawn.append(_text(label_width + room + 12, y + 4, row.told))
    return _svg(width, 18 + len(rows) * step, drawn)


def _low(percentages: Sequence[float], limit: float | None) -> float:
    """Where a scale up to 100 begins: at the next ten below all that it shows, and at 90 at most."""
    known = [*percentages, *([100 * limit] if limit is not None else [])]
    return min(90.0, *(value // 10 * 10 for value in known)) if known else 90.0


def trend(points: Sequence[tuple[str, float | None, str]], limit: float | None, width: int = 660) -> Markup:
    """A line over months: (month, share 0..1 or `None`, written); `limit` as in `dots`."""
    low = _low([100 * share for _, share, _ in points if share is not None], limit)
    height, left, step = 120, 48, (width - 70) / max(1, len(points))

    def y(share: float) -> float:
        return 14 + (height - 14) * (1 - (100 * share - low) / (100 - low))

    drawn = []
    for edge in (low, (low + 100) / 2, 100.0):
        drawn.append(_line(left, y(edge / 100), width, y(edge / 100), LINE))
        drawn.append(_text(left - 5, y(edge / 100) + 4, f"{edge:g} %", anchor="end"))
    if limit is not None:
        drawn.append(_line(left, y(limit), width, y(limit), BAD, DASHED))
        drawn.append(_text(width, y(limit) - 3, "SLA", anchor="end", color=BAD))
    places = [(left + step * (number + 0.5), value) for number, (_, value, _) in enumerate(points)]
    for (x, value), (there, after) in pairwise(places):
        if value is not None and after is not None:
            drawn.append(_line(x, y(value), there, y(after), BLUE, 'stroke-width="2"'))
    for (x, value), (month, _, told) in zip(places, points, strict=True):
        drawn.append(_text(x, height + 16, month, anchor="middle"))
        if value is None:
            drawn.append(_text(x, height - 4, told, anchor="middle", color=MUTED))
            continue
        drawn.append(f'<circle cx="{x:.1f}" cy="{y(value):.1f}" r="3.5" fill="{BLUE}"/>')
        below = (limit is not None and value < limit) or y(value) < 24
        drawn.append(_text(x, y(value) + (16 if below else -8), told, anchor="middle"))
    return _svg(width, height + 22, drawn)


def _svg(width: int, height: int, drawn: Iterable[str]) -> Markup:
    return Markup(  # noqa: S704 - drawn here, texts escaped
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" '
        f'font-family="{FONT}" font-size="10.5" fill="{INK}">{"".join(drawn)}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, color: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.2f}" height="{height:.1f}" fill="{color}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, color: str, more: str = "") -> str:
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" stroke="{color}" {more}/>'


def _text(x: float, y: float, text: str, anchor: str = "start", color: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}">{escape(text)}</text>'
